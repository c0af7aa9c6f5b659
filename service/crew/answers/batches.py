"""Batches as they are answered: whom there is not is named, whom nothing is known of has an empty list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid
from service.core.settings import Settings
from service.crew.answers.asked import stations_of
from service.crew.answers.histories import partly_told, told
from service.crew.answers.standing import Standing, not_fetched, standing, station_versions, together
from service.crew.queries.batches import (
    AnyRow,
    Ranged,
    select_appliances_named,
    select_available,
    select_members_of,
    select_named,
)
from service.crew.queries.partly import select_partly_known
from service.crew.queries.states import Whom, select_looks_of
from service.crew.queries.station_days import Asked, select_flags
from service.crew.queries.stations import StationRow
from service.crew.rules.names import name_key
from service.crew.rules.spans import difference, union
from service.schemas.crew.batches import BatchAsk, LookupAsk
from service.schemas.crew.fields import MOST_ASKED

_STATION = "/body/station"


@dataclass(frozen=True, slots=True)
class Batched:
    """An answer, and how far it can be trusted."""

    body: Mapping[str, Any]
    standing: Standing


async def lookup(conn: ReadConnection, caller: Caller, ask: LookupAsk) -> dict[str, Any]:
    """The people of these names at the stations that the caller may see, in the order asked for."""
    stations = await stations_of(conn, caller, ask.station, _STATION)
    keys = [name_key(name) for name in ask.names]
    rows = await select_named(conn, [one.id for one in stations], keys)
    found = {row.place for row in rows}
    return {
        "items": [
            {
                "name": ask.names[row.place - 1],
                "crew_id": row.crew_id,
                "station": row.station,
                "grid_name": row.grid_name,
                "role": row.role,
            }
            for row in rows
        ],
        "missing": [name for place, name in enumerate(ask.names, 1) if place not in found],
    }


async def batch(
    conn: ReadConnection, caller: Caller, settings: Settings, ask: BatchAsk, now: datetime
) -> Batched:
    """The available segments of people and appliances: one statement for each kind."""
    stations = await stations_of(conn, caller, ask.station, _STATION)
    whom = Whom([one.id for one in stations], ask.crew_ids, ask.known_at)
    people = await select_members_of(conn, whom, MOST_ASKED + 1)
    if len(people) > MOST_ASKED:
        detail = f"there are more than {MOST_ASKED} people; name a station or `crew_ids`"
        raise Invalid(detail, errors=[FieldError("/body/crew_ids", "too_many", detail)])
    machines = await select_appliances_named(conn, whom.stations, ask.appliance_names)
    asked = Ranged(ask.from_, ask.to, ask.match)
    crew = await select_available(conn, "crew", [row.id for row in people], whom, asked)
    runs = await select_available(conn, "appliance", [row.id for row in machines], whom, asked)
    used = {row.station_id for row in (*people, *machines)}
    partly = await _partly(conn, whom, machines, ask)
    own = [one for one in stations if one.id in used]
    stands = await _standing(conn, settings, own, whom, ask, now, partly)
    body = {
        "from": ask.from_.astimezone(UTC),
        "to": ask.to.astimezone(UTC),
        "match": ask.match,
        "items": [
            {"crew_id": row.id, "station": row.station, "available": _stretches(crew[row.id])}
            for row in _as_asked(people, ask.crew_ids)
        ],
        "appliances": [
            {"appliance": row.name, "station": row.station, "available": _stretches(runs[row.id])}
            for row in machines
        ],
        "missing": _missing(ask, people, machines),
        "data": stands.as_json(),
    }
    return Batched(body, stands)


async def _partly(
    conn: ReadConnection, whom: Whom, machines: Sequence[AnyRow], ask: BatchAsk
) -> Mapping[int, Sequence[str]]:
    """By station, of how many a part of the range is unknown: who is in no grid of a day that was read."""
    found: dict[int, list[str]] = {}
    for station, many in (await select_partly_known(conn, whom, ask.from_, ask.to)).items():
        found.setdefault(station, []).append(partly_told(many))
    if machines:
        asked = Asked(tuple(whom.stations), ask.from_, ask.to, ask.known_at)
        flags = await select_flags(conn, asked)
        for row in machines:
            known = union((one.start, one.end) for one in flags.get(row.id, ()))
            if difference([(ask.from_, ask.to)], known):
                found.setdefault(row.station_id, []).append(f"{row.name} is not known throughout")
    return found


async def _standing(
    conn: ReadConnection, settings: Settings, stations: Sequence[StationRow], whom: Whom, ask: BatchAsk,
    now: datetime, partly: Mapping[int, Sequence[str]],
) -> Standing:  # fmt: skip
    looks = await select_looks_of(conn, whom, ask.from_, ask.to)
    versions = await station_versions(conn, [one.code for one in stations])
    standings = []
    for one in stations:
        seen = looks.get(one.id, [])
        reasons = told(one.code, not_fetched(seen, ask.from_, ask.to))
        reasons = reasons or [f"{one.code}: {words}" for words in partly.get(one.id, ())]
        standings.append(standing(settings, versions[one.code], seen, one.zone, ask.known_at or now, reasons))
    return together(standings)


def _as_asked(people: Sequence[AnyRow], ids: Sequence[int] | None) -> Sequence[AnyRow]:
    if ids is None:
        return people
    by_id = {row.id: row for row in people}
    return [by_id[one] for one in dict.fromkeys(ids) if one in by_id]


def _missing(ask: BatchAsk, people: Sequence[AnyRow], machines: Sequence[AnyRow]) -> dict[str, Any]:
    ids, names = {row.id for row in people}, {row.name for row in machines}
    return {
        "crew_ids": [one for one in dict.fromkeys(ask.crew_ids or ()) if one not in ids],
        "appliance_names": [one for one in dict.fromkeys(ask.appliance_names) if one not in names],
    }


def _stretches(rows: Sequence[AnyRow]) -> list[dict[str, Any]]:
    return [{"from": row.start, "until": row.end} for row in rows]
