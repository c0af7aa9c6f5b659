"""Statements on sources, and on people over all of them: what an import of files is to be linked with."""

from dataclasses import dataclass

from sqlalchemy import select

from service.attendance.models import Person, Site, Source
from service.attendance.queries.completeness import FILE
from service.core.database import ReadConnection


@dataclass(frozen=True, slots=True)
class KnownSource:
    """One source: its kind, address and the zone of its clocks."""

    id: int
    kind: str
    base_url: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody, and the source that knows them."""

    id: int
    number: str
    source_id: int
    site: str | None


def address_of(name: str) -> str:
    """The address of a source of files."""
    return f"{FILE}:{name}"


async def select_sources(conn: ReadConnection) -> list[KnownSource]:
    """All sources, the first one first."""
    query = select(Source.id, Source.kind, Source.base_url, Source.time_zone).order_by(Source.id)
    return [KnownSource(*row) for row in await conn.execute(query)]


async def select_everybody(conn: ReadConnection) -> list[KnownPerson]:
    """Everybody of any source, tombstoned ones included, the first source's first."""
    query = (
        select(Person.id, Person.upstream_name, Person.source_id, Site.name)
        .outerjoin(Site, Site.id == Person.site_id)
        .order_by(Person.source_id.desc(), Person.id)
    )
    return [KnownPerson(*row) for row in await conn.execute(query)]
