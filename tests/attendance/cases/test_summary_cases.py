"""Spec G.3 and G.8 over a whole period: what the summary makes of the days of the spec."""

from datetime import UTC, date, datetime

from sqlalchemy import text

from service.attendance.models import RuleSet as RuleSetRow
from service.attendance.recompute import Recompute
from service.attendance.rules.ruleset import RECOMMENDED
from tests.attendance.house import House
from tests.attendance.make import Firm, add
from tests.attendance.reported import ANA, SUMMARY, got, summary


async def original(made: Firm) -> None:
    """G-O-01 to G-O-10 as the original judged them, as results of a rule set with its parameters."""
    parameters = RECOMMENDED.to_json() | {"name": "original"}
    parameters["punctuality"] |= {"severe_is_absence": True, "lates_carry_over": "report"}
    parameters["absence"] |= {"episode_bridging": False}
    rules = await add(made.conn, RuleSetRow, name="original", version=1, parameters=parameters)
    severe = {"status": "SEVERE_LATE", "code": "A"}
    late = {"status": "LATE", "late_counted": True, "late_minutes": 16}
    for day, worked, values in (
        (1, "9:00:00", {}),
        (2, "8:44:01", late),
        (3, "8:44:00", late),
        (4, "9:00:00", {"status": "LATE_FORGIVEN", "late_forgiven": True}),
        (7, "7:59:01", severe),
        (8, "9:29:00", severe),
        (9, "0:00:00", late),
        (10, "9:45:00", {}),
        (11, "8:44:59", {"early": True}),
        (12, "2:00:00", {"status": "REST_WORKED", "expected_seconds": 0, "expected_net_seconds": 0}),
        *((rest, "0:00:00", {"status": "REST", "code": "WO", "expected_seconds": 0}) for rest in (5, 6, 13)),
    ):
        hours, minutes, seconds = (int(part) for part in worked.split(":"))
        known = {"expected_seconds": 9 * 3600, "worked_seconds": hours * 3600 + minutes * 60 + seconds}
        await made.day(ANA, date(2025, 7, day), rule_set_id=rules, **{**known, **values})


async def test_g_o_30_and_103_the_sums_of_what_the_original_judged(house: House) -> None:
    async with house.writing() as made:
        await original(made)
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
