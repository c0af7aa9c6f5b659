# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Children`."""

from __future__ import annotations

from typing import Literal

from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.around import AssignmentShown, ConsentShown, GuardianShown
from service.schemas.children.family import ChildSummary
from service.schemas.children.points import PointEntry
from service.schemas.children.reports import ReportListed
from service.schemas.children.words import NoteCategory, ReportStatus, ReportType
from service.schemas.children.writings import AssessmentListed, ProgressNote
from service.schemas.envelope import Listing
from service.schemas.subscriptions import Delivery, Subscription


class ChildrenEntities(Desk):
    """The entities of `Children`."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: str | None = None,
        q: str | None = None,
        support_level: int | None = None,
        age_min: int | None = None,
        age_max: int | None = None,
        is_active: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ChildSummary]:
        """The children you may see.

        Newest first. With `include=recent_sessions` the scope `sessions:read` is needed as well.

        - q: Part of the name, of at least 2 characters.
        - age_min: Completed years.
        - age_max: Completed years.
        - is_active: False: those that are archived.
        """
        return self._list(
            ChildSummary,
            Listing[ChildSummary],
            "/v1/children",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "support_level": support_level,
                "age_min": age_min,
                "age_max": age_max,
                "is_active": is_active,
            },
            options,
        )

    def own_assignments(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        status: Literal["invited", "active", "declined", "ended"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AssignmentShown]:
        """Your own assignments, as a professional.

        Invitations among them, newest first; before you accept one you do not see the child.
        """
        return self._list(
            AssignmentShown,
            Listing[AssignmentShown],
            "/v1/children/assignments",
            {"limit": limit, "cursor": cursor, "include": include, "status": status},
            options,
        )

    def search(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        search_term: str | None = None,
        diagnosis_keyword: str | None = None,
        support_level: int | None = None,
        age_min: int | None = None,
        age_max: int | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ChildSummary]:
        """Search among the children you may see.

        By part of the name or diagnosis, support level and age; archived ones too.

        - search_term: Part of the name, of at least 2 characters.
        - diagnosis_keyword: Part of the diagnosis.
        """
        return self._list(
            ChildSummary,
            Listing[ChildSummary],
            "/v1/children/search",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "search_term": search_term,
                "diagnosis_keyword": diagnosis_keyword,
                "support_level": support_level,
                "age_min": age_min,
                "age_max": age_max,
            },
            options,
        )

    def subscriptions(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Subscription]:
        """Your scheduled reports, newest first.

        An admin of the desk sees everybody's. Those that have ended are not listed.
        """
        return self._list(
            Subscription,
            Listing[Subscription],
            "/v1/children/subscriptions",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def deliveries(
        self,
        subscription_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Delivery]:
        """What became of each delivery, newest first."""
        return self._list(
            Delivery,
            Listing[Delivery],
            f"/v1/children/subscriptions/{segment(subscription_id)}/deliveries",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def assessments(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        assessment_type: str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AssessmentListed]:
        """Assessments of a child.

        The latest first, without what was found.
        """
        return self._list(
            AssessmentListed,
            Listing[AssessmentListed],
            f"/v1/children/{segment(child_id)}/assessments",
            {"limit": limit, "cursor": cursor, "include": include, "assessment_type": assessment_type},
            options,
        )

    def assignments(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AssignmentShown]:
        """The professionals of a child.

        Guardians see all assignments, a professional their own; newest first.
        """
        return self._list(
            AssignmentShown,
            Listing[AssignmentShown],
            f"/v1/children/{segment(child_id)}/assignments",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def consents(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ConsentShown]:
        """The consents of a child.

        Newest first, withdrawn ones too.
        """
        return self._list(
            ConsentShown,
            Listing[ConsentShown],
            f"/v1/children/{segment(child_id)}/consents",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def guardians(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[GuardianShown]:
        """The guardians of a child.

        Their phone numbers and e-mail addresses only for who needs them; one's own always.
        """
        return self._list(
            GuardianShown,
            Listing[GuardianShown],
            f"/v1/children/{segment(child_id)}/guardians",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def notes(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        category: NoteCategory | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ProgressNote]:
        """Notes about a child.

        Those that are meant for the reader's side, and their own; the newest first.
        """
        return self._list(
            ProgressNote,
            Listing[ProgressNote],
            f"/v1/children/{segment(child_id)}/notes",
            {"limit": limit, "cursor": cursor, "include": include, "category": category},
            options,
        )

    def points(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        source_type: Literal["session", "activity", "manual", "adjustment"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[PointEntry]:
        """A child's ledger of points, newest first.

        The child's points are the sum of its entries.
        """
        return self._list(
            PointEntry,
            Listing[PointEntry],
            f"/v1/children/{segment(child_id)}/points",
            {"limit": limit, "cursor": cursor, "include": include, "source_type": source_type},
            options,
        )

    def written_reports(
        self,
        child_id: int,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        status: ReportStatus | None = None,
        type_: ReportType | None = None,
        options: CallOptions | None = None,
    ) -> Pages[ReportListed]:
        """Reports about a child.

        Those that were published; to who writes and reviews, the others too. The newest first.
        """
        return self._list(
            ReportListed,
            Listing[ReportListed],
            f"/v1/children/{segment(child_id)}/reports",
            {"limit": limit, "cursor": cursor, "include": include, "status": status, "type": type_},
            options,
        )
