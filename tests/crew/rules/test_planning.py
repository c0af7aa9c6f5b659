"""Which days are asked for, and in which order (spec D.4)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.crew.rules.planning import Freshness, Seen, Wanted, plan, span

ZONE = "Europe/London"
FRESH = Freshness()
UPDATE = Wanted("update", 3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def seen_all(now: datetime, days: list[date], age: timedelta = timedelta(0)) -> Seen:
    looks = dict.fromkeys(days, now - age)
    return Seen(looks, looks)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [(date(2026, 3, 4), 2, 8), (date(2026, 3, 2), 2, 8), (date(2026, 3, 8), 2, 10)],
)
def test_c088_the_whole_week_is_covered(today: date, first: int, last: int) -> None:
    assert span(today, 3) == march(*range(first, last + 1))


def test_today_comes_first_then_tomorrow_then_what_is_past() -> None:
    assert plan(UPDATE, Seen(), at("2026-03-04T09:00"), ZONE, FRESH) == march(4, 5, 2, 3, 6, 7, 8)


@pytest.mark.parametrize(("minutes", "asked"), [(4, False), (5, True), (6, True)])
def test_c090_today_is_fresh_for_five_minutes(minutes: int, asked: bool) -> None:
    now = at("2026-03-08T09:00")
    seen = Seen({date(2026, 3, 8): now - timedelta(minutes=minutes)})
    assert (date(2026, 3, 8) in plan(UPDATE, seen, now, ZONE, FRESH)) is asked


@pytest.mark.parametrize(
    ("day", "fresh", "due"),
    [
        (5, timedelta(minutes=59), timedelta(minutes=60)),
        (6, timedelta(hours=23, minutes=59), timedelta(hours=24)),
    ],
)
def test_tomorrow_is_fresh_for_an_hour_and_later_days_for_a_day(
    day: int, fresh: timedelta, due: timedelta
) -> None:
    now = at("2026-03-04T09:00")
    for age, asked in ((fresh, False), (due, True)):
        seen = Seen({date(2026, 3, day): now - age})
        assert (date(2026, 3, day) in plan(UPDATE, seen, now, ZONE, FRESH)) is asked


def test_a_comprehensive_look_takes_every_day_ahead() -> None:
    now = at("2026-03-04T06:00")
    seen = seen_all(now, march(*range(2, 18)), timedelta(minutes=1))
    assert plan(Wanted("comprehensive", 14), seen, now, ZONE, FRESH) == march(*range(5, 18))


def test_a_past_day_is_final_once_it_was_seen_half_an_hour_after_its_end() -> None:
    now = at("2026-03-04T09:00")
    early, late = at("2026-03-04T00:29:59"), at("2026-03-04T00:30")
    assert date(2026, 3, 3) in plan(UPDATE, Seen({date(2026, 3, 3): early}), now, ZONE, FRESH)
    assert date(2026, 3, 3) not in plan(UPDATE, Seen({date(2026, 3, 3): late}), now, ZONE, FRESH)


def test_a_past_day_that_is_refused_is_asked_for_once_an_hour() -> None:
    day, tried = date(2026, 3, 3), at("2026-03-04T09:00")
    seen = Seen({day: at("2026-03-03T23:00")}, {day: tried})
    assert day not in plan(UPDATE, seen, tried + timedelta(minutes=59), ZONE, FRESH)
    assert day in plan(UPDATE, seen, tried + timedelta(minutes=60), ZONE, FRESH)


def test_sunday_is_finished_on_monday() -> None:
    now = at("2026-03-09T00:40")
    seen = Seen({date(2026, 3, 7): at("2026-03-08T01:00"), date(2026, 3, 8): at("2026-03-08T23:58")})
    asked = plan(UPDATE, seen, now, ZONE, FRESH)
    assert asked[:3] == march(9, 10, 8)
    assert date(2026, 3, 7) not in asked


def test_a_day_ends_by_the_clock_of_the_station() -> None:
    """29 March has 23 hours: it ends at 23:00Z, and is final at 23:30Z."""
    day, now = date(2026, 3, 29), at("2026-03-30T09:00")
    for seen_at, asked in (("2026-03-29T23:29", True), ("2026-03-29T23:30", False)):
        assert (day in plan(Wanted("manual", 0, [day]), Seen({day: at(seen_at)}), now, ZONE, FRESH)) is asked


def test_dates_are_asked_for_as_given_and_forced_ones_in_any_case() -> None:
    now = at("2026-03-04T09:00")
    days = march(20, 4, 1)
    seen = seen_all(now, days)
    assert plan(Wanted("manual", 0, days), seen, now, ZONE, FRESH) == []
    assert plan(Wanted("manual", 0, days, force=True), seen, now, ZONE, FRESH) == march(4, 1, 20)


def test_who_comes_by_at_a_beat_takes_what_goes_stale_just_after_it() -> None:
    now = at("2026-03-08T09:00")
    seen = Seen({date(2026, 3, 8): now - timedelta(minutes=4, seconds=56)})
    beat = Freshness(slack=timedelta(seconds=30))
    assert date(2026, 3, 8) not in plan(UPDATE, seen, now, ZONE, FRESH)
    assert date(2026, 3, 8) in plan(UPDATE, seen, now, ZONE, beat)
