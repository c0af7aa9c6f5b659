"""What cannot be meant is refused, with its place (spec G-N-100), and never fails."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text

from service.attendance.router.windows import (
    LONGEST,
    a_week_before,
    first_of_month,
    month_scopes,
    with_window,
)
from service.core.errors import Invalid
from service.schemas import attendance as wire
from service.schemas.asked import EARLIEST, LATEST, CalendarDate
from tests.attendance.house import House

MONDAY = date(2026, 9, 14)
WEEK = {"from": "2026-09-14", "to": "2026-09-20"}
KNOWN = datetime(2026, 9, 30, tzinfo=UTC)


@given(
    st.dates(EARLIEST, LATEST), st.none() | st.dates(EARLIEST, LATEST), st.none() | st.dates(EARLIEST, LATEST)
)
def test_every_window_is_bounded_and_in_order_or_refused(
    today: date, first: date | None, last: date | None
) -> None:
    ask = wire.CheckinsAsk.model_construct(from_=first, to=last)
    for start in (a_week_before, first_of_month):
        end = last or max(today, first or today)
        begin = first or start(end)
        if 0 <= (end - begin).days < LONGEST:
            chosen = with_window(ask, today, start)
            assert (chosen.from_, chosen.to) == (begin, end)
            days = [begin + timedelta(days=n) for n in range(-1, (end - begin).days + 2)]
            assert set(month_scopes(chosen)) == {f"attendance/{day:%Y-%m}" for day in days}
        else:
            assert first is not None  # a default never makes a window that is refused
            with pytest.raises(Invalid) as refused:
                with_window(ask, today, start)
            code = "from_after_to" if begin > end else "span_too_long"
            assert [(error.pointer, error.code) for error in refused.value.errors] == [
                ("/query/from", code),
                ("/query/to", code),
            ]


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ("2026-10-01T00:00:00", "offset_required"),
        ("2026-10-01 09:00", "offset_required"),
        ("2026-10-01T00:00:00Z", "date_expected"),
        ("2026-10-01T00:00:00-06:00", "date_expected"),
        ("1761955200", "bad_date"),
        (1761955200, "bad_date"),
        ("2026-02-30", "bad_date"),
        ("2026-1-1", "bad_date"),
        ("today", "bad_date"),
        ("", "bad_date"),
        ("0001-01-01", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
    ],
)
def test_g_n_100_only_a_date_is_a_date(given_: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(CalendarDate).validate_python(given_)
    assert [error["type"] for error in refused.value.errors()] == [code]


@given(st.dates(EARLIEST, LATEST))
def test_every_date_is_read_back_as_it_was_written(day: date) -> None:
    assert TypeAdapter(CalendarDate).validate_python(day.isoformat()) == day


BAD: tuple[tuple[dict[str, Any], list[str], str], ...] = (
    ({"from": "2026-09-02", "to": "2026-09-01"}, ["/query/from", "/query/to"], "from_after_to"),
    ({"from": "2025-01-01", "to": "2026-02-04"}, ["/query/from", "/query/to"], "span_too_long"),
    ({"from": "2026-02-30"}, ["/query/from"], "bad_date"),
    ({"to": "2026-09-01T10:00:00"}, ["/query/to"], "offset_required"),
    ({"to": "2026-09-01T10:00:00Z"}, ["/query/to"], "date_expected"),
    ({"fron": "2026-09-01"}, ["/query/fron"], "unknown_parameter"),
    ({"person": ["1", "2"]}, ["/query/person"], "repeated_parameter"),
    ({"limit": "1001"}, ["/query/limit"], "less_than_equal"),
    ({"limit": "0"}, ["/query/limit"], "greater_than_equal"),
    ({"person": "a\0b"}, ["/query/person"], "unusable_text"),
    ({"person": ""}, ["/query/person"], "string_too_short"),
    ({"person": "nobody"}, ["/query/person"], "unknown_person"),
    ({"site": "Nowhere"}, ["/query/site"], "unknown_site"),
)


@pytest.mark.parametrize("path", ["/checkins", "/days", "/leaves", "/upstream-attendance"])
async def test_g_n_100_what_cannot_be_meant_is_refused_with_its_place(house: House, path: str) -> None:
    async with house.reader() as http:
        for asked, pointers, code in BAD:
            answer = await http.get(path, params=asked)
            assert answer.status_code == 422, asked
            assert answer.headers["content-type"] == "application/problem+json"
            assert [error["pointer"] for error in answer.json()["errors"]] == pointers
            assert {error["code"] for error in answer.json()["errors"]} == {code}


async def test_g_n_100_the_longest_window_is_a_leap_year(house: House) -> None:
    async with house.reader() as http:
        assert (await http.get("/days", params={"from": "2024-01-01", "to": "2024-12-31"})).status_code == 200
        assert (await http.get("/days", params={"from": "2023-12-31", "to": "2024-12-31"})).status_code == 422


UNUSABLE = (
    ("/checkins", {"device_like": "villas\\"}, "bad_pattern"),
    ("/checkins", {"log_type": "in"}, "literal_error"),
    ("/checkins", {"unassigned": "perhaps"}, "bool_parsing"),
    ("/checkins", {"device": "vilas"}, "unknown_device"),
    ("/days", {"status": "present"}, "literal_error"),
    ("/days", {"rule_set": "mine"}, "unknown_rule_set"),
    ("/days", {"incident": "LATE"}, "unknown_incident"),
    ("/people", {"q": "x" * 141}, "string_too_long"),
    ("/people", {"status": "active"}, "literal_error"),
    ("/sync", {"x": "1"}, "unknown_parameter"),
    ("/people/1", {"x": "1"}, "unknown_parameter"),
)


async def test_unusable_values_are_refused(house: House) -> None:
    async with house.reader() as http:
        for path, asked, code in UNUSABLE:
            answer = await http.get(path, params=asked)
            assert (answer.status_code, [entry["code"] for entry in answer.json()["errors"]]) == (422, [code])


WRITTEN_OTHERWISE = (
    ("monthly-sheet", {"month": "October"}, "string_pattern_mismatch", "write YYYY-MM, such as 2026-10"),
    ("monthly-sheet", {"month": "2026-13"}, "string_pattern_mismatch", "write YYYY-MM, such as 2026-10"),
    ("summary", {"half": "2026-10-3"}, "string_pattern_mismatch", "such as 2026-10-1"),
    ("summary", {"week": "42"}, "string_pattern_mismatch", "write YYYY-Wnn, such as 2026-W42"),
    ("compare", {"with_month": "10"}, "string_pattern_mismatch", "write YYYY-MM, such as 2026-10"),
    ("what-if", {"candidate": "Mine!"}, "string_pattern_mismatch", "such as recommended/1"),
    ("headcount", {"at": "2026-10-01T09:00"}, "offset_required", "give one such as 2026-10-31T08:00:00Z"),
    ("headcount", {"at": "noon"}, "datetime_from_date_parsing", "give an instant such as 2026-10-31T08"),
)


async def test_who_writes_it_otherwise_is_told_how_and_no_regular_expression(house: House) -> None:
    async with house.reader() as http:
        for report, asked, code, words in WRITTEN_OTHERWISE:
            answer = await http.get(f"/reports/{report}", params=asked)
            (error,) = answer.json()["errors"]
            assert (answer.status_code, error["code"]) == (422, code)
            assert words in error["detail"]
            assert "^" not in answer.text


async def test_a_path_that_names_nobody_is_not_found(house: House) -> None:
    async with house.writing() as firm:
        await firm.person("ab", "The one without NUL", "Villas")
    async with house.reader() as http:
        for number in ("%00", "a%00b", "%F0%9F%8F%A0", "%ED%A0%80", "x" * 5000):
            answer = await http.get(f"/people/{number}")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), number


async def test_an_export_of_a_site_that_is_not_there_is_refused_before_it_is_queued(house: House) -> None:
    asked = {"format": "csv", "params": {"month": "2026-09", "site": "Vilas"}}
    async with house.reader() as http:
        answer = await http.post("/reports/detail/exports", json=asked)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/body/params/site", "unknown_site")
    async with house.runtime.database.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM muster.run")) == 0
