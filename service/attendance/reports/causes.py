"""Why figures of a sealed report differ today: what happened to the days behind them, or to the rules."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from service.attendance.queries.edits import select_concerned, select_since, select_standing_on
from service.attendance.reports.happened import (
    DISMISSED_FIGURES,
    NAMED_FIGURES,
    Happened,
    happened,
    link_to,
    person_events,
)
from service.attendance.reports.periods import Chosen, choose
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Difference, Sealing
from service.schemas.attendance.reports import PeopleFilter
from service.schemas.envelope import Cause

ONE_DAY = timedelta(days=1)
OUR_FIGURES = frozenset({"ours", "our_hours", "our_in", "our_out", "our_status"})
THEIR_FIGURES = frozenset({"theirs", "their_hours", "their_in", "their_out", "upstream_name"})
Under = Mapping[tuple[str, str | None], Mapping[str, Any]]
"""Rows by person and shift, as today's inputs make them under the rules of the sealing."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whose figure differs, of which days, and which shift's."""

    person_id: int
    number: str
    days: Sequence[date]
    figure: str | None
    shift: str | None
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a report shows beside days: the upstream's own attendance, incidents that may be dismissed."""

    theirs: bool = False
    kinds: Mapping[str, str] = field(default_factory=dict)
    """By incident the `kind` that its rows have."""
    dismissed: bool = False
    """Whether rows stay when they are dismissed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the days of the people concerned stand on, and everything that happened since."""

    people: Mapping[str, Row[Any]]
    days: Mapping[tuple[int, date], Sequence[Row[Any]]]
    events: Mapping[int | None, Sequence[Happened]]
    """By person; under None what concerns whoever stands on it."""
    shown: Shown

    def events_of(self, person_id: int) -> Sequence[Happened]:
        """What may have touched a person's days."""
        return [*self.events.get(person_id, ()), *self.events.get(None, ())]


