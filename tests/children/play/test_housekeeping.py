"""What the desk looks after by itself."""

import asyncio
from datetime import timedelta

from service.children.play.housekeeping import reconcile, sweep
from service.children.queries.sweeping import interrupt_open
from tests.children.house import House
from tests.children.playing import started

_OPEN = """
    INSERT INTO children.game_sessions
        (child_id, session_type, scenario_name, started_at, updated_at, total_pause_seconds, created_by)
    SELECT 1, 'daily_routine', 'Morning', now() - make_interval(hours => h), now() - interval '20 hours', 4000, 'x'
    FROM unnest(CAST(:hours AS int[])) AS h RETURNING id
"""


async def _statuses(house: House, ids: list[int]) -> list[tuple[str, str | None]]:
    rows = await house.sql(
        "SELECT completion_status, exit_reason FROM children.game_sessions WHERE id = ANY (:ids) ORDER BY id",
        ids=ids,
    )
    return [tuple(row) for row in rows]


async def test_t037_what_is_open_for_a_day_is_interrupted_once(house: House) -> None:
    """Two that sweep at once never have one row both."""
    await house.sql("DELETE FROM children.game_sessions")
    ids = [row.id for row in await house.sql(_OPEN, hours=[25, 23, *[30] * 150])]
    first, second = await asyncio.gather(sweep(house.runtime), sweep(house.runtime))
    assert first + second == 151
    statuses = await _statuses(house, ids)
    assert statuses[1] == ("in_progress", None)
    assert statuses.count(("interrupted", "timeout")) == 151
    [(ended, seconds, paused, version)] = await house.sql(
        "SELECT ended_at = updated_at - (updated_at - ended_at), duration_seconds, total_pause_seconds, version"
        " FROM children.game_sessions WHERE id = :id",
        id=ids[0],
    )
    assert (ended, seconds, paused, version) == (True, 5 * 3600, 4000, 2)
    assert await sweep(house.runtime) == 0
    assert (await house.sql("SELECT points FROM children.children WHERE id = 1")) == [(0,)]


async def test_t037_what_a_parent_says_of_an_open_session_makes_it_no_longer(house: House) -> None:
    """It ends when the game was last heard of: feedback touches no figure (T35), also not by way of the end."""
    made = await started(house)
    await house.sql(
        "UPDATE children.game_sessions SET started_at = now() - interval '25 hours',"
        " updated_at = now() - interval '24 hours 50 minutes' WHERE id = :id",
        id=made["id"],
    )
    path, match = f"/sessions/{made['id']}", {"If-Match": f'"{made["version"]}"'}
    rated = await house.ask("G1", "PATCH", f"{path}/feedback", json={"parent_rating": 4}, headers=match)
    assert rated.status_code == 200, rated.text
    await sweep(house.runtime)
    swept = (await house.ask("G1", "GET", path)).json()
    assert (swept["completion_status"], swept["parent_rating"]) == ("interrupted", 4)
    assert swept["duration_seconds"] == 600


async def test_t037_a_row_that_another_worker_holds_is_skipped(house: House) -> None:
    """It is that worker's."""
    await house.sql("DELETE FROM children.game_sessions")
    await house.sql(_OPEN, hours=[25, 26])
    day = timedelta(hours=24)
    async with house.runtime.database.write() as one, house.runtime.database.write() as other:
        held = await interrupt_open(one, day, 1)
        rest = await interrupt_open(other, day, 10)
    assert len(held) == len(rest) == 1
    assert held[0].id != rest[0].id


async def test_points_that_are_not_the_sum_of_the_ledger_are_told_and_left(house: House) -> None:
    """Somebody has to judge which of the two is right."""
    assert await reconcile(house.runtime) == 0
    await house.sql("UPDATE children.children SET points = 7 WHERE id = 2")
    assert await reconcile(house.runtime) == 1
    assert (await house.sql("SELECT points FROM children.children WHERE id = 2")) == [(7,)]


async def test_jobs_of_play_run_as_jobs(house: House) -> None:
    """Both are known to the engine by name."""
    assert {"children.sweep", "children.reconcile_points"} <= house.runtime.tasks.jobs.keys()
    assert await sweep(house.runtime) == 1
