"""Reports that show the same figure of the same days agree on it, whatever became of the days."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from service.attendance.models import Correction
from tests.attendance.house import House
from tests.attendance.make import Firm, add, leave
from tests.attendance.reported import ANA, BEN, CARLA, MONTH, got, summary

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
ALIKE = {
    "scheduled": "scheduled_days",
    "attended": "present_days",
    "absent": "absences",
    "on_leave": "leave_days",
    "worked_seconds": "worked_seconds",
    "expected_seconds": "expected_seconds",
    "expected_net_seconds": "net_expected_seconds",
    "overtime_seconds": "overtime_seconds",
    "late": "lates",
    "early": "early_exits",
    "missing_punches": "missing_punches",
}
CARDS = {
    "attendance_percent": "attendance_rate",
    "punctuality_percent": "punctual_people",
    "lost_percent": "lost_days",
}


async def fill(made: Firm) -> None:
    """September with every kind of day that reports could count differently."""
    for number in (ANA, BEN, CARLA):
        await made.works(number, "Day")
    await _punched(made, ANA, 1, "09:30", "17:00")  # severely late
    await _punched(made, ANA, 2, "08:20")  # late, and no exit
    await _punched(made, ANA, 3, "08:30", "16:00")  # late and early, set to present by hand
    await _punched(made, ANA, 4, "08:00", "17:00")  # on a day of leave
    await _punched(made, ANA, 16, "08:00", "12:00")  # a feast
    await _punched(made, BEN, 1, "12:30", "17:00")  # half a day of leave
    await _punched(made, BEN, 2, "17:00")  # no entry
    await leave(made, ANA, date(2026, 9, 4), date(2026, 9, 4))
    for on in (1, 3):  # worked, and missed, on the other half
        day = date(2026, 9, on)
        await leave(made, BEN, day, day, half_day=True, half_day_date=day)
    await leave(made, CARLA, date(2026, 9, 7), date(2026, 9, 9))
    await _by_hand(made, ANA, 3, "PRESENT")
    await _by_hand(made, CARLA, 9, "PRESENT")  # came in spite of leave
    await _punched(made, ANA, 8, "08:00", "12:00")
    for day, status in ((7, "HOLIDAY"), (8, "REST_WORKED"), (20, "PRESENT")):  # a list that was wrong
        await _by_hand(made, ANA, day, status)
    await made.conn.execute(
        text("UPDATE attendance.person SET left_on = '2026-09-08' WHERE upstream_name = :carla"),
        {"carla": CARLA},
    )
    await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))


async def _punched(made: Firm, person: str, day: int, *times: str) -> None:
    for time in times:
        await made.punch(person, f"2026-09-{day:02} {time}:00", "villas-gate-1")


async def _by_hand(made: Firm, person: str, day: int, status: str) -> None:
    await add(
        made.conn,
        Correction,
        person_id=made.ids[person],
        work_date=date(2026, 9, day),
        kind="status",
        status=status,
        reason="seen",
        created_by="test",
    )


@pytest.mark.parametrize("rule_set", ["recommended", "original", "frappe_hr"])
async def test_summary_dashboard_and_leave_say_the_same(house: House, rule_set: str) -> None:
    async with house.writing() as made:
        await fill(made)
    await house.recompute(NOW)
    asked = MONTH | {"rule_set": rule_set}
    async with house.reader() as http:
        rows = [*(await summary(http, **asked)).values()]
        together = (await got(http, "/reports/summary", **asked))["summary"]
        board = (await got(http, "/reports/dashboard", **asked))["summary"]
        used = (await got(http, "/reports/leave-usage", **asked))["summary"]["by_type"]
    summed = {name: sum(Decimal(row[theirs]) for row in rows) for name, theirs in ALIKE.items()}
    assert {name: Decimal(board[name]) for name in ALIKE} == summed
    assert {name: board[name] for name in CARDS} == {
        name: together[card]["value"] for name, card in CARDS.items()
    }
    if rule_set != "original":  # there half a day of leave justifies the whole day (A.10)
        taken = sum(Decimal(days) for row in rows for days in row["leaves"].values())
        assert taken == sum(Decimal(days) for days in used.values()) > 3
