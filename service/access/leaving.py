"""Erasing a person: what others' records need stays, a number without a name (children spec E6)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from service.access import audit, people_queries, queries, token_queries
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, NotAllowed

Leave = Callable[[WriteConnection, int], Awaitable[Sequence[str]]]
"""Takes a person out of what the desks keep, or says, in whole sentences, what still depends on them."""
RECENT: Final = timedelta(minutes=5)
"""How long ago the password may have been given for what cannot be undone."""


def require_recent(caller: Caller) -> None:
    """Raise `NotAllowed` (`recent_login_required`) unless the password was given a moment ago."""
    since = caller.signed_in_at
    if since is None or datetime.now(UTC) - since > RECENT:
        detail = "this cannot be undone; sign in anew and ask again within five minutes"
        raise NotAllowed(detail, code="recent_login_required")


async def erase(conn: WriteConnection, caller: Caller, leave: Leave | None) -> None:
    """Erase the account of `caller`. Raises `Conflict` (`still_needed`) while something depends on it."""
    person = caller.person
    assert person is not None
    await people_queries.lock_person(conn, person)
    needed = [] if leave is None else await leave(conn, person)
    if needed:
        raise Conflict(" ".join(needed), code="still_needed")
    await token_queries.revoke_all(conn, person)
    await people_queries.anonymise(conn, person)
    await audit.record(conn, f"person:{person}", "person.erased", f"person:{person}")
    await queries.announce(conn)
