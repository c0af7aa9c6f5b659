"""Statements that keep the mirror of the upstream: look up, merge, tombstone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import DeclarativeBase

from service.attendance.models import (
    Company,
    Device,
    Holiday,
    HolidayList,
    LeaveType,
    Person,
    ShiftType,
    Site,
    Source,
)
from service.core.database import ReadConnection, WriteConnection

Values = dict[str, Any]
API_FLAVOUR = "v1"
"""The site's interface that we speak: `/api/resource`, which every release from 14 on has."""


@dataclass(frozen=True, slots=True)
class Change:
    """One document's row before and after a merge (`before` None: new), with the id it has here."""

    id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    changed: frozenset[str]


def table_of(model: type[DeclarativeBase]) -> Table:
    """The table behind a model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


async def find_source(
    conn: WriteConnection, *, kind: str, base_url: str, time_zone: str, api_flavour: str | None = API_FLAVOUR
) -> tuple[int, str]:
    """The id of the source with this address, made if new, and the zone its rows were stored with."""
    made = upsert(Source).values(kind=kind, base_url=base_url, time_zone=time_zone, api_flavour=api_flavour)
    await conn.execute(made.on_conflict_do_nothing(index_elements=["base_url"]))
    row = (await conn.execute(select(Source.id, Source.time_zone).where(Source.base_url == base_url))).one()
    return row.id, row.time_zone


async def set_source_zone(conn: WriteConnection, source_id: int, time_zone: str) -> None:
    """Store another zone for a source, whose rows must be read again then."""
    await conn.execute(update(Source).where(Source.id == source_id).values(time_zone=time_zone))


async def ids_by_name(conn: ReadConnection, source_id: int) -> dict[str, dict[str, int]]:
    """Ids of everything that documents link to, by kind and upstream name, tombstoned ones included."""
    kinds: dict[str, type[Any]] = {
        "people": Person,
        "sites": Site,
        "companies": Company,
        "holiday_lists": HolidayList,
        "shift_types": ShiftType,
        "leave_types": LeaveType,
    }
    found: dict[str, dict[str, int]] = {}
    for kind, model in kinds.items():
        rows = await conn.execute(select(model.upstream_name, model.id).where(model.source_id == source_id))
        found[kind] = {row.upstream_name: row.id for row in rows}
    devices = await conn.execute(select(Device.name, Device.id).where(Device.source_id == source_id))
    return found | {"devices": {row.name: row.id for row in devices}}


async def add_devices(conn: WriteConnection, source_id: int, names: Iterable[str]) -> dict[str, int]:
    """Make the devices that are new, and give the ids of all these."""
    wanted = sorted(set(names))
    rows = [{"source_id": source_id, "name": name} for name in wanted]
    await conn.execute(upsert(Device).on_conflict_do_nothing(index_elements=["source_id", "name"]), rows)
    found = await conn.execute(
        select(Device.name, Device.id).where(Device.source_id == source_id, Device.name.in_(wanted))
    )
    return {row.name: row.id for row in found}


async def add_named(
    conn: WriteConnection, model: type[Any], source_id: int, names: Iterable[str]
) -> dict[str, int]:
    """Make sites or companies that documents name though their own list may not be read."""
    wanted = sorted(set(names))
    rows = [{"source_id": source_id, "upstream_name": name, "name": name} for name in wanted]
    await conn.execute(
        upsert(model).on_conflict_do_nothing(index_elements=["source_id", "upstream_name"]), rows
    )
    found = await conn.execute(
        select(model.upstream_name, model.id).where(
            model.source_id == source_id, model.upstream_name.in_(wanted)
        )
    )
    return {row.upstream_name: row.id for row in found}


async def merge_documents(
    conn: WriteConnection, model: type[Any], source_id: int, rows: Sequence[Values]
) -> list[Change]:
    """Insert or update documents of a small table by upstream name; gives only what differs now.

    A row that comes back from the dead loses its tombstone.
    """
    by_name = {row["upstream_name"]: row for row in rows}
    known = await _known(conn, table_of(model), source_id, list(by_name))
    changes: list[Change] = []
    fresh = [{"source_id": source_id} | row for name, row in by_name.items() if name not in known]
    for name, row in by_name.items():
        if name in known and (changed := _differing(known[name], row)):
            changes.append(Change(known[name]["id"], known[name], row, changed))
    await _update(conn, table_of(model), changes)
    return changes + await _insert(conn, table_of(model), fresh)


async def set_unpaid(conn: WriteConnection, unpaid: Mapping[int, bool]) -> list[Change]:
    """Say of leave types, by id, whether they are unpaid; gives those of which it was said otherwise."""
    table = table_of(LeaveType)
    changes = []
    for row in (await conn.execute(select(*table.columns).where(table.c.id.in_(list(unpaid))))).mappings():
        after = {"upstream_name": row["upstream_name"], "unpaid": unpaid[row["id"]]}
        if row["unpaid"] != after["unpaid"]:
            changes.append(Change(row["id"], dict(row), after, frozenset({"unpaid"})))
    await _update(conn, table, changes)
    return changes


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    differing = {column for column, value in after.items() if before[column] != value}
    if before["deleted_at"] is not None:
        differing.add("deleted_at")
    return frozenset(differing)


async def _known(
    conn: WriteConnection, table: Table, source_id: int, names: list[str]
) -> dict[str, Mapping[str, Any]]:
    query = select(*table.columns).where(table.c.source_id == source_id, table.c.upstream_name.in_(names))
    rows = (await conn.execute(query.with_for_update())).mappings()
    return {row["upstream_name"]: dict(row) for row in rows}


async def _insert(conn: WriteConnection, table: Table, rows: list[Values]) -> list[Change]:
    if not rows:
        return []
    statement = insert(table).returning(table.c.id, table.c.upstream_name)
    ids = {name: number for number, name in await conn.execute(statement, rows)}
    return [Change(ids[row["upstream_name"]], None, row, frozenset(row)) for row in rows]


async def _update(conn: WriteConnection, table: Table, changes: list[Change]) -> None:
    if not changes:
        return
    columns = [column for column in changes[0].after if column != "upstream_name"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("known_id"))
        .values({column: bindparam(f"new_{column}") for column in columns} | {"deleted_at": None})
    )
    await conn.execute(
        statement,
        [{"known_id": c.id} | {f"new_{column}": c.after[column] for column in columns} for c in changes],
    )


async def select_holidays(conn: ReadConnection, list_id: int) -> list[Values]:
    """The days of a holiday list."""
    columns = (Holiday.day, Holiday.description, Holiday.weekly_off, Holiday.half_day)
    rows = await conn.execute(select(*columns).where(Holiday.holiday_list_id == list_id))
    return [dict(row) for row in rows.mappings()]


async def replace_holidays(conn: WriteConnection, list_id: int, rows: Sequence[Values]) -> list[date]:
    """Make the days of a holiday list these; gives the dates whose entry differs now."""
    columns = ("day", "description", "weekly_off", "half_day")
    query = select(*(table_of(Holiday).c[column] for column in columns)).where(
        Holiday.holiday_list_id == list_id
    )
    before = {row.day: tuple(row) for row in await conn.execute(query)}
    after = {row["day"]: tuple(row[column] for column in columns) for row in rows}
    changed = [day for day in before.keys() | after.keys() if before.get(day) != after.get(day)]
    if changed:
        await conn.execute(
            delete(Holiday).where(Holiday.holiday_list_id == list_id, Holiday.day.in_(changed))
        )
    fresh = [{"holiday_list_id": list_id} | row for row in rows if row["day"] in changed]
    if fresh:
        await conn.execute(insert(Holiday), fresh)
    return sorted(changed)


async def live_names(conn: ReadConnection, model: type[Any], source_id: int) -> set[str]:
    """The upstream names of a small table's rows that are not tombstoned."""
    query = select(model.upstream_name).where(model.source_id == source_id, model.deleted_at.is_(None))
    return set((await conn.execute(query)).scalars())


