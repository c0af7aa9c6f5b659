"""An import that breaks off leaves nothing, memory stays bounded, and the run can be taken up again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from service.reporting.files import uploads
from tests.attendance.house import House
from tests.attendance.imports.ground import PEOPLE, carried_out, everything, imported, rows, uploads_left

ROOT = Path(__file__).resolve().parents[3]
FULL = bool(os.environ.get("MUSTER_PROVE"))
MIB = 1 << 20


def many(count: int, people: int = 500) -> bytes:
    """So many punches of so many people, a minute after the other person's."""
    lines = ["employee,time,log_type,device"]
    for number in range(count):
        turn, person = divmod(number, people)
        day, which = divmod(turn, 4)
        at = f"2024-{day // 28 % 12 + 1:02}-{day % 28 + 1:02} {8 + 3 * which:02}:{person % 60:02}:{day // 336:02}"
        lines.append(f"E{person},{at},{'IN' if which % 2 == 0 else 'OUT'},clock-{person % 7}")
    return "\n".join(lines).encode()


async def test_killed_in_the_middle_it_leaves_nothing(house: House) -> None:
    await imported(house, PEOPLE.replace(",Default shift", "").replace(",Day", ""))
    before = await everything(house)
    size = 60_000 if FULL else 20_000
    part = uploads.begun(house.runtime.settings)
    part.write_bytes(many(size))
    upload = uploads.finished(part)
    # Where it stands is written last: held here, it has stored everything and cannot end before it is killed.
    async with house.runtime.database.write() as held:
        await held.execute(text("LOCK TABLE attendance.sync_cursor IN SHARE MODE"))
        with subprocess.Popen(  # noqa: ASYNC220 - starting takes no time, waiting is elsewhere
            [sys.executable, "-m", "tests.attendance.imports.import_process"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{house.runtime.database.url} {house.runtime.settings.home} {upload}\n")
            process.stdin.flush()
            pid = int(await asyncio.to_thread(process.stdout.readline))
            await _until_it_waits(house)
            os.kill(pid, signal.SIGKILL)
            process.wait()
        assert await everything(house) == before
    assert uploads_left(house.runtime.settings.home) == [upload]
    # The run that was left behind makes way, and the file is whole.
    row = await house.runtime.tasks.run_now("attendance.import", {"upload": upload, "zone": None}, "test")
    assert (row.state, row.result["inserted"]) == ("done", size)
    assert uploads_left(house.runtime.settings.home) == []


async def _until_it_waits(house: House) -> None:
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'attendance.sync_cursor'::regclass"
    )
    for _ in range(600):
        if await rows(house, waiting) == [(1,)]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to its end")


async def test_a_failure_of_the_database_leaves_nothing(house: House) -> None:
    await imported(house, "employee,time\nE1,2025-10-06 08:00\n")
    before = await everything(house)
    async with house.runtime.database.write() as conn:
        await conn.exec_driver_sql(
            "ALTER TABLE attendance.sync_cursor ADD CONSTRAINT never CHECK (phase <> 'live') NOT VALID"
        )
    row = await carried_out(house.runtime, "employee,time\nE1,2025-10-07 08:00\n")
    assert row.state == "failed"
    assert await everything(house) == before


@pytest.mark.parametrize("make", [pytest.param(many, id="csv")])
async def test_q54_memory_does_not_grow_with_the_file(house: House, make: Callable[[int], bytes]) -> None:
    sizes = (100_000, 1_000_000) if FULL else (10_000, 60_000)
    await imported(house, "employee,name\n" + "".join(f"E{n},P{n}\n" for n in range(500)))
    await imported(house, make(2_000), dry_run=True)
    grown = []
    for size in sizes:
        content = make(size)
        process = psutil.Process()
        before = peak = process.memory_info().rss
        work = asyncio.create_task(carried_out(house.runtime, content, dry_run=True))
        while not work.done():
            await asyncio.sleep(0.02)
            peak = max(peak, process.memory_info().rss)
        assert work.result().result["inserted"] == size
        grown.append(peak - before)
    assert grown[1] < grown[0] + 48 * MIB, [part // MIB for part in grown]
