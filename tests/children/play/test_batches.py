"""Sessions in bulk: an outcome for each, whatever the others are, in few statements."""

import asyncio
from typing import Any
from uuid import uuid4

from tests.children.house import House
from tests.children.playing import COUNTS, points, record, sent, started


async def _outcomes(house: House, who: str, items: list[Any]) -> list[dict[str, Any]]:
    answer = await house.ask(who, "POST", "/sessions/batch", json={"items": items})
    assert answer.status_code == 207, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["items"]
    assert [one["index"] for one in outcomes] == list(range(len(items)))
    return outcomes


def _codes(outcomes: list[dict[str, Any]]) -> list[str]:
    return [one["status"] if one["error"] is None else one["error"]["code"] for one in outcomes]


async def test_one_id_is_one_session_within_a_batch_and_after_it(house: House) -> None:
    """Told twice alike it exists, told otherwise it is a conflict; a session under way is ended by its own route."""
    once, open_id = record(), str(uuid4())
    await started(house, client_session_id=open_id)
    items = [
        once,
        once,
        {**once, "score": 41},
        record(client_session_id=open_id),
        {**once, "client_session_id": str(uuid4())},
    ]
    outcomes = await _outcomes(house, "K1", items)
    conflict = "session_id_conflict"
    assert _codes(outcomes) == ["created", "exists", conflict, conflict, "created"]
    assert outcomes[0]["id"] == outcomes[1]["id"]
    again = await _outcomes(house, "G1", items)
    assert _codes(again) == ["exists", "exists", conflict, conflict, "exists"]
    await house.ask("G1", "DELETE", f"/sessions/{outcomes[0]['id']}", json={"reason": "a test"})
    assert _codes(await _outcomes(house, "K1", [once])) == [conflict]
    assert await points(house) == (4, 4)


async def test_children_of_others_are_refused_and_that_is_noted(house: House) -> None:
    """With the words of any other 404, and the true reason in the audit."""
    items = [record(1), record(2), record(999)]
    outcomes = await _outcomes(house, "G1", items)
    assert _codes(outcomes) == ["created", "not_found", "not_found"]
    hidden, absent = outcomes[1]["error"], outcomes[2]["error"]
    assert hidden == absent
    rows = await house.sql(
        "SELECT deny_code, child_ids FROM muster.audit WHERE what = 'session.batch' ORDER BY deny_code NULLS FIRST"
    )
    assert [tuple(row) for row in rows] == [(None, [1]), ("absent", [999]), ("not_visible", [2])]
    assert _codes(await _outcomes(house, "V1", [record(1)])) == ["access_level"]


async def test_what_is_no_session_is_told_with_its_place(shared: House) -> None:
    """Whatever it is: not even an object, without its id, with a field that does not exist."""
    without = record()
    del without["client_session_id"]
    items: list[Any] = [
        5,
        without,
        record(colour="red"),
        record(child_id="1"),
        record(ended_at="2020-01-01T00:00Z"),
    ]
    outcomes = await _outcomes(shared, "G1", items)
    found = [one["error"]["errors"][0] for one in outcomes]
    assert [(one["pointer"], one["code"]) for one in found] == [
        ("/body/items/0", "model_type"),
        ("/body/items/1/client_session_id", "missing"),
        ("/body/items/2/colour", "unknown_parameter"),
        ("/body/items/3/child_id", "int_type"),
        ("/body/items/4/ended_at", "ended_before_start"),
    ]
    for items in ([], [record()] * 101):
        answer = await shared.ask("G1", "POST", "/sessions/batch", json={"items": items})
        assert answer.status_code == 422


async def test_a_row_that_only_the_database_refuses_leaves_the_others(house: House) -> None:
    """It is found by halves, and the other 99 are kept."""
    await house.sql("ALTER TABLE children.game_sessions ADD CHECK (scenario_name <> 'refused')")
    items = [record() for _ in range(100)]
    items[37]["scenario_name"] = "refused"
    outcomes = await _outcomes(house, "K1", items)
    assert outcomes[37]["error"]["code"] == "value_refused"
    assert _codes(outcomes).count("created") == 99
    assert await points(house) == (396, 396)


async def test_a_batch_keeps_everything_that_a_session_tells(shared: House) -> None:
    """Also lists, feelings and patterns; what a device does not tell is nothing."""
    told = record(
        transitions=[{"from": "anxious", "to": "calm"}],
        stress_indicators=["hands"],
        interaction_patterns={"taps": [1, 2]},
        achievements_unlocked=["a", "a", "b"],
        progress_markers=["skill_a"],
        final_state="calm",
        total_pause_seconds=60,
        device_type="tablet",
    )
    [outcome] = await _outcomes(shared, "K1", [told])
    read = (await shared.ask("G1", "GET", f"/sessions/{outcome['id']}")).json()
    assert read["emotional_data"]["transitions"] == [
        {"at": None, "from": "anxious", "to": "calm", "trigger": None}
    ]
    assert read["emotional_data"]["stress_indicators"] == ["hands"]
    assert (read["interaction_patterns"], read["achievements_unlocked"]) == ({"taps": [1, 2]}, ["a", "b"])
    assert (read["duration_seconds"], read["active_seconds"], read["levels_completed"]) == (3600, 3540, 0)
    assert (read["points_awarded"], read["exit_reason"]) == (4, "completed")


async def test_a_hundred_sessions_take_as_many_statements_as_one(shared: House) -> None:
    """Nothing is done row by row."""
    several = []
    for number in (1, 100):
        items = [record() for _ in range(number)]
        several.append(await sent(shared, "K1", "POST", "/sessions/batch", json={"items": items}))
    assert len(several[0]) == len(several[1]) <= 10, several


async def test_the_same_batch_sent_by_ten_at_once_is_kept_once(house: House) -> None:
    """In any order of its items, and beside awards to the same child."""
    items = [record() for _ in range(20)]
    batches = [[*items[cut:], *items[:cut]] for cut in range(10)]
    asked = [_outcomes(house, "K1", batch) for batch in batches]
    award = {"points": 1, "reason": "patience"}
    beside = [house.ask("G1", "POST", "/1/points", json=award) for _ in range(5)]
    outcomes, answers = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*beside))
    assert {one.status_code for one in answers} == {201}
    assert sum(_codes(batch).count("created") for batch in outcomes) == 20
    assert sum(_codes(batch).count("exists") for batch in outcomes) == 180
    assert await points(house) == (85, 85)


async def test_sessions_of_two_children_by_one_guardian_at_once(house: House) -> None:
    """Each child gets its own points; two batches that name them the other way round never block each other."""
    await house.sql(
        "INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES (2, 1, 'other', 'full')"
    )
    first = [record(1), record(2, **COUNTS, score=90), record(2, completion_status="abandoned")]
    asked = [_outcomes(house, "G1", batch) for batch in (first, [record(2), record(1)]) for _ in range(3)]
    outcomes = await asyncio.gather(*asked)
    assert {code for batch in outcomes for code in _codes(batch)} <= {"created", "exists"}
    assert (await points(house, 1), await points(house, 2)) == ((8, 8), (13, 13))
