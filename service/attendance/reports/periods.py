"""Which days, whose rows, which rules: what every report of the desk resolves first."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.attendance.queries.sheet import (
    ChosenRuleSet,
    select_absent_sites,
    select_known,
    select_people,
    select_rule_set,
)
from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, unknown_value
from service.reporting.report import BuildContext
from service.schemas.attendance.reports import PeopleFilter, Period

P = TypeVar("P", bound=PeopleFilter)

HALF = 15
"""Last day of the first half-month (quincena)."""
DEFAULT_RULE_SET = "recommended"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many days a range may have, both ends counted, and what is told of a longer one."""

    days: int
    told: str


LONGEST = Limit(366, "a report covers at most 366 days")
"""Of every report, unless it has its own (spec F.5)."""
SHEET = Limit(91, "the monthly sheet's from and to are at most 90 days apart")
"""Of a report with a column for each day (spec D.12)."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The resolved frame of a report."""

    start: date
    end: date
    people: Sequence[Row[Any]]
    rule_set: ChosenRuleSet
    absent_sites: Sequence[str] = ()
    """Sites that the caller is limited to and that are not here: nothing can be told of them."""

    @property
    def ids(self) -> list[int]:
        """Ids of the people, in the order of their numbers."""
        return [person.id for person in self.people]


def resolved(params: P, context: BuildContext) -> P:
    """The parameters with what depends on the clock filled in: the period of yesterday, the usual rules."""
    values: dict[str, Any] = {}
    if all(name is None for name in (params.month, params.half, params.week, params.from_)):
        zone = ZoneInfo(context.settings.upstream.frappe.time_zone or "UTC")
        yesterday = context.now.astimezone(zone).date() - timedelta(days=1)
        values |= _period_of(params.period, params.cut, yesterday)
    if params.rule_set is None:
        values["rule_set"] = DEFAULT_RULE_SET
    return params.model_copy(update=values)


def period_before(params: Period) -> dict[str, Any]:
    """The parameters of the period of the same kind that ends where this one starts."""
    start, end = period_of(params)
    eve = start - timedelta(days=1)
    if params.from_ is not None:
        return {"from_": eve - (end - start), "to": eve}
    kind = "quincena" if params.half is not None else "week" if params.week is not None else None
    return {**_period_of(kind, params.cut, eve), "cut": params.cut}


def _period_of(kind: str | None, cut: int | None, day: date) -> dict[str, str]:
    """The name of the period that a day lies in: of the kind asked for, by default its month."""
    if kind == "quincena":
        return {"half": f"{day:%Y-%m}-{1 if day.day <= HALF else 2}"}
    if kind == "week":
        year, week, _ = day.isocalendar()
        return {"week": f"{year:04}-W{week:02}"}
    if cut is not None and day.day >= cut:
        day = day.replace(day=1) + timedelta(days=31)
    return {"month": f"{day:%Y-%m}"}


def span_of(params: Period, limit: Limit = LONGEST) -> tuple[date, date]:
    """First and last day; raises `Invalid` where they are further apart than the limit says."""
    if params.half is not None:
        first = date.fromisoformat(params.half[:7] + "-01")
        middle = first.replace(day=HALF)
        return (first, middle) if params.half.endswith("-1") else (middle + timedelta(days=1), _last(first))
    if params.week is not None:
        monday = date.fromisocalendar(int(params.week[:4]), int(params.week[6:]), 1)
        return monday, monday + timedelta(days=6)
    if params.month is not None:
        first = date.fromisoformat(params.month + "-01")
        return (first, _last(first)) if params.cut is None else _between_cuts(first, params.cut)
    assert params.from_ is not None
    assert params.to is not None
    days = (params.to - params.from_).days + 1
    if days > limit.days:
        detail = f"{params.from_} to {params.to} are {days} days; {limit.told}; ask for a shorter range"
        raise Invalid(detail, errors=[FieldError("/query/to", "span_too_long", detail)])
    return params.from_, params.to


def _last(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _between_cuts(first: date, cut: int) -> tuple[date, date]:
    """The pay period that ends in a month: from the cut of the month before to the day before its own."""
    return (first - timedelta(days=1)).replace(day=cut), first.replace(day=cut - 1)


def period_of(params: Period) -> tuple[date, date]:
    """The days a report is about."""
    return span_of(params)


def scopes_of(params: PeopleFilter) -> list[str]:
    """The data versions a report over these months (and this site) stands on."""
    start, end = period_of(params)
    scopes = ["attendance/masters", "attendance/completeness"]
    month = start.replace(day=1)
    while month <= end:
        name = f"attendance/{month:%Y-%m}"
        scopes.append(f"{name}/{params.site}" if params.site else name)
        month = (month + timedelta(days=32)).replace(day=1)
    return scopes


async def choose(
    conn: ReadConnection, params: PeopleFilter, context: BuildContext, limit: Limit = LONGEST
) -> Chosen:
    """The days, people and rules asked for.

    Raises `Invalid` with near matches for names that are not there, `NotAllowed` for a foreign site.
    """
    start, end = span_of(params, limit)
    sites = context.caller.sites_for(params.site)
    people = await select_people(
        conn,
        site=params.site,
        sites=None if sites is None else sorted(sites),
        company=params.company,
        department=params.department,
        person=params.person,
    )
    if not people:
        await _refuse_unknown(conn, params, context.caller.sites)
    rule_set = await select_rule_set(conn, params.rule_set or DEFAULT_RULE_SET)
    if rule_set is None:
        known = await select_known(conn, "rule set")
        raise unknown_value("/query/rule_set", "rule set", params.rule_set or DEFAULT_RULE_SET, known)
    silent = (sites or frozenset()) - {person.site for person in people}
    return Chosen(start, end, people, rule_set, await select_absent_sites(conn, silent))


async def _refuse_unknown(conn: ReadConnection, params: PeopleFilter, sites: frozenset[str] | None) -> None:
    """Names that nobody the caller may see has are refused, with near matches among those alone."""
    seen = await select_people(conn, sites=None if sites is None else sorted(sites))
    known: dict[str, set[str]] = {
        "site": set(await select_known(conn, "site")) if sites is None else set(sites),
        "company": {row.company for row in seen if row.company},
        "department": {row.department for row in seen if row.department},
        "person": {row.number for row in seen},
    }
    for what, names in known.items():
        word = getattr(params, what)
        if word is not None and word not in names:
            raise unknown_value(f"/query/{what}", what, word, sorted(names))
