"""Whom a declared report of this desk is about, and who may see them: what everything shared keeps to."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select

from service.access.models import AuthUser
from service.children.door import admit, admit_to_all, note_reading
from service.children.queries.visibility import reach
from service.children.rules.permissions import ALLOWED, Action
from service.core.auth import Caller
from service.core.database import Database, ReadConnection
from service.reporting.report import BuildContext
from service.reporting.subjects import Subjects


def readable(caller: Caller) -> Select[int]:
    """The children whose record a caller may read; a device acts for its child and reads nothing."""
    reached = reach(caller).subquery()
    return select(reached.c.child_id).where(reached.c.level.in_(sorted(ALLOWED[Action.READ])))


async def one_child(conn: ReadConnection, params: Any, context: BuildContext) -> Sequence[int]:
    """`Report.whom` of a report whose parameters name a child (`child_id`); refuses as the door does."""
    await admit(conn, context.caller, params.child_id, Action.READ, "analytics.read")
    return (params.child_id,)


async def every_child(conn: ReadConnection, _: object, context: BuildContext) -> Sequence[int]:
    """`Report.whom` of a report over all children that the caller may read (a caseload)."""
    return sorted((await conn.execute(readable(context.caller))).scalars())


async def _note(database: Database, caller: Caller, what: str, about: Sequence[int]) -> None:
    """Figures are noted as `analytics.read` (`.export`, `.deliver`), statements as what they are."""
    kind, _, deed = what.partition(".")
    word = what if kind == "statement" else f"analytics.{deed}"
    if len(about) == 1:
        await note_reading(database, caller, word, about[0])
    else:
        await note_reading(database, caller, word, child_ids=about)


async def _is_own(conn: ReadConnection, caller: Caller, channel: str, target: str) -> bool:
    """A mail to the verified address of the person themselves; no folder or webhook is one person's."""
    statement = select(AuthUser.email).where(AuthUser.id == caller.person, AuthUser.is_verified)
    own = (await conn.execute(statement)).scalar_one_or_none()
    return channel == "email" and own is not None and own.casefold() == target.strip().casefold()


async def _admit_signing(conn: ReadConnection, caller: Caller, about: Sequence[int]) -> None:
    """Whoever may only look does not sign: of a caseload, none of whose children they may only look at."""
    await admit_to_all(conn, caller, about, Action.SIGN, "statement.seal")


SUBJECTS: Final = Subjects(
    seen=readable, versions="child", note=_note, is_own=_is_own, admit_signing=_admit_signing
)
