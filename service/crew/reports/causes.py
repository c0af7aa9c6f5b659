"""Why figures of a sealed report differ today: later looks, other rules, other profiles (issue 6.4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.crew.queries.happened import AnyRow, Happened, select_happened
from service.crew.reports.frame import month_of, period_of, week_days
from service.crew.reports.tallied import written
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.crew.hours import HoursParams
from service.schemas.crew.reports import Period
from service.schemas.envelope import Cause

SLACK: Final = timedelta(minutes=15)
"""A look is put in force at most so long after it was made: that of a run that was stopped late."""
_TOLD: Final = 3
"""Stretches that a sentence names."""
_CONTRACTS: Final = frozenset({"contract_seconds", "contract"})
"""Figures that stand on a contract and on nothing else."""
_OF_CONTRACT: Final = _CONTRACTS | {"contract_percent", "remaining_to_contract", "projected_shortfall"}
_OF_ALL: Final = ("available_share", "night_share", "weekend_share", "mean_percent", "people")
"""Figures of a person in which everybody's time stands."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a difference is about: days of a station, and the appliance or the person of its row."""

    station: str
    first: date
    last: date
    appliance: int | None
    crew: int | None
    figure: str | None

    @property
    def of_contract(self) -> bool:
        """Whether it stands on a contract and on nothing else."""
        return self.figure in _CONTRACTS

    @property
    def of_profile(self) -> frozenset[str]:
        """What of a profile it stands on: of an appliance roles and skills, of a person what is shown."""
        if self.appliance is not None:
            return frozenset(("role", "skills"))
        if self.figure is None:
            return frozenset(("role", "contract"))
        return frozenset(("contract",) if self.figure in _OF_CONTRACT else (self.figure,))

    @property
    def of_all(self) -> bool:
        """Whether everybody's time stands in it."""
        return self.crew is None or self.figure in _OF_ALL or self.figure is None


async def causes_of_rows(
    conn: ReadConnection, params: Any, found: Sequence[Difference], sealing: Sealing, context: BuildContext
) -> Sequence[Sequence[Cause]]:
    """For each difference what happened since the sealing to its days, its people and its rules."""
    _ = context
    first, last = _asked(params)
    codes = {_station(one, params) for one in found}
    since = sealing.read_from - SLACK
    happened = await select_happened(conn, codes, first, last, since)
    targets = [_target(one, _station(one, params), happened, first, last) for one in found]
    return [[*_likely(_causes(target, happened), sealing), *sealing.new_rules] for target in targets]


def _likely(causes: Iterator[Cause], sealing: Sealing) -> list[Cause]:
    """What came after the sealing; where nothing did, what was seen just before and may not be in it."""
    found = list(causes)
    return [one for one in found if one.at is not None and one.at >= sealing.read_from] or (
        [] if sealing.new_rules else found
    )


def _asked(params: Any) -> tuple[date, date]:
    """The days of parameters of any of these reports, which are resolved."""
    if isinstance(params, Period):
        return period_of(params)
    if isinstance(params, HoursParams):
        return week_days(params.week or "")
    return month_of(params.month) if hasattr(params, "month") else (params.from_, params.to)


def _station(one: Difference, params: Any) -> str:
    """Of the row, or of the whole report."""
    code: str = one.key.get("station", params.station)
    return code


def _target(one: Difference, station: str, happened: Happened, first: date, last: date) -> Target:
    key = one.key
    kind = key.get("kind", "appliance" if "appliance" in key else "crew")
    name = key.get("appliance", key.get("name"))
    found = key.get("crew_id") if name is None else _number(happened, station, kind, name)
    appliance, crew = (found, None) if kind == "appliance" else (None, found)
    days = _days_of(key.get("period")) or (first, last)
    return Target(station, max(first, days[0]), min(last, days[1]), appliance, crew, one.figure)


def _number(happened: Happened, station: str, kind: str, name: str) -> int | None:
    """Of an appliance or a person, by name, or by the number that stands in its place."""
    if kind == "crew" and name.startswith("#"):
        return int(name[1:])
    return happened.ids.get((station, kind, name))


