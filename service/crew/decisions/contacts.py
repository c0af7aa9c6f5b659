"""Contacts: read, put and forgotten by admins of the desk, each with its row in the audit."""

from typing import Any, Final

from sqlalchemy import Row

from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import NotFound, PreconditionFailed, PreconditionRequired
from service.core.sealing import Sealer
from service.crew.answers.asked import no_such_person
from service.crew.queries import contacts
from service.crew.queries.stations import select_station_of
from service.crew.rules.sealed import opened, sealed
from service.schemas.crew.contacts import ContactDetails, ContactDetailsAsk

_FIELDS: Final = ("phone", "email", "position")


async def read(conn: WriteConnection, caller: Caller, sealer: Sealer, crew_id: int) -> ContactDetails:
    """The contact, opened; that it was read is on record."""
    await _admit(conn, caller, crew_id)
    row = _found(await contacts.select_contact(conn, crew_id), crew_id)
    await record(conn, caller, "crew.contact_read", f"crew:{crew_id}")
    return _shown(sealer, row)


async def put(
    conn: WriteConnection,
    caller: Caller,
    sealer: Sealer,
    crew_id: int,
    asked: ContactDetailsAsk,
    if_match: str | None,
) -> ContactDetails:
    """The whole contact as it is to be. One that is there is changed at the version `If-Match` names."""
    await _admit(conn, caller, crew_id)
    before = await contacts.hold_contact(conn, crew_id)
    if before is not None:
        _require_version(before.version, if_match)
    values = {
        "phone": sealed(sealer, crew_id, "phone", asked.phone),
        "email": sealed(sealer, crew_id, "email", asked.email),
        "position": asked.position,
    }
    row = await contacts.put_contact(conn, crew_id, values)
    named = [name for name in _FIELDS if getattr(asked, name) is not None]
    await record(conn, caller, "crew.contact_put", f"crew:{crew_id}", changed_fields=named)
    return _shown(sealer, row)


async def forget(conn: WriteConnection, caller: Caller, sealer: Sealer, crew_id: int) -> ContactDetails:
    """The contact that was forgotten."""
    await _admit(conn, caller, crew_id)
    row = _found(await contacts.hold_contact(conn, crew_id), crew_id)
    await contacts.delete_contact(conn, crew_id)
    await record(conn, caller, "crew.contact_deleted", f"crew:{crew_id}")
    return _shown(sealer, row)


async def _admit(conn: WriteConnection, caller: Caller, crew_id: int) -> None:
    station = await select_station_of(conn, crew_id)
    if station is None or not caller.sees(station.code):
        raise no_such_person(crew_id)


def _found(row: Row[Any] | None, crew_id: int) -> Row[Any]:
    if row is None:
        raise NotFound(f"no contact of the crew member {crew_id} is kept", code="contact_not_found")
    return row


def _require_version(version: int, if_match: str | None) -> None:
    if if_match is None:
        raise PreconditionRequired(f'send If-Match: "{version}", the version (ETag) of what you change')
    offered = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    if not offered & {str(version), "*"}:
        raise PreconditionFailed(f"this contact is at version {version} by now; read it again")


def _shown(sealer: Sealer, row: Row[Any]) -> ContactDetails:
    return ContactDetails(
        crew_id=row.crew_id,
        phone=opened(sealer, row.crew_id, "phone", row.phone_sealed),
        email=opened(sealer, row.crew_id, "email", row.email_sealed),
        position=row.position,
        version=row.version,
        updated_at=row.updated_at,
    )
