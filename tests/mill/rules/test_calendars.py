"""Calendars of a mill: wall clocks of its zone, elapsed hours, days of 23 and 25 hours."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from service.mill.rules.scheduling.blocks import blocks
from service.mill.rules.scheduling.calendars import Calendar, DayException, Shift, open_spans, windows
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.shop import Machine
from tests.mill.shop import job, shop

ZONE = "America/New_York"
NIGHT = [Shift(day, time(22), time(6)) for day in range(7)]
DAYS = [Shift(day, time(6), time(22)) for day in range(5)]
SPRING, AUTUMN = date(2026, 3, 8), date(2025, 11, 2)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(ZONE))


def lengths(calendar: Calendar, day: date) -> list[float]:
    """Hours of the spans that begin on a local day."""
    found = open_spans(calendar, at(day, "00:00"), at(date.fromordinal(day.toordinal() + 1), "12:00"))
    begun = [span for span in found if span.start.astimezone(ZoneInfo(ZONE)).date() == day]
    return [(span.end - span.start).total_seconds() / 3600 for span in begun]


@pytest.mark.parametrize(
    ("day", "whole", "night"), [(SPRING, 23, 7), (AUTUMN, 25, 9), (date(2026, 3, 10), 24, 8)]
)
def test_a_day_is_as_long_as_it_is(day: date, whole: float, night: float) -> None:
    always = Calendar(ZONE, [Shift(weekday, time(), time()) for weekday in range(7)])
    assert lengths(always, day) == [whole]
    evening = date.fromordinal(day.toordinal() - 1)
    assert lengths(Calendar(ZONE, NIGHT), evening)[-1] == night


def test_work_over_a_clock_change_takes_the_hours_that_pass() -> None:
    clock = Clock(at(date(2026, 3, 7), "22:00"), ZONE)
    machine = Machine(code="M1", center="W1", windows=windows(Calendar(ZONE, NIGHT), clock.epoch))
    [block] = blocks(finite_plan([job("A", 200)], shop([machine])).operations, clock)
    # 8 hours of work: 7 in the night that loses an hour, the last in the next night.
    assert block.run_start == at(date(2026, 3, 7), "22:00")
    assert block.end == at(date(2026, 3, 8), "23:00")


def test_shifts_that_a_skipped_hour_makes_overlap_are_worked_once() -> None:
    shifts = [Shift(6, time(1), time(2, 30), 0.5), Shift(6, time(3), time(5))]
    made = windows(Calendar(ZONE, shifts), at(SPRING, "00:00"))
    # 02:30 does not exist and is 03:30 of summer: the second shift is left an hour and a half, to 05:00.
    assert made.inside(0, 24) == [(1, 2.5), (2.5, 4)]


def test_exceptions_close_a_day_close_hours_or_open_a_day() -> None:
    monday, tuesday, sunday = date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 7)
    calendar = Calendar(
        ZONE,
        DAYS,
        [
            DayException(monday, working=False),
            DayException(tuesday, working=False, start=time(12), end=time(13)),
            DayException(sunday, working=True, start=time(8), end=time(12), efficiency=0.85),
        ],
    )
    clock = Clock(at(monday, "00:00"), ZONE)
    made = windows(calendar, clock.epoch)
    assert made.inside(0, 24) == []
    assert made.inside(24, 48) == [(30, 36), (37, 46)]
    assert made.inside(144, 168) == [(152, 156)]
    assert made.work_between(144, 168) == pytest.approx(3.4)


def test_closed_hours_hold_for_the_night_shift_of_the_day_before_too() -> None:
    thursday = DayException(date(2025, 9, 4), working=False, start=time(0), end=time(12))
    made = windows(Calendar(ZONE, NIGHT, [thursday]), at(date(2025, 9, 3), "00:00"))
    assert made.inside(12, 60) == [(22, 24), (46, 54)]


def test_a_calendar_without_shifts_is_told_as_the_reason() -> None:
    closed = windows(Calendar(ZONE, []), at(SPRING, "00:00"))
    plan = finite_plan([job("A", 100)], shop([Machine(code="M1", center="W1", windows=closed)]))
    assert [(one.order, one.reason) for one in plan.unscheduled] == [("A", "NO_WORKING_TIME")]


def test_late_is_late_after_midnight_of_the_due_day_in_the_mill() -> None:
    clock = Clock(at(date(2025, 11, 1), "12:00"), ZONE)
    assert clock.end_of(AUTUMN) == 37
    plan = finite_plan([job("A", 950, due=clock.end_of(AUTUMN))], shop(), Options())
    assert plan.operations[0].late == 1
    [block] = blocks(plan.operations, clock)
    assert block.end == datetime(2025, 11, 3, 6, tzinfo=UTC)


def test_weeks_are_iso_weeks_of_the_mill() -> None:
    weeks = Clock(at(date(2025, 10, 29), "10:00"), ZONE).weeks(2)
    assert [(week.name, week.end - week.start) for week in weeks] == [("2025-W44", 169), ("2025-W45", 168)]
    assert [week.name for week in Clock(at(date(2026, 12, 28), "10:00"), ZONE).weeks(2)] == [
        "2026-W53",
        "2027-W01",
    ]
