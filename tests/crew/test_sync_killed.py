"""Q20: killed anywhere in a sync by SIGKILL, the next run ends in the rows of an undisturbed one."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.simulators.gartan import GartanServer
from service.simulators.serving.answers import Answer
from tests.crew.following import CREW
from tests.crew.sync_process import DATES
from tests.support.ground import Ground

ROOT = Path(__file__).resolve().parents[2]
POINTS = 50 if os.environ.get("MUSTER_PROVE") else 3
ROWS = (
    """SELECT m.name_key, m.role, m.skills, m.contract_hours, m.booked_hours, m.active FROM crew.crew_member m
       ORDER BY 1""",
    """SELECT m.name_key, a.local_date, a.during, a.state, a.reason FROM crew.crew_availability a
       JOIN crew.crew_member m ON m.id = a.crew_id ORDER BY 1, 3""",
    """SELECT p.name, a.local_date, a.during, a.state FROM crew.appliance_availability a
       JOIN crew.appliance p ON p.id = a.appliance_id ORDER BY 1, 3""",
    "SELECT local_date, label, during, value FROM crew.grid_count ORDER BY 1, 2, 3",
    """SELECT local_date, covered, cardinality(listed) FROM crew.day_version WHERE known_to IS NULL
       ORDER BY 1""",
    "SELECT name, requirements, enforced FROM crew.crewing_rule WHERE valid_to IS NULL ORDER BY 1",
    "SELECT count(*) FROM crew.crew_availability_past",
    "SELECT count(*) FROM crew.state_change",
)


@pytest.fixture
async def server() -> AsyncIterator[GartanServer]:
    async with GartanServer(CREW) as opened:
        yield opened


@pytest.fixture
def syncing() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crew.sync_process"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        assert process.stdin is not None
        process.stdin.close()


def begin(process: subprocess.Popen[str], database_url: str, server: GartanServer) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{database_url} {server.url}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


async def rows_of(url: str) -> list[Any]:
    database = Database(url)
    await database.open()
    try:
        async with database.snapshot() as conn:
            return [(await conn.execute(text(statement))).all() for statement in ROWS]
    finally:
        await database.close()


async def test_q20_killed_at_random_points(
    ground: Ground, server: GartanServer, syncing: subprocess.Popen[str]
) -> None:
    undisturbed = await ground.clone()
    await asyncio.to_thread(begin, syncing, undisturbed, server)
    assert await asyncio.to_thread(ended, syncing) == 0
    expected = await rows_of(undisturbed)
    assert len(expected[4]) == len(DATES)
    requests = len(server.requests.entries)
    dice = random.Random(20)
    killed = 0
    for _ in range(POINTS):
        url = await ground.clone()
        target: list[int] = []
        pause = dice.uniform(0, 0.03)

        async def kill(_call: object, inner: Any) -> Answer:
            # In the middle of the answer, or a moment after it while its rows are being stored.
            asyncio.get_running_loop().call_later(pause, _kill, target)  # noqa: B023 - called in this round
            return await inner()

        rule = server.faults.add(kill, None, nth=dice.randrange(1, requests + 1))
        target.append(await asyncio.to_thread(begin, syncing, url, server))
        killed += os.WIFSIGNALED(await asyncio.to_thread(ended, syncing))
        server.faults.remove(rule)
        await asyncio.to_thread(begin, syncing, url, server)
        assert await asyncio.to_thread(ended, syncing) == 0
        assert await rows_of(url) == expected
        await ground.drop(url)
    assert killed >= POINTS // 2  # some come when the run has ended
    await ground.drop(undisturbed)


def _kill(target: list[int]) -> None:
    with suppress(ProcessLookupError):
        os.kill(target[0], signal.SIGKILL)
