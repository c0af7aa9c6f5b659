"""Schedules over HTTP: asked for, published and taken back, kept where they are fixed, drawn, explained."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from service.schemas.mill.schedules import MillGantt, MillOperations, MillPublished, MillWholeSchedule
from tests.mill.plant import W1, ZERO_HOUR, center, day, hours, job, machine, made, placed, plenty, settle_f59
from tests.support.house import House

SCHEDULE = "/v1/mill/schedule"
RUNS = "/v1/mill/schedule-runs"


async def orders(house: House) -> dict[str, tuple[str | None, str | None, str]]:
    """Machine, day and status of each."""
    rows = await house.sql(
        "SELECT o.order_no, m.machine_code, o.scheduled_date, o.status FROM mill.production_orders o"
        " LEFT JOIN mill.machines m ON m.id = o.machine_id ORDER BY o.order_no"
    )
    return {row.order_no: (row.machine_code, row.scheduled_date, row.status) for row in rows}


async def publish(house: House, run: int | str, **more: Any) -> dict[str, Any]:
    answer = await house.ask("POST", f"{RUNS}/{run}/publish", **more)
    assert answer.status_code == 200, answer.text
    MillPublished.model_validate(answer.json())
    body: dict[str, Any] = answer.json()
    return body


async def test_a_schedule_is_asked_for_and_made(house: House) -> None:
    await settle_f59(house)
    none = await house.ask("GET", SCHEDULE)
    assert (none.status_code, none.json()["code"]) == (404, "schedule_not_found")
    asked = {"as_of": "2025-09-03", "parameters": {"setup_hours": 0}}
    answer = await house.ask("POST", RUNS, json=asked, headers={"Idempotency-Key": "once"})
    again = await house.ask("POST", RUNS, json=asked, headers={"Idempotency-Key": "once"})
    assert (answer.status_code, again.json()["id"]) == (202, answer.json()["id"])
    assert (answer.json()["kind"], answer.headers["location"]) == (
        "schedule", f"/v1/runs/{answer.json()['run_id']}",
    )  # fmt: skip
    wrong = await house.ask("POST", RUNS, json={"parameters": {"schedule_rul": "EDD"}})
    assert wrong.status_code == 422
    assert "schedule_rule" in wrong.json()["detail"]


async def test_a_published_schedule_gives_its_orders_machine_and_day(house: House) -> None:
    await settle_f59(house)
    run = await made(house)
    told = await publish(house, run)
    assert told == {"run_id": run, "before": None, "placed": 4, "released": 0, "skipped": []}
    assert await orders(house) == {
        "A": ("M2", day(0), "assigned"), "B": ("M1", day(0), "assigned"), "C": ("M1", day(1), "assigned"),
        "D": ("M2", day(2), "assigned"), "E": (None, None, "pending"),
    }  # fmt: skip
    as_a_plan = await house.ask("POST", f"/v1/mill/plan-runs/{run}/publish")
    assert (as_a_plan.status_code, as_a_plan.json()["code"]) == (409, "publish_the_schedule")
    body = await house.get(SCHEDULE)
    MillWholeSchedule.model_validate(body)
    assert (body["run_id"], body["published"]) == (run, True)
    [audited] = await house.sql("SELECT after FROM muster.audit WHERE what = 'mill.schedule_published'")
    assert audited.after["placed"] == 4


async def test_publishing_fixes_no_machine_and_is_taken_back(house: House) -> None:
    await settle_f59(house)
    first = await made(house)
    await publish(house, first)
    await house.sql("UPDATE mill.machines SET status = 'down' WHERE machine_code = 'M1'")
    second = await made(house)
    # The machines that the first schedule chose bind nobody: all go to M2.
    assert {place[0] for place in (await placed(house, second)).values()} == {"M2"}
    await house.sql("UPDATE mill.production_orders SET status = 'completed' WHERE order_no = 'D'")
    told = await publish(house, second)
    assert (told["before"], told["placed"], told["skipped"]) == (first, 3, ["D"])
    back = await publish(house, first)
    assert (back["before"], back["placed"]) == (second, 3)
    assert {order: found[0] for order, found in (await orders(house)).items()} == {
        "A": "M2", "B": "M1", "C": "M1", "D": "M2", "E": None
    }  # fmt: skip


async def test_what_another_schedule_does_not_place_is_released(house: House) -> None:
    await settle_f59(house)
    await publish(house, await made(house))
    await house.sql("UPDATE mill.styles SET work_center_id = NULL WHERE style_code = 'S-C'")
    told = await publish(house, await made(house))
    assert (told["placed"], told["released"]) == (3, 1)
    assert (await orders(house))["C"] == (None, None, "pending")


async def test_a_machine_that_somebody_chose_stays(house: House) -> None:
    await settle_f59(house)
    run = await made(house)
    await house.sql(
        "UPDATE mill.production_orders SET machine_id = (SELECT id FROM mill.machines"
        " WHERE machine_code = 'M2') WHERE order_no = 'B'"
    )
    told = await publish(house, run)
    assert (told["placed"], told["skipped"]) == (3, ["B"])
    assert (await orders(house))["B"] == ("M2", None, "pending")
    assert (await placed(house, await made(house)))["B"][0] == "M2"


async def test_an_order_in_progress_stays_on_its_machine(house: House) -> None:
    await settle_f59(house)
    await house.sql(
        "UPDATE mill.production_orders SET status = 'in_progress', machine_id ="
        " (SELECT id FROM mill.machines WHERE machine_code = 'M1') WHERE order_no = 'D'"
    )
    run = await made(house)
    body = await house.get(SCHEDULE, plan=run)
    [one] = [one for one in body["operations"] if one["order"] == "D"]
    assert (one["machine"], hours(one["setup_start"]), hours(one["run_end"]), one["frozen"]) == (
        "M1", 0, 12, True
    )  # fmt: skip
    assert (await placed(house, run))["B"] == ("M2", 0, 24)


async def test_what_begins_within_the_freeze_window_is_not_moved(house: House) -> None:
    await settle_f59(house)
    await publish(house, await made(house))
    # D is urgent now: first of all, were it not that A and B have begun and stay.
    await house.sql(
        "UPDATE mill.production_orders SET priority = 1, due_date = :day WHERE order_no = 'D'", day=day(-9)
    )
    assert (await placed(house, await made(house)))["D"] == ("M1", 0, 12)
    kept = await made(house, freeze_days=1)
    assert await placed(house, kept) == {
        "A": ("M2", 0, 48), "B": ("M1", 0, 24), "D": ("M1", 24, 36), "C": ("M1", 36, 108)
    }  # fmt: skip
    frozen = await house.sql(
        "SELECT o.order_no FROM mill.schedule_ops p JOIN mill.plan_orders o"
        " ON (o.run_id, o.seq) = (p.run_id, p.order_seq) WHERE p.run_id = :run AND p.frozen ORDER BY 1",
        run=kept,
    )
    assert [row.order_no for row in frozen] == ["A", "B"]


async def test_the_database_refuses_two_operations_at_once(house: House) -> None:
    await settle_f59(house)
    run = await made(house)
    with pytest.raises(IntegrityError, match="ex_schedule_ops_overlap"):
        await house.sql(
            "INSERT INTO mill.schedule_ops (run_id, order_seq, seq, machine_id, machine_code, work_center,"
            " setup_start, run_start, run_end, quantity)"
            " SELECT run_id, order_seq, 9, machine_id, machine_code, work_center, run_end - interval '1 s',"
            " run_end, run_end + interval '1 h', 1 FROM mill.schedule_ops WHERE run_id = :run LIMIT 1",
            run=run,
        )  # fmt: skip


async def test_operations_by_pages_and_filters(house: House) -> None:
    await settle_f59(house)
    await made(house)
    first = await house.get(f"{SCHEDULE}/operations", limit=3, include="total")
    MillOperations.model_validate(first)
    rest = await house.get(f"{SCHEDULE}/operations", limit=3, include="total", cursor=first["page"]["next"])
    assert ([one["order"] for one in (*first["items"], *rest["items"])], first["page"]["total"]) == (
        ["B", "A", "C", "D"], 4
    )  # fmt: skip
    late = await house.get(f"{SCHEDULE}/operations", late=True)
    assert [one["order"] for one in late["items"]] == ["D"]
    few = await house.get(SCHEDULE, machine="m1", most=1)
    assert ([one["order"] for one in few["operations"]], few["operations_total"]) == (["B"], 2)


async def test_blocks_of_machines_and_the_page_of_them(house: House) -> None:
    await settle_f59(house)
    await made(house)
    body = await house.get(f"{SCHEDULE}/gantt")
    MillGantt.model_validate(body)
    assert {row["machine"]: [one["order"] for one in row["blocks"]] for row in body["rows"]} == {
        "M1": ["B", "C"], "M2": ["A", "D"]
    }  # fmt: skip
    assert (hours(body["from"]), hours(body["to"]), body["outside"]) == (0, 96, 0)
    days = await house.get(f"{SCHEDULE}/gantt", **{"from": day(2), "to": day(2)})
    assert ([len(row["blocks"]) for row in days["rows"]], days["outside"]) == ([1, 1], 2)
    page = await house.ask("GET", f"{SCHEDULE}/gantt", params={"format": "html"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "late by 36.0 h" in page.text
    # A click on an order leads to why it stands there.
    assert f'href="{SCHEDULE}/explain?plan=' in page.text
    assert "script" not in page.headers["content-security-policy"]
    upside_down = await house.ask("GET", f"{SCHEDULE}/gantt", params={"from": day(3), "to": day(2)})
    assert (upside_down.status_code, upside_down.json()["errors"][0]["pointer"]) == (422, "/query/to")


async def test_why_an_order_is_late_and_what_would_help(house: House) -> None:
    await settle_f59(house)
    run = await made(house)
    told = await house.get(f"{SCHEDULE}/explain", order="D")
    inputs = {one["name"]: one["value"] for one in told["inputs"]}
    end, due = datetime.fromisoformat(inputs["end"]), datetime.fromisoformat(inputs["due"])
    assert (told["value"], (end - due) / timedelta(hours=1)) == (36, 36)
    rules = {step["rule"]: step for step in told["steps"]}
    assert rules["It waits until the machine has knitted what was served before it."]["value"] == 48
    chosen = next(step for step in told["steps"] if step["inputs"])
    assert [(one["name"], hours(one["value"])) for one in chosen["inputs"]] == [("end on M1", 108)]
    helps = {
        step["figure"]: (step["outcome"], hours(step["value"])) for step in told["steps"] if step["figure"]
    }
    assert helps == {"SERVED_FIRST": ("in time, on M1", 12), "DIVIDED": ("in time, on M1, M2", 6)}
    page = await house.ask("GET", f"{SCHEDULE}/explain", params={"order": "D", "format": "html"})
    assert (page.status_code, "in time, on M1" in page.text) == (200, True)
    assert inputs["due"] == "2025-09-04T00:00:00-04:00"
    refused = await house.get(f"{SCHEDULE}/explain", order="E", plan=run)
    assert (refused["value"], refused["steps"][0]["value"]) == (None, "NO_ELIGIBLE_MACHINE")
    assert await house.get(f"{SCHEDULE}/explain", order="d") == told
    unknown = await house.ask("GET", f"{SCHEDULE}/explain", params={"order": "Z"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "order_not_in_schedule")


async def test_an_order_without_work_centre_goes_to_the_machines_of_its_style(house: House) -> None:
    """A.11; and what is fixed to a machine loads the work centre that this stands in."""
    await plenty(house)
    await center(house)
    for code in ("M1", "M2"):
        await machine(house, code)
    await center(house, "9.9.9.X")
    for number, due in (("A", 24), ("B", 48)):
        await job(house, number, 600, due, of="S", at=None)
    await house.sql(
        "UPDATE mill.production_orders SET machine_id = (SELECT id FROM mill.machines"
        " WHERE machine_code = 'M2') WHERE order_no = 'A'"
    )
    run = await made(house, weeks_horizon=1)
    assert await placed(house, run) == {"A": ("M2", 0, 24), "B": ("M2", 24, 48)}
    [load] = (await house.get(f"{SCHEDULE}/load", plan=run, work_center=W1.lower()))["items"]
    assert (load["load_h"], load["required_h"]) == (48, 24)
    await house.sql("UPDATE mill.styles SET work_center_id = (SELECT max(id) FROM mill.work_centers)")
    assert await placed(house, await made(house)) == {"A": ("M2", 0, 24), "B": ("M2", 24, 48)}


async def test_an_order_on_hold_is_told(house: House) -> None:
    await settle_f59(house)
    await house.sql("UPDATE mill.production_orders SET status = 'on_hold' WHERE order_no = 'C'")
    await made(house)
    body = await house.get(SCHEDULE)
    assert ("C", "ON_HOLD") in [(one["order"], one["reason"]) for one in body["unscheduled"]]


async def test_machines_are_planned_from_the_instant_that_is_asked_for(house: House) -> None:
    await plenty(house)
    await center(house)
    await machine(house, "M1", available_from=ZERO_HOUR + timedelta(hours=30))
    await machine(house, "M2")
    await job(house, "A", 600)
    await job(house, "B", 600)
    asked = {"kind": "schedule", "as_of": "2025-09-03", "parameters": {"setup_hours": 0}}
    start = (ZERO_HOUR + timedelta(hours=10)).isoformat()
    done = await house.runtime.tasks.run_now("mill.plan", {**asked, "schedule_from": start}, "test")
    assert await placed(house, done.result["plan"]) == {"A": ("M2", 10, 34), "B": ("M1", 30, 54)}
