"""The days of a report's period, read once and ready to be added up."""

import asyncio
from dataclasses import dataclass, replace

import numpy as np

from service.attendance.queries.period import copy_period_days, copy_upstream_days, has_upstream_days
from service.attendance.reports.periods import Chosen
from service.attendance.reports.sheet import codes_of, positions_of
from service.attendance.reports.standing import standing
from service.attendance.rules.period.differing import STATUSES, Differing, differing
from service.attendance.rules.period.tally import CarryOver, Counting, PeriodDays, Tally
from service.attendance.rules.ruleset import RuleSet
from service.core.columns import Columns
from service.core.database import ReadConnection
from service.reporting.report import Completeness
from service.schemas.attendance.reports import Period


@dataclass(frozen=True, slots=True)
class Tallied:
    """The days with what they count for, and how far they can be trusted."""

    tally: Tally
    completeness: Completeness
    timezone: str


def counting_of(params: Period, chosen: Chosen) -> Counting:
    """How the rule set counts over the period asked for.

    A pay period is the period that was named; a range of dates is none, so there half-months are.
    """
    rules = RuleSet.from_json(chosen.rule_set.parameters)
    pay_period: CarryOver = "report" if params.from_ is None else "half_month"
    carry = rules.punctuality.lates_carry_over
    return Counting(
        start=chosen.start,
        lates_per_absence=rules.punctuality.lates_per_absence,
        carry_over=pay_period if carry == "pay_period" else carry,
        bridging=rules.absence.episode_bridging,
    )


async def tallied(conn: ReadConnection, params: Period, chosen: Chosen) -> Tallied:
    """The days of the period, and those before it whose lates are carried over; all of them must be known."""
    counting = counting_of(params, chosen)
    whole = replace(chosen, start=counting.count_from)
    columns, tally = await _read(conn, counting, whole)
    completeness, zone = await standing(conn, whole, _undecided(columns, whole))
    return Tallied(tally, completeness, zone)


async def tally_of(conn: ReadConnection, params: Period, chosen: Chosen) -> Tally:
    """The days of the period alone, for who needs no deduction of lates and has its completeness already."""
    _, tally = await _read(conn, counting_of(params, chosen), chosen)
    return tally


async def _read(conn: ReadConnection, counting: Counting, whole: Chosen) -> tuple[Columns, Tally]:
    columns = await copy_period_days(conn, whole.rule_set.id, whole.start, whole.end, whole.ids)
    days = await asyncio.to_thread(_days, columns, whole)
    return columns, Tally(days, counting, len(whole.people))


async def unreconciled(conn: ReadConnection, chosen: Chosen, tally: Tally) -> Differing:
    """The days of the period that the upstream's attendance has otherwise; none where it has none at all."""
    if not await has_upstream_days(conn):
        return Differing(person=np.zeros(0, dtype=np.int64), date=np.zeros(0, dtype="datetime64[D]"))
    columns = await copy_upstream_days(conn, chosen.start, chosen.end, chosen.ids, STATUSES)
    return differing(tally, positions_of(columns["person"], chosen), columns["date"], columns["status"])


def _days(columns: Columns, chosen: Chosen) -> PeriodDays:
    person = positions_of(columns["person"], chosen)
    order = np.lexsort((columns["shift_seq"], columns["date"], person))
    taken = {name: columns[name] for name in PeriodDays.columns} | {
        "person": person,
        "code": codes_of(columns["code"]),
    }
    return PeriodDays(**{name: values[order] for name, values in taken.items()})


def _undecided(columns: Columns, whole: Chosen) -> tuple[int, int]:
    """Pending person-days, and those without any result."""
    wanted = len(whole.people) * ((whole.end - whole.start).days + 1)
    return int(columns["pending"].sum()), wanted - int((columns["shift_seq"] == 0).sum())
