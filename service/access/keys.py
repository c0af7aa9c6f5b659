"""API keys: create, list, revoke. Used by the routes and by `muster keys`."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from service.access import audit, queries, tokens
from service.access.access_tokens import Claims
from service.access.callers import caller_of_key, caller_of_person
from service.core.auth import ADMIN, CLINICAL, SYSTEM, Caller, unknown_scopes
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, NotAllowed, NotFound, unknown_value
from service.schemas.access import Key

KnownSites = Callable[[ReadConnection], Awaitable[Collection[str]]]
"""The names of the sites there are; filled by whoever knows the desks."""
PEOPLE_ONLY: Final = frozenset({"users:admin", "audit:read", "apikeys:manage"})
"""What no key may hold, beside all that is about children: an admin does it in person (children spec E1)."""
DEVICE: Final = "a child's device"
_SITE_TO_COME: Final = (
    "sync or import it first, or say `unknown_sites_ok` (`--unknown-site-ok`) where it is still to come"
)


@dataclass(frozen=True, slots=True)
class Owner:
    """The person a key acts for, on these children and no others."""

    person: int
    child_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key; `token` (`mst_…`) is shown this once and kept nowhere."""

    key: Key
    token: str = field(repr=False)


async def create_key(
    database: Database,
    name: str,
    scopes: Iterable[str],
    sites: Iterable[str] | None = None,
    expires: datetime | None = None,
    *,
    by: Caller = SYSTEM,
    replace: bool = False,
    known_sites: KnownSites | None = None,
) -> CreatedKey:
    """Make a key with these scopes, limited to `sites` (None means everywhere), until `expires`.

    `replace` revokes the live keys of the same name with it, as `muster demo` needs at each start; with
    `known_sites` the key's have to be among them. Raises `Invalid` for an unknown scope or site (with near
    matches), an end that has passed, or an admin limited to sites.
    """
    async with database.write() as conn:
        await require_sites(conn, sites, known_sites)
        if replace:
            for key_id in await queries.revoke_keys(conn, name=name):
                await _revoked(conn, key_id, by)
        return await add_key(conn, name, scopes, sites, expires, by=by)


async def require_sites(
    conn: ReadConnection,
    sites: Iterable[str] | None,
    known_sites: KnownSites | None,
    *,
    pointer: str = "/body/sites",
    remedy: str = _SITE_TO_COME,
) -> None:
    """Raise `Invalid` (`unknown_site`, with near matches) unless each of `sites` is known.

    Its holder would see empty reports for ever, and nobody would be told why. None checks nothing. `pointer`
    is where they stand in the body, `remedy` what else would help.
    """
    known = await known_sites(conn) if sites and known_sites else ()
    for site in sorted(set(sites or ())) if known_sites else ():
        if site not in known:
            raise unknown_value(pointer, "site", site, known, remedy)


async def list_keys(database: Database) -> list[Key]:
    """All keys, oldest first, revoked and expired ones too."""
    async with database.read() as conn:
        return [shown(row) for row in await queries.rows(conn, queries.keys())]


async def get_key(database: Database, key_id: str, owner: int | None = None) -> Key:
    """One key; with `owner` only one of theirs. Raises `NotFound`."""
    async with database.read() as conn:
        row = await queries.select_key(conn, key_id, owner)
    if row is None:
        raise NotFound(f"there is no key {key_id!r}")
    return shown(row, owner)


async def holder(database: Database, caller_id: str) -> Caller:
    """Whoever `caller_id` (`key:ab12cd34`, `person:17`) stands for, with the rights of this moment.

    For work done later. Raises `NotAllowed` when the key is gone, has been revoked or has expired, or the
    person may not act any more.
    """
    kind, _, name = caller_id.partition(":")
    async with database.read() as conn:
        if kind == "person":
            return await _person(conn, int(name))
        row = await queries.select_bearer(conn, name)
    if row is None or row.state != "active":
        told = (
            "is not known" if row is None else "has been revoked" if row.state == "revoked" else "has expired"
        )
        raise NotAllowed(f"the key {name} {told}", code="key_ended")
    return caller_of_key("key", row)


async def _person(conn: ReadConnection, person: int) -> Caller:
    row = await queries.select_person(conn, person)
    if row is None:
        raise NotAllowed("this person is not known any more", code="account_inactive")
    return caller_of_person("token", row, Claims(person=person, version=row.token_version))


