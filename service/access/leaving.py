"""Erasing a person: what others' records need stays, a number without a name (children spec E6)."""

from collections.abc import Awaitable, Callable, Sequence

from service.access import audit, people_queries, queries, signing_in, token_queries
from service.access.administration.queries import hold_admins
from service.access.families import SignedIn
from service.core.database import WriteConnection
from service.core.errors import Conflict
from service.core.idempotency import forget_keys_of

Leave = Callable[[WriteConnection, int], Awaitable[Sequence[str]]]
"""Takes a person out of what the desks keep, or says, in whole sentences, what still depends on them."""


async def erase(conn: WriteConnection, who: SignedIn, leave: Leave | None) -> bool:
    """Erase an account; False when the password that was proved is not theirs any more.

    Raises `Conflict` (`still_needed`, `last_admin`) while something depends on it.
    """
    person = who.person
    if await hold_admins(conn) == [person]:
        raise Conflict("you are the last admin who may act: invite another one first", code="last_admin")
    if not await signing_in.hold(conn, who):
        return False
    needed = [] if leave is None else await leave(conn, person)
    if needed:
        raise Conflict(" ".join(needed), code="still_needed")
    await token_queries.revoke_all(conn, person)
    await people_queries.anonymise(conn, person)
    await forget_keys_of(conn, f"person:{person}")
    await audit.record(conn, f"person:{person}", "person.erased", f"person:{person}")
    await queries.announce(conn)
    return True
