"""Sign-ins of programs: an access token for minutes, and a refresh token that is exchanged for the next two.

A refresh token is good once. One that comes back after its exchange is in two hands and nobody can tell which
are the right ones, so the whole family ends (children spec E1). Of two requests with one token at the same
moment exactly one is given tokens; the other gets the 401, and with it the family has ended: a program must
refresh once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.access import access_tokens, audit, queries, token_queries, tokens
from service.access.callers import caller_of_person
from service.access.origin import origin
from service.core.auth import Caller, not_signed_in
from service.core.database import Database, WriteConnection
from service.core.errors import NotAuthenticated
from service.core.settings import Settings
from service.core.telemetry import happened
from service.schemas.people import Tokens


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who has just proved who they are, and the version of their tokens at that moment."""

    person: int
    token_version: int


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the tokens to be made carry on; of a new sign-in the family is new and its instant now."""

    family: UUID = field(default_factory=uuid4)
    scopes: Sequence[str] | None = None
    signed_in_at: datetime | None = None


async def open_family(
    conn: WriteConnection, settings: Settings, who: SignedIn, scopes: Sequence[str] | None
) -> Tokens:
    """The first two tokens of a sign-in; `scopes` limits them (None: all that the person may do)."""
    issued, _ = await _issue(conn, settings, who, _Turn(scopes=scopes))
    return issued


async def rotate(database: Database, settings: Settings, secret: str) -> Tokens | None:
    """The next two tokens; None when the one shown is not good, whatever the reason."""
    if not tokens.is_secret(secret):
        return None
    token_hash = tokens.digest(secret)
    async with database.write() as conn:
        return await _rotated(conn, settings, token_hash)


def not_good() -> NotAuthenticated:
    """The 401 of every refresh token that is not good."""
    return not_signed_in("this refresh token is not good any more; sign in again", code="token_invalid")


async def _rotated(conn: WriteConnection, settings: Settings, token_hash: bytes) -> Tokens | None:
    if await token_queries.lock_owner(conn, token_hash) is None:
        return None
    row = await token_queries.select_token(conn, token_hash)
    if row is None or row.revoked or not row.good:
        return None
    if row.used:
        await _reused(conn, row)
        return None
    if row.expired:
        return None
    turn = _Turn(row.family_id, row.scopes, row.signed_in_at)
    issued, successor = await _issue(conn, settings, SignedIn(row.user_id, row.token_version), turn)
    await token_queries.use_token(conn, row.id, successor)
    return issued


async def end_family(database: Database, secret: str) -> None:
    """Sign a program out: its family ends. A token that is not known changes nothing."""
    if not tokens.is_secret(secret):
        return
    token_hash = tokens.digest(secret)
    async with database.write() as conn:
        if await token_queries.lock_owner(conn, token_hash) is None:
            return
        row = await token_queries.select_token(conn, token_hash)
        if row is not None and await token_queries.revoke_family(conn, row.family_id):
            await audit.record(conn, f"person:{row.user_id}", "auth.logout", f"person:{row.user_id}")
            await queries.announce(conn)


async def _reused(conn: WriteConnection, row: Any) -> None:
    who = f"person:{row.user_id}"
    happened("sign_in", "refresh_reuse")
    await token_queries.revoke_family(conn, row.family_id)
    await audit.record(conn, who, "auth.refresh_reuse", who, deny_code="refresh_reuse")
    await queries.announce(conn)


async def _issue(
    conn: WriteConnection, settings: Settings, who: SignedIn, turn: _Turn
) -> tuple[Tokens, UUID]:
    chosen, secret = settings.access, tokens.new_secret()
    made = await token_queries.insert_token(
        conn,
        token_hash=tokens.digest(secret),
        person=who.person,
        family=turn.family,
        scopes=turn.scopes,
        signed_in_at=turn.signed_in_at,
        sliding=timedelta(days=chosen.refresh_days),
        longest=timedelta(days=chosen.refresh_longest_days),
        **origin()._asdict(),
    )
    claims = access_tokens.Claims(
        person=who.person,
        version=who.token_version,
        scopes=None if turn.scopes is None else frozenset(turn.scopes),
        family=turn.family,
        signed_in_at=made.signed_in_at,
    )
    lifetime = timedelta(minutes=chosen.access_token_minutes)
    caller = await _caller(conn, claims)
    issued = Tokens(
        access_token=access_tokens.mint(_secrets(settings), claims, lifetime),
        refresh_token=secret,
        expires_in=int(lifetime.total_seconds()),
        scope=" ".join(sorted(caller.scopes)),
    )
    return issued, made.id


async def _caller(conn: WriteConnection, claims: access_tokens.Claims) -> Caller:
    return caller_of_person("token", await queries.select_person(conn, claims.person), claims)


def _secrets(settings: Settings) -> list[str]:
    return [key.get_secret_value() for key in settings.secret_keys]
