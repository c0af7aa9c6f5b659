"""The rows of a copy, section by section: everything kept about a child, by keyset in batches (spec E6).

All columns of a table are copied, so that one that is added later is not forgotten. People are named, since a
number says nothing to a reader; of other guardians nothing is told but name and relation.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, Table, case, func, literal, null, select, tuple_
from sqlalchemy import cast as sql_cast

from service.access.models import AuthUser
from service.children.models import (
    Activity,
    Assessment,
    CareAssignment,
    Child,
    ChildAchievement,
    Consent,
    EmergencyContact,
    GameSession,
    Guardian,
    PointLedger,
    ProgressNote,
    Report,
    Safety,
    SensoryDomain,
    Therapy,
)
from service.children.queries.access_log import accesses
from service.children.rules.sealed import Sealed
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.schemas.children.rights import SectionName

BATCH: Final = 1_000
Window = tuple[datetime | None, datetime | None]
Rows = Callable[[Caller, int, Window], Select[Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a copy: `rows` in no order, read by `key` (names of its columns, unique together).

    `sealed` are columns to be opened; `single`: one object, not a list.
    """

    name: SectionName
    rows: Rows
    key: tuple[str, ...] = ("id",)
    sealed: Mapping[Sealed, str] = field(default_factory=dict)
    single: bool = False


def _everything(
    model: Any, *more: ColumnElement[Any], dated: str | None = None, without: Sequence[str] = ()
) -> Rows:
    """All columns of a table, of the rows in the window where these have a date."""
    table: Table = model.__table__
    left_out = {"child_id", *without}

    def rows(_: Caller, child_id: int, window: Window) -> Select[Any]:
        columns = [column for column in table.c if column.name not in left_out]
        statement = select(*columns, *more).where(table.c.child_id == child_id)
        return statement if dated is None else _dated(statement, table.c[dated], window)

    return rows


def _dated(statement: Select[Any], instant: ColumnElement[Any], window: Window) -> Select[Any]:
    start, end = window
    if start is not None:
        statement = statement.where(instant >= start)
    return statement if end is None else statement.where(instant < end)


def _name_of(person: Any, label: str) -> ColumnElement[Any]:
    """The name of the person that a column refers to."""
    named = AuthUser.__table__.alias()
    name = func.concat_ws(" ", named.c.first_name, named.c.last_name)
    return select(name).where(named.c.id == person).correlate_except(named).scalar_subquery().label(label)


def _child(_: Caller, child_id: int, __: Window) -> Select[Any]:
    return select(*(column for column in Child.__table__.c if column.name != "parent_id")).where(
        Child.id == child_id
    )


def _guardians(caller: Caller, child_id: int, _: Window) -> Select[Any]:
    own = Guardian.user_id == literal(caller.person)

    def of_oneself(column: Any, name: str) -> ColumnElement[Any]:
        return case((own, column), else_=null()).label(name)

    return (
        select(
            func.concat_ws(" ", AuthUser.first_name, AuthUser.last_name).label("name"),
            Guardian.relation,
            of_oneself(Guardian.access, "access"),
            of_oneself(AuthUser.email, "email"),
            of_oneself(AuthUser.phone, "phone"),
            of_oneself(Guardian.created_at, "created_at"),
            Guardian.user_id.label("number"),
        )
        .join(AuthUser, AuthUser.id == Guardian.user_id)
        .where(Guardian.child_id == child_id)
    )


def _notes(caller: Caller, child_id: int, window: Window) -> Select[Any]:
    statement = _everything(ProgressNote, _name_of(ProgressNote.author_id, "author"), dated="noted_at")
    mine = ProgressNote.author_id == caller.person
    seen = ProgressNote.visibility.in_(("guardians", "all")) | mine
    return statement(caller, child_id, window).where(seen, ProgressNote.deleted_at.is_(None))


def _reports(caller: Caller, child_id: int, window: Window) -> Select[Any]:
    names = (_name_of(Report.author_id, "author"), _name_of(Report.approver_id, "approver"))
    statement = _everything(Report, *names, dated="created_at", without=("review_note",))
    return statement(caller, child_id, window).where(Report.published_at.is_not(None))


def _access_log(_: Caller, child_id: int, window: Window) -> Select[Any]:
    return accesses(child_id, *window)


SECTIONS: Final = (
    Section("child", _child, single=True),
    Section("guardians", _guardians, key=("number",)),
    Section("sensory", _everything(SensoryDomain), key=("domain",)),
    Section(
        "safety",
        _everything(Safety),
        key=("elopement_risk",),
        sealed={"medical_conditions": "list", "medications": "list"},
        single=True,
    ),
    Section("therapies", _everything(Therapy)),
    Section("contacts", _everything(EmergencyContact), sealed={"phone": "text", "email": "text"}),
    Section("consents", _everything(Consent, _name_of(Consent.grantee_user_id, "grantee"))),
    Section(
        "assignments", _everything(CareAssignment, _name_of(CareAssignment.professional_id, "professional"))
    ),
    Section("sessions", _everything(GameSession, dated="started_at")),
    Section("activities", _everything(Activity, dated="completed_at")),
    Section(
        "assessments",
        _everything(Assessment, _name_of(Assessment.author_id, "author"), dated="administered_at"),
    ),
    Section("notes", _notes),
    Section("point_ledger", _everything(PointLedger, dated="created_at")),
    Section("achievements", _everything(ChildAchievement, dated="earned_at"), key=("achievement_id",)),
    Section("reports", _reports),
    Section("access_log", _access_log, key=("at", "id")),
)
"""The sections that are rows, in the order of the copy."""


def columns_of(section: Section, caller: Caller, child_id: int, window: Window) -> list[str]:
    """The names of its columns, also where it has no row."""
    return [column.name for column in section.rows(caller, child_id, window).selected_columns]


async def first_and_last_day(conn: ReadConnection, child_id: int) -> tuple[date, date]:
    """The days at the child's place between which there are sessions; today for who has none."""
    today = sql_cast(func.timezone(Child.timezone, func.now()), Date)
    day = sql_cast(func.timezone(Child.timezone, GameSession.started_at), Date)
    statement = (
        select(func.coalesce(func.min(day), today), func.greatest(func.max(day), today))
        .select_from(Child)
        .outerjoin(GameSession, GameSession.child_id == Child.id)
        .where(Child.id == child_id)
        .group_by(Child.id)
    )
    first, last = (await conn.execute(statement)).one()
    return first, last


async def batches(
    conn: ReadConnection, section: Section, caller: Caller, child_id: int, window: Window
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """All rows of a section in the order of its key, at most `BATCH` at once."""
    found = section.rows(caller, child_id, window).subquery()
    key = tuple_(*(found.c[name] for name in section.key))
    statement = select(*found.c).order_by(*(found.c[name] for name in section.key)).limit(BATCH)
    after: tuple[Any, ...] | None = None
    while True:
        narrowed = statement if after is None else statement.where(key > _place(found, section, after))
        rows: Sequence[Any] = (await conn.execute(narrowed)).mappings().all()
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        after = tuple(rows[-1][name] for name in section.key)


def _place(found: Any, section: Section, after: tuple[Any, ...]) -> Any:
    return tuple_(
        *(literal(value, found.c[name].type) for name, value in zip(section.key, after, strict=True))
    )
