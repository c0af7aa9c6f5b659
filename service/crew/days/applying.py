"""Putting an observation in force: a newer, sane one replaces its day, whole, in one transaction (D.4)."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from service.core.database import WriteConnection
from service.core.runtime import Runtime
from service.core.settings import CrewSettings
from service.crew.days import rows
from service.crew.days.observation import Came, Observation, Outcome
from service.crew.queries import applying, scopes
from service.crew.rules.crewing import Lists, title_requirements
from service.crew.rules.grid import DayGrid, Finding
from service.crew.rules.names import name_key
from service.crew.rules.slots import columns

SMALLEST_SHARE = 0.5
"""A grid with fewer people than this share of the one before is odd, and still believed (spec D.1.10)."""


async def apply_day(runtime: Runtime, seen: Observation) -> Outcome:
    """Record an observation and, where it is newer and sane, put it in force; all of it or nothing."""
    settings = runtime.settings.crew
    async with runtime.database.write() as conn:
        await applying.lock_day(conn, seen.station.id, seen.day)
        outcome = await apply_in(conn, settings, seen)
        if outcome.came == "applied":
            touched = scopes.touched(seen.station.code, [seen.day], people=outcome.people)
            await runtime.versions.raise_in(conn, touched)
    return outcome


async def apply_in(conn: WriteConnection, settings: CrewSettings, seen: Observation) -> Outcome:
    """The same within somebody's transaction, who holds the day's lock and raises the versions."""
    before = await applying.select_in_force(conn, seen.station.id, seen.day)
    came = _judged(seen, before)
    drop = _drop(seen.grid, before)
    snapshot = await _recorded(conn, settings, seen, came, drop)
    if came == "unchanged":
        await applying.see_again(conn, seen.station.id, seen.day, seen.fetched_at)
    outcome = Outcome(came, snapshot, (*seen.said, *drop))
    if came != "applied" or seen.grid is None:
        return outcome
    return await _in_force(conn, settings, seen, seen.grid, outcome, first=before is None)


def _judged(seen: Observation, before: Any) -> Came:
    if seen.grid is None:
        return "rejected"
    if before is not None and before.fetched_at >= seen.fetched_at:
        return "stale"
    same = before is not None and (before.sha256, before.parser_version) == (seen.sha256, seen.parser_version)
    return "unchanged" if same else "applied"


def _drop(grid: DayGrid | None, before: Any) -> tuple[Finding, ...]:
    if grid is None or before is None or len(grid.crew) >= SMALLEST_SHARE * len(before.listed):
        return ()
    return (Finding("crew_drop", {"before": len(before.listed), "now": len(grid.crew)}),)


async def _recorded(
    conn: WriteConnection, settings: CrewSettings, seen: Observation, came: Came, drop: Sequence[Finding]
) -> int:
    found = (*seen.said, *drop)
    snapshot = await applying.add_snapshot(conn, rows.snapshot(seen, came, found))
    if settings.keep_pages_days and seen.body is not None:
        expires = seen.fetched_at + timedelta(days=settings.keep_pages_days)
        await applying.add_page(conn, snapshot, zlib.compress(seen.body), expires)
    return snapshot


async def _in_force(
    conn: WriteConnection,
    settings: CrewSettings,
    seen: Observation,
    grid: DayGrid,
    outcome: Outcome,
    *,
    first: bool,
) -> Outcome:
    station, at = seen.station, seen.fetched_at
    slots = columns(seen.day, station.zone, grid.labels, grid.resolution)
    ids, changed = await applying.put_people(conn, station.id, at, rows.people(grid))
    await applying.put_skills(conn, sorted({code for row in grid.crew for code in row.skills}))
    where = applying.where_of(station.id, seen.day, outcome.snapshot_id, at)
    crew = rows.said_of({ids[name_key(row.name)]: row.cells for row in grid.crew}, slots)
    runs, new = await _runs(conn, settings, seen, grid, where, slots)
    was_crew = await applying.replace_crew(conn, where, rows.columns_of(crew))
    was_runs = await applying.replace_appliances(conn, where, rows.columns_of(runs))
    await applying.replace_counts(conn, where, rows.counts(grid, slots))
    await applying.replace_version(conn, where, rows.version(sorted(ids.values()), slots))
    changes = [] if first else rows.differing(was_crew, crew, was_runs, runs)
    if changes:
        await applying.add_changes(conn, where, rows.change_columns(changes))
    counted = sum(map(len, crew.values())) + sum(map(len, runs.values()))
    return replace(outcome, segments=counted, changes=len(changes), people=changed or new)


async def _runs(
    conn: WriteConnection,
    settings: CrewSettings,
    seen: Observation,
    grid: DayGrid,
    where: Mapping[str, Any],
    slots: rows.Slots,
) -> tuple[rows.Said, bool]:
    """The segments of appliances, and whether one of these or its rule is new."""
    if seen.of_people_only:
        return rows.said_before(await applying.select_runs(conn, where)), False
    machines, new = await _appliances(conn, settings, seen, grid)
    return rows.said_of(
        {machines[row.name]: rows.cells_of(row.states) for row in grid.appliances}, slots
    ), new


async def _appliances(
    conn: WriteConnection, settings: CrewSettings, seen: Observation, grid: DayGrid
) -> tuple[dict[str, int], bool]:
    names, refs = [row.name for row in grid.appliances], [row.ref for row in grid.appliances]
    ids, made = await applying.put_appliances(conn, seen.station.id, names, refs)
    lists = Lists(settings.officer_roles, settings.officer_skills, settings.driver_skills)
    rules = {
        ids[row.name]: (row.rule.name, [one.as_json() for one in title_requirements(row.rule, lists)])
        for row in grid.appliances
        if row.rule is not None
    }
    ruled = await applying.put_grid_rules(conn, seen.fetched_at, rules) if rules else False
    return ids, made or ruled
