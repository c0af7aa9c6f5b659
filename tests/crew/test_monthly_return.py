"""The report `monthly-return` and its statement: what was signed stays, and each difference has its cause (Q9)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from service.crew.days.observation import Observation
from service.crew.queries.stations import StationRow
from service.crew.rules.calendar import days
from service.crew.rules.grid import Contract, DayGrid
from service.crew.rules.slots import day_bounds
from service.schemas.crew.reports import MonthlyReturnRow
from tests.crew.house import House, open_house
from tests.crew.scenario import S1, cells, seen, station

REPORT = "/v1/crew/reports/monthly-return"
MARCH = {"station": "P22", "month": "2026-03"}
HOUR = 3600
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
EIGHTH = date(2026, 3, 8)
Causes = dict[tuple[str, str], set[str]]


async def march(house: House) -> StationRow:
    """S1 on every day of March, each seen when it was final."""
    made = await station(house.runtime)
    for day in days(FIRST, LAST):
        await seen(house.runtime, made, S1, day, fetched=day_bounds(day, made.zone)[1] + timedelta(hours=1))
    return made


async def sealed(house: House, params: Mapping[str, Any] = MARCH) -> str:
    """A statement of March; its path."""
    asked = {"report": "monthly-return", "params": params, "note": "March", "accept_incomplete": True}
    answer = await house.ask("POST", "/v1/crew/statements", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


async def causes(house: House, statement: str) -> Causes:
    """By row and figure the codes of the causes."""
    items = (await house.get(f"{statement}/changes", limit=1000))["items"]
    return {(one["key"]["name"], one["figure"]): {cause["code"] for cause in one["causes"]} for one in items}


async def test_a_month_of_appliances_and_people(house: House) -> None:
    await march(house)
    body = await house.get(REPORT, **MARCH)
    rows = {row["name"]: row for row in body["items"]}
    [MonthlyReturnRow.model_validate(row) for row in rows.values()]
    assert list(rows) == ["P22P6", "ALDER, JO", "BIRCH, KE", "CEDAR, LU", "DOGWOOD, MI", "ELDER, SA"]
    assert (body["meta"]["complete"], body["meta"]["incomplete_reasons"]) == (True, [])
    pump, alder = rows["P22P6"], rows["ALDER, JO"]
    assert (pump["period_seconds"], pump["on_the_run_seconds"], pump["unknown_seconds"]) == (
        743 * HOUR, 31 * 9 * HOUR, 0,
    )  # fmt: skip
    assert sum(pump["by_combination"].values()) == pump["off_seconds"] == (743 - 279) * HOUR
    assert alder["available_seconds"] == (31 * 16 - 1) * HOUR
    assert (alder["contract_seconds"], alder["contract_percent"]) == (972514, "183.24")
    file = await house.ask("GET", REPORT, params={**MARCH, "format": "csv", "durations": "hours"})
    assert file.text.splitlines()[1].startswith("P22,appliance,P22P6,,743,0,279,464,37.55,")
    await explained(house, rows)


async def test_numbers_stand_for_names_where_asked_also_in_causes(house: House) -> None:
    made = await march(house)
    hidden = {**MARCH, "redact": "true"}
    rows = (await house.get(REPORT, **hidden))["items"]
    assert {row["name"] for row in rows} == {"P22P6", "#1", "#2", "#3", "#4", "#5"}
    asked = {**hidden, "kind": "crew", "name": "#5", "figure": "available_seconds"}
    told = await house.get(f"{REPORT}/explain", **asked)
    assert told["subject"].startswith("#5 (P22)")
    statement = await sealed(house, hidden)
    shorter = replace(S1.crew[4], cells=cells([(6, 8)]))
    later = DayGrid(S1.labels, 15, (*S1.crew[:4], shorter), S1.appliances)
    await seen(house.runtime, made, later, EIGHTH, fetched=datetime.now(UTC))
    assert (await causes(house, statement))["#5", "available_seconds"] == {"observation_changed"}


async def explained(house: House, rows: dict[str, dict[str, Any]]) -> None:
    """Q8: every figure follows from its explanation alone."""
    of_appliance = ("unknown_seconds", "on_the_run_seconds", "off_seconds", "on_the_run_percent")
    of_crew = ("unknown_seconds", "available_seconds", "contract_seconds", "contract_percent")
    for name, figures in (("P22P6", of_appliance), ("ALDER, JO", of_crew)):
        kind = rows[name]["kind"]
        for figure in figures:
            told = await house.get(f"{REPORT}/explain", **MARCH, kind=kind, name=name, figure=figure)
            assert told["value"] == rows[name][figure]
            assert recomputed(told) == Decimal(rows[name][figure]), figure
    asked = {**MARCH, "kind": "appliance", "name": "P22P6", "figure": "by_reason", "reason": "officer"}
    told = await house.get(f"{REPORT}/explain", **asked)
    assert told["value"] == sum(one["value"] for one in told["inputs"]) == 31 * HOUR
    for wrong in ({"name": "P22P9"}, {"figure": "contract_seconds"}):
        assert (await house.ask("GET", f"{REPORT}/explain", params={**asked, **wrong})).status_code == 422


def recomputed(told: dict[str, Any]) -> Decimal:
    values = {one["name"]: Decimal(one["value"]) for one in told["inputs"]}
    if "contract_hours" in values:
        return (values["contract_hours"] * HOUR * values["days"] / 7).to_integral_value(ROUND_HALF_UP)
    if told["unit"] == "%":
        part, whole = values.values()
        return (100 * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if "known_seconds" in values:
        return values["period_seconds"] - values["known_seconds"]
    return sum(values.values(), Decimal())


async def test_q09_a_later_look_is_the_cause_of_what_it_changes(house: House) -> None:
    made = await march(house)
    statement = await sealed(house)
    assert await causes(house, statement) == {}
    signed = (await house.get(statement))["sha256"]
    # ELDER was there from 06 to 08 only: one hour less on the run, six hours less available.
    shorter = replace(S1.crew[4], cells=cells([(6, 8)]))
    later = DayGrid(S1.labels, 15, (*S1.crew[:4], shorter), S1.appliances)
    await seen(house.runtime, made, later, EIGHTH, fetched=datetime.now(UTC))
    changed = await causes(house, statement)
    assert {name for name, _ in changed} == {"P22P6", "ELDER, SA"}
    assert set(map(frozenset, changed.values())) == {frozenset({"observation_changed"})}
    assert ("ELDER, SA", "available_seconds") in changed
    assert ("P22P6", "on_the_run_seconds") in changed
    items = (await house.get(f"{statement}/changes", limit=1000))["items"]
    whole = {
        one["figure"]: (one["sealed"], one["today"]) for one in items if one["key"]["kind"] == "appliance"
    }
    assert whole["on_the_run_seconds"] == (279 * HOUR, 278 * HOUR)
    detail = next(one["causes"][0]["detail"] for one in items if one["key"]["kind"] == "crew")
    assert "crew 5 2026-03-08T08:00:00Z – 2026-03-08T14:00:00Z available → unavailable W" in detail
    after = await house.get(statement)
    assert (after["sha256"], (await house.get(f"{statement}/verify"))["intact"]) == (signed, True)


async def test_q09_what_an_older_file_brings_later_is_a_cause_too(house: House) -> None:
    made = await station(house.runtime)
    for day in (FIRST, EIGHTH):
        await seen(house.runtime, made, S1, day, fetched=day_bounds(day, made.zone)[1] + timedelta(hours=1))
    statement = await sealed(house)
    run = await house.runtime.tasks.run_now("crew.warn", {}, "test")
    assert await brought_by(house, made, run.id) == "applied"
    changed = await causes(house, statement)
    # The file is of people: nothing is known of the appliance on that day, then and now.
    assert {name for name, _ in changed} == {row.name for row in S1.crew}
    assert set(map(frozenset, changed.values())) == {frozenset({"observation_first"})}
    assert changed[("CEDAR, LU", "available_seconds")] == {"observation_first"}


async def brought_by(house: House, made: StationRow, run: Any) -> str:
    """2 March as a file of 4 March has it, which is read now."""
    from service.crew.days.applying import apply_day

    outcome = await apply_day(
        house.runtime,
        Observation(
            station=made, day=date(2026, 3, 2), fetched_at=datetime(2026, 3, 4, tzinfo=UTC), sha256=b"2",
            parser_version=1, source="report", grid=S1, run_id=run,
        ),
    )  # fmt: skip
    return outcome.came


async def test_q09_another_profile_and_another_rule_are_told_apart(house: House) -> None:
    made = await march(house)
    statement = await sealed(house)
    # Promoted: an FFC with BA is an officer, so there is one BA less beside the officers. And 70 hours.
    promoted = replace(S1.crew[2], role="FFC", contract=Contract(Decimal(70), None, "70"))
    later = DayGrid(S1.labels, 15, (*S1.crew[:2], promoted, *S1.crew[3:]), S1.appliances)
    await seen(house.runtime, made, later, date(2026, 4, 1), fetched=datetime.now(UTC))
    changed = await causes(house, statement)
    assert changed[("CEDAR, LU", "contract_seconds")] == {"profile_changed"}
    assert changed[("CEDAR, LU", "role")] == {"profile_changed"}
    assert changed[("P22P6", "on_the_run_seconds")] == {"profile_changed"}
    assert {name for name, _ in changed} == {"P22P6", "CEDAR, LU"}

    second = await sealed(house)
    await ruled(house)
    changed = await causes(house, second)
    assert {name for name, _ in changed} == {"P22P6"}
    assert set(map(frozenset, changed.values())) == {frozenset({"rule_changed"})}


async def ruled(house: House) -> None:
    """Three people are enough."""
    requirement = {"code": "total_crew", "min_count": 3}
    answer = await house.ask(
        "PUT", "/v1/crew/appliances/P22P6/rules",
        json={"rules": [{"name": "three", "requirements": [requirement]}], "reason": "a trial"},
        headers={"If-Match": '"0"'},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


async def test_q09_another_preset_of_the_settings_is_a_cause(database_url: str) -> None:
    async with open_house(database_url) as house:
        await seen(house.runtime, await station(house.runtime), S1)
        statement = await sealed(house)
    async with open_house(database_url, crew={"enforced_rule": "p22p6_2025"}) as house:
        changed = await causes(house, statement)
        assert set(map(frozenset, changed.values())) == {frozenset({"rules_changed"})}
        assert {name for name, _ in changed} == {"P22P6"}


async def test_q09_another_writing_of_a_skill_is_a_cause(house: House) -> None:
    # Of the three there only BIRCH drives, whose grid writes HGV; another station writes LGV.
    alone = DayGrid(S1.labels, 15, (*S1.crew[2:4], replace(S1.crew[1], skills=("BA", "HGV"))), S1.appliances)
    await seen(house.runtime, await station(house.runtime), alone)
    statement = await sealed(house)
    await seen(house.runtime, await station(house.runtime, "P23"), S1)
    answer = await house.ask("PUT", "/v1/crew/skills/aliases/HGV", json={"code": "LGV"})
    assert answer.status_code == 200, answer.text
    changed = await causes(house, statement)
    assert {name for name, _ in changed} == {"P22P6"}
    assert set(map(frozenset, changed.values())) == {frozenset({"rules_changed"})}
