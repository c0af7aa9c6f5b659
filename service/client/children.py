# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Children`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingFile, BlockingList, BlockingReport, DeskSync
from service.client._children_activities import ChildrenActivities
from service.client._children_analytics import ChildrenAnalytics
from service.client._children_entities import ChildrenEntities
from service.client._children_erasures import ChildrenErasures
from service.client._children_explanations import ChildrenExplanations
from service.client._children_exports import ChildrenExports
from service.client._children_guardians import ChildrenGuardians
from service.client._children_notes import ChildrenNotes
from service.client._children_records import ChildrenRecords
from service.client._children_reports import ChildrenReports
from service.client._children_sessions import ChildrenSessions
from service.client._children_subscriptions import ChildrenSubscriptions
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.across import Caseload, Comparing, Dashboard, Dimension, Population
from service.schemas.children.around import (
    AssignmentAsk,
    AssignmentPatch,
    AssignmentShown,
    ConsentAsk,
    ConsentShown,
)
from service.schemas.children.care import SensoryDomainPatch, SensoryProfileAsk
from service.schemas.children.emergency import BreakGlassAsk, BreakGlassOpened
from service.schemas.children.family import (
    ChildAsk,
    ChildDetail,
    ChildPatch,
    ChildrenStatistics,
    ChildSummary,
    ChildTemplates,
    ProfileCompletion,
    SensoryProfileShown,
)
from service.schemas.children.points import Achievements, PointsAsk, PointsAwarded
from service.schemas.children.reports import ChildReport, ReportAsk, SharedReport
from service.schemas.children.rights import Erasure, ErasureAsk
from service.schemas.children.words import SessionType
from service.schemas.children.writings import Assessment, AssessmentAsk
from service.schemas.envelope import Catalogue
from service.schemas.statements import Statement, StatementAsk


