"""Planning parameters over HTTP: one set, its history, refused with near names."""

from service.schemas.mill.parameters import MillParametersInForce
from tests.support.house import House

PATH = "/v1/mill/parameters"


async def test_parameters_are_put_with_audit_and_history(house: House) -> None:
    before = await house.ask("GET", PATH)
    assert (before.headers["ETag"], before.json()["changed"]) == ('"0"', {})
    asked = {"values": {"past_due_policy": "now", "weeks_horizon": 13}, "reason": "a trial"}
    unmatched = await house.ask("PUT", PATH, json=asked)
    assert unmatched.status_code == 428
    put = await house.ask("PUT", PATH, json=asked, headers={"If-Match": '"0"'})
    assert (put.status_code, put.json()["changed"]) == (200, {"past_due_policy": "now", "weeks_horizon": 13})
    MillParametersInForce.model_validate(put.json())
    assert "mill/parameters" in put.headers["Data-Version"].replace("%2F", "/")
    stale = await house.ask("PUT", PATH, json=asked, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    back = {"values": {"weeks_horizon": None}, "reason": "nine are enough"}
    gone = await house.ask("PUT", PATH, json=back, headers={"If-Match": put.headers["ETag"]})
    assert (gone.json()["changed"], gone.json()["history_count"]) == ({"past_due_policy": "now"}, 3)
    assert gone.json()["history"][0]["value"] is None
    audit = await house.sql("SELECT before, after FROM muster.audit WHERE what = 'mill.parameters_put'")
    assert audit[0].before == {"past_due_policy": "exclude", "weeks_horizon": 9}


async def test_names_there_are_not_are_refused_with_near_ones(house: House) -> None:
    asked = {"values": {"weeks_horizn": 3}, "reason": "a slip"}
    answer = await house.ask("PUT", PATH, json=asked, headers={"If-Match": '"0"'})
    assert answer.status_code == 422
    assert "weeks_horizon" in answer.json()["detail"]
    null = {"values": {"weeks_horizn": None}, "reason": "a slip"}
    assert (await house.ask("PUT", PATH, json=null, headers={"If-Match": '"0"'})).status_code == 422
    assert (await house.get(PATH))["history"] == []


async def test_planners_read_parameters_and_admins_put_them(house: House) -> None:
    planner = await house.token("mill:read", "mill:write")
    asked = {"values": {"weeks_horizon": 3}, "reason": "mine"}
    answer = await house.ask("PUT", PATH, json=asked, headers={"If-Match": '"0"'}, token=planner)
    assert answer.status_code == 403
    described = await house.ask("GET", f"{PATH}/described", token=planner)
    assert "weeks_horizon" in described.json()["described"]["properties"]
