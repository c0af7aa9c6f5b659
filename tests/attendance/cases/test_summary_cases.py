"""Spec G.3 and G.8 over a whole period: what the summary makes of the days of the spec."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from service.attendance.models import WeeklySchedule
from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.make import Firm, add
from tests.attendance.reported import ANA, SUMMARY, got, summary

PUNCHES = (
    "01 08:00:00", "01 17:00:00", "02 08:15:59", "02 17:00:00", "03 08:16:00", "03 17:00:00", "04 08:16:00",
    "04 17:16:00", "07 09:00:59", "07 17:00:00", "08 09:01:00", "08 18:30:00", "09 08:20:00", "10 07:00:00",
    "10 16:45:00", "11 08:00:00", "11 16:44:59", "12 10:00:00", "12 12:00:00",
)  # fmt: skip
"""G-O-01 to G-O-10, July 2025."""


async def original(made: Firm) -> None:
    """Ana on S9 (Monday to Friday 08:00 to 17:00), by a weekly schedule as the earlier system keeps it."""
    for weekday in range(1, 6):
        await add(
            made.conn,
            WeeklySchedule,
            person_id=made.ids[ANA],
            shift_type_id=made.ids["Day"],
            weekday=weekday,
            valid_from=date(2025, 1, 1),
            created_by="key:somebody",
        )
    for moment in PUNCHES:
        await made.punch(ANA, f"2025-07-{moment}")
    await made.known_through(datetime(2025, 7, 20, tzinfo=UTC))


async def test_g_o_30_and_103_the_sums_of_a_period_of_the_original(house: House) -> None:
    async with house.writing() as made:
        await original(made)
    work = Recompute(house.runtime.database, house.runtime.versions, house.runtime.compute)
    await work.run(now=datetime(2025, 7, 20, 18, tzinfo=UTC))
    asked = {
        "from": "2025-07-01",
        "to": "2025-07-13",
        "rule_set": "original",
        "variant": "original",
        "person": ANA,
    }
    async with house.reader() as http:
        answer = await got(http, SUMMARY, **asked)
    row = answer["items"][0]
    assert row["worked_seconds"] == 73 * 3600 + 26 * 60 + 1
    assert row["expected_seconds"] == 81 * 3600
    assert (row["lates"], row["absences"], row["absence_episodes"], row["early_exits"]) == (3, "2.00", 1, 1)
    assert row["difference_seconds"] == -(7 * 3600 + 33 * 60 + 59)
    assert row["late_deductions"] == 1
    # G-O-103
    assert (row["bradford"], row["absenteeism"], row["punctuality"]) == ("2.00", "9.09", "92.50")
    assert (row["hour_efficiency"], row["sic"], row["sic_band"]) == ("90.66", "93.41", "green")
    cards = {name: card["value"] for name, card in answer["summary"].items() if isinstance(card, dict)}
    assert cards == {
        "attendance_rate": "90.7", "mean_hour_deviation": "7.6", "punctual_people": "0.0", "lost_days": "22.2",
    }  # fmt: skip


async def test_g_o_32_days_before_joining_are_no_absences(house: House) -> None:
    async with house.writing() as made:
        await made.conn.execute(
            text("UPDATE attendance.person SET joined_on = '2025-07-09' WHERE upstream_name = :ana"),
            {"ana": ANA},
        )
        for time in ("08:00:00", "17:00:00"):
            await made.punch(ANA, f"2025-07-09 {time}", "villas-gate-1")
        # The record begins with somebody's first punch.
        await made.punch("HR-EMP-00003", "2025-06-30 08:00:00", "centro-1")
        await made.known_through(datetime(2025, 7, 20, tzinfo=UTC))
    work = Recompute(house.runtime.database, house.runtime.versions, house.runtime.compute)
    await work.run(now=datetime(2025, 7, 20, 18, tzinfo=UTC), extent=(date(2025, 7, 1), date(2025, 7, 10)))
    async with house.reader() as http:
        row = (await summary(http, **{"from": "2025-07-01", "to": "2025-07-10"}, person=ANA))[ANA]
    assert row["not_employed_days"] == "8.00"
    assert (row["expected_seconds"], row["worked_seconds"]) == (18 * 3600, 9 * 3600)
    assert (row["absences"], row["absence_episodes"]) == ("1.00", 1)
    assert row["difference_seconds"] == -9 * 3600
