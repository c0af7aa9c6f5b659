"""Activities: kept once with their points, told otherwise, verified by each side, voided."""

from typing import Any
from uuid import uuid4

import pytest

from tests.children.house import House
from tests.children.playing import ago, points

CARE = {"activity_type": "dental_care", "activity_name": "Brushing teeth", "points_earned": 15}


async def _added(house: House, who: str = "G1", **more: Any) -> dict[str, Any]:
    answer = await house.ask(who, "POST", "/1/activities", json={**CARE, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_an_activity_of_one_id_is_kept_once_with_its_points(house: House) -> None:
    """Told again it is 200, told otherwise a conflict; what parents changed since does not make it another."""
    body = {**CARE, "client_activity_id": str(uuid4()), "completed_at": ago(hours=1), "notes": "well"}
    first = await house.ask("K1", "POST", "/1/activities", json=body)
    again = await house.ask("K1", "POST", "/1/activities", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    for other in ({"points_earned": 20}, {"notes": "badly"}):
        answer = await house.ask("K1", "POST", "/1/activities", json={**body, **other})
        assert (answer.status_code, answer.json()["code"]) == (409, "activity_id_conflict")
    path = f"/activities/{first.json()['id']}"
    await house.ask("G1", "PATCH", path, json={"notes": "very well"}, headers={"If-Match": '"1"'})
    assert (await house.ask("K1", "POST", "/1/activities", json=body)).status_code == 200
    assert await points(house) == (15, 15)


async def test_each_side_verifies_for_itself(house: House) -> None:
    """A guardian never for a professional; who only reads verifies nothing, and a change takes both off."""
    made = await _added(house)
    path = f"/activities/{made['id']}"
    told = {}
    for who in ("G1", "C1", "V1", "G3", "K1", "N1"):
        answer = await house.ask(who, "POST", f"{path}/verify", json={"notes": who})
        told[who] = answer.status_code
    assert told == {"G1": 200, "C1": 200, "V1": 403, "G3": 403, "K1": 403, "N1": 404}
    seen = (await house.ask("G1", "GET", path)).json()
    assert (seen["verified_by_parent"], seen["verified_by_professional"]) == (True, True)
    taken = (await house.ask("G1", "POST", f"{path}/verify", json={"verified": False})).json()
    assert (taken["verified_by_parent"], taken["verified_by_professional"]) == (False, True)
    same = await house.ask("G1", "PATCH", path, json={}, headers={"If-Match": '"4"'})
    assert (same.status_code, same.json()["version"]) == (200, 4)
    changed = await house.ask("E1", "PATCH", path, json={"success_rating": 4}, headers={"If-Match": '"4"'})
    assert (changed.json()["success_rating"], changed.json()["verified_by_professional"]) == (4, False)
    stale = await house.ask("E1", "PATCH", path, json={"success_rating": 3}, headers={"If-Match": '"4"'})
    assert stale.status_code == 412


async def test_voiding_takes_the_points_back_once(house: House) -> None:
    """Of the activity, never those of a session with the same number."""
    made = await _added(house)
    await house.sql(
        "INSERT INTO children.point_ledger (child_id, source_type, source_id, points) VALUES (1, 'session', :id, 9)",
        id=made["id"],
    )
    await house.sql("UPDATE children.children SET points = points + 9 WHERE id = 1")
    path = f"/activities/{made['id']}"
    voided = await house.ask("G1", "DELETE", path, json={"reason": "written down twice"})
    assert (voided.status_code, voided.json()["points_taken"]) == (200, 15)
    assert await points(house) == (9, 9)
    assert (await house.ask("G1", "DELETE", path, json={"reason": "again"})).status_code == 404
    assert (await house.ask("G1", "GET", "/1/activities")).json()["items"] == []


async def test_care_counts_towards_achievements_beside_sessions(house: House) -> None:
    """Emma's F0 has five dental sessions: the fifth activity is the tenth."""
    for _ in range(5):
        await _added(house, points_earned=0)
    rows = await house.sql("SELECT achievement_id FROM children.child_achievements ORDER BY 1")
    assert [row.achievement_id for row in rows] == ["dental_champion", "dental_rookie"]


async def test_the_list_has_filters_and_pages(shared: House) -> None:
    """Newest first, and by days, type and verification."""
    await shared.sql("DELETE FROM children.activities")
    made = [await _added(shared, completed_at=ago(days=day)) for day in (3, 2, 1)]
    await shared.ask("G1", "POST", f"/activities/{made[0]['id']}/verify", json={})
    other = await _added(shared, activity_type="exercise", completed_at=ago(days=40))
    ids = [one["id"] for one in made]
    for asked, expected in (
        ("", [*reversed(ids), other["id"]]),
        ("verified=true", [ids[0]]),
        ("verified=false", [ids[2], ids[1], other["id"]]),
        ("activity_type=exercise", [other["id"]]),
        (f"to={ago(days=20)[:10]}", [other["id"]]),
        (f"from={ago(days=20)[:10]}&limit=2", [ids[2], ids[1]]),
    ):
        page = (await shared.ask("V1", "GET", f"/1/activities?{asked}")).json()
        assert [one["id"] for one in page["items"]] == expected, asked


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"points_earned": 101}, "/body/points_earned", "out_of_range"),
        ({"activity_name": "x"}, "/body/activity_name", "too_short"),
        ({"completed_at": ago(hours=-6)}, "/body/completed_at", "date_in_future"),
        (
            {"started_at": ago(hours=1), "completed_at": ago(hours=2)},
            "/body/completed_at",
            "ended_before_start",
        ),
        ({"completed_at": "0001-01-01T00:00:00Z"}, "/body/completed_at", "date_out_of_range"),
        ({"anxiety_level_before": 11}, "/body/anxiety_level_before", "out_of_range"),
        ({"emotional_state_after": "bored"}, "/body/emotional_state_after", "literal_error"),
        ({"strategies_used": [" "]}, "/body/strategies_used/0", "blank"),
    ],
)
async def test_what_cannot_be_says_where_and_why(
    shared: House, body: dict[str, Any], pointer: str, code: str
) -> None:
    """Every finding has its pointer and a stable code."""
    answer = await shared.ask("G1", "POST", "/1/activities", json={**CARE, **body})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


async def test_who_may_add_and_void(shared: House) -> None:
    """Guardians and who edits; a professional voids their own within a day, a device nothing."""
    told = {}
    for who in ("G1", "E1", "K1", "G3", "V1", "C1", "N1", "AD"):
        told[who] = (await shared.ask(who, "POST", "/1/activities", json=CARE)).status_code
    assert told == {"G1": 201, "E1": 201, "K1": 201, "G3": 403, "V1": 403, "C1": 403, "N1": 404, "AD": 403}
    theirs, ours = await _added(shared, "E1"), await _added(shared)
    reason = {"reason": "a test"}
    assert (await shared.ask("E1", "DELETE", f"/activities/{ours['id']}", json=reason)).status_code == 403
    assert (await shared.ask("K1", "DELETE", f"/activities/{ours['id']}", json=reason)).status_code == 403
    assert (await shared.ask("E1", "DELETE", f"/activities/{theirs['id']}", json=reason)).status_code == 200
