"""Notes and assessments: each statement that reads one stays within what the caller may see."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, insert, or_, select, update

from service.access.models import AuthUser
from service.children.models import Assessment, Child, ProgressNote
from service.children.queries.visibility import level_at, visible
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.paging import SortKey
from service.schemas.children import writings as wire

CHANGEABLE: Final = timedelta(hours=24)
"""How long an author may change or remove a note."""
_GUARDIANS: Final = ("primary", "full", "read_only")
_PROFESSIONALS: Final = ("view", "comment", "edit")
NOTE_KEYS: Final = (
    SortKey("noted_at", ProgressNote.noted_at.expression, descending=True),
    SortKey("id", ProgressNote.id.expression, descending=True),
)
ASSESSMENT_KEYS: Final = (
    SortKey("administered_at", Assessment.administered_at.expression, descending=True),
    SortKey("id", Assessment.id.expression, descending=True),
)
_NOTE: Final = [getattr(ProgressNote, name) for name in wire.ProgressNote.model_fields if name != "author"]
_LISTED: Final = [
    getattr(Assessment, name) for name in wire.AssessmentListed.model_fields if name != "author"
]
_WHOLE: Final = [getattr(Assessment, name) for name in wire.Assessment.model_fields if name != "author"]


def standing_columns(caller: Caller, child_id: ColumnElement[int]) -> list[Any]:
    """How the caller stands to the child of a row, beside it: what `door.check` needs."""
    return [
        level_at(caller, child_id).label("level"),
        Child.is_active.label("child_is_active"),
        Child.timezone.label("child_timezone"),
        Child.restricted_at.is_not(None).label("child_restricted"),
    ]


def author_columns() -> list[Any]:
    """Who wrote a row, where `AuthUser` is joined: `author_id`, `author_name`, `author_role`."""
    name = func.concat_ws(" ", AuthUser.first_name, AuthUser.last_name)
    return [AuthUser.id.label("author_id"), name.label("author_name"), AuthUser.role.label("author_role")]


def notes_like(caller: Caller, child_id: int, ask: wire.NotesAsk) -> Select[Any]:
    """A child's notes that are meant for the caller's side (spec E4.3)."""
    statement = _notes().where(ProgressNote.child_id == child_id, _meant_for(caller))
    return statement if ask.category is None else statement.where(ProgressNote.category == ask.category)


async def hold_note(conn: WriteConnection, caller: Caller, note_id: int) -> Row[Any] | None:
    """A note that the caller is shown, held until the transaction ends, with how they stand to its child."""
    fresh = ProgressNote.created_at > func.now() - CHANGEABLE
    statement = (
        _notes()
        .add_columns(*standing_columns(caller, ProgressNote.child_id.expression), fresh.label("fresh"))
        .join(Child, Child.id == ProgressNote.child_id)
        .where(
            ProgressNote.id == note_id,
            Child.deleted_at.is_(None),
            visible(caller, ProgressNote.child_id.expression),
            _meant_for(caller),
        )
        .with_for_update(of=ProgressNote)
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_note(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Add a note; the row with its author."""
    added = insert(ProgressNote).values(**values).returning(ProgressNote.id)
    return await select_note(conn, (await conn.execute(added)).scalar_one())


async def update_note(conn: WriteConnection, note_id: int, values: Mapping[str, Any]) -> Row[Any]:
    """Change a note that is held; the row as it is then, one version on."""
    changed = {
        **values,
        "edited_at": func.now(),
        "version": ProgressNote.version + 1,
        "updated_at": func.clock_timestamp(),
    }
    await conn.execute(update(ProgressNote).where(ProgressNote.id == note_id).values(**changed))
    return await select_note(conn, note_id)


async def remove_note(conn: WriteConnection, note_id: int) -> Row[Any]:
    """Show a note to nobody any more."""
    removed = {"deleted_at": func.now(), "version": ProgressNote.version + 1}
    statement = update(ProgressNote).where(ProgressNote.id == note_id).values(**removed)
    return (await conn.execute(statement.returning(ProgressNote.deleted_at))).one()


async def select_note(conn: ReadConnection, note_id: int) -> Row[Any]:
    """A note that was just written."""
    row: Row[Any] = (await conn.execute(_notes().where(ProgressNote.id == note_id))).one()
    return row


def owner_of_note(note_id: int) -> Select[Any]:
    """Whose note it is, whoever asks: for the audit of a refusal."""
    return select(ProgressNote.child_id).where(ProgressNote.id == note_id, ProgressNote.deleted_at.is_(None))


def assessments_like(child_id: int, ask: wire.AssessmentsAsk) -> Select[Any]:
    """A child's assessments."""
    statement = _assessments(_LISTED).where(Assessment.child_id == child_id)
    if ask.assessment_type is None:
        return statement
    return statement.where(Assessment.assessment_type == ask.assessment_type)


async def select_assessment(conn: ReadConnection, caller: Caller, assessment_id: int) -> Row[Any] | None:
    """One that the caller may see, with how they stand to its child."""
    statement = (
        _assessments(_WHOLE)
        .add_columns(*standing_columns(caller, Assessment.child_id.expression))
        .join(Child, Child.id == Assessment.child_id)
        .where(
            Assessment.id == assessment_id,
            Child.deleted_at.is_(None),
            visible(caller, Assessment.child_id.expression),
        )
    )
    return (await conn.execute(statement)).one_or_none()


async def insert_assessment(conn: WriteConnection, values: Mapping[str, Any]) -> Row[Any]:
    """Add an assessment; the row with its author."""
    added = insert(Assessment).values(**values).returning(Assessment.id)
    made = (await conn.execute(added)).scalar_one()
    row: Row[Any] = (await conn.execute(_assessments(_WHOLE).where(Assessment.id == made))).one()
    return row


def owner_of_assessment(assessment_id: int) -> Select[Any]:
    """Whose assessment it is, whoever asks."""
    return select(Assessment.child_id).where(Assessment.id == assessment_id)


def _notes() -> Select[Any]:
    return (
        select(*_NOTE, *author_columns())
        .join(AuthUser, AuthUser.id == ProgressNote.author_id)
        .where(ProgressNote.deleted_at.is_(None))
    )


def _assessments(columns: list[Any]) -> Select[Any]:
    return select(*columns, *author_columns()).join(AuthUser, AuthUser.id == Assessment.author_id)


def _meant_for(caller: Caller) -> ColumnElement[bool]:
    """Notes for all, for the caller's side, and the caller's own; an emergency reads every one."""
    level = level_at(caller, ProgressNote.child_id.expression)
    return or_(
        ProgressNote.visibility == "all",
        ProgressNote.author_id == caller.person,
        level == "break_glass",
        (ProgressNote.visibility == "guardians") & level.in_(_GUARDIANS),
        (ProgressNote.visibility == "professionals") & level.in_(_PROFESSIONALS),
    )
