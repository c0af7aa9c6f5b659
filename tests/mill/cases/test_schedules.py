"""Section F.7 from rows in the database to the schedule that is answered."""

from collections.abc import AsyncIterator
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from tests.mill.plant import (
    W1,
    calendar,
    center,
    day,
    hours,
    job,
    machine,
    made,
    placed,
    plenty,
    settle_f59,
)
from tests.support.ground import Ground
from tests.support.house import House, open_house

SCHEDULE = "/v1/mill/schedule"
F59 = {"B": ("M1", 0, 24), "A": ("M2", 0, 48), "C": ("M1", 24, 96), "D": ("M2", 48, 60)}


@pytest.fixture(scope="module")
async def f59(ground: Ground) -> AsyncIterator[House]:
    """F-59 with a schedule of it; tests of this file that ask for it only read or make further schedules."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f59(opened)
        await made(opened)
        yield opened
    await ground.drop(url)


async def asked(house: House, run: int | None = None) -> dict[str, Any]:
    body: dict[str, Any] = await house.get(SCHEDULE, **({} if run is None else {"plan": run}))
    return body


def places(body: dict[str, Any]) -> dict[str, tuple[str, float, float]]:
    found = {}
    for one in reversed(body["operations"]):
        found[one["order"]] = (one["machine"], hours(one["setup_start"]), hours(one["run_end"]))
    return found


async def test_f059_orders_go_to_the_machine_that_ends_them_first(f59: House) -> None:
    body = await asked(f59)
    assert places(body) == F59
    assert [(one["order"], one["late_hours"]) for one in body["operations"] if one["late_hours"]] == [
        ("D", 36)
    ]
    assert (body["rule"], hours(body["from"]), body["operations_total"]) == ("PRIORITY_EDD", 0, 4)


async def test_f059_what_has_no_machine_is_told(f59: House) -> None:
    [refused] = (await asked(f59))["unscheduled"]
    assert (refused["order"], refused["reason"]) == ("E", "NO_ELIGIBLE_MACHINE")


async def test_f059_why_it_stands_there(f59: House) -> None:
    last = (await asked(f59))["operations"][-1]
    assert (last["order"], last["why"]["waited_for"], last["why"]["alternatives"]) == ("D", "machine", 2)
    assert (last["why"]["next_best"]["machine"], hours(last["why"]["next_best"]["end"])) == ("M1", 108)


async def test_f059_figures_of_the_whole(f59: House) -> None:
    body = await asked(f59)
    figures = body["metrics"]
    assert (figures["on_time"], figures["with_due"], figures["on_time_pct"]) == (3, 4, 75.0)
    assert (figures["total_late_h"], figures["makespan_h"], figures["setup_h"]) == (36, 96, 0)
    assert {one["machine"]: one["utilisation_pct"] for one in body["machines"]} == {"M1": 100.0, "M2": 62.5}


async def test_f059_backward_nothing_begins_sooner_than_it_must(f59: House) -> None:
    body = await asked(f59, await made(f59, schedule_direction="backward"))
    assert places(body) == {
        "B": ("M1", 24, 48),
        "C": ("M1", 48, 120),
        "A": ("M2", 0, 48),
        "D": ("M2", 48, 60),
    }
    waits = {one["order"]: one["why"]["waited_for"] for one in body["operations"]}
    assert (waits["B"], waits["C"], body["metrics"]["on_time"]) == ("due_date", "machine", 3)


async def test_f060_a_set_up_precedes_each_other_style(f59: House) -> None:
    body = await asked(f59, await made(f59, setup_hours=1))
    assert places(body) == {
        "B": ("M1", 0, 25), "A": ("M2", 0, 49), "C": ("M1", 25, 98), "D": ("M2", 49, 62)
    }  # fmt: skip
    assert body["operations"][-1]["late_hours"] == 38


async def test_f060_the_same_style_needs_no_set_up(house: House) -> None:
    await plenty(house)
    await center(house)
    await machine(house, "M1")
    for number, due in (("P", 24), ("Q", 48)):
        await job(house, number, 250, due, of="S")
    await job(house, "R", 250, 72)
    run = await made(house, setup_hours=2)
    assert await placed(house, run) == {"P": ("M1", 0, 12), "Q": ("M1", 12, 22), "R": ("M1", 22, 34)}


async def test_f061_work_pauses_outside_of_its_shifts(house: House) -> None:
    await plenty(house)
    shifts = await calendar(house, "days", *((weekday, time(6), time(22)) for weekday in range(7)))
    await center(house, calendar_id=shifts)
    await machine(house, "M1")
    await job(house, "A", 600)
    body = await asked(house, await made(house))
    assert places(body) == {"A": ("M1", 6, 38)}
    assert body["operations"][0]["why"]["waited_for"] == "calendar"


async def three_jobs(house: House) -> None:
    """J1 to J3 of F-63; due hours are in days here, so hours are days: 4, 2 and 6 days of work."""
    await plenty(house)
    await center(house)
    await machine(house, "M1")
    for number, days, due in (("J1", 4, 10), ("J2", 2, 4), ("J3", 6, 9)):
        await job(house, number, days * 600, due * 24)


@pytest.mark.parametrize(
    ("rule", "order", "total", "most"),
    [("EDD", "J2 J3 J1", 2, 2), ("SPT", "J2 J1 J3", 3, 3), ("CR", "J3 J2 J1", 6, 4),
     ("ARRIVAL", "J1 J2 J3", 5, 3)],
)  # fmt: skip
async def test_f063_dispatch_rules(house: House, rule: str, order: str, total: int, most: int) -> None:
    await three_jobs(house)
    body = await asked(house, await made(house, schedule_rule=rule))
    assert " ".join(one["order"] for one in body["operations"]) == order
    figures = body["metrics"]
    assert (figures["total_late_h"], figures["max_late_h"]) == (total * 24, most * 24)


async def test_f063_trials_find_the_better_sequence(house: House) -> None:
    await three_jobs(house)
    body = await asked(house, await made(house, schedule_rule="CR", schedule_trials=1000))
    assert " ".join(one["order"] for one in body["operations"]) == "J2 J3 J1"
    assert body["metrics"]["total_late_h"] == 2 * 24


async def test_f065_a_rate_from_the_machine_s_data(house: House) -> None:
    await center(house)
    await machine(
        house, "M1", feeders=90, rpm=Decimal(25), stitch_mm=Decimal("2.8"), efficiency=Decimal("0.85")
    )
    await plenty(house)
    await house.sql("UPDATE mill.yarns SET tex = 19.7")
    await job(house, "A", 8838, rate=None)
    [one] = (await asked(house, await made(house)))["operations"]
    assert (one["why"]["rate_source"], one["why"]["rate_estimated"]) == ("machine_data", True)
    # 883.80 lb a day: ten days of them.
    assert hours(one["run_end"]) == pytest.approx(240, abs=0.01)


async def test_f067_without_any_rate_it_is_told(f59: House) -> None:
    await job(f59, "N", 100, rate=None)
    try:
        await f59.sql("UPDATE mill.styles SET rate_lb_per_day = NULL WHERE style_code <> 'S-A'")
        estimated = await asked(f59, await made(f59))
        [one] = [one for one in estimated["operations"] if one["order"] == "N"]
        assert (one["why"]["rate_source"], one["why"]["rate_estimated"]) == ("center_median", True)
        await f59.sql("UPDATE mill.styles SET rate_lb_per_day = NULL")
        plant = await asked(f59, await made(f59))
        assert {one["why"]["rate_source"] for one in plant["operations"]} == {"plant_default"}
        assert plant["metrics"]["estimated_rates"] == 5
        none = await asked(f59, await made(f59, schedule_estimates=False))
        assert {one["reason"] for one in none["unscheduled"]} == {"NO_RATE", "NO_ELIGIBLE_MACHINE"}
    finally:
        await f59.sql("UPDATE mill.styles SET rate_lb_per_day = 600")
        await f59.sql("UPDATE mill.production_orders SET status = 'cancelled' WHERE order_no = 'N'")


async def test_f068_an_order_is_divided_over_free_machines(house: House) -> None:
    await plenty(house)
    await center(house)
    for code in ("M1", "M2"):
        await machine(house, code)
    await job(house, "A", 1800)
    parts = (await asked(house, await made(house, schedule_split=2)))["operations"]
    assert [(one["machine"], one["part"], one["quantity_lb"], hours(one["run_end"])) for one in parts] == [
        ("M1", 1, "900.0000", 36), ("M2", 2, "900.0000", 36)
    ]  # fmt: skip
    await house.sql("UPDATE mill.production_orders SET quantity = 150")
    [whole] = (await asked(house, await made(house, schedule_split=2)))["operations"]
    assert (whole["machine"], whole["quantity_lb"]) == ("M1", "150.0000")


async def test_an_alternate_work_centre_knits_it_where_it_ends_sooner(house: House) -> None:
    await plenty(house)
    await center(house)
    other = await center(house, "2.30.28.F")
    await machine(house, "M1")
    await machine(house, "N1", "2.30.28.F")
    await job(house, "A", 600, 24, 1)
    await job(house, "B", 600, 24, 2)
    await house.sql(
        "INSERT INTO mill.style_work_centers (style_id, work_center_id)"
        " SELECT id, :other FROM mill.styles WHERE style_code = 'S-B'", other=other,
    )  # fmt: skip
    assert await placed(house, await made(house)) == {"A": ("M1", 0, 24), "B": ("N1", 0, 24)}


async def test_load_of_a_week_is_told_with_its_level(f59: House) -> None:
    run = await made(f59, weeks_horizon=2)
    body = await f59.get(f"{SCHEDULE}/load", plan=run)
    week, after = body["items"]
    # 120 h of two machines are left of the week; A, B and D are due in it, C on its Sunday too.
    assert (week["work_center"], week["iso_week"], week["capacity_h"]) == (W1, "2025-W36", 240)
    assert (week["load_h"], week["required_h"], week["load_pct"], week["level"]) == (156, 156, 65.0, "OK")
    assert (after["load_h"], after["level"]) == (0, "OK")
    await f59.sql("UPDATE mill.machines SET status = 'down' WHERE machine_code = 'M2'")
    try:
        full = await f59.get(f"{SCHEDULE}/load", plan=await made(f59, weeks_horizon=2))
        assert [(one["required_pct"], one["level"]) for one in full["items"]] == [
            (130.0, "OVERLOAD"), (0.0, "OK")
        ]  # fmt: skip
    finally:
        await f59.sql("UPDATE mill.machines SET status = 'available' WHERE machine_code = 'M2'")


async def test_the_same_data_give_the_same_schedule(f59: House) -> None:
    one, other = [await made(f59, setup_hours=1, schedule_trials=2000) for _ in range(2)]
    first, second = await asked(f59, one), await asked(f59, other)
    assert {**first, "run_id": 0, "data": {}} == {**second, "run_id": 0, "data": {}}
    hashes = await f59.sql(
        "SELECT DISTINCT input_hash FROM mill.plan_runs WHERE id = ANY (:ids)", ids=[one, other]
    )
    assert len(hashes) == 1


async def test_a_plan_of_everything_has_the_schedule_too(f59: House) -> None:
    assert places(await asked(f59, await made(f59, kind="plan"))) == F59


async def test_without_its_yarn_an_order_waits_or_has_no_place(house: House) -> None:
    await settle_f59(house)
    await house.sql("UPDATE mill.yarn_inventory SET beginning_balance = 3000")
    [yarn] = await house.sql("SELECT id FROM mill.yarns")
    line = await house.sql(
        "INSERT INTO mill.purchase_order_lines (po_no, yarn_id, ordered) VALUES ('PO-1', :yarn, 600)"
        " RETURNING id", yarn=yarn.id,
    )  # fmt: skip
    await house.sql(
        "INSERT INTO mill.expected_receipts (po_line_id, yarn_id, kind, due_date, quantity)"
        " VALUES (:line, :yarn, 'dated', :due, 600)", line=line[0].id, yarn=yarn.id, due=day(6),
    )  # fmt: skip
    # A, B and E take 1,900 of 3,000 lb; C waits for 700 of its 1,800, of which 600 come; D has nothing.
    body = await asked(house, await made(house))
    refused = {one["order"]: one for one in body["unscheduled"]}
    assert {order: one["reason"] for order, one in refused.items()} == {
        "E": "NO_ELIGIBLE_MACHINE", "C": "NO_MATERIAL", "D": "NO_MATERIAL"
    }  # fmt: skip
    assert refused["C"]["yarns"] == [{"yarn": "Y", "missing_lb": "100.0000"}]
    await house.sql("UPDATE mill.expected_receipts SET quantity = 5000")
    waiting = await asked(house, await made(house))
    late = {one["order"]: one for one in waiting["operations"]}
    assert (hours(late["C"]["setup_start"]), late["C"]["why"]["waited_for"]) == (144, "material")
    ignoring = await asked(house, await made(house, schedule_material="ignore"))
    assert places(ignoring) == F59
