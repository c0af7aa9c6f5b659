"""The door to a child: who may pass for which deed, the same 404 for all others, and a note of each reading.

Order (spec E3): scope (403, at the route) → visible (404) → allowed at this level (403) → state (409).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from sqlalchemy import Row, Select

from service.access import audit
from service.children.queries.emergencies import select_reason
from service.children.queries.standing import select_owner, select_standing, select_standings
from service.children.rules.permissions import WHILE_RESTRICTED, Action, may
from service.core.auth import Audited, Caller
from service.core.database import AWAY, Database, ReadConnection
from service.core.errors import Conflict, NotAllowed, NotFound
from service.core.telemetry import get_logger
from service.schemas.children.words import Level

MOST_NAMED: Final = 100
"""Children that one row of the audit names (spec E5)."""
_ABSENT: Final = "there is no such thing, or you may not see it"
_Row = Row[int, bool, str, bool, str | None]
log = get_logger("service.children")


class Hidden(Audited, NotFound):
    """A child, or something of a child, that is absent or not visible: the same answer for both."""

    def __init__(self, caller: Caller, what: str, child_id: int | None, *, exists: bool) -> None:
        super().__init__(_ABSENT)
        self.caller = caller
        self.what = what
        self.subject = "child" if child_id is None else f"child:{child_id}"
        self.child_id = child_id
        self.deny_code = "not_visible" if exists else "absent"


class LevelTooLow(Audited, NotAllowed):
    """The child is visible and this is not allowed at the caller's level of access."""

    code = "access_level"
    deny_code = "access_level"

    def __init__(self, caller: Caller, what: str, child_id: int, level: Level) -> None:
        super().__init__(f"your access to this child ({level}) does not allow this")
        self.caller = caller
        self.what = what
        self.subject = f"child:{child_id}"
        self.child_id = child_id


@dataclass(frozen=True, slots=True)
class Standing:
    """What a caller is to a child, and how the child stands."""

    child_id: int
    level: Level
    is_active: bool
    restricted: bool
    timezone: str


async def admit(
    conn: ReadConnection,
    caller: Caller,
    child_id: int,
    action: Action,
    what: str,
    *,
    lock: bool = False,
) -> Standing:
    """Let a caller pass to a child for a deed; `what` is its word in the audit (`child.update`).

    Raises `Hidden` (404), `LevelTooLow` (403) and `Conflict` (`restricted`). `lock` as in `select_standing`.
    """
    row = await select_standing(conn, caller, child_id, lock=lock)
    return _judge(caller, child_id, row, action, what)


async def admit_to_all(
    conn: ReadConnection, caller: Caller, child_ids: Sequence[int], action: Action, what: str
) -> None:
    """Let a caller pass for a deed at all of these children at once; otherwise as `admit`."""
    standings = {row.id: row for row in await select_standings(conn, caller, child_ids)}
    for child_id in child_ids:
        _judge(caller, child_id, standings.get(child_id), action, what)


async def admit_device(conn: ReadConnection, caller: Caller, child_ids: Sequence[int]) -> None:
    """Let a guardian pass who gives a device access to these children; otherwise as `admit`."""
    for child_id in child_ids:
        await admit(conn, caller, child_id, Action.PLAY, "device.create")


def check(caller: Caller, standing: Standing, action: Action, what: str) -> None:
    """The same for a caller whose standing a statement has told already."""
    if not may(standing.level, action):
        raise LevelTooLow(caller, what, standing.child_id, standing.level)
    if standing.restricted and action not in WHILE_RESTRICTED:
        raise Conflict("this child's record is restricted; it can be read and no more", code="restricted")


def _judge(caller: Caller, child_id: int, row: _Row | None, action: Action, what: str) -> Standing:
    if row is None or row.level is None:
        raise Hidden(caller, what, child_id, exists=row is not None)
    standing = Standing(child_id, cast(Level, row.level), row.is_active, row.restricted, row.timezone)
    check(caller, standing, action, what)
    return standing


async def hide(conn: ReadConnection, caller: Caller, what: str, child: int | Select[int]) -> NoReturn:
    """Refuse what a statement within the visibility predicate did not find.

    `child` is the child asked for, or the statement that tells whose the row asked for is: it is run for an
    absent row too, so that both refusals take the same steps. Raises `Hidden`.
    """
    if isinstance(child, int):
        row = await select_standing(conn, caller, child)
        raise Hidden(caller, what, child, exists=row is not None)
    owner = await select_owner(conn, child)
    raise Hidden(caller, what, owner, exists=owner is not None)


async def note_reading(
    database: Database,
    caller: Caller,
    what: str,
    child_id: int | None = None,
    *,
    child_ids: Sequence[int] | None = None,
    purpose: str | None = None,
    certain: bool = False,
) -> None:
    """Put a reading into the audit before its answer leaves (spec E5).

    One of more children than a row names is as many rows: none of them is left out of its guardians' access
    log. One in an emergency is noted with its reason. An ordinary reading is answered also when that fails,
    and an alarm is logged; `certain` ones (exports, emergencies) are not.
    """
    subject = "children" if child_id is None else f"child:{child_id}"
    try:
        async with database.write() as conn:
            if caller.break_glass is not None:
                purpose = await select_reason(conn, caller.break_glass)
            for named in _in_rows(child_ids):
                await audit.record(
                    conn, caller, what, subject, child_id=child_id, child_ids=named, purpose=purpose
                )
    except AWAY as failure:
        if certain or caller.break_glass is not None:
            raise
        log.error("a reading could not be audited", what=what, error=type(failure).__name__)


def _in_rows(child_ids: Sequence[int] | None) -> Sequence[Sequence[int] | None]:
    """What each row of the audit names; a list that showed nobody is a row too."""
    if not child_ids:
        return [child_ids]
    return [child_ids[start : start + MOST_NAMED] for start in range(0, len(child_ids), MOST_NAMED)]
