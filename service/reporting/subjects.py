"""Reports about somebody whom not everybody may see who reads the desk: a child, for those around it.

A desk says once who may see whom (`Desk.subjects`); a report says whom its answer is about (`Report.whom`).
Everything shared then keeps to it: building, explaining, sealing, a statement and the list of them, files of
runs, subscriptions. Such answers never enter the response cache, and each reading is noted.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select

from service.core.auth import Caller
from service.core.database import Database, ReadConnection
from service.core.errors import NotAllowed

NO_STORE: Final = {"Cache-Control": "no-store"}
Note = Callable[[Database, Caller, str, Sequence[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Who may see whom at a desk.

    `seen` is the statement of the ids a caller may see; it stands inside others. `note` puts a reading
    (`statement.read`) of these ids into the audit before the answer leaves.
    """

    seen: Callable[[Caller], Select[int]]
    note: Note


async def nobody(_: ReadConnection, __: object, ___: object) -> Sequence[int]:
    """Of a report that is about no one: whom its answer is about."""
    return ()


def require_lasting(caller: Caller) -> None:
    """Raise `NotAllowed` for who reads in an emergency: nothing is to go on when the emergency has ended."""
    if caller.break_glass is not None:
        raise NotAllowed("an emergency access reads; it makes no files", code="access_level")
