"""Accounts: registered, verified by mail, given a new password, invited (children spec E1).

Who asks learns nothing about others' addresses: registering and asking for a new password answer the same at
once, and what depends on whether an address is known is done after the answer, by mail to its owner.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from service.access import audit, passwords, people_queries, queries, signing_in, token_queries, tokens
from service.access.letters import Occasion, write_to
from service.core.auth import Caller
from service.core.compute import Compute
from service.core.database import Database, WriteConnection
from service.core.errors import BadRequest, FieldError, Invalid, NotAllowed
from service.core.runtime import Runtime
from service.core.telemetry import happened
from service.schemas.people import AcceptAsk, RegisterAsk

VERIFY_WITHIN: Final = timedelta(hours=24)
RESET_WITHIN: Final = timedelta(hours=1)
INVITED_FOR: Final = timedelta(days=7)
Purpose = Literal["verify_email", "reset_password", "invitation"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is still to be sent."""

    email: str = field(repr=False)
    language: str
    occasion: Occasion
    token: str = field(repr=False)


async def register(runtime: Runtime, asked: RegisterAsk) -> Letter | None:
    """Make an account that opens when its address is verified; the mail that does it.

    For an address that has one already nothing changes and its owner is told by mail, at most three times in
    a row. Raises `NotAllowed` where registration is closed and `Invalid` for a bad password.
    """
    if not runtime.settings.access.registration:
        raise NotAllowed("people are invited here; nobody registers", code="registration_closed")
    passwords.require_good(asked.password, email=asked.email)
    values = {
        **asked.model_dump(exclude={"password"}),
        "hashed_password": await passwords.hashed(runtime.compute, asked.password),
    }
    async with runtime.database.write() as conn:
        person = await add_person(conn, values, "auth.registered")
        if person is None:
            return await _to_known(runtime, conn, asked.email)
        token = await _one_time(conn, person, "verify_email", VERIFY_WITHIN)
    return Letter(asked.email, asked.language, "verify_email", token)


async def add_person(conn: WriteConnection, values: dict[str, Any], what: str) -> int | None:
    """Add a person and, of a professional, the profile that an admin verifies; None: the address is taken."""
    person = await people_queries.insert_person(conn, values)
    if person is not None:
        if values["role"] == "professional":
            await people_queries.put_professional(conn, person, {})
        await audit.record(conn, f"person:{person}", what, f"person:{person}")
    return person


async def _to_known(runtime: Runtime, conn: WriteConnection, email: str) -> Letter | None:
    """The token sets a password: whoever owns the address owns the account, whoever registered it first."""
    row = await people_queries.select_by_email(conn, email)
    if row is None or not _may_be_written_to(runtime, row):
        return None
    return Letter(
        email, row.language, "known_already", await _one_time(conn, row.id, "reset_password", RESET_WITHIN)
    )


async def forgotten(runtime: Runtime, email: str) -> None:
    """Send a token for a new password to whoever has this address, if anybody. Done after the answer."""
    async with runtime.database.write() as conn:
        row = await people_queries.select_by_email(conn, email)
        if row is None or not _may_be_written_to(runtime, row):
            return
        token = await _one_time(conn, row.id, "reset_password", RESET_WITHIN)
        await audit.record(conn, "nobody", "auth.reset_requested", f"person:{row.id}")
    await send(runtime, Letter(email, row.language, "reset_password", token))


async def send(runtime: Runtime, written: Letter) -> bool:
    """Send a mail; whether it was taken. A failure is logged, and the person may ask again."""
    return await write_to(runtime.settings, written.email, written.language, written.occasion, written.token)


def _may_be_written_to(runtime: Runtime, row: Any) -> bool:
    if not _may_be_opened(row):
        return False
    free = runtime.authenticator.may_write_to(f"person:{row.id}")
    if not free:
        happened("letter", "limited")
    return free


async def verify(database: Database, token: str) -> None:
    """The address is verified and a pending account opens. Raises `BadRequest` (`token_invalid`)."""
    async with database.write() as conn:
        person = await _used(conn, token, "verify_email")
        await people_queries.verify_email(conn, person)
        await audit.record(conn, f"person:{person}", "auth.email_verified", f"person:{person}")
        await queries.announce(conn)


