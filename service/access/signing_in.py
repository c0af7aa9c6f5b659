"""Signing in with a password: one way for programs and browsers, with the same steps for whoever it is.

Whether an address is known is told by nothing: unknown, wrong, locked and inactive are the same 401, after
the same statements and one hash (children spec E1). Five wrong passwords lock an account for half an hour,
judged by the database's clock, so on all replicas at once.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from service.access import audit, passwords, people_queries
from service.access.families import SignedIn
from service.core.auth import not_signed_in
from service.core.database import WriteConnection
from service.core.errors import NotAuthenticated
from service.core.runtime import Runtime
from service.core.telemetry import happened
from service.schemas.people import email_form

T = TypeVar("T")
Then = Callable[[WriteConnection, SignedIn], Awaitable[T]]
"""What being signed in leads to, in the transaction that notes it."""


async def with_password(runtime: Runtime, email: str, password: str, address: str, then: Then[T]) -> T:
    """Do `then` as whoever has this address and password.

    Raises `NotAuthenticated` (`invalid_credentials`) and, after too many guesses, `RateLimited`.
    """
    account = _account(email)
    runtime.authenticator.check_guesses(address, account)
    async with runtime.database.read() as conn:
        row = await people_queries.select_by_email(conn, searched(email))

    async def signed_in(conn: WriteConnection, who: SignedIn) -> T:
        await audit.record(conn, f"person:{who.person}", "auth.login", f"person:{who.person}")
        return await then(conn, who)

    done = await _tried(runtime, row, password, signed_in)
    if done is None:
        runtime.authenticator.count_guess(address, account)
        happened("sign_in", "wrong")
        raise _refused()
    return done[0]


async def prove(runtime: Runtime, person: int, password: str, address: str) -> SignedIn | None:
    """Somebody who is signed in, if they know their password; counted like a sign-in when they do not."""
    account = f"person:{person}"
    runtime.authenticator.check_guesses(address, account)
    async with runtime.database.read() as conn:
        row = await people_queries.select_by_id(conn, person)

    async def nothing_more(_: WriteConnection, who: SignedIn) -> SignedIn:
        return who  # it is about the password alone

    done = await _tried(runtime, row, password, nothing_more)
    if done is None:
        runtime.authenticator.count_guess(address, account)
        return None
    return done[0]


async def hold(conn: WriteConnection, who: SignedIn) -> bool:
    """Hold a person until the transaction ends; whether the password that they proved is theirs still."""
    row = await people_queries.lock_person(conn, who.person)
    return row is not None and row.token_version == who.token_version


async def _tried(runtime: Runtime, row: Any, password: str, then: Then[T]) -> tuple[T] | None:
    """What `then` gave; None when the password is wrong or its owner may not sign in."""
    right, fresh = await passwords.checked(
        runtime.compute, password, None if row is None else row.hashed_password
    )
    async with runtime.database.write() as conn:
        if right and await people_queries.note_sign_in(
            conn, row.id, row.token_version, row.hashed_password, fresh
        ):
            return (await then(conn, SignedIn(row.id, row.token_version)),)
        await _note_failure(conn, runtime, row, right=right)
    return None


async def _note_failure(conn: WriteConnection, runtime: Runtime, row: Any, *, right: bool) -> None:
    chosen = runtime.settings.access
    counted = None if row is None or right else row.id
    locked = timedelta(minutes=chosen.lock_minutes)
    await people_queries.note_failure(conn, counted, chosen.login_attempts, locked)
    subject = "person:unknown" if row is None else f"person:{row.id}"
    await audit.record(conn, "nobody", "auth.login_failed", subject, deny_code=_reason(row, right=right))


def _reason(row: Any, *, right: bool) -> str:
    if row is None:
        return "unknown_person"
    if row.locked:
        return "locked"
    return "account_inactive" if right else "wrong_password"


def _refused() -> NotAuthenticated:
    return not_signed_in(
        "this e-mail address and password do not fit, or the account cannot be used now",
        code="invalid_credentials",
    )


def _account(email: str) -> str:
    return sha256(searched(email).encode()).hexdigest()


def searched(email: str) -> str:
    """The form under which an address is kept; of what is none, something that nobody has."""
    try:
        return email_form(email[:1000])
    except (PydanticCustomError, UnicodeError):
        return "nobody"
