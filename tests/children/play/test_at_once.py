"""Many at once: one session of one id, one end, each point and achievement once."""

import asyncio
from uuid import uuid4

from tests.children.house import House
from tests.children.playing import COUNTS, SESSION, ago, points, started


async def test_twenty_starts_of_one_id_at_once_are_one_session(house: House) -> None:
    """Whoever is first makes it; the others are told of it."""
    body = {**SESSION, "client_session_id": str(uuid4()), "started_at": ago(hours=1)}
    asked = [house.ask("K1", "POST", "/1/sessions", json=body) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    assert sorted(one.status_code for one in answers) == [200] * 19 + [201]
    assert len({one.json()["id"] for one in answers}) == 1


async def test_q58_fifty_ends_with_one_key_are_one_effect(house: House) -> None:
    """Of those at the same time all but one may be told to come again; afterwards all get the first answer."""
    made = await started(house)
    body, path = {"score": 40, **COUNTS}, f"/sessions/{made['id']}/complete"
    key = {"Idempotency-Key": "end-1"}
    answers = await asyncio.gather(
        *(house.ask("G1", "POST", path, json=body, headers=key) for _ in range(50))
    )
    # 503: an overloaded machine turns some away before they begin, which is no effect either.
    assert {one.status_code for one in answers} <= {200, 409, 503}
    ended = [one for one in answers if one.status_code == 200]
    assert ended
    assert {one.content for one in ended} == {ended[0].content}
    replayed = await house.ask("G1", "POST", path, json=body, headers=key)
    assert (replayed.headers["idempotency-replayed"], replayed.content) == ("true", ended[0].content)
    other = await house.ask("G1", "POST", path, json={**body, "score": 50}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await points(house) == (4, 4)


async def test_ends_at_once_bring_points_once_and_every_achievement(house: House) -> None:
    """Five sessions, each ended by four at once: whoever ends the fifth finds the other four."""
    await house.sql("DELETE FROM children.game_sessions")
    paths = [f"/sessions/{(await started(house))['id']}/complete" for _ in range(5)]
    body = {"score": 40, **COUNTS}
    answers = await asyncio.gather(
        *(house.ask("G1", "POST", path, json=body) for path in paths for _ in range(4))
    )
    assert {one.status_code for one in answers} == {200}
    assert await points(house) == (20, 20)
    rows = await house.sql("SELECT achievement_id FROM children.child_achievements")
    assert [row.achievement_id for row in rows] == ["dental_rookie"]
