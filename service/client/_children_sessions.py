# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The sessions of `Children`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
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


class ChildrenSessions(Desk):
    """The sessions of `Children`."""

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

        - if_match: The version that is changed (its ETag).
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

        - if_match: The version that is changed (its ETag).
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
