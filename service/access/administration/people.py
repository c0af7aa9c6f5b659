"""What admins do with people: stop them, give and take roles at desks, verify licences (spec E1, E2)."""

from collections.abc import Sequence
from typing import Any, Final

from service.access import accounts, audit, people_queries, token_queries
from service.access import queries as access_queries
from service.access.administration import queries
from service.access.answering import require_version
from service.access.keys import KnownSites, require_sites
from service.access.roles import DESK_ROLES
from service.core.auth import CLINICAL, SCOPES, Caller
from service.core.database import Database, WriteConnection
from service.core.errors import Conflict, NotFound, near_matches
from service.schemas.administration import Account, InviteAsk, RoleAsk, StatusAsk

_OPEN: Final = frozenset({"active", "inactive", "suspended"})
"""Between these an admin moves a person; one that is pending is only stopped, an erased one never."""
_STOPPED_WAITING: Final = frozenset({("pending", "inactive"), ("pending", "suspended")})


def desks() -> list[str]:
    """The desks at which people have roles: those whose scopes a role stands for, so not the children's."""
    named = {scope.partition(":")[0] for scope in SCOPES if scope not in CLINICAL}
    return sorted(
        desk for desk in named if all(f"{desk}:{right}" in SCOPES for right in set(DESK_ROLES.values()))
    )


async def get(database: Database, person: int) -> Account:
    """A person. Raises `NotFound`."""
    async with database.read() as conn:
        return shown(_found(await queries.select_person(conn, person)))


def shown(row: Any) -> Account:
    """A row of `queries` as it travels."""
    return Account.model_validate(row, from_attributes=True)


async def invite(conn: WriteConnection, by: Caller, ask: InviteAsk) -> tuple[Account, accounts.Letter]:
    """Add somebody who may act once they accept; the invitation to be sent when this has committed.

    Raises `Conflict` (`email_taken`): only admins ask here, and they see all addresses anyway.
    """
    person = await people_queries.insert_person(conn, {**ask.model_dump(), "status": "pending"})
    if person is None:
        raise Conflict("somebody has this address already", code="email_taken")
    await audit.record(conn, by, "admin.user_invite", f"person:{person}", after={"role": ask.role})
    letter = await accounts.invite(conn, person, ask.email, ask.language)
    return shown(_found(await queries.select_person(conn, person))), letter


async def set_status(
    conn: WriteConnection, by: Caller, person: int, ask: StatusAsk, if_match: str | None
) -> Account:
    """Stop a person, which ends their tokens, sessions and devices, or let them act again.

    One that waits for their mail can be stopped as well: an invitation that went to a wrong address. Let in
    again they wait as before, since whoever has the address opens the account.

    Raises `Conflict` (`own_account`, `invalid_transition`, `last_admin`).
    """
    admins = await queries.hold_admins(conn)
    before = await _held(conn, person)
    require_version(before.version, if_match)
    if by.person == person:
        raise Conflict("nobody stops or opens their own account", code="own_account")
    if before.status not in _OPEN and (before.status, ask.status) not in _STOPPED_WAITING:
        raise Conflict(f"an account that is {before.status} is not changed here", code="invalid_transition")
    status = "pending" if ask.status == "active" and not before.email_verified else ask.status
    if before.status in (status, ask.status):
        return before
    if before.role == "admin" and before.status == "active" and len(admins) <= 1:
        raise Conflict("this is the last admin who may act", code="last_admin")
    await queries.set_status(conn, person, status)
    await token_queries.revoke_all(conn, person)
    await _changed(conn, by, "admin.user_update", before, {"status": status}, ask.reason)
    return shown(_found(await queries.select_person(conn, person)))


async def put_role(
    conn: WriteConnection, by: Caller, person: int, desk: str, ask: RoleAsk, known_sites: KnownSites | None
) -> Account:
    """Give a person a role at a desk, in place of the one they have.

    Raises `NotFound` for a desk that is none, `Conflict` (`not_staff`) and `Invalid` (`unknown_site`).
    """
    _require_desk(desk)
    before = await _held(conn, person)
    if before.role != "staff":
        raise Conflict(f"a person who is {before.role} has no role at a desk", code="not_staff")
    places = None if ask.places is None else sorted(set(ask.places))
    await _require_places(conn, places, known_sites)
    await queries.put_role(conn, person, desk, ask.role, places, by.id)
    await people_queries.raise_version(conn, person)
    await _changed(conn, by, "role.granted", before, {"desk": desk, "role": ask.role, "places": places})
    return shown(_found(await queries.select_person(conn, person)))


async def take_role(conn: WriteConnection, by: Caller, person: int, desk: str) -> Account:
    """Take a person's role at a desk; one they do not have is taken already."""
    _require_desk(desk)
    before = await _held(conn, person)
    if await queries.select_role(conn, person, desk) is None:
        return before
    await queries.delete_role(conn, person, desk)
    await people_queries.raise_version(conn, person)
    await _changed(conn, by, "role.taken", before, {"desk": desk})
    return shown(_found(await queries.select_person(conn, person)))


async def verify_licence(
    conn: WriteConnection,
    by: Caller,
    person: int,
    *,
    verified: bool,
    reason: str | None = None,
    if_match: str | None = None,
) -> Account:
    """Say that a professional's licence was verified, or that it is not any more; twice changes nothing.

    With `if_match` only the one that was looked at: another licence is another version of the account.
    Raises `NotFound` for whoever is no professional and `Conflict` (`no_licence`, `licence_ended`).
    """
    await people_queries.lock_person(conn, person)  # first, as they themselves do who change it
    licence = await queries.select_licence(conn, person)
    if licence is None:
        raise NotFound("there is no such professional")
    before = shown(_found(await queries.select_person(conn, person)))
    if if_match is not None:
        require_version(before.version, if_match)
    if verified and licence.license_number is None:
        raise Conflict("no licence was named that could be verified", code="no_licence")
    if verified and licence.ended:
        raise Conflict("the licence has ended", code="licence_ended")
    if licence.is_verified == verified:
        return before
    await queries.set_verified(conn, person, by.id if verified else None)
    await people_queries.raise_version(conn, person)
    what = "licence.verified" if verified else "licence.unverified"
    await _changed(conn, by, what, before, {"is_verified": verified}, reason)
    return shown(_found(await queries.select_person(conn, person)))


async def _held(conn: WriteConnection, person: int) -> Account:
    """A person, held until the transaction ends."""
    await people_queries.lock_person(conn, person)
    return shown(_found(await queries.select_person(conn, person)))


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound("there is no such person")
    return row


def _require_desk(desk: str) -> None:
    if desk not in desks():
        near = near_matches(desk, desks())
        hint = f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(desks())}"
        raise NotFound(f"there is no desk {desk!r} with roles{hint}")


async def _require_places(
    conn: WriteConnection, places: Sequence[str] | None, known_sites: KnownSites | None
) -> None:
    remedy = "sync or import it first"
    await require_sites(conn, places, known_sites, pointer="/body/places", remedy=remedy)


async def _changed(
    conn: WriteConnection,
    by: Caller,
    what: str,
    before: Account,
    after: dict[str, Any],
    reason: str | None = None,
) -> None:
    held = before.model_dump(mode="json", include={"status", "desks"})
    named = {name: value for name, value in held.items() if name in after or "desk" in after}
    await audit.record(conn, by, what, f"person:{before.id}", before=named, after=after, purpose=reason)
    await access_queries.announce(conn)