class Children(
    ChildrenReports,
    ChildrenExplanations,
    ChildrenRecords,
    ChildrenEntities,
    ChildrenActivities,
    ChildrenErasures,
    ChildrenExports,
    ChildrenNotes,
    ChildrenSessions,
    ChildrenSubscriptions,
    ChildrenAnalytics,
    ChildrenGuardians,
):
    """How is this child doing, for parents and professionals who may see it and nobody else."""

    async def add(self, body: ChildAsk, *, options: CallOptions | None = None) -> ChildSummary:
        """Add a child.

        By a parent, who becomes the primary guardian. Consent to `processing` belongs to it. Of an avatar
        the address is kept, no picture.
        """
        return await self._call(ChildSummary, "POST", "/v1/children", body=body, options=options)

    async def assessment(self, assessment_id: int, *, options: CallOptions | None = None) -> Assessment:
        """One assessment.

        With everything that was found.
        """
        return await self._call(
            Assessment,
            "GET",
            f"/v1/children/assessments/{segment(assessment_id)}",
            options=options,
        )

    async def change_assignment(
        self,
        assignment_id: int,
        body: AssignmentPatch,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> AssignmentShown:
        """Accept, decline or end an assignment.

        The professional accepts or declines an invitation; either side ends what is open.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            AssignmentShown,
            "PATCH",
            f"/v1/children/assignments/{segment(assignment_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def my_caseload(
        self,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> Caseload:
        """The children you are assigned to, in figures.

        For professionals: completion, scores, engagement and where they move, by name.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            Caseload,
            "GET",
            "/v1/children/caseload",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def compare(
        self,
        *,
        ids: Sequence[int],
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> Comparing:
        """Two to five children side by side.

        The same window of children whom you may see, each in its own time zone.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - ids: Numbers of children: `ids=1&ids=2`.
        """
        return await self._call(
            Comparing,
            "GET",
            "/v1/children/compare",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "ids": ids,
                "session_type": session_type,
            },
            options=options,
        )

    async def withdraw_consent(self, consent_id: int, *, options: CallOptions | None = None) -> ConsentShown:
        """Withdraw a consent.

        At once: without consent to share, the professional's access ends; without consent to processing,
        the record can only be read by its guardians. Nothing is deleted by it.
        """
        return await self._call(
            ConsentShown,
            "POST",
            f"/v1/children/consents/{segment(consent_id)}/withdraw",
            options=options,
        )

    async def dashboard(self, *, options: CallOptions | None = None) -> Dashboard:
        """What concerns you, at a glance.

        Parents and professionals: their children. Admins: the platform in counts, nobody by name.
        """
        return await self._call(Dashboard, "GET", "/v1/children/dashboard", options=options)

    async def population(
        self,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        by: Sequence[Dimension] | None = None,
        options: CallOptions | None = None,
    ) -> Population:
        """Figures over all children who take part, never of few.

        Only children with consent to it; small groups are withheld, and what would tell of them.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - by: Dimensions: `by=age_category&by=support_level`.
        """
        return await self._call(
            Population,
            "GET",
            "/v1/children/population",
            query={"window": window, "from": from_, "to": to, "tz": tz, "by": by},
            options=options,
        )

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of children.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/children/reports", options=options)

    async def shared_report(
        self,
        token: str,
        *,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> SharedReport:
        """Read a report that was shared.

        The token is the credential. One that expired, was revoked or never was is a 404.
        """
        return await self._call(
            SharedReport,
            "GET",
            f"/v1/children/shared-reports/{segment(token)}",
            query={"locale": locale},
            options=options,
        )

    async def seal(self, body: StatementAsk, *, options: CallOptions | None = None) -> Statement:
        """Seal a report as a statement.

        The report as it reads now, with its completeness, versions and hash; it never changes. A report
        that is not complete is refused unless `accept_incomplete`.
        """
        return await self._call(Statement, "POST", "/v1/children/statements", body=body, options=options)

    async def statistics(self, *, options: CallOptions | None = None) -> ChildrenStatistics:
        """The children you may see, counted.

        By level of support, age and style, with what they played lately.
        """
        return await self._call(ChildrenStatistics, "GET", "/v1/children/statistics", options=options)

    async def templates(self, *, options: CallOptions | None = None) -> ChildTemplates:
        """Presets to begin a description with.

        One for each level of support; they never change within a version of the service.
        """
        return await self._call(ChildTemplates, "GET", "/v1/children/templates", options=options)

    async def get(self, child_id: int, *, options: CallOptions | None = None) -> ChildDetail:
        """One child.

        What you may not see is not in the answer, and `withheld` names it.
        """
        return await self._call(ChildDetail, "GET", f"/v1/children/{segment(child_id)}", options=options)

    async def change(
        self,
        child_id: int,
        body: ChildPatch,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ChildDetail:
        """Change a child's description.

        JSON Merge Patch (RFC 7396): null takes away, lists are given as a whole. Professionals with edit
        access change therapies and sensory profile.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            ChildDetail,
            "PATCH",
            f"/v1/children/{segment(child_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def archive(self, child_id: int, *, options: CallOptions | None = None) -> None:
        """Archive a child.

        Nothing is lost: guardians may restore it. To have it erased is another request.
        """
        await self._call(type(None), "DELETE", f"/v1/children/{segment(child_id)}", options=options)

    async def achievements(self, child_id: int, *, options: CallOptions | None = None) -> Achievements:
        """What there is to earn, and how far the child is.

        By counts; what was earned once is never taken away.
        """
        return await self._call(
            Achievements,
            "GET",
            f"/v1/children/{segment(child_id)}/achievements",
            options=options,
        )

    async def add_assessment(
        self,
        child_id: int,
        body: AssessmentAsk,
        *,
        options: CallOptions | None = None,
    ) -> Assessment:
        """Add an assessment of a child.

        By professionals who may comment or edit; it is not changed afterwards.
        """
        return await self._call(
            Assessment,
            "POST",
            f"/v1/children/{segment(child_id)}/assessments",
            body=body,
            options=options,
        )

    async def invite(
        self,
        child_id: int,
        body: AssignmentAsk,
        *,
        options: CallOptions | None = None,
    ) -> AssignmentShown:
        """Invite a professional.

        Their licence has to be verified, and a guardian has to consent: `grant_consent` does that in the
        same call. They see the child once they have accepted.
        """
        return await self._call(
            AssignmentShown,
            "POST",
            f"/v1/children/{segment(child_id)}/assignments",
            body=body,
            options=options,
        )

    async def break_glass(
        self,
        child_id: int,
        body: BreakGlassAsk,
        *,
        options: CallOptions | None = None,
    ) -> BreakGlassOpened:
        """Open a child's record in an emergency.

        To read it for an hour. The primary guardian is told, and sees every use in the access log.
        """
        return await self._call(
            BreakGlassOpened,
            "POST",
            f"/v1/children/{segment(child_id)}/break-glass",
            body=body,
            options=options,
        )

    async def grant_consent(
        self,
        child_id: int,
        body: ConsentAsk,
        *,
        options: CallOptions | None = None,
    ) -> ConsentShown:
        """Give a consent.

        To the present policy. One to an older policy is replaced by it.
        """
        return await self._call(
            ConsentShown,
            "POST",
            f"/v1/children/{segment(child_id)}/consents",
            body=body,
            options=options,
        )

    async def ask_for_erasure(
        self,
        child_id: int,
        body: ErasureAsk,
        *,
        options: CallOptions | None = None,
    ) -> Erasure:
        """Have a child erased.

        Of the primary guardian who signed in within five minutes. The child is restricted at once; until
        `executes_at` it can be cancelled, then everything is deleted for good. Another full guardian has
        to approve it within 14 days.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/{segment(child_id)}/erasure",
            body=body,
            options=options,
        )

    async def award_points(
        self,
        child_id: int,
        body: PointsAsk,
        *,
        options: CallOptions | None = None,
    ) -> PointsAwarded:
        """Award points by hand.

        Send an `Idempotency-Key`, so that a repetition adds nothing.
        """
        return await self._call(
            PointsAwarded,
            "POST",
            f"/v1/children/{segment(child_id)}/points",
            body=body,
            options=options,
        )

    async def profile_completion(
        self,
        child_id: int,
        *,
        options: CallOptions | None = None,
    ) -> ProfileCompletion:
        """How complete a child's description is.

        Ten parts of ten percent each.
        """
        return await self._call(
            ProfileCompletion,
            "GET",
            f"/v1/children/{segment(child_id)}/profile-completion",
            options=options,
        )

    async def draft_report(
        self,
        child_id: int,
        body: ReportAsk,
        *,
        options: CallOptions | None = None,
    ) -> ChildReport:
        """Draft a report about a child.

        Its figures are worked out now and kept with it; they are what is reviewed and published.
        """
        return await self._call(
            ChildReport,
            "POST",
            f"/v1/children/{segment(child_id)}/reports",
            body=body,
            options=options,
        )

    async def restore(self, child_id: int, *, options: CallOptions | None = None) -> ChildSummary:
        """Restore an archived child.

        Take it back.
        """
        return await self._call(
            ChildSummary,
            "POST",
            f"/v1/children/{segment(child_id)}/restore",
            options=options,
        )

    async def restrict(
        self,
        child_id: int,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ChildSummary:
        """Restrict a child's record.

        Guardians read it, professionals see nothing, nothing new is recorded (GDPR, article 18).

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            ChildSummary,
            "PUT",
            f"/v1/children/{segment(child_id)}/restriction",
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def lift_restriction(self, child_id: int, *, options: CallOptions | None = None) -> None:
        """Lift the restriction of a child's record.

        It may be used again.
        """
        await self._call(
            type(None),
            "DELETE",
            f"/v1/children/{segment(child_id)}/restriction",
            options=options,
        )

    async def replace_sensory_profile(
        self,
        child_id: int,
        body: SensoryProfileAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> SensoryProfileShown:
        """Replace a child's sensory profile.

        Domains that are left out are taken away.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            SensoryProfileShown,
            "PUT",
            f"/v1/children/{segment(child_id)}/sensory-profile",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def change_sensory_domain(
        self,
        child_id: int,
        domain: str,
        body: SensoryDomainPatch,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> SensoryProfileShown:
        """Change one domain of a sensory profile.

        A domain that is not there yet needs its sensitivity.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            SensoryProfileShown,
            "PATCH",
            f"/v1/children/{segment(child_id)}/sensory-profile/{segment(domain)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )


class ChildrenSync(DeskSync):
    """`Children`, blocking."""

    list = BlockingList(Children.list)
    add = Blocking(Children.add)
    activity = Blocking(Children.activity)
    update_activity = Blocking(Children.update_activity)
    void_activity = Blocking(Children.void_activity)
    verify_activity = Blocking(Children.verify_activity)
    assessment = Blocking(Children.assessment)
    own_assignments = BlockingList(Children.own_assignments)
    change_assignment = Blocking(Children.change_assignment)
    my_caseload = Blocking(Children.my_caseload)
    compare = Blocking(Children.compare)
    withdraw_consent = Blocking(Children.withdraw_consent)
    dashboard = Blocking(Children.dashboard)
    erasure_state = Blocking(Children.erasure_state)
    approve_erasure = Blocking(Children.approve_erasure)
    cancel_erasure = Blocking(Children.cancel_erasure)
    export_state = Blocking(Children.export_state)
    download_export = BlockingFile(Children.download_export)
    change_note = Blocking(Children.change_note)
    remove_note = Blocking(Children.remove_note)
    population = Blocking(Children.population)
    reports = Blocking(Children.reports)
    caseload = BlockingReport(Children.caseload)
    caseload_explain = Blocking(Children.caseload_explain)
    progress = BlockingReport(Children.progress)
    progress_explain = Blocking(Children.progress_explain)
    session_figures = BlockingReport(Children.session_figures)
    session_figures_explain = Blocking(Children.session_figures_explain)
    written_report = Blocking(Children.written_report)
    change_report = Blocking(Children.change_report)
    remove_report = Blocking(Children.remove_report)
    report_changes = Blocking(Children.report_changes)
    correct_report = Blocking(Children.correct_report)
    export_report = Blocking(Children.export_report)
    shares = BlockingList(Children.shares)
    share_report = Blocking(Children.share_report)
    unshare_report = Blocking(Children.unshare_report)
    move_report = Blocking(Children.move_report)
    export = Blocking(Children.export)
    search = BlockingList(Children.search)
    send_sessions = Blocking(Children.send_sessions)
    session = Blocking(Children.session)
    update_session = Blocking(Children.update_session)
    void_session = Blocking(Children.void_session)
    abandon_session = Blocking(Children.abandon_session)
    complete_session = Blocking(Children.complete_session)
    rate_session = Blocking(Children.rate_session)
    interrupt_session = Blocking(Children.interrupt_session)
    shared_report = Blocking(Children.shared_report)
    seal = Blocking(Children.seal)
    statistics = Blocking(Children.statistics)
    subscriptions = BlockingList(Children.subscriptions)
    subscribe = Blocking(Children.subscribe)
    subscription = Blocking(Children.subscription)
    unsubscribe = Blocking(Children.unsubscribe)
    deliveries = BlockingList(Children.deliveries)
    resume_subscription = Blocking(Children.resume_subscription)
    templates = Blocking(Children.templates)
    get = Blocking(Children.get)
    change = Blocking(Children.change)
    archive = Blocking(Children.archive)
    access_log = BlockingList(Children.access_log)
    achievements = Blocking(Children.achievements)
    activities = BlockingList(Children.activities)
    add_activity = Blocking(Children.add_activity)
    analytics = Blocking(Children.analytics)
    activity_figures = Blocking(Children.activity_figures)
    activities_explain = Blocking(Children.activities_explain)
    by_type = Blocking(Children.by_type)
    by_type_explain = Blocking(Children.by_type_explain)
    comparison = Blocking(Children.comparison)
    comparison_explain = Blocking(Children.comparison_explain)
    emotions = Blocking(Children.emotions)
    emotions_explain = Blocking(Children.emotions_explain)
    progress_page = Blocking(Children.progress_page)
    series = Blocking(Children.series)
    series_explain = Blocking(Children.series_explain)
    streaks = Blocking(Children.streaks)
    streaks_explain = Blocking(Children.streaks_explain)
    summary = Blocking(Children.summary)
    summary_explain = Blocking(Children.summary_explain)
    timeseries = Blocking(Children.timeseries)
    timeseries_explain = Blocking(Children.timeseries_explain)
    trends = Blocking(Children.trends)
    trends_explain = Blocking(Children.trends_explain)
    assessments = BlockingList(Children.assessments)
    add_assessment = Blocking(Children.add_assessment)
    assignments = BlockingList(Children.assignments)
    invite = Blocking(Children.invite)
    break_glass = Blocking(Children.break_glass)
    consents = BlockingList(Children.consents)
    grant_consent = Blocking(Children.grant_consent)
    ask_for_erasure = Blocking(Children.ask_for_erasure)
    ask_for_export = Blocking(Children.ask_for_export)
    guardians = BlockingList(Children.guardians)
    add_guardian = Blocking(Children.add_guardian)
    remove_guardian = Blocking(Children.remove_guardian)
    hand_over = Blocking(Children.hand_over)
    notes = BlockingList(Children.notes)
    add_note = Blocking(Children.add_note)
    points = BlockingList(Children.points)
    award_points = Blocking(Children.award_points)
    profile_completion = Blocking(Children.profile_completion)
    written_reports = BlockingList(Children.written_reports)
    draft_report = Blocking(Children.draft_report)
    restore = Blocking(Children.restore)
    restrict = Blocking(Children.restrict)
    lift_restriction = Blocking(Children.lift_restriction)
    replace_sensory_profile = Blocking(Children.replace_sensory_profile)
    change_sensory_domain = Blocking(Children.change_sensory_domain)
    sessions = BlockingList(Children.sessions)
    start_session = Blocking(Children.start_session)