async def reset(runtime: Runtime, token: str, password: str) -> None:
    """Set a password with the token of a mail, which verifies the address as well.

    Raises `BadRequest` (`token_invalid`) and `Invalid` for a bad password, which leaves the token good.
    """
    kept = await passwords.hashed(runtime.compute, password)
    async with runtime.database.write() as conn:
        person = await _used(conn, token, "reset_password")
        await _require_good(conn, person, password, "/body/new_password")
        await people_queries.verify_email(conn, person)
        await _set_password(conn, person, kept, "auth.password_reset")


async def change(runtime: Runtime, caller: Caller, current: str, password: str, address: str) -> None:
    """Change one's password: every other sign-in ends, this one too.

    Raises `Invalid` (`wrong_password`), which counts as a wrong password anywhere else does.
    """
    person = caller.person
    assert person is not None
    proved = await signing_in.prove(runtime, person, current, address)
    if proved is None:
        raise wrong_password("/body/current_password")
    kept = await passwords.hashed(runtime.compute, password)
    async with runtime.database.write() as conn:
        if not await signing_in.hold(conn, proved):  # a faster one has set another, by mail perhaps
            raise wrong_password("/body/current_password")
        await _require_good(conn, person, password, "/body/new_password")
        await _set_password(conn, person, kept, "auth.password_changed")


async def accept(runtime: Runtime, asked: AcceptAsk) -> None:
    """Choose a password with the token of an invitation; the account opens.

    Raises `BadRequest` (`token_invalid`) and `Invalid` for a bad password, which leaves the token good.
    """
    kept = await passwords.hashed(runtime.compute, asked.password)
    async with runtime.database.write() as conn:
        person = await _used(conn, asked.token, "invitation")
        await _require_good(conn, person, asked.password, "/body/password")
        named = asked.model_dump(include={"first_name", "last_name"}, exclude_none=True)
        if named:
            await people_queries.rename(conn, person, named)
        await people_queries.verify_email(conn, person)
        await _set_password(conn, person, kept, "auth.invitation_accepted")


async def invite(conn: WriteConnection, person: int, email: str, language: str) -> Letter:
    """The invitation of somebody who has just been added, to be sent once this has committed."""
    token = await _one_time(conn, person, "invitation", INVITED_FOR)
    return Letter(email, language, "invitation", token)


async def sign_out_everywhere(database: Database, person: int) -> None:
    """End every token and browser session of a person."""
    async with database.write() as conn:
        await people_queries.lock_person(conn, person)
        await people_queries.raise_token_version(conn, person)
        await token_queries.revoke_all(conn, person)
        await audit.record(conn, f"person:{person}", "auth.logout_all", f"person:{person}")
        await queries.announce(conn)


async def open_with(conn: WriteConnection, compute: Compute, person: int, password: str, *, by: str) -> None:
    """Set a person's password for them; one who was pending may act. Raises `Invalid` for a bad one."""
    await _require_good(conn, person, password, "/body/password")
    await people_queries.verify_email(conn, person)
    await _set_password(conn, person, await passwords.hashed(compute, password), "auth.password_set", by=by)


def wrong_password(pointer: str) -> Invalid:
    """The refusal of somebody signed in who does not know their password."""
    detail = "this is not your password"
    return Invalid(detail, errors=[FieldError(pointer, "wrong_password", detail)])


async def _set_password(
    conn: WriteConnection, person: int, kept: str, what: str, *, by: str | None = None
) -> None:
    await people_queries.set_password(conn, person, kept)
    await token_queries.revoke_all(conn, person)
    await people_queries.end_one_time(conn, person)
    await audit.record(conn, by or f"person:{person}", what, f"person:{person}")
    await queries.announce(conn)


async def _require_good(conn: WriteConnection, person: int, password: str, pointer: str) -> None:
    row = await people_queries.lock_person(conn, person)
    passwords.require_good(password, email="" if row is None else row.email, pointer=pointer)


async def _used(conn: WriteConnection, token: str, purpose: Purpose) -> int:
    token_hash = tokens.digest(token if tokens.is_secret(token) else "")
    row = await people_queries.lock_addressee(conn, token_hash, purpose)
    usable = row is not None and _may_be_opened(row)
    if row is None or not usable or not await people_queries.use_one_time(conn, token_hash):
        raise BadRequest("this token has been used, has ended or was never given", code="token_invalid")
    return int(row.id)


def _may_be_opened(row: Any) -> bool:
    return row.status in ("active", "pending") and row.is_active


async def _one_time(conn: WriteConnection, person: int, purpose: Purpose, lifetime: timedelta) -> str:
    secret = tokens.new_secret()
    await people_queries.insert_one_time(conn, tokens.digest(secret), person, purpose, lifetime)
    return secret