async def tombstone(
    conn: WriteConnection,
    model: type[Any],
    source_id: int,
    names: Iterable[str],
    *,
    not_after: Mapping[str, datetime] | None = None,
) -> list[Mapping[str, Any]]:
    """Mark documents as deleted upstream; gives their rows.

    `not_after`: the deletion's instant by name, on the site's clock; a row changed after it was made anew.
    """
    table = table_of(model)
    wanted = sorted(names)
    condition = [
        table.c.source_id == source_id,
        table.c.upstream_name.in_(wanted),
        table.c.deleted_at.is_(None),
    ]
    found = await conn.execute(select(*table.columns).where(*condition).with_for_update())
    rows: list[Mapping[str, Any]] = [dict(row) for row in found.mappings()]
    if not_after is not None:
        rows = [
            row
            for row in rows
            if row["upstream_modified"] is None or row["upstream_modified"] <= not_after[row["upstream_name"]]
        ]
    if rows:
        gone = update(table).where(table.c.id.in_([row["id"] for row in rows]))
        await conn.execute(gone.values(deleted_at=func.now()))
    return rows


async def sites_of_people(conn: ReadConnection, source_id: int) -> dict[int, str]:
    """The site's name of each person who has one."""
    query = select(Person.id, Site.name).join(Site, Site.id == Person.site_id)
    return {row.id: row.name for row in await conn.execute(query.where(Person.source_id == source_id))}


