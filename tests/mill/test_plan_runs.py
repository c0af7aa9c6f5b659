"""Plans over HTTP: asked for, listed, looked at, decided about, published."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.schemas.mill.plan_parts import MillPlanWeeks
from service.schemas.mill.plans import MillPlanData, MillPlanRun
from tests.mill.scenario import AS_OF, settle_f58
from tests.support.ground import Ground
from tests.support.house import House, open_house

RUNS = "/v1/mill/plan-runs"


@pytest.fixture(scope="module")
async def planned(ground: Ground) -> AsyncIterator[House]:
    """F-58 with one plan; tests of this file only read it."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f58(opened)
        await make_plan(opened)
        yield opened
    await ground.drop(url)


async def make_plan(house: House, **params: Any) -> int:
    done = await house.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF, **params}, "test")
    assert done.state == "done", done.error
    number: int = done.result["plan"]
    return number


async def test_a_plan_tells_what_it_stands_on(planned: House) -> None:
    plan = await planned.get(f"{RUNS}/latest")
    MillPlanRun.model_validate(plan)
    assert (plan["status"], plan["as_of"], plan["published"]) == ("done", "2025-09-03", False)
    assert plan["data"]["assumptions"] == [{"parameter": "production_lead_days", "value": 0}]
    assert plan["data"]["complete"] is False
    assert [gate["code"] for gate in plan["gates"]] == ["NO_STOCK_ROW", "PAST_DUE", "LEAD_ASSUMED"]


async def test_the_events_of_a_plan_are_those_of_its_run(planned: House) -> None:
    plan = await planned.get(f"{RUNS}/latest")
    moved = await planned.ask("GET", f"{RUNS}/latest/events")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/v1/runs/{plan['run_id']}/events")


async def test_f058_weeks_over_http_by_pages(planned: House) -> None:
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await planned.get(f"{RUNS}/latest/weeks", yarn="Y1", limit=4, **cursor)
        MillPlanWeeks.model_validate(page)
        items += page["items"]
        if not page["page"]["has_more"]:
            break
        cursor = {"cursor": page["page"]["next"]}
    assert [one["balance_lb"] for one in items] == ["100.0000"] + ["232.2900"] * 8
    assert [one["iso_week"] for one in items[:2]] == ["2025-W36", "2025-W37"]
    short = await planned.get(f"{RUNS}/latest/weeks", short=True, include="total")
    assert {one["yarn"] for one in short["items"]} == {"Y3"}
    assert short["page"]["total"] == 9


@pytest.mark.parametrize(
    "part", ["weeks", "actions", "requirements", "pegs", "allocations", "orders", "yarns"]
)
async def test_every_part_says_what_it_stands_on(planned: House, part: str) -> None:
    body = await planned.get(f"{RUNS}/latest/{part}", limit=1, include="total")
    data = MillPlanData.model_validate(body["data"])
    assert (data.as_of, data.complete) == (AS_OF, False)
    unknown = await planned.ask("GET", f"{RUNS}/latest/{part}", params={"yran": "Y1"})
    assert unknown.status_code == 422


@pytest.mark.parametrize("asked", ["999", "newest", "0", "9" * 30])
async def test_a_plan_there_is_not_is_not_found(planned: House, asked: str) -> None:
    answer = await planned.ask("GET", f"{RUNS}/{asked}")
    assert (answer.status_code, answer.json()["code"]) == (404, "plan_not_found")


async def test_a_plan_is_asked_for_and_made(own_f58: House) -> None:
    asked = {"as_of": "2025-09-03", "note": "because"}
    key = {"Idempotency-Key": "once"}
    first = await own_f58.ask("POST", RUNS, json=asked, headers=key)
    again = await own_f58.ask("POST", RUNS, json=asked, headers=key)
    assert (first.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (
        202, first.json(), "true",
    )  # fmt: skip
    number = first.json()["id"]
    assert first.headers["Location"] == f"/v1/runs/{first.json()['run_id']}"
    other = await own_f58.ask("POST", RUNS, json=asked)
    assert (other.status_code, other.json()["code"]) == (409, "run_active")
    assert (await own_f58.ask("GET", f"{RUNS}/{number}/weeks")).json()["code"] == "plan_not_done"
    assert await make_plan(own_f58, note="because") == number
    listed = await own_f58.get(RUNS, include="total")
    assert [(one["id"], one["status"]) for one in listed["items"]] == [(number, "done")]
    assert listed["page"]["total"] == 1


async def test_a_plan_that_is_stopped_before_it_begins_is_told_as_stopped(own_f58: House) -> None:
    plan = (await own_f58.ask("POST", RUNS, json={})).json()
    await own_f58.ask("POST", f"/v1/runs/{plan['run_id']}/cancel")
    assert (await own_f58.get(f"{RUNS}/{plan['id']}"))["status"] == "cancelled"
    assert (await own_f58.ask("GET", f"{RUNS}/latest")).status_code == 404


async def test_parameters_there_are_not_are_refused_with_near_ones(own_f58: House) -> None:
    answer = await own_f58.ask("POST", RUNS, json={"parameters": {"weeks_horizn": 3}})
    assert answer.status_code == 422
    assert "weeks_horizon" in answer.json()["detail"]
    assert (await own_f58.get(RUNS))["items"] == []


async def test_what_is_decided_about_an_older_plan_is_on_the_order_list(own_f58: House) -> None:
    first = await make_plan(own_f58)
    await make_plan(own_f58)
    answer = await own_f58.ask(
        "PATCH", f"{RUNS}/{first}/actions/2", json={"state": "accepted"}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text
    newest = (await own_f58.get(f"{RUNS}/latest/actions"))["items"]
    assert [(one["key"], one["state"]) for one in newest] == [
        ("yarn/Y1/DECREASE/PO-1:1", "open"), ("yarn/Y3/RELEASE/2025-09-01", "accepted"),
    ]  # fmt: skip


async def test_a_remark_on_an_older_plan_takes_nothing_from_the_newest_nor_from_other_kinds(
    own_f58: House,
) -> None:
    first = await make_plan(own_f58)
    newest = await make_plan(own_f58)
    other = await make_plan(own_f58, kind="mrp")

    async def change(plan: int, etag: str, **values: str) -> None:
        path = f"{RUNS}/{plan}/actions/2"
        answer = await own_f58.ask("PATCH", path, json=values, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text

    await change(newest, '"1"', assignee="bea")
    await change(first, '"1"', note="rang them")
    await change(first, '"2"', state="accepted")
    stored = await own_f58.sql(
        "SELECT run_id, state, assignee, note FROM mill.plan_actions WHERE key LIKE 'yarn/Y3/%' AND run_id > :first"
        " ORDER BY run_id",
        first=first,
    )
    assert stored[0] == (newest, "accepted", "bea", "rang them")
    assert [row[1:] for row in stored[1:]] == [("open", None, None)] * len(stored[1:])
    assert {row.run_id for row in stored} == {newest, other}


async def test_a_plan_is_published_by_who_may(own_f58: House) -> None:
    number = await make_plan(own_f58)
    reader = await own_f58.token("mill:read")
    assert (await own_f58.ask("POST", f"{RUNS}/{number}/publish", token=reader)).status_code == 403
    answer = await own_f58.ask("POST", f"{RUNS}/{number}/publish")
    assert (answer.status_code, answer.json()["published"]) == (200, True)
    assert "mill/plans" in answer.headers["Data-Version"].replace("%2F", "/")
    (audit,) = await own_f58.sql("SELECT subject FROM muster.audit WHERE what = 'mill.plan_published'")
    assert audit.subject == f"plan:{number}"
