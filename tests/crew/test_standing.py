"""How far an answer can be trusted: as of when, stale from when on (spec D.4, D.7)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.core.settings import Settings
from service.crew.answers.standing import Standing, not_fetched, stale_at, standing, together
from service.crew.queries.station_days import Look
from service.crew.rules.slots import day_bounds

SETTINGS = Settings()
GARTAN = SETTINGS.upstream.gartan
DAY = date(2026, 3, 5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("fetched", "stale"),
    [
        ("2026-03-05T10:00", "2026-03-05T10:15"),  # today: 5 minutes
        ("2026-03-04T10:00", "2026-03-04T13:00"),  # tomorrow: an hour
        ("2026-03-04T22:00", "2026-03-05T00:00"),  # seen as tomorrow: stale once it is today
        ("2026-02-20T06:00", "2026-02-23T06:00"),  # later: a day
        ("2026-03-01T06:00", "2026-03-04T00:00"),  # seen as later: stale once it is tomorrow
        ("2026-03-05T23:59", "2026-03-06T00:14"),  # past, not final: still wanted
        ("2026-03-06T00:30", None),  # past and final
    ],
)
def test_a_day_is_stale_after_three_times_its_freshness(fetched: str, stale: str | None) -> None:
    expected = None if stale is None else at(stale)
    assert stale_at(GARTAN, DAY, at(fetched), "Europe/London") == expected


def test_the_oldest_look_counts_and_every_doubt_is_told() -> None:
    looks = [look(DAY, "2026-03-05T10:00"), look(date(2026, 3, 6), "2026-03-05T09:00")]
    fine = standing(SETTINGS, 7, looks, "Europe/London", at("2026-03-05T10:01"))
    assert fine.as_json() == {
        "version": 7, "as_of": at("2026-03-05T09:00"), "stale": False, "complete": True, "reasons": [],
    }  # fmt: skip
    assert fine.until == at("2026-03-05T10:15")
    aged = standing(SETTINGS, 3, looks, "Europe/London", at("2026-03-05T10:15"), ["one is unknown"])
    assert (aged.stale, aged.complete, aged.until) == (True, False, at("2026-03-05T12:00"))
    both = together([fine, aged])
    assert (both.version, both.as_of, both.stale, both.reasons) == (
        10, at("2026-03-05T09:00"), True, ("one is unknown",),
    )  # fmt: skip
    assert [one.complete for one in (fine.completeness("P22"), aged.completeness("P22"))] == [True, False]
    assert Standing(0, None, False).as_json()["as_of"] is None


def test_what_no_look_covers_is_named() -> None:
    start, end = at("2026-03-04T00:00"), at("2026-03-06T12:00")
    assert not_fetched([look(DAY, "2026-03-05T10:00")], start, end) == [
        (start, start + timedelta(days=1)),
        (end - timedelta(hours=12), end),
    ]


def look(day: date, fetched: str) -> Look:
    return Look(day, at(fetched), (day_bounds(day, "Europe/London"),), frozenset({1}), False, 1)
