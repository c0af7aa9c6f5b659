"""The numbered cases of spec F3, F4 and F8 about sessions, points and their lists."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError, ProgrammingError

from service.children.queries.points import award
from tests.children.house import House
from tests.children.playing import COUNTS, ago, points, record, started, times


async def test_t030_counts_never_fall_and_responses_stay_within_interactions(house: House) -> None:
    made = await started(house)
    path = f"/sessions/{made['id']}"
    higher = await house.ask("G1", "PATCH", path, json={"score": 50}, headers={"If-Match": '"1"'})
    assert (higher.status_code, higher.json()["score"], higher.headers["etag"]) == (200, 50, '"2"')
    lower = await house.ask("G1", "PATCH", path, json={"score": 40}, headers={"If-Match": '"2"'})
    assert (lower.status_code, lower.json()["code"]) == (409, "counter_regression")
    assert lower.json()["errors"][0]["pointer"] == "/body/score"
    counts = {"correct_responses": 3, "incorrect_responses": 3, "interactions_count": 5}
    many = await house.ask("G1", "PATCH", path, json=counts, headers={"If-Match": '"2"'})
    assert many.status_code == 422
    assert many.json()["errors"][0]["code"] == "responses_exceed_interactions"


async def test_t031_an_end_has_a_duration_and_nothing_after_it(house: House) -> None:
    made = await started(house, started_at=ago(minutes=10))
    path = f"/sessions/{made['id']}"
    early = await house.ask("G1", "POST", f"{path}/complete", json={"ended_at": ago(minutes=11)})
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "ended_before_start")
    ended = await house.ask("G1", "POST", f"{path}/complete", json={"ended_at": ago(minutes=5, seconds=0.5)})
    assert ended.status_code == 200, ended.text
    assert (ended.json()["completion_status"], ended.json()["duration_seconds"]) == ("completed", 299)
    after = await house.ask("G1", "PATCH", path, json={"score": 1}, headers={"If-Match": '"2"'})
    assert (after.status_code, after.json()["code"]) == (409, "already_final")


async def test_t032_the_same_end_told_twice_is_one_end(house: House) -> None:
    made = await started(house)
    body = {"score": 40, **COUNTS, "final_state": "calm"}
    first = await house.ask("G1", "POST", f"/sessions/{made['id']}/complete", json=body)
    again = await house.ask("G1", "POST", f"/sessions/{made['id']}/complete", json=body)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert first.json()["points_awarded"] == 4
    assert await points(house) == (4, 4)
    other = await house.ask("G1", "POST", f"/sessions/{made['id']}/complete", json={**body, "score": 50})
    assert (other.status_code, other.json()["code"]) == (409, "already_final")


async def test_t036_a_batch_keeps_what_is_right_and_says_what_is_not(house: House) -> None:
    items = [record() for _ in range(98)]
    items.insert(10, record(score=-1))
    items.insert(70, record(correct_responses=99))
    sent = await house.ask("G1", "POST", "/sessions/batch", json={"items": items})
    assert sent.status_code == 207, sent.text
    outcomes = sent.json()["items"]
    assert [one["status"] for one in outcomes].count("created") == 98
    assert [one["index"] for one in outcomes if one["status"] == "rejected"] == [10, 70]
    pointers = [outcomes[index]["error"]["errors"][0]["pointer"] for index in (10, 70)]
    assert pointers == ["/body/items/10/score", "/body/items/70/correct_responses"]
    again = (await house.ask("G1", "POST", "/sessions/batch", json={"items": items})).json()["items"]
    assert [one["status"] for one in again].count("exists") == 98
    assert [one["id"] for one in again] == [one["id"] for one in outcomes]
    assert await points(house) == (98 * 4, 98 * 4)


async def test_t026_an_award_is_given_once_and_a_hundred_points_are_a_level(house: House) -> None:
    made = await started(house)
    await house.ask("G1", "POST", f"/sessions/{made['id']}/complete", json={"score": 40, **COUNTS})
    async with house.runtime.database.write() as conn:
        assert await award(conn, "session", [(1, made["id"], 4)]) == []
    assert await points(house) == (4, 4)
    given = await house.ask("G1", "POST", "/1/points", json={"points": 96, "reason": "a brave day"})
    assert given.status_code == 201
    assert given.json() == {
        "points_added": 96, "total_points": 100, "old_level": 1, "new_level": 2, "level_up": True,
        "achievements": [],
    }  # fmt: skip


async def test_t027_twenty_awards_at_once_all_count(house: House) -> None:
    async with house.http("G1") as http, asyncio.TaskGroup() as group:
        body = {"points": 5, "reason": "for each step"}
        asked = [group.create_task(http.post("/v1/children/1/points", json=body)) for _ in range(20)]
    assert {task.result().status_code for task in asked} == {201}
    assert await points(house) == (100, 100)
    assert (await house.sql("SELECT count(*) FROM children.point_ledger")) == [(20,)]


async def test_t057_points_by_hand_are_one_to_a_hundred(house: House) -> None:
    for points_, code in ((0, "out_of_range"), (101, "out_of_range"), ("10", "int_type")):
        answer = await house.ask("G1", "POST", "/1/points", json={"points": points_, "reason": "x"})
        assert answer.status_code == 422
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/body/points", code)]


async def test_t025_t028_completed_sessions_bring_points_and_achievements(house: House) -> None:
    """S1 to S9 of F0 within a week: the longest run of days is two."""
    await house.sql("DELETE FROM children.game_sessions")
    now = datetime.now(UTC)
    played = [
        (6, "dental_visit", "completed", 40), (5, "dental_visit", "completed", 50),
        (4, "social_scenario", "abandoned", 20), (3, "dental_visit", "completed", 70),
        (2, "social_scenario", "completed", 80), (1, "therapy_session", "interrupted", 0),
        (0, "dental_visit", "completed", 90), (6, "dental_visit", "completed", 100),
    ]  # fmt: skip
    items = [
        record(session_type=kind, completion_status=status, score=score, **times(days, now))
        for days, kind, status, score in played
    ]
    sent = (await house.ask("K1", "POST", "/sessions/batch", json={"items": items})).json()["items"]
    assert {one["status"] for one in sent} == {"created"}
    ids = {one["id"]: score for one, (_, _, _, score) in zip(sent, played, strict=True)}
    rows = await house.sql("SELECT source_id, points FROM children.point_ledger ORDER BY points")
    assert [(ids[source], points_) for source, points_ in rows] == [
        (40, 4), (50, 5), (70, 7), (80, 8), (90, 9), (100, 10),
    ]  # fmt: skip
    told = (await house.ask("G3", "GET", "/1/achievements")).json()
    assert (told["points"], told["level"], told["next_level_at"], told["earned"]) == (43, 1, 100, 1)
    by_id = {one["id"]: one for one in told["items"]}
    rookie, champion = by_id["dental_rookie"], by_id["dental_champion"]
    assert (rookie["have"], rookie["progress"], rookie["earned_at"] is not None) == (5, 100.0, True)
    assert (champion["progress"], champion["earned_at"]) == (50.0, None)
    assert (by_id["therapy_starter"]["progress"], by_id["streak_7"]["progress"]) == (0.0, 28.6)


async def test_t025_a_score_of_nothing_is_one_point_when_completed(house: House) -> None:
    made = await started(house)
    ended = await house.ask("G1", "POST", f"/sessions/{made['id']}/complete", json={})
    assert ended.json()["points_awarded"] == 1
    given_up = await started(house)
    ended = await house.ask("G1", "POST", f"/sessions/{given_up['id']}/abandon", json={"score": 90})
    assert (ended.json()["points_awarded"], ended.json()["completion_status"]) == (None, "abandoned")
    assert await points(house) == (1, 1)


async def test_t034_everything_told_survives_a_reload(house: House) -> None:
    made = await started(house, scenario_version="2.1", initial_state="anxious")
    path = f"/sessions/{made['id']}"
    felt = [{"from": "anxious", "to": "calm", "trigger": "the song"}]
    counts = {"pause_count": 2, "hint_usage_count": 3, "transitions": felt}
    assert (await house.ask("G1", "PATCH", path, json=counts, headers={"If-Match": '"1"'})).status_code == 200
    more = {"final_state": "happy", "transitions": [{"to": "happy"}], "summary_note": "well"}
    assert (await house.ask("G1", "POST", f"{path}/complete", json=more)).status_code == 200
    read = (await house.ask("G1", "GET", path)).json()
    names = (
        "final_state",
        "scenario_version",
        "pause_count",
        "hint_usage_count",
        "summary_note",
        "parent_notes",
    )
    assert [read[name] for name in names] == ["happy", "2.1", 2, 3, "well", None]
    assert [one["to"] for one in read["emotional_data"]["transitions"]] == ["calm", "happy"]


async def test_t035_feedback_changes_no_figure(house: House) -> None:
    before = (await house.ask("G1", "GET", "/sessions/1")).json()
    body = {"parent_rating": 5, "parent_notes": "Much better.", "parent_observed_behavior": {"calm": True}}
    headers = {"If-Match": '"1"'}
    rated = await house.ask("G1", "PATCH", "/sessions/1/feedback", json=body, headers=headers)
    assert rated.status_code == 200
    changed = {name for name, value in rated.json().items() if value != before[name]}
    assert changed == {*body, "version", "updated_at"}
    six = await house.ask("G1", "PATCH", "/sessions/1/feedback", json={"parent_rating": 6}, headers=headers)
    assert (six.status_code, six.json()["errors"][0]["code"]) == (422, "out_of_range")


async def test_t039_a_change_says_which_version_it_is_of(house: House) -> None:
    made = await started(house)
    for path in (f"/sessions/{made['id']}", f"/sessions/{made['id']}/feedback"):
        stale = await house.ask("G1", "PATCH", path, json={}, headers={"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
        assert (await house.ask("G1", "PATCH", path, json={})).status_code == 428


async def test_t086_pages_go_on_where_they_were_whatever_comes_and_goes(house: House) -> None:
    insert = """INSERT INTO children.game_sessions
        (id, child_id, session_type, scenario_name, started_at, created_by) OVERRIDING SYSTEM VALUE
        VALUES (:id, 2, 'daily_routine', 'Morning', CAST(:at AS timestamptz), 'x')"""
    for number, hour in ((11, 12), (12, 12), (13, 12), (14, 11), (15, 10)):
        await house.sql(insert, id=number, at=datetime(2026, 6, 1, hour, tzinfo=UTC))
    first = (await house.ask("G2", "GET", "/2/sessions", params={"limit": 2})).json()
    await house.sql(insert, id=16, at=datetime(2026, 6, 1, 12, 30, tzinfo=UTC))
    pages = [first]
    while pages[-1]["page"]["has_more"]:
        asked = {"limit": 2, "cursor": pages[-1]["page"]["next"]}
        pages.append((await house.ask("G2", "GET", "/2/sessions", params=asked)).json())
    assert [[one["id"] for one in page["items"]] for page in pages] == [[13, 12], [11, 14], [15]]
    assert pages[-1]["page"]["next"] is None
    await house.sql("UPDATE children.game_sessions SET deleted_at = now(), voided_reason = 'x' WHERE id = 11")
    again = {"limit": 2, "cursor": first["page"]["next"]}
    after = (await house.ask("G2", "GET", "/2/sessions", params=again)).json()
    assert [one["id"] for one in after["items"]] == [14, 15]


VIOLATIONS = {
    "parent_rating": "UPDATE children.game_sessions SET parent_rating = 6 WHERE id = 1",
    "ended_after_start": "UPDATE children.game_sessions SET ended_at = started_at - interval '1 s' WHERE id = 1",
    "ended": "UPDATE children.game_sessions SET completion_status = 'completed' WHERE id = 8",
    "help_within_interactions": "UPDATE children.game_sessions SET help_requests = 31 WHERE id = 1",
    "responses": "UPDATE children.game_sessions SET correct_responses = 16 WHERE id = 1",
    "score": "UPDATE children.game_sessions SET score = -1 WHERE id = 1",
    "pause_within_duration": "UPDATE children.game_sessions SET total_pause_seconds = 601 WHERE id = 1",
    "voided_reason": "UPDATE children.game_sessions SET deleted_at = now() WHERE id = 1",
    "session_type": "UPDATE children.game_sessions SET session_type = 'chess' WHERE id = 1",
    "initial_state": "UPDATE children.game_sessions SET initial_state = 'bored' WHERE id = 1",
    "points_earned": "INSERT INTO children.activities (child_id, activity_type, activity_name, points_earned,"
    " created_by) VALUES (1, 'exercise', 'x', 101, 'x')",
    "anxiety_level_after": "INSERT INTO children.activities (child_id, activity_type, activity_name,"
    " anxiety_level_after, created_by) VALUES (1, 'exercise', 'x', 11, 'x')",
    "completed_after_start": "INSERT INTO children.activities (child_id, activity_type, activity_name,"
    " started_at, completed_at, created_by) VALUES (1, 'exercise', 'x', now(), now() - interval '1 s', 'x')",
    "points": "INSERT INTO children.point_ledger (child_id, source_type, points) VALUES (1, 'manual', -1)",
    "points_present": "INSERT INTO children.point_ledger (child_id, source_type, points)"
    " VALUES (1, 'adjustment', 0)",
}


@pytest.mark.parametrize("constraint", VIOLATIONS)
async def test_t112_the_tables_themselves_refuse_what_cannot_be(shared: House, constraint: str) -> None:
    with pytest.raises(IntegrityError) as refused:
        await shared.sql(VIOLATIONS[constraint])
    assert refused.value.orig.__cause__.constraint_name.endswith(f"_{constraint}")  # type: ignore[union-attr]


async def test_t112_a_level_is_only_ever_that_of_the_points(shared: House) -> None:
    with pytest.raises(ProgrammingError, match="can only be updated to DEFAULT"):
        await shared.sql("UPDATE children.children SET level = 3 WHERE id = 1")
    with pytest.raises(IntegrityError):
        await shared.sql("UPDATE children.children SET points = -1 WHERE id = 1")
