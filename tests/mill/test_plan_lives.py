"""How a plan ends: stopped at any step, killed and taken up again, forgotten when it is old."""

import asyncio
from functools import partial
from typing import Any

import httpx
import pytest

from service.core.tasks import Cancelled, JobContext
from service.mill.planning.job import run
from service.mill.planning.plan import steps_of
from service.schemas.mill.plans import MillPlanParams
from tests.mill.scenario import AS_OF
from tests.mill.test_plan_runs import RUNS, make_plan
from tests.support.eventually import eventually
from tests.support.house import House

PARTS = (
    "plan_yarns", "plan_orders", "plan_receipts", "plan_recipes", "plan_requirements", "plan_buckets",
    "plan_allocations", "plan_pegs", "plan_actions",
)  # fmt: skip


async def begun(house: House, **params: Any) -> JobContext:
    """A run that a process took up."""
    asked = MillPlanParams(as_of=AS_OF, **params)
    row = await house.runtime.tasks.start("mill.plan", asked, "test")
    return JobContext(house.runtime, row.id, asked)


async def rows_of(house: House, number: int) -> dict[str, int]:
    counts = {}
    for table in PARTS:
        found = await house.sql(f"SELECT count(*) FROM mill.{table} WHERE run_id = :number", number=number)
        counts[table] = found[0][0]
    return counts


async def test_a_plan_can_be_stopped_at_every_step_and_leaves_nothing(own_f58: House) -> None:
    names = ["reading", *(name for name, _ in steps_of("plan")), "writing"]
    for name in names:
        context = await begun(own_f58)

        def stop(progress: dict[str, Any], name: str = name, context: JobContext = context) -> None:
            if progress["message"] == name:
                context.cancelled.set()

        context.watch = stop
        try:
            await run(context)
        except Cancelled:
            pass
        else:
            raise AssertionError(name)
        await own_f58.sql("UPDATE muster.run SET state = 'cancelled' WHERE id = :id", id=context.run_id)
    states = await own_f58.sql("SELECT status, count(*) FROM mill.plan_runs GROUP BY 1")
    assert states == [("cancelled", len(names))]
    assert await own_f58.sql("SELECT count(*) FROM mill.plan_yarns") == [(0,)]


async def test_a_plan_that_is_killed_while_it_writes_is_taken_up_again_as_the_same(own_f58: House) -> None:
    undisturbed = await make_plan(own_f58)
    context = await begun(own_f58)
    async with own_f58.runtime.database.write() as blocker:
        await blocker.exec_driver_sql("LOCK TABLE mill.plan_actions IN ACCESS EXCLUSIVE MODE")
        killed = asyncio.create_task(run(context))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"

        async def writes() -> bool:
            return bool(await own_f58.sql(waiting) != [(0,)])

        await eventually(writes)
        killed.cancel()
        await asyncio.wait([killed])
    (row,) = await own_f58.sql("SELECT id, status FROM mill.plan_runs WHERE id > :id", id=undisturbed)
    assert row.status == "running"
    assert set((await rows_of(own_f58, row.id)).values()) == {0}
    result = await run(context)
    assert result["plan"] == row.id
    assert await rows_of(own_f58, row.id) == await rows_of(own_f58, undisturbed)
    hashes = await own_f58.sql("SELECT count(DISTINCT input_hash), count(*) FROM mill.plan_runs")
    assert hashes == [(1, 2)]


async def test_one_plan_of_a_kind_at_a_time_under_either_name(own_f58: House) -> None:
    first = await own_f58.ask("POST", RUNS, json={"kind": "plan"})
    same = await own_f58.ask("POST", RUNS, json={"kind": "six_phase"})
    other = await own_f58.ask("POST", RUNS, json={"kind": "time_phased"})
    assert [first.status_code, same.status_code, other.status_code] == [202, 409, 202]


async def accept_first(house: House, plan: int) -> httpx.Response:
    path = f"{RUNS}/{plan}/actions/1"
    return await house.ask("PATCH", path, json={"state": "accepted"}, headers={"If-Match": '"1"'})


async def states_of_first(house: House) -> list[str]:
    """Of the first piece of advice, in the plans as they were made."""
    rows = await house.sql("SELECT state FROM mill.plan_actions WHERE seq = 1 ORDER BY run_id")
    return [row.state for row in rows]


async def test_what_was_decided_holds_in_later_plans_under_either_name(own_f58: House) -> None:
    first = await make_plan(own_f58)
    assert (await accept_first(own_f58, first)).status_code == 200
    for kind in ("six_phase", "plan"):
        await make_plan(own_f58, kind=kind)
    assert await states_of_first(own_f58) == ["accepted"] * 3


async def test_what_is_decided_while_a_plan_is_written_is_not_lost(own_f58: House) -> None:
    first = await make_plan(own_f58)
    context = await begun(own_f58)
    async with own_f58.runtime.database.write() as blocker:
        await blocker.exec_driver_sql("LOCK TABLE muster.data_version IN SHARE MODE")
        writing = asyncio.create_task(run(context))

        async def wait_for(kind: str) -> bool:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = :kind"
            return bool(await own_f58.sql(waiting, kind=kind) != [(0,)])

        await eventually(partial(wait_for, "relation"))
        deciding = asyncio.create_task(accept_first(own_f58, first))
        await eventually(partial(wait_for, "advisory"))
    await writing
    assert (await deciding).status_code == 200
    assert await states_of_first(own_f58) == ["accepted", "accepted"]


async def test_old_plans_are_forgotten_but_not_the_published_and_the_last(own_f58: House) -> None:
    numbers = [await make_plan(own_f58) for _ in range(3)]
    assert (await own_f58.ask("POST", f"{RUNS}/{numbers[0]}/publish")).status_code == 200
    await own_f58.sql("ALTER TABLE mill.plan_runs DISABLE TRIGGER final")
    await own_f58.sql("UPDATE mill.plan_runs SET queued_at = now() - interval '500 days'")
    await own_f58.sql(
        "INSERT INTO mill.yarn_inventory_history (snapshot_date, yarn_id, theoretical_balance, planning_balance)"
        " SELECT day, id, 1, 1 FROM mill.yarns, (VALUES (current_date), (current_date - 900)) AS d (day)"
    )
    done = await own_f58.runtime.tasks.run_now("mill.housekeeping", {}, "test")
    assert done.counts == {"plans_deleted": 1, "history_deleted": 3}
    assert [one["id"] for one in (await own_f58.get(RUNS))["items"]] == [numbers[2], numbers[0]]
    again = await own_f58.runtime.tasks.run_now("mill.housekeeping", {}, "test")
    assert not any(again.counts.values())


async def test_a_large_plan_is_counted_before_anybody_reads_it(
    own_f58: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'mill' AND attname = 'run_id'"
    await make_plan(own_f58)
    assert await own_f58.sql(counted) == []
    monkeypatch.setattr("service.mill.planning.storing.UNCOUNTED", 20)
    await make_plan(own_f58)
    assert [row.tablename for row in await own_f58.sql(counted)] == ["plan_buckets"]