async def revoke_key(
    database: Database, key_id: str, *, by: Caller = SYSTEM, owner: int | None = None
) -> Key:
    """Revoke a key: it, its sessions and its links end now, on every replica within a second.

    Revoking twice changes nothing. Raises `NotFound`, with `owner` also for a key of somebody else.
    """
    async with database.write() as conn:
        if await queries.select_key(conn, key_id, owner) is None:
            raise NotFound(f"there is no key {key_id!r}")
        if await queries.revoke_keys(conn, key_id=key_id):
            await _revoked(conn, key_id, by)
        row = await queries.select_key(conn, key_id, owner)
    return shown(row, owner)


def shown(row: Any, to: int | None = None) -> Key:
    """A row of `queries` as it travels; what a guardian calls a device only `to` that guardian.

    It may be a child's name, which those who look after keys are not to learn.
    """
    key = Key.model_validate(row, from_attributes=True)
    return key if key.owner_id in (None, to) else key.model_copy(update={"name": DEVICE})


async def add_key(
    conn: WriteConnection,
    name: str,
    scopes: Iterable[str],
    sites: Iterable[str] | None,
    expires: datetime | None,
    *,
    by: Caller,
    secret_for: Callable[[str], str] | None = None,
    owner: Owner | None = None,
) -> CreatedKey:
    """`create_key` within a transaction; `secret_for` gives the secret of an id (default: a random one).

    With `owner` it acts for that person, who is known to be allowed what it may.
    """
    wanted, places = sorted(set(scopes)), None if sites is None else sorted(set(sites))
    person = None if owner is None else owner.person
    _check(name, wanted, places, expires)
    if owner is None:
        _check_unowned(wanted)
    for _ in range(3):  # 2.8e12 ids: a second try is a rarity, a third one a defect
        token = tokens.new_key()
        if secret_for is not None:
            token = tokens.KeyToken(token.id, secret_for(token.id))
        values = {
            "id": token.id,
            "name": name,
            "secret_hash": tokens.digest(token.secret),
            "scopes": wanted,
            "sites": places,
            "owner_id": person,
            "child_ids": None if owner is None else sorted(set(owner.child_ids)),
            "created_by": by.id,
            "expires_at": expires,
        }
        row = await queries.insert_key(conn, values)
        if row is not None:
            return await _added(conn, shown(row, person), token, by)
    raise Conflict("no free key id was found; try again")


async def _added(conn: WriteConnection, key: Key, token: tokens.KeyToken, by: Caller) -> CreatedKey:
    if key.state == "expired":
        raise _field("expires_at", "expired", "the key would have expired before its first use")
    told = {"scopes", "sites", "expires_at"}
    if (
        key.owner_id is None
    ):  # what a guardian calls a device may be a child's name, and no audit row is erased
        told.add("name")
    rights = key.model_dump(mode="json", include=told)
    await audit.record(conn, by, "key.created", f"key:{key.id}", after=rights, child_ids=key.child_ids)
    return CreatedKey(key, str(token))


async def _revoked(conn: WriteConnection, key_id: str, by: Caller) -> None:
    await audit.record(conn, by, "key.revoked", f"key:{key_id}")
    await queries.announce(conn)


def _check(name: str, scopes: Sequence[str], sites: Sequence[str] | None, expires: datetime | None) -> None:
    _check_text("name", name)
    for site in sites or ():
        _check_text("sites", site)
    if not scopes:
        raise _field("scopes", "missing", "a key needs at least one scope")
    unknown = unknown_scopes(scopes)
    if unknown:
        raise Invalid(
            "; ".join(_unknown(scope, near) for scope, near in unknown.items()),
            errors=[
                FieldError("/body/scopes", "unknown_scope", _unknown(scope, near))
                for scope, near in unknown.items()
            ],
        )
    if sites is not None and not sites:
        raise _field("sites", "empty", "name at least one site, or leave sites out for all of them")
    if sites is not None and ADMIN in scopes:
        raise _field("sites", "admin_limited", "an admin key makes keys for every site; it cannot be limited")
    if expires is not None and expires.tzinfo is None:
        raise _field("expires_at", "offset_required", "the end of a key needs an offset from UTC")


def _check_unowned(scopes: Sequence[str]) -> None:
    """A key that acts for nobody sees no child, and what only people may do it may not."""
    for scope in scopes:
        if scope in CLINICAL or scope in PEOPLE_ONLY:
            detail = f"no key of an operator may hold {scope}: that is done by a person"
            raise _field("scopes", "people_only", detail)


def _check_text(where: str, text: str) -> None:
    if not 0 < len(text.strip()) <= 140 or not text.isprintable():
        raise _field(where, "unusable_text", "use 1 to 140 printable characters")


def _unknown(scope: str, near: Sequence[str]) -> str:
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    return f"there is no scope {scope!r}{hint}"


def _field(name: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"/body/{name}", code, detail)])
