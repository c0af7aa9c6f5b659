"""Figures are kept by the child's data versions, after the check and never before it; and what they cost."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.children.queries.figures import reading
from service.children.queries.scopes import of_sessions
from tests.children.figured import WINDOW, child_of, play, session
from tests.children.house import House
from tests.support.statements import counted_statements

SUMMARY = "/1/analytics/summary"


async def raised(house: House, child: int) -> None:
    """What whoever writes a session does last."""
    async with house.runtime.database.write() as conn:
        await house.runtime.versions.raise_in(conn, [of_sessions(child)])


async def test_t092_a_finished_session_is_in_the_next_answer(house: House) -> None:
    first = await house.ask("G1", "GET", SUMMARY, params=WINDOW)
    second = await house.ask("V1", "GET", SUMMARY, params=WINDOW)
    assert [answer.headers["x-cache"] for answer in (first, second)] == ["MISS", "HIT"]
    assert first.content == second.content
    assert first.headers["cache-control"] == "no-store"
    async with house.runtime.database.write() as conn:
        ended = "UPDATE children.game_sessions SET completion_status = 'completed', ended_at = started_at"
        await conn.exec_driver_sql(ended + ", duration_seconds = 60 WHERE id = 8")
        await house.runtime.versions.raise_in(conn, [of_sessions(1)])
    third = await house.ask("G1", "GET", SUMMARY, params=WINDOW)
    assert third.headers["x-cache"] == "MISS"
    assert third.json()["summary"]["completed"] == 6
    assert third.json()["meta"]["complete"] is True
    assert third.json()["generated_at"] is not None


async def test_t092_a_rating_given_changes_the_figures(house: House) -> None:
    await house.ask("G1", "GET", SUMMARY, params=WINDOW)
    await house.sql("UPDATE children.game_sessions SET parent_rating = 1 WHERE id = 7")
    await raised(house, 1)
    after = await house.ask("G1", "GET", SUMMARY, params=WINDOW)
    assert (after.headers["x-cache"], after.json()["summary"]["parent_rating"]["mean"]) == ("MISS", 3.6)


async def test_t093_what_a_slow_reader_read_is_not_given_after_a_later_write(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads, the writer commits and raises, then it keeps what it read: under the old versions."""
    has_read, may_go_on = asyncio.Event(), asyncio.Event()
    select = reading.select_figures

    async def slowly(*args: Any) -> Any:
        found = await select(*args)
        has_read.set()
        await may_go_on.wait()
        return found

    with monkeypatch.context() as slowed:
        slowed.setattr("service.children.analytics.answers.select_figures", slowly)
        reader = asyncio.create_task(house.ask("G1", "GET", SUMMARY, params=WINDOW))
        await has_read.wait()
        await house.sql("UPDATE children.game_sessions SET score = 100 WHERE id = 7")
        await raised(house, 1)
        may_go_on.set()
        before = await reader
    after = await house.ask("G1", "GET", SUMMARY, params=WINDOW)
    assert before.json()["summary"]["score"]["max"] == 90
    assert (after.headers["x-cache"], after.json()["summary"]["score"]["max"]) == ("MISS", 100)


async def test_a_kept_answer_is_given_to_nobody_who_may_not_see_the_child_now(house: House) -> None:
    assert (await house.ask("V1", "GET", SUMMARY, params=WINDOW)).status_code == 200
    await house.sql("UPDATE children.consents SET withdrawn_at = now() WHERE grantee_user_id = 11")
    refused = await house.ask("V1", "GET", SUMMARY, params=WINDOW)
    absent = await house.ask("V1", "GET", "/999/analytics/summary", params=WINDOW)
    assert refused.status_code == 404
    told = [
        {name: said for name, said in answer.json().items() if name not in ("request_id", "instance")}
        for answer in (refused, absent)
    ]
    assert told[0] == told[1]
    assert "x-cache" not in refused.headers


async def test_a_filter_and_a_zone_are_answers_of_their_own(house: House) -> None:
    asked = [WINDOW, {**WINDOW, "session_type": "dental_visit"}, {**WINDOW, "tz": "Asia/Tokyo"}]
    answers = [await house.ask("G1", "GET", SUMMARY, params=ask) for ask in asked]
    assert [answer.headers["x-cache"] for answer in answers] == ["MISS"] * 3
    assert [answer.json()["summary"]["total"] for answer in answers] == [8, 5, 8]


async def test_an_answer_with_an_open_session_of_today_is_kept_for_a_minute(house: House) -> None:
    child = await child_of(house, "G1", 300)
    await play(
        house,
        [session(3000, child, datetime.now(UTC) - timedelta(minutes=1), completion_status="in_progress")],
    )
    await house.ask("G1", "GET", f"/{child}/analytics/summary")
    await house.ask("G1", "GET", f"/{child}/analytics/summary", params=WINDOW)
    store: Any = house.runtime.cache.store
    lives = sorted(
        kept.expires_at - store.kept.clock()
        for key, kept in store.kept.items()
        if key.startswith("children/")
    )
    assert len(lives) == 2
    assert lives[0] <= 66
    assert lives[1] > 700


@pytest.mark.parametrize("path", ["/1/analytics", SUMMARY, "/1/analytics/trends", "/dashboard", "/compare"])
async def test_figures_cost_one_statement_beside_the_audit(house: House, path: str) -> None:
    """D5.2: one for a section, one for all; for a hit the check alone; the same for one child and for many."""
    for number in range(400, 404):
        await child_of(house, "G1", number)
    more: dict[str, Any] = {"ids": ["1", "400", "401", "402", "403"]} if path == "/compare" else {}
    await house.ask("G1", "GET", "/1/analytics/streaks")  # the caller is known by now
    with counted_statements(house.runtime.database.engine) as seen:
        assert (await house.ask("G1", "GET", path, params=more)).status_code == 200
        assert (await house.ask("G1", "GET", path, params=more)).status_code == 200
    told = [statement for statement in seen if "children." in statement and "audit" not in statement]
    assert len(told) == 2, told


async def test_every_reading_of_figures_is_one_row_of_the_audit(house: House) -> None:
    await house.ask("G1", "GET", SUMMARY)
    await house.ask("G1", "GET", SUMMARY)
    await house.ask("G2", "GET", SUMMARY)
    await house.ask("G1", "GET", "/1/analytics/summary/explain", params={"figure": "score.mean"})
    rows = await house.sql(
        "SELECT what, outcome, deny_code FROM muster.audit WHERE child_id = 1 ORDER BY at, id"
    )
    assert [tuple(row) for row in rows] == [
        ("analytics.read", "allow", None),
        ("analytics.read", "allow", None),
        ("analytics.read", "deny", "not_visible"),
        ("analytics.explain", "allow", None),
    ]
