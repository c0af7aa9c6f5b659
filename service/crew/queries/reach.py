"""How many people are reached at once: by imports and warnings; sealed (spec D.10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.core.sealing import Sealer
from service.crew.models import Contact, Member
from service.crew.rules.sealed import opened, sealed


@dataclass(frozen=True, slots=True)
class Reach:
    """A phone number and an address of e-mail, opened."""

    crew_id: int
    phone: str | None = None
    email: str | None = None
    position: str | None = None


async def select_contacts(
    conn: ReadConnection, sealer: Sealer, crew_ids: Collection[int]
) -> dict[int, Reach]:
    """The contacts of these people by id; who has none is missing. Raises `NotOpened`."""
    columns = (Contact.crew_id, Contact.phone_sealed, Contact.email_sealed, Contact.position)
    rows = await conn.execute(select(*columns).where(Contact.crew_id.in_(sorted(crew_ids))))
    return {
        row.crew_id: Reach(
            row.crew_id,
            opened(sealer, row.crew_id, "phone", row.phone_sealed),
            opened(sealer, row.crew_id, "email", row.email_sealed),
            row.position,
        )
        for row in rows
    }


async def put_contacts(conn: WriteConnection, sealer: Sealer, contacts: Sequence[Reach]) -> None:
    """These contacts take the place of those there were."""
    if not contacts:
        return
    rows = [
        {
            "crew_id": one.crew_id,
            "phone_sealed": sealed(sealer, one.crew_id, "phone", one.phone),
            "email_sealed": sealed(sealer, one.crew_id, "email", one.email),
            "position": one.position,
        }
        for one in contacts
    ]
    statement = insert(Contact).values(rows)
    new = statement.excluded
    changed = {
        "phone_sealed": new.phone_sealed,
        "email_sealed": new.email_sealed,
        "position": new.position,
        "updated_at": func.now(),
    }
    await conn.execute(statement.on_conflict_do_update(index_elements=[Contact.crew_id], set_=changed))


async def select_reachable(conn: ReadConnection, station_id: int) -> Collection[int]:
    """Who of a station has an address of e-mail."""
    statement = (
        select(Contact.crew_id)
        .join(Member, Member.id == Contact.crew_id)
        .where(Member.station_id == station_id, Contact.email_sealed.is_not(None))
    )
    return set((await conn.execute(statement)).scalars())
