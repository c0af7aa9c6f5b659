# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Children`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._children_entities import ChildrenEntities
from service.client._children_records import ChildrenRecords
from service.client._children_reports import ChildrenReports
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.family import ChildAsk, ChildDetail, ChildPatch, ChildSummary, ProfileCompletion
from service.schemas.children.play import (
    Session,
    SessionBatchAsk,
    SessionEndAsk,
    SessionFeedbackAsk,
    SessionOutcomes,
    SessionProgressAsk,
    SessionStartAsk,
    SessionVoided,
    VoidAsk,
)
from service.schemas.children.rights import DataExport, DataExportAsk, Erasure, ErasureAsk
from service.schemas.envelope import Catalogue


class Children(ChildrenReports, ChildrenRecords, ChildrenEntities):
    """How is this child doing, for parents and professionals who may see it and nobody else."""

    async def add(self, body: ChildAsk, *, options: CallOptions | None = None) -> ChildSummary:
        """Add a child.

        By a parent, who becomes the primary guardian. Consent to `processing` belongs to it. Of an avatar
        the address is kept, no picture.
        """
        return await self._call(ChildSummary, "POST", "/v1/children", body=body, options=options)

    async def erasure_state(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """How an erasure stands.

        For the guardians who may cancel it, and when it is done for whoever asked for it, with the proof.
        """
        return await self._call(
            Erasure,
            "GET",
            f"/v1/children/erasures/{segment(erasure_id)}",
            options=options,
        )

    async def approve_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Approve an erasure.

        As the other full guardian; from then on the grace runs.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/approve",
            options=options,
        )

    async def cancel_erasure(self, erasure_id: UUID | str, *, options: CallOptions | None = None) -> Erasure:
        """Cancel an erasure.

        As a guardian with full rights; the restriction that came with it is lifted.
        """
        return await self._call(
            Erasure,
            "POST",
            f"/v1/children/erasures/{segment(erasure_id)}/cancel",
            options=options,
        )

    async def export_state(self, export_id: UUID | str, *, options: CallOptions | None = None) -> DataExport:
        """How a copy stands.

        For whoever asked for it.
        """
        return await self._call(
            DataExport,
            "GET",
            f"/v1/children/exports/{segment(export_id)}",
            options=options,
        )

    async def download_export(self, export_id: UUID | str, *, options: CallOptions | None = None) -> bytes:
        """Download a copy.

        For whoever asked for it, three times, until it expires.
        """
        return await self._call(
            bytes,
            "GET",
            f"/v1/children/exports/{segment(export_id)}/download",
            options=options,
        )

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of children.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/children/reports", options=options)

    async def send_sessions(
        self,
        body: SessionBatchAsk,
        *,
        options: CallOptions | None = None,
    ) -> SessionOutcomes:
        """Send sessions that were played offline.

        Each by itself, with its outcome; sent again, those that are there `exist`.
        """
        return await self._call(
            SessionOutcomes,
            "POST",
            "/v1/children/sessions/batch",
            body=body,
            options=options,
        )

    async def session(self, session_id: int, *, options: CallOptions | None = None) -> Session:
        """One session.

        A session with its details, and what it earned.
        """
        return await self._call(
            Session,
            "GET",
            f"/v1/children/sessions/{segment(session_id)}",
            options=options,
        )

    async def update_session(
        self,
        session_id: int,
        body: SessionProgressAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Session:
        """Tell how far a session is.

        Counts are totals since its beginning and never fall; lists are what is new.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Session,
            "PATCH",
            f"/v1/children/sessions/{segment(session_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def void_session(
        self,
        session_id: int,
        body: VoidAsk,
        *,
        options: CallOptions | None = None,
    ) -> SessionVoided:
        """Void a session.

        It counts nowhere any more and its points are taken back; achievements stay.
        """
        return await self._call(
            SessionVoided,
            "DELETE",
            f"/v1/children/sessions/{segment(session_id)}",
            body=body,
            options=options,
        )

    async def abandon_session(
        self,
        session_id: int,
        body: SessionEndAsk,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """Say that a session was given up.

        The child did not want to go on; no points.
        """
        return await self._call(
            Session,
            "POST",
            f"/v1/children/sessions/{segment(session_id)}/abandon",
            body=body,
            options=options,
        )

    async def complete_session(
        self,
        session_id: int,
        body: SessionEndAsk,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """Complete a session.

        Points and achievements come with it. The same end told again is the same answer.
        """
        return await self._call(
            Session,
            "POST",
            f"/v1/children/sessions/{segment(session_id)}/complete",
            body=body,
            options=options,
        )

    async def rate_session(
        self,
        session_id: int,
        body: SessionFeedbackAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> Session:
        """Rate a session, as a guardian.

        Also after its end; no figure of the session changes by it.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            Session,
            "PATCH",
            f"/v1/children/sessions/{segment(session_id)}/feedback",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def interrupt_session(
        self,
        session_id: int,
        body: SessionEndAsk,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """Say that a session was interrupted.

        Something came between; no points.
        """
        return await self._call(
            Session,
            "POST",
            f"/v1/children/sessions/{segment(session_id)}/interrupt",
            body=body,
            options=options,
        )

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

    async def ask_for_export(
        self,
        child_id: int,
        body: DataExportAsk,
        *,
        options: CallOptions | None = None,
    ) -> dict[str, Any]:
        """Ask for a copy of everything kept about a child.

        It is written in the background, encrypted, for whoever asked; three a day, three downloads each.
        """
        return await self._call(
            dict[str, Any],
            "POST",
            f"/v1/children/{segment(child_id)}/exports",
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

    async def start_session(
        self,
        child_id: int,
        body: SessionStartAsk,
        *,
        options: CallOptions | None = None,
    ) -> Session:
        """Start a session.

        With an id of the game's own, a repetition answers the session that is there (200).
        """
        return await self._call(
            Session,
            "POST",
            f"/v1/children/{segment(child_id)}/sessions",
            body=body,
            options=options,
        )


class ChildrenSync(DeskSync):
    """`Children`, blocking."""

    list = BlockingList(Children.list)
    add = Blocking(Children.add)
    erasure_state = Blocking(Children.erasure_state)
    approve_erasure = Blocking(Children.approve_erasure)
    cancel_erasure = Blocking(Children.cancel_erasure)
    export_state = Blocking(Children.export_state)
    download_export = Blocking(Children.download_export)
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
    ask_for_erasure = Blocking(Children.ask_for_erasure)
    ask_for_export = Blocking(Children.ask_for_export)
    profile_completion = Blocking(Children.profile_completion)
    restore = Blocking(Children.restore)
    sessions = BlockingList(Children.sessions)
    start_session = Blocking(Children.start_session)