async def causes_of_days(
    conn: ReadConnection,
    params: PeopleFilter,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """For each difference what happened after the sealing to its person and day; else the new rules."""
    return await causes_among(conn, params, found, sealing, context, Shown())


async def causes_of_both(
    conn: ReadConnection,
    params: PeopleFilter,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """The same for a report that also shows the upstream's own attendance."""
    return await causes_among(conn, params, found, sealing, context, Shown(theirs=True))


async def causes_among(
    conn: ReadConnection,
    params: PeopleFilter,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
    shown: Shown,
) -> Sequence[Sequence[Cause]]:
    """The same for a report that shows more than days."""
    chosen = await choose(conn, params, context)
    known = await known_of(conn, chosen, numbers_of(found), sealing, shown)

    def causes(one: Difference) -> list[Cause]:
        # No rule of ours makes a figure of the upstream's, or dismisses anything.
        rules = [] if one.figure in THEIR_FIGURES | DISMISSED_FIGURES else sealing.new_rules
        return [*_inputs(one, chosen, known, sealing), *rules]

    return await asyncio.to_thread(lambda: [causes(one) for one in found])


async def causes_under(
    conn: ReadConnection, chosen: Chosen, found: Sequence[Difference], sealing: Sealing, under: Under
) -> Sequence[Sequence[Cause]]:
    """The same where it is known what today's inputs come to under the rules of the sealing.

    What differs from the sealed figure there is due to inputs, what differs from today's there to the rules.
    """
    known = await known_of(conn, chosen, numbers_of(found), sealing, Shown())

    def causes(one: Difference) -> list[Cause]:
        between = _between(one, under)
        by_inputs, by_rules = between != one.sealed, between != one.today
        inputs = _inputs(one, chosen, known, sealing) or [_recomputed(one, chosen, known, sealing)]
        return [*(inputs if by_inputs else []), *(sealing.new_rules if by_rules else [])]

    return await asyncio.to_thread(lambda: [causes(one) for one in found])


def numbers_of(found: Sequence[Difference]) -> list[str]:
    """The people that differences are about."""
    return sorted({one.key["person"] for one in found if one.key.get("person") is not None})


def _between(one: Difference, under: Under) -> Any:
    """The figure, or the row, as today's inputs make it under the sealed rules.

    A row that came or went is compared by its being there: its cells are told by the rows themselves.
    """
    row = under.get((one.key["person"], one.key.get("shift")))
    if one.figure is None:
        return (one.sealed if one.sealed is not None else one.today) if row is not None else None
    field, _, inner = one.figure.partition(".")
    value = None if row is None else row.get(field)
    return value.get(inner) if inner and isinstance(value, Mapping) else value


async def known_of(
    conn: ReadConnection, chosen: Chosen, numbers: Sequence[str], sealing: Sealing, shown: Shown
) -> Known:
    """What is on record of these people's days, and what happened to them since the sealing."""
    people = await select_concerned(conn, numbers)
    ids = [row.id for row in people]
    # Days beside the period too: a shift across midnight takes punches of both dates.
    first, last = chosen.start - ONE_DAY, chosen.end + ONE_DAY
    days: dict[tuple[int, date], list[Row[Any]]] = defaultdict(list)
    for row in await select_standing_on(conn, chosen.rule_set.id, ids, first, last):
        days[row.person_id, row.work_date].append(row)
    since = await select_since(conn, chosen.rule_set.id, ids, first, last, sealing.read_from)
    events: dict[int | None, list[Happened]] = defaultdict(list)
    named = {person.id: person.number for person in chosen.people}
    told = happened(since, sealing.read_from, named)
    for event in (*told, *person_events(people, sealing.read_from)):
        events[event.person_id].append(event)
    return Known({row.number: row for row in people}, days, events, shown)


def _inputs(one: Difference, chosen: Chosen, known: Known, sealing: Sealing) -> list[Cause]:
    causes = recorded(one, chosen, known)
    # New rules explain by themselves; without them the stored result says what it can.
    return causes if causes or sealing.new_rules else [_recomputed(one, chosen, known, sealing)]


def recorded(one: Difference, chosen: Chosen, known: Known) -> list[Cause]:
    """What happened to the figure's days; where nothing did, to the days beside them, then to the month."""
    target = _target(one, chosen, known)
    if target is None:
        return []
    for reach in (0, 1, 31):
        near = known.events_of(target.person_id)
        events = [event for event in near if _touches(event, target, known, reach)]
        if events:
            return _told(events, target)
    return []


def _target(one: Difference, chosen: Chosen, known: Known) -> Target | None:
    person = known.people.get(one.key.get("person") or "")
    if person is None:
        return None
    days, shift, kind = days_of(one, chosen), one.key.get("shift"), one.key.get("kind")
    return Target(person.id, person.number, days, one.figure, shift, kind)


def days_of(one: Difference, chosen: Chosen) -> Sequence[date]:
    """The days a figure is about: its own, those a row has something on, or all."""
    if one.figure is not None and one.figure.startswith("days."):
        return [date.fromisoformat(one.figure.removeprefix("days."))]
    if one.key.get("day") is not None:
        return [date.fromisoformat(one.key["day"])]
    row = one.sealed if one.sealed is not None else one.today
    if one.figure is None and isinstance(row.get("days"), Mapping):
        return [date.fromisoformat(day) for day, code in row["days"].items() if code]
    return [chosen.start + timedelta(days=number) for number in range((chosen.end - chosen.start).days + 1)]


def _touches(event: Happened, target: Target, known: Known, reach: int) -> bool:
    if not (_dismisses if event.incident is not None else _moves)(event, target, known.shown):
        return False
    # What is dismissed is the incident of one day.
    if event.incident is not None and reach:
        return False
    return any(
        event.on(day + timedelta(days=step)) and _concerns(event, target, known, day)
        for day in target.days
        for step in range(-reach, reach + 1)
        # The month's counts reach no further than the month.
        if reach < 2 or (day + timedelta(days=step)).month == day.month
    )


def _moves(event: Happened, target: Target, shown: Shown) -> bool:
    """Whether what happened can make such a figure another, or the row come or go, on any day at all."""
    figure = target.figure
    if (event.theirs and not shown.theirs) or figure in DISMISSED_FIGURES:
        return False
    if figure is None:
        return event.rows
    if figure in (OUR_FIGURES if event.theirs else THEIR_FIGURES):
        return False
    return figure not in NAMED_FIGURES if event.figures is None else figure in event.figures


def _dismisses(event: Happened, target: Target, shown: Shown) -> bool:
    """The same of a dismissal: it takes rows of its incident away, where those dismissed are not shown."""
    if event.incident is None or event.incident not in shown.kinds:
        return False
    if shown.kinds[event.incident] != target.kind:
        return False
    return not shown.dismissed if target.figure is None else target.figure in DISMISSED_FIGURES


def _concerns(event: Happened, target: Target, known: Known, day: date) -> bool:
    """Whether the master that an event is about is one that this day stands on."""
    person, results = known.people[target.number], known.days.get((target.person_id, day), ())
    if event.shift_type_id is not None:
        shifts = {row.shift_type_id for row in results} or {person.default_shift_type_id}
        return event.shift_type_id in shifts
    if event.leave_type_id is not None:
        return event.leave_type_id in {row.leave_type_id for row in results}
    if event.company_id is not None:
        return bool(event.company_id == person.company_id)
    if event.holiday_list_id is not None:
        lists = {person.holiday_list_id, person.company_holiday_list_id, *person.assigned_lists}
        return event.holiday_list_id in lists | {row.holiday_list_id for row in results}
    return True


def _told(events: Sequence[Happened], target: Target) -> list[Cause]:
    causes = [
        link_to(event.cause, target.number, event.ranges[0][0] if event.ranges else None) for event in events
    ]
    # An edit of one check-in stands on both days it touched: once is enough.
    unique = {(cause.code, cause.detail, cause.subject): cause for cause in causes}
    return list(unique.values())


def _recomputed(one: Difference, chosen: Chosen, known: Known, sealing: Sealing) -> Cause:
    """What the stored results say where nothing that happened is on record."""
    target = _target(one, chosen, known)
    if target is None:
        return Cause(code="recomputed", detail="it is of no person known here, whose days could be followed")
    days = [known.days.get((target.person_id, day), ()) for day in target.days]
    newer = [row for rows in days for row in rows if row.computed_at >= sealing.read_from]
    if not newer:
        detail = "no input on record changed, and the stored results are those of the sealing"
        return Cause(code="recomputed", detail=detail)
    last = max(newer, key=lambda row: row.computed_at)
    decided = one.kind == "changed" and (one.sealed is None or one.sealed == "")
    code, deed = ("decided", "not decided when it was sealed") if decided else ("recomputed", "computed anew")
    stands = f"its result now stands on the inputs with the hash {last.input_hash & (2**64 - 1):016x}"
    detail = f"the day {last.work_date} was {deed}; {stands}"
    return Cause(code=code, detail=detail, at=last.computed_at)


def of_people(chosen: Chosen, numbers: Sequence[str]) -> Chosen:
    """The frame with these people only."""
    wanted = set(numbers)
    return replace(chosen, people=[person for person in chosen.people if person.number in wanted])
