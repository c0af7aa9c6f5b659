"""Ours beside the upstream's attendance: what agrees is left out, what differs says why."""

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.make import firm, judged

ASK = {"month": "2026-09", "person": "HR-EMP-00001"}
MARKED = datetime(2026, 9, 5, 3)


@pytest.fixture
async def both(house: House) -> House:
    """Ana's first week: equal, a late upload, one entered by hand, and one the upstream never processed."""
    async with house.runtime.database.write() as conn:
        made = await firm(conn)
        await conn.execute(
            text("""
                UPDATE attendance.shift_type
                SET auto_attendance = true, process_after = '2026-09-01', last_sync = '2026-09-05 12:00',
                    absent_threshold_hours = 2
                WHERE name = 'Day'
            """)
        )
        await conn.execute(text("UPDATE attendance.rule_set SET active = (name = 'frappe_hr')"))
        for day in (1, 2, 3, 4):
            uploaded = datetime(2026, 9, 20) if day == 2 else datetime(2026, 9, day, 18)
            for hour in (8, 17):
                at = f"2026-09-{day:02} {hour:02}:00:00"
                await made.punch("HR-EMP-00001", at, "villas-gate-1", upstream_modified=uploaded)
        times: dict[str, Any] = {"hours": 9, "shift_name": "Day", "upstream_modified": MARKED}
        await judged(
            made,
            "HR-EMP-00001",
            date(2026, 9, 1),
            in_time=datetime(2026, 9, 1, 8),
            out_time=datetime(2026, 9, 1, 17),
            **times,
        )
        await judged(made, "HR-EMP-00001", date(2026, 9, 2), "Absent", **(times | {"hours": 0}))
        await judged(
            made, "HR-EMP-00001", date(2026, 9, 3), "Work From Home", hours=0, upstream_modified=MARKED
        )
        await made.known_through(datetime(2026, 9, 6, 12, tzinfo=UTC))
    work = Recompute(house.runtime.database, house.runtime.versions, house.runtime.compute)
    await work.run(now=datetime(2026, 9, 5, 18, tzinfo=UTC))
    return house


async def test_differences_say_where_they_come_from(both: House) -> None:
    async with both.reader() as http:
        answer = (await http.get("/reports/reconciliation", params=ASK)).json()
    found = {row["day"]: row for row in answer["items"]}
    assert set(found) == {"2026-09-02", "2026-09-03", "2026-09-04"}
    assert answer["summary"] == {"compared": 4, "equal": 1, "different": 3}
    late = found["2026-09-02"]
    assert (late["ours"], late["theirs"]) == ("Present", "Absent")
    assert late["differs"] == ["status", "hours", "in", "out"]
    assert "after the upstream had marked the day" in late["reason"]
    assert "entered by hand" in found["2026-09-03"]["reason"]
    assert (found["2026-09-04"]["theirs"], found["2026-09-04"]["our_hours"]) == (None, "9.00")
    assert "has no attendance here" in found["2026-09-04"]["reason"]


async def test_all_rows_can_be_asked_for(both: House) -> None:
    async with both.reader() as http:
        answer = (await http.get("/reports/reconciliation", params=ASK | {"only_differences": False})).json()
    first = answer["items"][0]
    assert (first["day"], first["differs"], first["reason"]) == ("2026-09-01", [], None)
    assert answer["params"]["rule_set"] == "frappe_hr"


async def test_a_page_shows_the_clock_on_the_wall_whatever_the_hosts_zone(
    both: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        async with both.reader() as http:
            page = await http.get("/reports/reconciliation", params=ASK | {"format": "html"})
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "2026-09-02 08:00" in page.text
    assert "2026-09-02 17:00" in page.text
    assert "02:30" not in page.text


async def test_a_long_name_never_takes_the_word_incomplete_from_a_file(both: House) -> None:
    long = "HR-EMP-" + "9" * 110
    async with both.runtime.database.write() as conn:
        await conn.execute(
            text("UPDATE attendance.person SET upstream_name = :long WHERE upstream_name = 'HR-EMP-00001'"),
            {"long": long},
        )
    async with both.reader() as http:
        answer = await http.get("/reports/reconciliation", params=ASK | {"person": long, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].endswith('_incomplete.csv"')
