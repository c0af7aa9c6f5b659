"""How people are reached: sealed, apart from everything else about them (spec D.10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.core.sealing import Sealer
from service.crew.models import Contact, Member


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
            _opened(sealer, row.phone_sealed, row.crew_id, "phone"),
            _opened(sealer, row.email_sealed, row.crew_id, "email"),
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
            "phone_sealed": _sealed(sealer, one.phone, one.crew_id, "phone"),
            "email_sealed": _sealed(sealer, one.email, one.crew_id, "email"),
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


async def remove_contact(conn: WriteConnection, crew_id: int) -> bool:
    """Whether there was one."""
    return bool((await conn.execute(delete(Contact).where(Contact.crew_id == crew_id))).rowcount)


async def select_reachable(conn: ReadConnection, station_id: int) -> Collection[int]:
    """Who of a station has an address of e-mail."""
    statement = (
        select(Contact.crew_id)
        .join(Member, Member.id == Contact.crew_id)
        .where(Member.station_id == station_id, Contact.email_sealed.is_not(None))
    )
    return set((await conn.execute(statement)).scalars())


def _place(crew_id: int, what: str) -> str:
    return f"crew:{crew_id}/{what}"


def _sealed(sealer: Sealer, text: str | None, crew_id: int, what: str) -> bytes | None:
    return None if text is None else sealer.seal(text, _place(crew_id, what))


def _opened(sealer: Sealer, sealed: bytes | None, crew_id: int, what: str) -> str | None:
    return None if sealed is None else sealer.open(sealed, _place(crew_id, what))
