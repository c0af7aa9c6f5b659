# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The notes of `Children`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.children.writings import NoteAsk, NoteChangeAsk, NoteRemoved, ProgressNote


class ChildrenNotes(Desk):
    """The notes of `Children`."""

    async def change_note(
        self,
        note_id: int,
        body: NoteChangeAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ProgressNote:
        """Change a note, within a day of writing it.

        By its author alone.

        - if_match: The version that is changed (its ETag).
        """
        return await self._call(
            ProgressNote,
            "PATCH",
            f"/v1/children/notes/{segment(note_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def remove_note(self, note_id: int, *, options: CallOptions | None = None) -> NoteRemoved:
        """Remove a note, within a day of writing it.

        By its author alone; nobody is shown it any more.
        """
        return await self._call(
            NoteRemoved,
            "DELETE",
            f"/v1/children/notes/{segment(note_id)}",
            options=options,
        )

    async def add_note(
        self,
        child_id: int,
        body: NoteAsk,
        *,
        options: CallOptions | None = None,
    ) -> ProgressNote:
        """Write a note about a child.

        For one side, or for all.
        """
        return await self._call(
            ProgressNote,
            "POST",
            f"/v1/children/{segment(child_id)}/notes",
            body=body,
            options=options,
        )
