"""Spec E and F.9: the demo of the earlier system with its corrected figures; what is missing is listed."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.crew.rules.grid import ApplianceRow, DayGrid
from service.schemas.crew.batches import Batch, Lookup
from tests.crew.house import House, open_house
from tests.crew.scenario import LABELS, cells, person, seen, station
from tests.support.ground import Ground
from tests.support.statements import counted_statements

T0 = datetime(2026, 3, 5, tzinfo=UTC)
DEMO = [(hour, hour + 0.25) for hour in range(0, 24, 3)]
NAMES = [f"PERSON {number:02}, A" for number in range(1, 21)]


@pytest.fixture(scope="module")
async def demo(ground: Ground) -> AsyncIterator[House]:
    """Twenty people with eight quarter hours each, and an appliance; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        made = await station(opened.runtime)
        crew = tuple(person(name, "FFD", "BA", 61, cells(DEMO)) for name in NAMES)
        machine = ApplianceRow("P22P6", 67, None, tuple(cell.state for cell in cells([(0, 9)])))
        await seen(opened.runtime, made, DayGrid(LABELS, 15, crew, (machine,)), date(2026, 3, 5))
        yield opened
    await ground.drop(url)


async def post(house: House, path: str, body: Any, **more: Any) -> Any:
    answer = await house.ask("POST", f"/v1/crew/{path}", json=body, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def window(start: datetime, hours: int) -> dict[str, str]:
    return {"from": start.isoformat(), "to": (start + timedelta(hours=hours)).isoformat()}


async def test_c104_the_demo_with_its_corrected_figures(demo: House) -> None:
    assert await demo.sql("SELECT count(*) FROM crew.crew_availability WHERE state = 'available'") == [(160,)]
    found = await post(demo, "lookup", {"names": NAMES[:5]})
    Lookup.model_validate(found)
    ids = [one["crew_id"] for one in found["items"]]
    assert ([one["name"] for one in found["items"]], len(set(ids))) == (NAMES[:5], 5)
    range_ = window(T0 + timedelta(seconds=23), 24)
    counts = {}
    for whose, asked in (("five", ids), ("all", None)):
        for match in ("within", "overlap"):
            body = await post(demo, "availability/batch", {"crew_ids": asked, **range_, "match": match})
            Batch.model_validate(body)
            counts[whose, match] = sum(len(one["available"]) for one in body["items"])
    assert counts == {
        ("five", "within"): 35, ("five", "overlap"): 40, ("all", "within"): 140, ("all", "overlap"): 160,
    }  # fmt: skip


async def test_c106_what_is_missing_is_listed_and_the_others_answered(demo: House) -> None:
    found = await post(demo, "lookup", {"names": [" person 02,a", "NOBODY, N", NAMES[0]]})
    assert [one["grid_name"] for one in found["items"]] == [NAMES[1], NAMES[0]]
    assert found["missing"] == ["NOBODY, N"]
    asked = {
        "crew_ids": [2, 999, 1], "appliance_names": ["P22P6", "P99P9"], **window(T0, 3), "match": "overlap",
    }  # fmt: skip
    body = await post(demo, "availability/batch", asked)
    assert [one["crew_id"] for one in body["items"]] == [2, 1]
    assert [one["available"] for one in body["items"]] == [
        [{"from": "2026-03-05T00:00:00Z", "until": "2026-03-05T00:15:00Z"}]
    ] * 2
    assert [(one["appliance"], len(one["available"])) for one in body["appliances"]] == [("P22P6", 1)]
    assert body["missing"] == {"crew_ids": [999], "appliance_names": ["P99P9"]}
    assert body["data"]["complete"]


async def test_nothing_in_the_range_is_an_empty_list_and_not_known_is_said(demo: House) -> None:
    body = await post(demo, "availability/batch", {"crew_ids": [1], **window(T0 + timedelta(days=3), 1)})
    assert (body["items"][0]["available"], body["data"]["complete"]) == ([], False)
    then = {"crew_ids": [1], **window(T0, 24), "known_at": "2026-03-05T00:00:00Z"}
    unseen = await post(demo, "availability/batch", then)  # nobody had been seen by then
    assert (unseen["items"], unseen["missing"]["crew_ids"]) == ([], [1])
    now = {"crew_ids": [1], **window(T0, 24), "known_at": "2026-03-05T12:00:00Z"}
    assert len((await post(demo, "availability/batch", now))["items"][0]["available"]) == 8


async def test_a_batch_is_not_complete_where_a_grid_leaves_somebody_out(house: House) -> None:
    made = await station(house.runtime)
    both = [person(name, "FFD", "BA", 61, cells(DEMO)) for name in NAMES[:2]]
    day = date(2026, 3, 5)
    machine = ApplianceRow("P22P6", 67, None, ("available",) * 48 + ("unknown",) * 48)
    await seen(house.runtime, made, DayGrid(LABELS, 15, tuple(both)), day - timedelta(days=1))
    await seen(house.runtime, made, DayGrid(LABELS, 15, (both[0],), (machine,)), day)
    for asked, complete in (
        ({"crew_ids": [1]}, True),
        ({"crew_ids": [2]}, False),  # in no row of a day that was read: not unavailable, not known
        ({"crew_ids": None}, False),
        ({"crew_ids": [], "appliance_names": ["P22P6"]}, False),
    ):
        body = await post(house, "availability/batch", {**asked, **window(T0, 24)})
        assert body["data"]["complete"] is complete, body["data"]
    morning = {"crew_ids": [1], "appliance_names": ["P22P6"], **window(T0, 12)}
    assert (await post(house, "availability/batch", morning))["data"]["complete"]
    range_ = window(T0, 24)
    sent = await house.ask("GET", "/v1/crew/export/segments", params=range_)
    assert sent.headers["data-complete"] == "false"
    assert "of 1 of the people" in sent.headers["incomplete-reasons"]


async def test_e_a_batch_takes_as_many_statements_for_one_as_for_all(demo: House) -> None:
    def told(count: int) -> dict[str, Any]:
        return {"crew_ids": list(range(1, count + 1)), **window(T0, 24)}

    counts = []
    for count in (1, 5, 20):
        with counted_statements(demo.runtime.database.engine) as sent:
            await post(demo, "availability/batch", told(count))
        counts.append(sum("muster.api_key" not in one for one in sent))  # who asks is remembered for a while
    assert len(set(counts)) == 1


async def test_what_a_caller_may_not_see_is_missing(demo: House) -> None:
    await station(demo.runtime, "P33")
    limited = await demo.token("crew:read", sites=["P33"])
    found = await post(demo, "lookup", {"names": NAMES[:1]}, token=limited)
    assert (found["items"], found["missing"]) == ([], NAMES[:1])
    body = await post(demo, "availability/batch", {"crew_ids": [1], **window(T0, 1)}, token=limited)
    assert (body["items"], body["missing"]["crew_ids"]) == ([], [1])
    foreign = await demo.ask(
        "POST", "/v1/crew/lookup", token=limited, json={"names": NAMES[:1], "station": "P22"}
    )
    assert foreign.status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"crew_ids": [0]},
        {"crew_ids": [2**40]},
        {"crew_ids": list(range(1, 502))},
        {"crew_ids": [1], "match": "touching"},
        {"crew_ids": [1], "people": [1]},
        {"crew_ids": [1], "from": "2026-03-05T00:00:00"},
        {"crew_ids": [1], "to": "2026-06-05T00:00:00Z"},
        {"crew_ids": [1], "appliance_names": ["\0"]},
    ],
)
async def test_a_batch_that_makes_no_sense_is_refused(demo: House, wrong: dict[str, Any]) -> None:
    answer = await demo.ask("POST", "/v1/crew/availability/batch", json={**window(T0, 1), **wrong})
    assert answer.status_code == 422, answer.text
