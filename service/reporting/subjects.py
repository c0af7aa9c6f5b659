"""Reports about somebody whom not everybody may see who reads the desk: a child, for those around it.

A desk says once who may see whom (`Desk.subjects`); a report says whom its answer is about (`Report.whom`).
Everything shared then keeps to it: building, explaining, sealing, a statement and the list of them, files of
runs, subscriptions. Such answers never enter the response cache, and each reading is noted.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select

from service.core.auth import Audited, Caller
from service.core.database import Database, ReadConnection
from service.core.errors import FieldError, Invalid, NotAllowed, NotFound

NO_STORE: Final = {"Cache-Control": "no-store"}
_DIGITS: Final = 19
"""Fewer digits than this are within a bigint."""
Note = Callable[[Database, Caller, str, Sequence[int]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Who may see whom at a desk.

    `seen` is the statement of the ids a caller may see; it stands inside others. `note` puts a reading
    (`statement.read`) of these ids into the audit before the answer leaves. `versions` is the word that data
    versions about one of them begin with (`child` of `child/7/sessions`). `is_own` says whether a channel
    and target of a delivery reach the caller and nobody else. `admit_signing` raises for who may see these
    ids and not sign what is about them.
    """

    seen: Callable[[Caller], Select[int]]
    versions: str
    note: Note
    is_own: Callable[[ReadConnection, Caller, str, str], Awaitable[bool]]
    admit_signing: Callable[[ReadConnection, Caller, Sequence[int]], Awaitable[None]]


class NotSeen(Audited, NotFound):
    """Something about somebody whom the caller may not see: told as if there were none, and audited."""

    deny_code = "not_visible"

    def __init__(self, detail: str, *, caller: Caller, what: str, subject: str, about: Sequence[int]) -> None:
        super().__init__(detail)
        self.caller = caller
        self.what = what
        self.subject = subject
        self.child_id = about[0] if len(about) == 1 else None


def versions_told(
    database: Database, everybody: Sequence[Subjects]
) -> Callable[[Caller, Mapping[str, int]], Awaitable[Mapping[str, int]]]:
    """What of the versions in a `Min-Data-Version` a caller may ask for: all but those about hidden subjects.

    Whoever waits for a version learns whether there is one, and since when: that a child exists, and when it
    last played. Versions about somebody absent are left out like those about somebody hidden.
    """
    by_word = {subjects.versions: subjects for subjects in everybody}

    async def told(caller: Caller, asked: Mapping[str, int]) -> Mapping[str, int]:
        hidden: set[str] = set()
        for word, subjects in by_word.items():
            about = {scope: _about(scope) for scope in asked if scope.partition("/")[0] == word}
            named = {one for one in about.values() if one is not None}
            seen = await _seen_of(database, subjects.seen(caller), named) if named else set()
            hidden |= {scope for scope, one in about.items() if one not in seen}
        return {scope: version for scope, version in asked.items() if scope not in hidden}

    return told


def _about(scope: str) -> int | None:
    number = scope.split("/")[1] if "/" in scope else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < _DIGITS else None


async def _seen_of(database: Database, seen: Select[int], named: Collection[int]) -> set[int]:
    [identifier] = seen.subquery().c
    async with database.read() as conn:
        return set((await conn.execute(select(identifier).where(identifier.in_(named)))).scalars())


async def nobody(_: ReadConnection, __: object, ___: object) -> Sequence[int]:
    """Of a report that is about no one: whom its answer is about."""
    return ()


def require_lasting(caller: Caller) -> None:
    """Raise `NotAllowed` for who reads in an emergency: nothing is to go on when the emergency has ended."""
    if caller.break_glass is not None:
        raise NotAllowed("an emergency access reads; it makes no files", code="access_level")


async def require_own(
    conn: ReadConnection, subjects: Subjects | None, caller: Caller, channel: str, target: str
) -> None:
    """Raise `Invalid` (`not_yours`) for a delivery to anybody but the caller, where not everybody may see."""
    if subjects is not None and not await subjects.is_own(conn, caller, channel, target):
        detail = "what is about somebody not everybody may see is delivered to your own e-mail address alone"
        raise Invalid(detail, errors=[FieldError("/body/target", "not_yours", detail)])
