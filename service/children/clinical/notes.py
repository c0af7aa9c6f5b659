"""Notes: written by either side for one side or both, changed by their author for a day."""

from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.access.answering import require_version
from service.children.clinical.held import (
    NotTheAuthor,
    person_of,
    require_consent,
    require_past,
    standing_of,
    with_author,
)
from service.children.door import admit, check, hide
from service.children.queries import writings
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict
from service.schemas.children.writings import NoteAsk, NoteChangeAsk, NoteRemoved, ProgressNote

LISTED: Final = "note.list"
ADDED: Final = "note.create"
CHANGED: Final = "note.update"
REMOVED: Final = "note.delete"


async def add(
    conn: WriteConnection, caller: Caller, child_id: int, ask: NoteAsk, policy: str
) -> ProgressNote:
    """Keep a note. Raises as `admit`, `Conflict` (`consent_required`), `Invalid`."""
    await admit(conn, caller, child_id, Action.ADD_NOTE, ADDED, lock=True)
    await require_consent(conn, child_id, policy)
    require_past(ask.noted_at, "/body/noted_at")
    values = ask.model_dump(exclude_none=True) | {"child_id": child_id, "author_id": person_of(caller)}
    row = await writings.insert_note(conn, values)
    await _record(conn, caller, ADDED, row, list(ask.model_fields_set))
    return note_of(row)


async def change(
    conn: WriteConnection, caller: Caller, note_id: int, ask: NoteChangeAsk, if_match: str | None
) -> ProgressNote:
    """Write it otherwise. Raises `NotTheAuthor`, `Conflict` (`too_late`), `PreconditionFailed`."""
    row = await _held(conn, caller, note_id, CHANGED)
    require_version(row.version, if_match)
    changed = await writings.update_note(conn, note_id, ask.model_dump(exclude_none=True))
    await _record(conn, caller, CHANGED, row, list(ask.model_fields_set))
    return note_of(changed)


async def remove(conn: WriteConnection, caller: Caller, note_id: int) -> NoteRemoved:
    """Show it to nobody any more. Raises as `change`."""
    row = await _held(conn, caller, note_id, REMOVED)
    gone = await writings.remove_note(conn, note_id)
    await _record(conn, caller, REMOVED, row, ["deleted_at"])
    return NoteRemoved(id=note_id, child_id=row.child_id, removed_at=gone.deleted_at)


def note_of(row: Row[Any]) -> ProgressNote:
    """A note as it travels."""
    return ProgressNote.model_validate(with_author(row))


async def _held(conn: WriteConnection, caller: Caller, note_id: int, what: str) -> Row[Any]:
    row = await writings.hold_note(conn, caller, note_id)
    if row is None:
        await hide(conn, caller, what, writings.owner_of_note(note_id))
    check(caller, standing_of(row), Action.ADD_NOTE, what)
    if row.author_id != caller.person:
        raise NotTheAuthor(caller, what, row.child_id)
    if not row.fresh:
        raise Conflict("a note can be changed for 24 hours; write another one", code="too_late")
    return row


async def _record(conn: WriteConnection, caller: Caller, what: str, row: Row[Any], fields: list[str]) -> None:
    subject = f"note:{row.id}"
    await audit.record(conn, caller, what, subject, child_id=row.child_id, changed_fields=fields)