async def modified_by_name(conn: ReadConnection, model: type[Any], source_id: int) -> dict[str, datetime]:
    """When the live rows of a small table were last changed upstream, by name."""
    query = select(model.upstream_name, model.upstream_modified).where(
        model.source_id == source_id, model.deleted_at.is_(None)
    )
    return {row.upstream_name: row.upstream_modified for row in await conn.execute(query)}


async def find_namesakes(conn: ReadConnection, source_id: int, row: Values) -> list[tuple[int, str]]:
    """(id, upstream name) of live people with the same name, dates of joining and of creation as `row`."""
    query = select(Person.id, Person.upstream_name).where(
        Person.source_id == source_id,
        Person.deleted_at.is_(None),
        Person.name == row["name"],
        Person.joined_on.is_not_distinct_from(row["joined_on"]),
        Person.created_on.is_not_distinct_from(row["created_on"]),
    )
    return [(found.id, found.upstream_name) for found in await conn.execute(query)]


async def rename_person(conn: WriteConnection, person_id: int, name: str) -> None:
    """Give a person the name that the upstream gave them; their rows stay theirs."""
    await conn.execute(update(Person).where(Person.id == person_id).values(upstream_name=name))


async def adopt_punches(
    conn: WriteConnection, source_id: int, people: Iterable[int] | None = None
) -> list[tuple[int, date]]:
    """Give punches kept under an unknown employee's name to these people (None: all), by their names now.

    Names are compared as the site does, without case. Punches of files count for the people of any source.
    Gives (person, day) of what was adopted.
    """
    statement = text("""
        UPDATE attendance.checkin AS c SET person_id = p.id, unknown_person = NULL
        FROM attendance.person AS p
        WHERE p.source_id = :source_id AND (CAST(:people AS int[]) IS NULL OR p.id = ANY(:people))
          AND c.source_id IN (SELECT id FROM attendance.source WHERE id = :source_id OR kind = 'file')
          AND c.person_id IS NULL
          AND lower(c.unknown_person) = lower(p.upstream_name)
        RETURNING c.person_id, c.day
    """)
    values = {"source_id": source_id, "people": None if people is None else list(people)}
    return [(row.person_id, row.day) for row in await conn.execute(statement, values)]
