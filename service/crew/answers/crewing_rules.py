"""The rules of an appliance as they are shown, and what others would make of it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from service.crew.answers import shown
from service.crew.answers.appliance_answers import Asking
from service.crew.answers.doubts import doubts
from service.crew.queries.appliances import ApplianceRow
from service.crew.rules.course import Course, altered
from service.crew.rules.crewing import Rule, requirements_of
from service.crew.rules.presets import Ruling
from service.crew.rules.slots import Stretch


def rules_shown(rows: Sequence[Row[Any]], general: Ruling) -> list[dict[str, Any]]:
    """The stored rules; before them, where the appliance has none of its own, the one for all."""
    own = any(row.origin == "config" for row in rows)
    stated = {rule.name for rule in general.enforced}
    made = [
        {
            "name": rule.name,
            "tier": rule.tier,
            "mode": rule.mode,
            "origin": "preset",
            "enforced": True,
            "requirements": [one.as_json() for one in rule.requirements],
            "valid_from": None,
            "changed_by": None,
        }
        for rule in general.enforced
        if not own and not any(row.origin == "grid" and row.name == rule.name for row in rows)
    ]
    for row in rows:
        enforced = row.enforced or (row.origin == "grid" and not own and row.name in stated)
        made.append({**dict(row._mapping), "enforced": enforced})  # noqa: SLF001  documented way to a mapping
    return made


async def trial(
    asking: Asking, appliance: ApplianceRow, rules: Sequence[tuple[Rule, bool]], window: Stretch
) -> dict[str, Any]:
    """What would become of an appliance by these rules instead of those in force."""
    station = appliance.station
    known = await asking.read([station], *window)
    swept = await asyncio.to_thread(known.slices_of, station)
    was = await asyncio.to_thread(known.course_of, appliance.id, swept)
    now = await asyncio.to_thread(known.course_of, appliance.id, swept, known.ruling_by(appliance.id, rules))
    changes = altered(was, now, lambda one: one.status)
    levels = altered(was, now, lambda one: (one.status, one.level))
    reasons = doubts(station, appliance.name, was.intervals)
    version = (await asking.versions([station]))[station.code]
    return {
        "from": window[0],
        "to": window[1],
        "available_minutes": _available(was),
        "would_be_available_minutes": _available(now),
        "changes": [shown.effect_of(one, station.zone) for one in changes],
        "level_changes": [
            shown.effect_of(one, station.zone) for one in levels if one.was.status == one.now.status
        ],
        "data": asking.standing(known, station, version, window, reasons).as_json(),
    }


def rule_of(stored: dict[str, Any]) -> tuple[Rule, bool]:
    """A rule as it was sent, and whether it is enforced."""
    made = Rule(stored["name"], requirements_of(stored["requirements"]), stored["mode"], stored["tier"])
    return made, stored["enforced"]


def _available(course: Course) -> int:
    runs = (run.end - run.start for run in course.runs if run.status == "available")
    return sum(runs, timedelta()) // shown.MINUTE
