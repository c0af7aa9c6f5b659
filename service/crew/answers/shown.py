"""How appliances look on the wire: instants with their local twins, statuses, gaps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.crew.rules.course import Altered, Course, Interval, Level, Run
from service.crew.rules.gaps import AppGap, Part
from service.crew.rules.judging import Result

MINUTE: Final = timedelta(minutes=1)
_WORST: Final[Sequence[Level]] = ("grey", "red", "amber", "green")


def local(at: datetime | None, zone: str) -> datetime | None:
    """The same instant with the offset of a zone."""
    return None if at is None else at.astimezone(ZoneInfo(zone))


def stretch(start: datetime, end: datetime, zone: str) -> dict[str, Any]:
    """From an instant up to another."""
    return {
        "from": start,
        "from_local": local(start, zone),
        "until": end,
        "until_local": local(end, zone),
        "minutes": (end - start) // MINUTE,
    }


def requirements(result: Result | None) -> list[dict[str, Any]]:
    """What a rule asks and has."""
    met = () if result is None else result.met
    return [{"code": one.code, "required": one.required, "have": one.have, "short": one.short} for one in met]


def standing_of(one: Interval) -> dict[str, Any]:
    """How an appliance stands in an interval. Of a crew that nobody looked at nothing is said."""
    return {
        "status": one.status,
        "level": one.level,
        "flag": one.flag,
        "rules_ok": one.rules_ok,
        "discrepancy": one.discrepancy,
        "requirements": requirements(one.result if one.covered else None),
        "tier": None if one.tier is None else one.tier.tier,
        "tier_name": None if one.tier is None else one.tier.name,
        "crew": sorted(one.crew),
        "critical_crew": list(one.critical),
        "complete": one.complete,
    }


def status_at(course: Course, at: datetime, zone: str) -> dict[str, Any]:
    """An appliance at an instant: until when, and when it is next available."""
    one, run = course.at(at)
    open_end = run.status == "unknown" and run.end == course.window[1]
    until = None if open_end else run.end
    later = None if run.status == "available" else course.next_operational(at)
    beside = [judge.result(one.crew) for judge in course.beside] if one.covered else []
    return {
        "at": at,
        "at_local": local(at, zone),
        **standing_of(one),
        "rule": course.judges[0].rule.name if course.judges else None,
        "beside": [
            {"rule": result.rule, "ok": result.ok, "requirements": requirements(result)} for result in beside
        ],
        "until": until,
        "until_local": local(until, zone),
        "until_is_lower_bound": None if open_end else run.lower_bound,
        "next_operational": later,
        "next_operational_local": local(later, zone),
    }


def forecast_of(run: Run, zone: str) -> dict[str, Any]:
    """A stretch of one status with its crews."""
    levels = {one.level for one in run.intervals}
    return {
        **stretch(run.start, run.end, zone),
        "status": run.status,
        "level": next(level for level in _WORST if level in levels),
        "until_is_lower_bound": run.lower_bound,
        "parts": [{**stretch(one.start, one.end, zone), **standing_of(one)} for one in run.intervals],
    }


def gap_of(gap: AppGap, zone: str) -> dict[str, Any]:
    """A gap with its parts."""
    return {
        **_part(gap, zone),
        "until_is_lower_bound": gap.lower_bound,
        "parts": [_part(part, zone) for part in gap.parts],
    }


def effect_of(one: Altered, zone: str) -> dict[str, Any]:
    """What would be otherwise."""
    return {
        **stretch(one.start, one.end, zone),
        "was": standing_of(one.was),
        "would_be": standing_of(one.now),
    }


def _part(part: Part, zone: str) -> dict[str, Any]:
    return {
        **stretch(part.start, part.end, zone),
        "status": part.status,
        "rules_ok": part.rules_ok,
        "discrepancy": part.discrepancy,
        "short": part.shorts,
        "min_additional": part.fixes.least,
        "fix_sets": [list(chosen) for chosen in part.fixes.sets],
        "fix_sets_count": part.fixes.count,
    }
