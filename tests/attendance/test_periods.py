"""Q5: every way to name a period gives exact dates, and only one way may be used at a time."""

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.attendance.reports import REPORTS
from service.attendance.reports.periods import resolved, scopes_of, span_of
from service.core.auth import SYSTEM
from service.core.settings import Settings
from service.reporting.report import BuildContext
from service.schemas.attendance.reports import PeopleFilter
from tests.attendance.house import House

DAYS = st.dates(date(1901, 1, 1), date(2198, 12, 31))


def span(**asked: Any) -> tuple[date, date]:
    return span_of(PeopleFilter.model_validate(asked))


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


@given(DAYS)
def test_q5_two_halves_make_a_month_and_none_is_missed(day: date) -> None:
    first, second = (span(half=f"{day:%Y-%m}-{half}") for half in (1, 2))
    month = span(month=f"{day:%Y-%m}")
    assert days(*first) + days(*second) == days(*month)
    assert len(days(*first)) == 15
    assert len(days(*second)) == calendar.monthrange(day.year, day.month)[1] - 15 in range(13, 17)


@given(DAYS)
def test_q5_every_day_lies_in_the_iso_week_it_names(day: date) -> None:
    year, week, weekday = day.isocalendar()
    start, end = span(week=f"{year:04}-W{week:02}")
    assert (start.isoweekday(), end.isoweekday(), day - start) == (1, 7, timedelta(days=weekday - 1))


@given(st.integers(1900, 2199))
def test_q5_week_53_is_there_in_long_years_only(year: int) -> None:
    # A year has 53 weeks when 1 January is a Thursday, or a Wednesday of a leap year.
    first = date(year, 1, 1).isoweekday()
    if first == 4 or (first == 3 and calendar.isleap(year)):
        start, end = span(week=f"{year}-W53")
        assert start <= date(year, 12, 31) <= end
    else:
        with pytest.raises(ValidationError, match=f"{year} has no week 53; its last one is {year}-W52"):
            span(week=f"{year}-W53")


@given(DAYS, st.integers(2, 28))
def test_q5_cuts_follow_each_other_without_a_gap(day: date, cut: int) -> None:
    start, end = span(month=f"{day:%Y-%m}", cut=cut)
    assert (start.day, end.day, f"{end:%Y-%m}") == (cut, cut - 1, f"{day:%Y-%m}")
    following = span(month=f"{end.replace(day=1) + timedelta(days=31):%Y-%m}", cut=cut)
    assert following[0] == end + timedelta(days=1)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({"half": "2024-02-2"}, "2024-02-16", "2024-02-29"),
        ({"half": "2100-02-2"}, "2100-02-16", "2100-02-28"),
        ({"half": "2026-10-1", "period": "quincena"}, "2026-10-01", "2026-10-15"),
        ({"week": "2026-W43"}, "2026-10-19", "2026-10-25"),
        ({"week": "2020-W53"}, "2020-12-28", "2021-01-03"),
        ({"month": "2026-10", "cut": 26}, "2026-09-26", "2026-10-25"),
        ({"month": "2026-01", "cut": 2}, "2025-12-02", "2026-01-01"),
    ],
)
def test_q5_periods_of_the_calendar(asked: dict[str, Any], first: str, last: str) -> None:
    assert span(**asked) == (date.fromisoformat(first), date.fromisoformat(last))


@given(
    DAYS, st.sampled_from([{}, {"period": "month"}, {"period": "quincena"}, {"period": "week"}, {"cut": 26}])
)
def test_without_a_name_it_is_the_period_of_yesterday(day: date, asked: dict[str, Any]) -> None:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    context = BuildContext(now=noon, caller=SYSTEM, settings=Settings())
    params = resolved(PeopleFilter.model_validate(asked), context)
    start, end = span_of(params)
    assert start <= day - timedelta(days=1) <= end
    assert resolved(params, context) == params
    assert PeopleFilter.model_validate(params.model_dump(by_alias=True)) == params
    assert {f"attendance/{one:%Y-%m}" for one in (start, end)} <= set(scopes_of(params))


@pytest.mark.parametrize(
    ("params", "hint"),
    [
        ({"month": "2026-09", "half": "2026-09-1"}, "give one of month, half, week, or from and to"),
        ({"week": "2026-W36", "from": "2026-09-01", "to": "2026-09-02"}, "give one of"),
        ({"half": "2026-09-3"}, "/query/half"),
        ({"week": "2026-W54"}, "/query/week"),
        ({"week": "2025-W53"}, "its last one is 2025-W52"),
        ({"cut": "29", "month": "2026-09"}, "/query/cut"),
        ({"cut": "26", "week": "2026-W36"}, "cut goes with month"),
        ({"cut": "26", "period": "quincena"}, "cut goes with month"),
        ({"period": "quincena", "month": "2026-09"}, "period=quincena goes with half"),
        ({"period": "fortnight"}, "/query/period"),
        ({"from": "2026-09-01"}, "come together"),
    ],
)
async def test_g_n_100_a_period_has_one_name(house: House, params: dict[str, str], hint: str) -> None:
    async with house.reader() as http:
        for report in ("summary", "absences", "monthly-sheet"):
            answer = await http.get(f"/reports/{report}", params=params)
            assert answer.status_code == 422, answer.text
            assert hint in answer.text


OF_DAYS = [report.name for report in REPORTS if issubclass(report.params, PeopleFilter)]
SHEET = "monthly-sheet"
BESIDE = {"what-if": {"candidate": "original"}}


@pytest.mark.parametrize("report", OF_DAYS)
async def test_g_n_100_how_long_a_period_may_be(house: House, report: str) -> None:
    longest, told = (
        (91, "at most 90 days apart") if report == SHEET else (366, "a report covers at most 366 days")
    )
    first = date(2025, 3, 1)
    async with house.reader() as http:
        for longer in (0, 1, 300):
            last = first + timedelta(days=longest - 1 + longer)
            asked = {"from": f"{first}", "to": f"{last}", **BESIDE.get(report, {})}
            answer = await http.get(f"/reports/{report}", params=asked)
            assert answer.status_code == (422 if longer else 200), answer.text
            if longer:
                problem = answer.json()
                assert f"are {longest + longer} days; " in problem["detail"]
                assert told in problem["detail"]
                assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
                    ("/query/to", "span_too_long")
                ]
