"""The numbered cases of spec F3, F4 and F8 about sessions, points and their lists."""

from tests.children.house import House
from tests.children.playing import COUNTS, ago, points, record, started


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
