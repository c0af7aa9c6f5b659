# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Children`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._blocking import Blocking, BlockingFile, BlockingList, DeskSync
from service.client._children_activities import ChildrenActivities
from service.client._children_analytics import ChildrenAnalytics
from service.client._children_entities import ChildrenEntities
from service.client._children_erasures import ChildrenErasures
from service.client._children_exports import ChildrenExports
from service.client._children_notes import ChildrenNotes
from service.client._children_records import ChildrenRecords
from service.client._children_reports import ChildrenReports
from service.client._children_sessions import ChildrenSessions
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.family import ChildAsk, ChildDetail, ChildPatch, ChildSummary, ProfileCompletion
from service.schemas.children.points import Achievements, PointsAsk, PointsAwarded
from service.schemas.children.rights import Erasure, ErasureAsk
from service.schemas.children.writings import Assessment, AssessmentAsk
from service.schemas.envelope import Catalogue


class Children(
    ChildrenReports,
    ChildrenRecords,
    ChildrenEntities,
    ChildrenActivities,
    ChildrenErasures,
    ChildrenExports,
    ChildrenNotes,
    ChildrenSessions,
    ChildrenAnalytics,
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

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of children.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/children/reports", options=options)

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


class ChildrenSync(DeskSync):
    """`Children`, blocking."""

    list = BlockingList(Children.list)
    add = Blocking(Children.add)
    activity = Blocking(Children.activity)
    update_activity = Blocking(Children.update_activity)
    void_activity = Blocking(Children.void_activity)
    verify_activity = Blocking(Children.verify_activity)
    assessment = Blocking(Children.assessment)
    erasure_state = Blocking(Children.erasure_state)
    approve_erasure = Blocking(Children.approve_erasure)
    cancel_erasure = Blocking(Children.cancel_erasure)
    export_state = Blocking(Children.export_state)
    download_export = BlockingFile(Children.download_export)
    change_note = Blocking(Children.change_note)
    remove_note = Blocking(Children.remove_note)
    reports = Blocking(Children.reports)
    export = Blocking(Children.export)
    send_sessions = Blocking(Children.send_sessions)
    session = Blocking(Children.session)
    update_session = Blocking(Children.update_session)
    void_session = Blocking(Children.void_session)
    abandon_session = Blocking(Children.abandon_session)
    complete_session = Blocking(Children.complete_session)
    rate_session = Blocking(Children.rate_session)
    interrupt_session = Blocking(Children.interrupt_session)
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
    ask_for_erasure = Blocking(Children.ask_for_erasure)
    ask_for_export = Blocking(Children.ask_for_export)
    notes = BlockingList(Children.notes)
    add_note = Blocking(Children.add_note)
    points = BlockingList(Children.points)
    award_points = Blocking(Children.award_points)
    profile_completion = Blocking(Children.profile_completion)
    restore = Blocking(Children.restore)
    sessions = BlockingList(Children.sessions)
    start_session = Blocking(Children.start_session)
