"""An observation as columns of arrays, the form in which the database takes it at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.crew.days.observation import Came, Observation
from service.crew.rules.differing import Change, changes
from service.crew.rules.grid import Cell, DayGrid, Finding, State
from service.crew.rules.names import name_key
from service.crew.rules.slots import Segment, Stretch, covered, segments

Slots = Sequence[Sequence[Stretch]]
Said = Mapping[int, Sequence[Segment]]
"""Segments by the id of a person or an appliance."""
Differing = Sequence[tuple[int | None, int | None, Change]]
"""A person or an appliance by id, and what changed."""

PARTIAL = frozenset(
    {"partial_day", "short_row", "unclassified_cell", "duplicate_name", "unnamed_row", "duplicate_appliance"}
)
"""What leaves a part of a day unknown."""


def snapshot(seen: Observation, came: Came, found: Sequence[Finding]) -> dict[str, Any]:
    """The row of `day_snapshot`."""
    partial = any(one.code in PARTIAL for one in found)
    return {
        "station_id": seen.station.id,
        "local_date": seen.day,
        "run_id": seen.run_id,
        "fetched_at": seen.fetched_at,
        "source": seen.source,
        "sha256": seen.sha256,
        "resolution_min": seen.grid.resolution if seen.grid else None,
        "parser_version": seen.parser_version,
        "status": "rejected" if seen.grid is None else "partial" if partial else "ok",
        "code": seen.code,
        "outcome": came,
        "warnings": [{"code": one.code, **one.detail} for one in found],
    }


def people(grid: DayGrid) -> dict[str, list[Any]]:
    """Profiles, in the order of their keys."""
    crew = sorted(grid.crew, key=lambda row: name_key(row.name))
    return {
        "keys": [name_key(row.name) for row in crew],
        "names": [row.name for row in crew],
        "roles": [row.role for row in crew],
        "skills": [" ".join(row.skills) for row in crew],
        "contracts": [row.contract.hours for row in crew],
        "booked": [row.contract.booked for row in crew],
        "raws": [row.contract.raw for row in crew],
    }


def cells_of(states: Iterable[State]) -> list[Cell]:
    """The states of an appliance as cells."""
    return [Cell(state) for state in states]


def said_of(cells: Mapping[int, Sequence[Cell]], slots: Slots) -> dict[int, list[Segment]]:
    """The segments of each row."""
    return {owner: segments(row, slots) for owner, row in cells.items()}


def said_before(stored: Iterable[Any]) -> dict[int, list[Segment]]:
    """Stored segments by their owner."""
    before: dict[int, list[Segment]] = {}
    for row in stored:
        before.setdefault(row.owner, []).append(Segment(row.start, row.end, row.state, row.reason))
    return before


def columns_of(said: Said) -> dict[str, list[Any]]:
    """Segments of all owners."""
    flat = [(owner, one) for owner, ones in sorted(said.items()) for one in ones]
    return {
        "owners": [owner for owner, _ in flat],
        "starts": [one.start for _, one in flat],
        "ends": [one.end for _, one in flat],
        "states": [one.state for _, one in flat],
        "reasons": [one.reason for _, one in flat],
    }


def counts(grid: DayGrid, slots: Slots) -> dict[str, list[Any]]:
    """The grid's own counts, one row for each stretch with one value."""
    found = [
        (label, one)
        for label, values in sorted(grid.counts.items())
        for one in segments([_counted(value) for value in values], slots)
    ]
    return {
        "labels": [label for label, _ in found],
        "starts": [one.start for _, one in found],
        "ends": [one.end for _, one in found],
        "values": [int(one.reason or 0) for _, one in found],
    }


def _counted(value: int | None) -> Cell:
    """A count in the shape of a cell, so that it is laid over DST and merged in the same way."""
    return Cell("unknown") if value is None else Cell("available", str(value))


def version(listed: Sequence[int], slots: Slots) -> dict[str, Any]:
    """What the day covers, and who was listed."""
    known = covered(slots)
    return {
        "starts": [start for start, _ in known],
        "ends": [end for _, end in known],
        "listed": list(listed),
    }


def differing(was_crew: Sequence[Any], crew: Said, was_runs: Sequence[Any], runs: Said) -> Differing:
    """What people and appliances are said to do otherwise than in the rows that were in force."""
    of_crew = [(owner, None, change) for owner, change in _changes(was_crew, crew)]
    return [*of_crew, *((None, owner, change) for owner, change in _changes(was_runs, runs))]


def _changes(was: Sequence[Any], now: Said) -> Iterable[tuple[int, Change]]:
    before = said_before(was)
    for owner in sorted(before.keys() | now.keys()):
        for change in changes(before.get(owner, []), now.get(owner, [])):
            yield owner, change


def change_columns(differing: Differing) -> dict[str, list[Any]]:
    """Rows of `state_change`."""
    details = [asdict(change) for _, _, change in differing]
    return {
        "crews": [crew for crew, _, _ in differing],
        "appliances": [appliance for _, appliance, _ in differing],
        "starts": [one["start"] for one in details],
        "ends": [one["end"] for one in details],
        "was": [one["was"] for one in details],
        "was_reasons": [one["was_reason"] for one in details],
        "nows": [one["now"] for one in details],
        "now_reasons": [one["now_reason"] for one in details],
    }
