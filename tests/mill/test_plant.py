"""Machines, capacity and calendars over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.mill.answers.plant import rating
from service.schemas.mill.plant import MillMachineListing, MillMachineRead, MillSuggestions
from tests.mill.plant import W1, center, job, machine, made, plenty, settle_f59
from tests.mill.scenario import AS_OF, line, style
from tests.support.house import House

MILL = "/v1/mill"
DAYS = [{"weekday": weekday, "start": "06:00", "end": "22:00"} for weekday in range(7)]


async def put(house: House, name: str, body: dict[str, Any], **headers: str) -> Any:
    return await house.ask("PUT", f"{MILL}/calendars/{name}", json=body, headers=headers)


async def test_machines_are_listed_and_found(house: House) -> None:
    await settle_f59(house)
    body = await house.get(f"{MILL}/machines", work_center=W1.lower(), limit=1, include="total")
    MillMachineListing.model_validate(body)
    assert ([one["machine"] for one in body["items"]], body["page"]["total"]) == (["M1"], 2)
    rest = await house.get(
        f"{MILL}/machines", work_center=W1, limit=1, cursor=body["page"]["next"], include="total"
    )
    assert [one["machine"] for one in rest["items"]] == ["M2"]
    one = await house.get(f"{MILL}/machines/m1")
    MillMachineRead.model_validate(one)
    assert (one["machine"], one["work_center"], one["calendar"], one["usable"]) == ("M1", W1, None, True)
    unknown = await house.ask("GET", f"{MILL}/machines/M11")
    assert (unknown.status_code, "M1" in unknown.json()["detail"]) == (404, True)


async def test_nothing_is_planned_in_a_work_centre_that_is_not_in_use(house: House) -> None:
    await settle_f59(house)
    await house.sql("UPDATE mill.work_centers SET active = false")
    assert not (await house.get(f"{MILL}/machines/M1"))["usable"]
    refused = (await house.get(f"{MILL}/schedule", plan=await made(house)))["unscheduled"]
    assert {one["reason"] for one in refused} == {"NO_ELIGIBLE_MACHINE"}


async def test_a_machine_is_changed_at_its_version(house: House) -> None:
    await settle_f59(house)
    path = f"{MILL}/machines/M1"
    version = (await house.ask("GET", path)).headers["etag"]
    bare = await house.ask("PATCH", path, json={"status": "down"})
    stale = await house.ask("PATCH", path, json={"status": "down"}, headers={"If-Match": '"99"'})
    assert (bare.status_code, stale.status_code) == (428, 412)
    asked = {"status": "down", "efficiency": "0.85", "reason": "needle bed"}
    done = await house.ask("PATCH", path, json=asked, headers={"If-Match": version})
    assert (done.status_code, done.json()["efficiency"], done.json()["usable"]) == (200, "0.8500", False)
    assert done.headers["etag"] != version
    [audited] = await house.sql("SELECT before, after FROM muster.audit WHERE what = 'mill.machine_changed'")
    assert (audited.before["status"], audited.after["reason"]) == ("available", "needle bed")
    wrong = await house.ask("PATCH", path, json={"efficiency": "2"}, headers={"If-Match": "*"})
    none = await house.ask("PATCH", path, json={"status": None}, headers={"If-Match": "*"})
    assert (wrong.status_code, none.status_code) == (422, 422)
    reader = await house.token("mill:read")
    refused = await house.ask("PATCH", path, json=asked, headers={"If-Match": "*"}, token=reader)
    assert refused.status_code == 403


async def test_what_a_machine_could_knit_next(house: House) -> None:
    await settle_f59(house)
    [style] = await house.sql("SELECT id FROM mill.styles WHERE style_code = 'S-C'")
    await house.sql("UPDATE mill.machines SET current_style_id = :id WHERE machine_code = 'M1'", id=style.id)
    body = await house.get(f"{MILL}/machines/M1/suggestions")
    MillSuggestions.model_validate(body)
    assert [one["order"] for one in body["items"]] == ["B", "A", "C", "D"]
    assert {one["yarn"] for one in body["items"]} == {"NO_PLAN"}
    await made(house, kind="plan")
    known = await house.get(f"{MILL}/machines/M1/suggestions", limit=3)
    assert (known["total"], [one["yarn"] for one in known["items"]]) == (4, ["READY"] * 3)
    last = known["items"][2]
    assert (last["order"], last["setup_h"], last["run_h"]) == ("C", 0, 72)
    assert last["why"] == ["YARN_THERE", "SAME_STYLE", "PAST_DUE"]


async def test_why_the_yarn_of_an_order_is_not_known_is_told(house: House) -> None:
    await settle_f59(house)
    await style(house, "STUB")
    await line(house, "S-C", "STUB", "0.5")
    await made(house, kind="plan")
    body = await house.get(f"{MILL}/machines/M1/suggestions")
    assert {one["order"]: one["yarn"] for one in body["items"]}["C"] == "PART_WITHOUT_BOM"


async def test_orders_whose_yarn_is_there_come_first(house: House) -> None:
    await settle_f59(house)
    await house.sql("UPDATE mill.yarn_inventory SET beginning_balance = 1900")
    await made(house, kind="plan")
    body = await house.get(f"{MILL}/machines/M2/suggestions")
    # B and A are served first and take the yarn; C and D have none that anybody brings.
    assert [(one["order"], one["why"][0]) for one in body["items"]] == [
        ("B", "YARN_THERE"), ("A", "YARN_THERE"), ("C", "YARN_NOT_KNOWN"), ("D", "YARN_NOT_KNOWN")
    ]  # fmt: skip


async def test_capacity_of_work_centres(house: House) -> None:
    await settle_f59(house)
    await center(house, "2.30.28.F")
    await machine(house, "N1", "2.30.28.F", status="retired")
    body = await house.get(f"{MILL}/capacity/work-centers", weeks=2)
    one, other = body["items"]
    assert (one["work_center"], one["machines"], one["usable"], one["orders"]) == (W1, 2, 2, 4)
    assert (one["rated_lb_per_day"], one["queued_lb"]) == ("1200.0000", "3900.0000")
    # All are past due by now: 156 h at 25 lb/h.
    assert (one["load_h"], one["utilisation_pct"]) == (156, round(156 / one["capacity_h"] * 100, 2))
    assert (other["usable"], other["capacity_h"], other["rated_lb_per_day"], other["utilisation_pct"]) == (
        0, 0, None, None
    )  # fmt: skip
    only = await house.get(f"{MILL}/capacity/work-centers", work_center="2.30.28.F")
    assert [found["work_center"] for found in only["items"]] == ["2.30.28.F"]


async def test_capacity_of_machines_with_what_is_published(house: House) -> None:
    await settle_f59(house)
    none = await house.get(f"{MILL}/capacity/machines")
    assert [(one["machine"], one["busy_h"], one["rating"]) for one in none["items"]] == [
        ("M1", None, "AVERAGE"), ("M2", None, "AVERAGE")
    ]  # fmt: skip
    today = datetime.now(UTC) + timedelta(days=2)
    asked = {"kind": "schedule", "as_of": AS_OF, "schedule_from": today, "parameters": {"setup_hours": 0}}
    done = await house.runtime.tasks.run_now("mill.plan", asked, "test")
    await house.ask("POST", f"{MILL}/schedule-runs/{done.result['plan']}/publish")
    body = await house.get(f"{MILL}/capacity/machines", weeks=4)
    assert [one["busy_h"] for one in body["items"]] == [96, 60]


@pytest.mark.parametrize(
    ("per_day", "name"),
    [
        (2000, "EXCELLENT"),
        (1999.9, "GOOD"),
        (1000, "GOOD"),
        (500, "AVERAGE"),
        (100, "BELOW_AVERAGE"),
        (99.9, "POOR"),
    ],
)
def test_ratings_by_pounds_a_day(per_day: float, name: str) -> None:
    assert rating(per_day) == name


async def test_a_calendar_is_made_followed_replaced_and_removed(house: House) -> None:
    await plenty(house)
    await center(house)
    await machine(house, "M1")
    await job(house, "A", 600)
    body = {"zone": "America/New_York", "shifts": DAYS, "work_centers": [W1]}
    first = await put(house, "days", body)
    assert (first.status_code, first.json()["work_centers"], first.json()["row_version"]) == (200, [W1], 1)
    found = await house.get(f"{MILL}/machines/M1")
    assert (found["calendar"], found["calendar_of"]) == ("days", "work_center")
    run = await made(house)
    [operation] = (await house.get(f"{MILL}/schedule", plan=run))["operations"]
    assert operation["setup_start"] == "2025-09-03T10:00:00Z"
    assert (await put(house, "days", body)).status_code == 428
    holiday = {**body, "days": [{"day": "2025-09-03", "working": False}]}
    shown = await house.ask("GET", f"{MILL}/calendars/days")
    second = await put(house, "days", holiday, **{"If-Match": shown.headers["etag"]})
    assert (second.status_code, second.json()["row_version"]) == (200, 2)
    [later] = (await house.get(f"{MILL}/schedule", plan=await made(house)))["operations"]
    assert later["setup_start"] == "2025-09-04T10:00:00Z"
    assert [one["name"] for one in (await house.get(f"{MILL}/calendars"))["items"]] == ["days"]
    gone = await house.ask("DELETE", f"{MILL}/calendars/days", headers={"If-Match": second.headers["etag"]})
    assert (gone.status_code, gone.json()["work_centers"]) == (200, [W1])
    assert (await house.ask("GET", f"{MILL}/calendars/days")).status_code == 404
    assert (await house.get(f"{MILL}/machines/M1"))["calendar"] is None
    audited = await house.sql("SELECT what FROM muster.audit WHERE subject = 'calendar:days' ORDER BY at")
    assert [row.what for row in audited] == [
        "mill.calendar_put",
        "mill.calendar_put",
        "mill.calendar_removed",
    ]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"zone": "America/New_Yorc"}, "/body/zone"),
        ({"shifts": [*DAYS, DAYS[0]]}, "/body/shifts/7"),
        ({"work_centers": ["9.9.9.X"]}, "/body/work_centers/0"),
        ({"machines": ["M1", "M9"]}, "/body/machines/1"),
        ({"days": [{"day": "2025-12-25", "working": False}] * 2}, "/body/days/1/day"),
        ({"days": [{"day": "2025-12-25", "working": True}]}, "/body/days/0"),
    ],
)
async def test_what_is_no_calendar_is_refused(house: House, changed: dict[str, Any], pointer: str) -> None:
    await center(house)
    await machine(house, "M1")
    answer = await put(house, "days", {"zone": "America/New_York", "shifts": DAYS, **changed})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_calendars_are_for_admins_of_the_desk(house: House) -> None:
    planner = await house.token("mill:read", "mill:write")
    body = {"zone": "America/New_York", "shifts": DAYS}
    answer = await house.ask("PUT", f"{MILL}/calendars/days", json=body, token=planner)
    assert answer.status_code == 403
