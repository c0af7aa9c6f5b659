"""Erasing a person: what others' records need stays, a number without a name (children spec E6)."""

from collections.abc import Awaitable, Callable, Sequence

from service.access import audit, people_queries, queries, token_queries
from service.core.database import WriteConnection
from service.core.errors import Conflict

Leave = Callable[[WriteConnection, int], Awaitable[Sequence[str]]]
"""Takes a person out of what the desks keep, or says, in whole sentences, what still depends on them."""


async def erase(conn: WriteConnection, person: int, leave: Leave | None) -> None:
    """Erase an account. Raises `Conflict` (`still_needed`) while something depends on it."""
    await people_queries.lock_person(conn, person)
    needed = [] if leave is None else await leave(conn, person)
    if needed:
        raise Conflict(" ".join(needed), code="still_needed")
    await token_queries.revoke_all(conn, person)
    await people_queries.anonymise(conn, person)
    await audit.record(conn, f"person:{person}", "person.erased", f"person:{person}")
    await queries.announce(conn)
