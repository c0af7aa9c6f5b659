"""Sessions of browsers, which stand for a person or an API key and end with it; one-use links of keys."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.access import audit, people_queries, queries, token_queries, tokens
from service.access.families import SignedIn
from service.core.auth import SYSTEM, Caller
from service.core.database import Database, WriteConnection
from service.core.errors import Invalid, NotFound

SESSION_LIFETIME = timedelta(hours=12)
"""A working day: nobody has to sign in twice before going home."""
LINK_LIFETIME = timedelta(minutes=15)
_KEPT = timedelta(days=7)  # ended rows, so that "has been used" can be told from "never was"


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session: the secret for the cookie, its end, and where its link leads."""

    secret: str = field(repr=False)
    expires_at: datetime
    target: str = "/"


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A new link: `path` is appended to the address of the service."""

    path: str = field(repr=False)
    expires_at: datetime


def key_id(caller: Caller) -> str:
    """The id of the key a caller stands for."""
    return caller.id.removeprefix("key:")


def local_target(target: str | None) -> str:
    """`target` when it is a path of this service, else `/`: a link must never lead to another site.

    Browsers read `//host` and `/\\host` as another host and drop control characters on the way.
    """
    if target is None or not target.startswith("/") or not target.isprintable():
        return "/"
    if "\\" in target or target.startswith("//") or len(target) > 2000:
        return "/"
    return target


async def open_session(
    database: Database, caller: Caller, *, lifetime: timedelta = SESSION_LIFETIME
) -> OpenedSession | None:
    """Sign a browser in as `caller`; None when its key has ended meanwhile."""
    async with database.write() as conn:
        return await _open(conn, key_id(caller), "key", lifetime)


async def open_for_person(conn: WriteConnection, who: SignedIn) -> OpenedSession:
    """Sign a browser in as a person who has just proved their password; another password ends it."""
    secret = tokens.new_secret()
    ends = await queries.insert_person_session(
        conn,
        token_hash=tokens.digest(secret),
        person=who.person,
        token_version=who.token_version,
        lifetime=SESSION_LIFETIME,
    )
    owner = f"person:{who.person}"
    await audit.record(conn, owner, "session.opened", owner, after={"by": "password"})
    return OpenedSession(secret, ends)


async def close_session(database: Database, secret: str) -> bool:
    """Sign a browser out, on every replica; whether it was signed in."""
    async with database.write() as conn:
        ended = await queries.end_session(conn, tokens.digest(secret))
        if ended is not None:
            owner = f"key:{ended.key_id}" if ended.user_id is None else f"person:{ended.user_id}"
            await audit.record(conn, owner, "session.closed", owner)
            await queries.announce(conn)
    return ended is not None


async def create_sign_in_link(
    database: Database,
    caller: Caller | str,
    target: str = "/",
    lifetime: timedelta = LINK_LIFETIME,
    *,
    by: Caller = SYSTEM,
) -> SignInLink:
    """A link that signs one browser in, once, as `caller` (or the key of that id) and leads to `target`.

    Raises `Invalid` when `target` is no path of ours and `NotFound` when there is no such live key.
    """
    if local_target(target) != target:
        raise Invalid(f"{target!r} is not a path of this service")
    owner = key_id(caller) if isinstance(caller, Caller) else caller
    secret = tokens.new_secret()
    async with database.write() as conn:
        row = await queries.select_key(conn, owner)
        if row is None or row.state != "active":
            raise NotFound(f"there is no live key {owner!r}")
        ends = await queries.insert_link(
            conn, token_hash=tokens.digest(secret), key_id=owner, target=target, lifetime=lifetime
        )
        await audit.record(conn, by, "link.created", f"key:{owner}", after={"target": target})
    return SignInLink(f"/sign-in?link={secret}", ends)


async def follow_link(database: Database, secret: str) -> OpenedSession | None:
    """Use a link up and open its session; None when it is used, expired or unknown, or its key has ended."""
    async with database.write() as conn:
        link = await queries.use_link(conn, tokens.digest(secret))
        if link is None:
            return None
        opened = await _open(conn, link.key_id, "link", SESSION_LIFETIME)
    return None if opened is None else OpenedSession(opened.secret, opened.expires_at, link.target)


async def link_target(database: Database, secret: str) -> str | None:
    """Where a link leads, even when it is used up: for the browser that used it and comes back."""
    async with database.read() as conn:
        return await queries.select_link_target(conn, tokens.digest(secret))


async def purge_ended(database: Database) -> int:
    """Delete sessions, links and tokens that ended a week ago; how many."""
    async with database.write() as conn:
        return (
            await queries.delete_ended(conn, _KEPT)
            + await token_queries.delete_ended(conn, _KEPT)
            + await people_queries.delete_ended_one_time(conn, _KEPT)
        )


async def _open(conn: WriteConnection, owner: str, by: str, lifetime: timedelta) -> OpenedSession | None:
    secret = tokens.new_secret()
    ends = await queries.insert_session(
        conn, token_hash=tokens.digest(secret), key_id=owner, lifetime=lifetime
    )
    if ends is None:
        return None
    await audit.record(conn, f"key:{owner}", "session.opened", f"key:{owner}", after={"by": by})
    return OpenedSession(secret, ends)