def _days_of(word: str | None) -> tuple[date, date] | None:
    """The days of `2026-03`, `2026-W10` or `2026-03-05`."""
    if word is None:
        return None
    if "W" in word:
        return week_days(word)
    return month_of(word) if len(word) == 7 else (date.fromisoformat(word), date.fromisoformat(word))


def _causes(target: Target, happened: Happened) -> Iterator[Cause]:
    if not target.of_contract:
        for look in happened.looks:
            if look.station == target.station and target.first <= look.local_date <= target.last:
                yield from _of_look(look, target)
    if target.appliance is not None:
        yield from (_of_rule(rule) for rule in happened.rules if rule.appliance_id == target.appliance)
    for profile in happened.profiles:
        if profile.station == target.station:
            yield from _of_profile(profile, target)


def _of_look(look: AnyRow, target: Target) -> Iterator[Cause]:
    place, seen = f"{look.station}/{look.local_date}", f"looked at {written(look.at)}"
    if look.is_first:
        if _speaks_of(look, target):
            detail = f"{look.local_date} was not known before; it was {seen}"
            yield Cause(code="observation_first", detail=detail, at=look.came_at, subject=place)
        return
    changes = [one for one in look.changes if one["was"] != one["now"] and _concerns(one, target)]
    if changes:
        told = "; ".join(_change(one) for one in changes[:_TOLD])
        more = f"; and {len(changes) - _TOLD} more stretches" if len(changes) > _TOLD else ""
        detail = f"{look.local_date} was {seen} once more: {told}{more}"
        yield Cause(code="observation_changed", detail=detail, at=look.came_at, subject=place)


def _speaks_of(look: AnyRow, target: Target) -> bool:
    """Whether a first look says anything of the target: a report of people says nothing of appliances."""
    if target.appliance is not None:
        return bool(look.source != "report")
    return target.of_all or target.crew in look.listed


def _concerns(change: Mapping[str, Any], target: Target) -> bool:
    if target.appliance is not None:
        return change["crew_id"] is not None or bool(change["appliance_id"] == target.appliance)
    if change["crew_id"] is None:
        return False
    return target.of_all or bool(change["crew_id"] == target.crew)


def _change(one: Mapping[str, Any]) -> str:
    who = f"crew {one['crew_id']}" if one["crew_id"] is not None else "the grid's flag"
    start, end = (written(datetime.fromisoformat(one[side])) for side in ("from", "to"))
    return f"{who} {start} – {end} {_state(one, 'was')} → {_state(one, 'now')}"


def _state(one: Mapping[str, Any], side: str) -> str:
    reason = one[f"{side}_reason"]
    return f"{one[side]} {reason}" if reason else str(one[side])


def _of_rule(rule: AnyRow) -> Cause:
    ended = rule.valid_to is not None
    at = rule.valid_to if ended else rule.valid_from
    what = "no longer holds" if ended else "holds"
    detail = f"the rule {rule.name!r} ({rule.origin}) {what} since {written(at)}"
    return Cause(code="rule_changed", detail=detail, at=at, subject=rule.name)


def _of_profile(row: AnyRow, target: Target) -> Iterator[Cause]:
    if target.appliance is None and row.crew_id != target.crew:
        return
    told = [text for what, text in _differing(row) if what in target.of_profile]
    if told:
        detail = f"crew {row.crew_id} is otherwise since {written(row.at)}: " + "; ".join(told)
        yield Cause(code="profile_changed", detail=detail, at=row.at, subject=f"crew:{row.crew_id}")


def _differing(row: AnyRow) -> Iterator[tuple[str, str]]:
    if row.is_new:
        return
    pairs = {
        "role": (row.was_role, row.role),
        "skills": (" ".join(sorted(row.was_skills)), " ".join(sorted(row.skills))),
        "contract": (row.was_contract, row.contract_hours),
    }
    for what, (was, now) in pairs.items():
        if was != now:
            yield what, f"{what} {_or_none(was)} → {_or_none(now)}"


def _or_none(value: Any) -> str:
    return "none" if value in (None, "") else str(value)
