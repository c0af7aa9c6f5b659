"""An import that breaks off leaves nothing half-written, and can be taken up again (Q20)."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.core.tasks import Cancelled, JobContext
from service.mill.imports.job import run
from service.mill.queries.locks import lock_starting_plan
from service.reporting.files import uploads
from service.schemas.mill.imports import MillImportParams
from tests.mill.imports.ground import ON, ended, imported, uploaded
from tests.support.eventually import eventually
from tests.support.house import House

FULL = bool(os.environ.get("MUSTER_PROVE"))
ROOT = Path(__file__).resolve().parents[3]
TABLES = ("yarns", "suppliers", "yarn_inventory", "yarn_inventory_history", "import_jobs", "import_errors")
# Where it can be held: as soon as it writes, in the middle, and when all is written but its record.
POINTS = ("suppliers", "yarn_inventory", "import_errors")


def stock(first: int, count: int) -> str:
    rows = [f"{number},SUP-A,{number},0,-1,0" for number in range(first, first + count)]
    return "\n".join(["Desc#,Supplier,Theoretical Balance,Consumed,Allocated,On Order", *rows])


async def everything(house: House) -> list[Any]:
    return [await house.sql(f"SELECT * FROM mill.{table} ORDER BY 1, 2") for table in TABLES]


@pytest.mark.parametrize("point", POINTS if FULL else POINTS[-1:])
async def test_killed_anywhere_it_leaves_nothing(house: House, point: str) -> None:
    await imported(house, "yarn_inventory", stock(1, 20))
    before = await everything(house)
    upload = uploaded(house, stock(2, 40))
    async with house.runtime.database.write() as held:
        await held.execute(text(f"LOCK TABLE mill.{point} IN SHARE MODE"))
        with subprocess.Popen(  # noqa: ASYNC220 - starting takes no time, waiting is elsewhere
            [sys.executable, "-m", "tests.mill.imports.import_process"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{house.runtime.database.url} {house.runtime.settings.home} {upload}\n")
            process.stdin.flush()
            pid = int(await asyncio.to_thread(process.stdout.readline))
            await eventually(lambda: _waits(house, point))
            os.kill(pid, signal.SIGKILL)
            process.wait()
        assert await everything(house) == before
    # The run that was left behind makes way, and the file is whole.
    asked = {"kind": "yarn_inventory", "mode": "lenient", "snapshot_date": ON, "upload": upload}
    row = await house.runtime.tasks.run_now("mill.import", asked, "test")
    assert (row.state, row.result["rows_ok"]) == ("done", 40)
    assert await house.sql("SELECT count(*) FROM mill.yarn_inventory") == [(41,)]
    assert [path.name for path in uploads.folder(house.runtime.settings).glob("*.csv")] == []


async def _waits(house: House, point: str) -> bool:
    waiting = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'mill.{point}'::regclass"
    return bool((await house.sql(waiting))[0][0])


@pytest.mark.parametrize("step", ["reading", "checking", "storing"])
async def test_cancelled_at_any_step_it_leaves_nothing(house: House, step: str) -> None:
    asked = MillImportParams(kind="yarn_inventory", mode="lenient", upload=uploaded(house, stock(2, 40)))
    row = await house.runtime.tasks.start("mill.import", asked, "test")
    context = JobContext(house.runtime, row.id, asked)

    def stop(progress: dict[str, Any]) -> None:
        if progress["message"] == step:
            context.cancelled.set()

    context.watch = stop
    with pytest.raises(Cancelled):
        await run(context)
    assert await everything(house) == [[] for _ in TABLES]
    assert list(uploads.folder(house.runtime.settings).glob("*.csv")) == []


async def test_a_failure_of_the_database_leaves_nothing(house: House) -> None:
    await imported(house, "yarn_inventory", stock(1, 20))
    before = await everything(house)
    await house.sql("ALTER TABLE mill.yarn_inventory_history ADD CONSTRAINT never CHECK (false) NOT VALID")
    run = await ended(house, "yarn_inventory", stock(1, 30), mode="lenient")
    assert run.state == "failed"
    assert await everything(house) == before


async def test_an_import_waits_for_a_plan_that_takes_its_snapshot(house: House) -> None:
    async with house.runtime.database.write() as plan:
        await lock_starting_plan(plan)
        importing = asyncio.create_task(imported(house, "yarn_inventory", stock(1, 2)))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"

        async def waits() -> bool:
            return bool((await house.sql(waiting))[0][0])

        await eventually(waits)
        assert await house.sql("SELECT count(*) FROM mill.yarns") == [(0,)]
    assert (await importing).status == "done"
