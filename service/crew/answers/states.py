"""How people stand, as it is answered: the state object of spec D.7, the order, what is unknown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.crew.answers.standing import Standing, standing, station_versions, together
from service.crew.queries.states import StateRow, Whom, select_looks_of, select_states
from service.crew.queries.stations import StationRow
from service.crew.rules.roles import rank

MINUTE: Final = timedelta(minutes=1)
_WHY: Final = {
    "not_fetched": "no grid that covers {at} was read",
    "not_listed": "the grid of {at} does not list {n} of the people",
    "unclassified": "the cells of {n} of the people at {at} could not be read",
}


@dataclass(frozen=True, slots=True)
class States:
    """How people of some stations stand at an instant, and how far that can be trusted.

    `until` is the instant from which the same data answer otherwise.
    """

    at: datetime
    rows: Sequence[StateRow]
    standing: Standing
    until: datetime | None


async def states_of(
    conn: ReadConnection, settings: Settings, stations: Sequence[StationRow], whom: Whom, at: datetime,
    now: datetime,
) -> States:  # fmt: skip
    """The states of these people, each standing judged at `now` (or at `known_at`, where that is asked)."""
    rows = await select_states(conn, whom, at)
    return await judged(conn, settings, stations, whom, at, now, rows)


async def judged(
    conn: ReadConnection, settings: Settings, stations: Sequence[StationRow], whom: Whom, at: datetime,
    now: datetime, rows: Sequence[StateRow],
) -> States:  # fmt: skip
    """The same of rows that were read: the days up to the last instant that they speak of are used."""
    ends = [end for row in rows if (end := row.until or row.next_from) is not None]
    looks = await select_looks_of(conn, whom, at, max([*ends, at + timedelta(microseconds=1)]))
    versions = await station_versions(conn, [one.code for one in stations])
    seen_at = whom.known_at or now
    standings = []
    for one in stations:
        own, seen = [row for row in rows if row.station_id == one.id], looks.get(one.id, [])
        covered = any(start <= at < end for look in seen for start, end in look.covered)
        reasons = unknown(own, one, at, fetched=covered)
        standings.append(standing(settings, versions[one.code], seen, one.zone, seen_at, reasons))
    stands = together(standings)
    return States(at, rows, stands, _until(rows, stands, at))


def unknown(rows: Iterable[StateRow], station: StationRow, at: datetime, *, fetched: bool) -> list[str]:
    """What is not known of a station's people at an instant, without anybody's name."""
    counted: Counter[str] = Counter(row.cause for row in rows if row.cause is not None)
    if not fetched:
        counted = Counter({"not_fetched": 1})
    local = at.astimezone(ZoneInfo(station.zone)).isoformat(timespec="minutes")
    return [
        f"{station.code}: {words.format(at=local, n=counted[cause])}"
        for cause, words in _WHY.items()
        if counted[cause]
    ]


def in_order(rows: Iterable[StateRow]) -> list[StateRow]:
    """Who is available first, then by rank and name (spec D.7)."""
    return sorted(rows, key=lambda row: (row.state != "available", rank(row.role), row.name, row.id))


def state_object(
    row: StateRow, at: datetime, meanings: Mapping[str, str], *, redact: bool = False
) -> dict[str, Any]:
    """The state object of spec D.7 without `data`. `redact`: the number stands for the name."""
    bound = None if row.until is None else row.until == row.known_until
    return {
        "crew_id": row.id,
        "station": row.station,
        "name": shown_name(row.id, row.name, redact=redact),
        "role": row.role,
        "skills": sorted(row.skills),
        "at": at,
        "state": row.state,
        "reason": row.reason,
        "meaning": None if row.reason is None else meanings.get(row.reason, row.reason),
        "cause": row.cause,
        "since": row.since,
        "since_is_known_start": None if row.since is None else row.since == row.known_from,
        "until": row.until,
        "until_local": local(row.until, row.zone),
        "until_is_lower_bound": bound,
        "minutes_left": minutes_left(row, at),
        "next_available": _next(row),
        "known_until": row.known_until,
    }


def minutes_left(row: StateRow, at: datetime) -> int | None:
    """Whole minutes until the end of the run; null for who is not available."""
    return None if row.until is None else (row.until - at) // MINUTE


def shown_name(crew_id: int, name: str, *, redact: bool) -> str:
    """A name, or the number that stands for it on a public display."""
    return f"#{crew_id}" if redact else name


def local(instant: datetime | None, zone: str) -> datetime | None:
    """The same instant with the offset of a place."""
    return None if instant is None else instant.astimezone(ZoneInfo(zone))


def _next(row: StateRow) -> dict[str, Any] | None:
    if row.next_from is None:
        return None
    return {
        "from": row.next_from,
        "from_local": local(row.next_from, row.zone),
        "until": row.next_until,
        "until_local": local(row.next_until, row.zone),
        "until_is_lower_bound": row.next_until == row.next_known_until,
        "after_gap": row.known_until is None or row.known_until < row.next_from,
    }


def _until(rows: Iterable[StateRow], stands: Standing, at: datetime) -> datetime | None:
    """The next instant at which a state, a number of whole minutes or the staleness is another."""
    ends = [stands.until]
    for row in rows:
        ends.append(row.changes)
        if row.until is not None:
            ends.append(row.until - MINUTE * ((row.until - at) // MINUTE) + timedelta(microseconds=1))
    return min((end for end in ends if end is not None), default=None)
