"""Q20: killed anywhere in a sync by SIGKILL, the next run ends in the rows of an undisturbed one."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from service.core.database import Database
from service.simulators.frappe import FrappeServer, GeneratorConfig, Store, faults, generate
from tests.attendance.mirroring import ZONE, mirror_of
from tests.support.ground import Ground

ROOT = Path(__file__).resolve().parents[2]
POINTS = 50 if os.environ.get("MUSTER_PROVE") else 3


@pytest.fixture
async def server() -> AsyncIterator[FrappeServer]:
    store = Store(zone=ZONE)
    generate(store, GeneratorConfig(people=8, days=7, until=date(2025, 7, 31)))
    async with FrappeServer(store) as opened:
        yield opened
    store.close()


@pytest.fixture
def syncing() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.attendance.sync_process"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        assert process.stdin is not None
        process.stdin.close()


def begin(process: subprocess.Popen[str], database_url: str, server: FrappeServer) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{database_url} {server.url}\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


async def rows_of(url: str) -> dict[str, dict[str, object]]:
    database = Database(url)
    await database.open()
    try:
        return await mirror_of(database)
    finally:
        await database.close()


async def test_q20_killed_at_random_points(
    ground: Ground, server: FrappeServer, syncing: subprocess.Popen[str]
) -> None:
    undisturbed = await ground.clone()
    server.requests.clear()
    await asyncio.to_thread(begin, syncing, undisturbed, server)
    assert await asyncio.to_thread(ended, syncing) == 0
    expected = await rows_of(undisturbed)
    requests = len(server.requests.entries)
    dice = random.Random(20)
    killed = 0
    for _ in range(POINTS):
        url = await ground.clone()
        target: list[int] = []
        pause = dice.uniform(0, 0.03)

        def kill() -> None:
            # In the middle of the answer, or a moment after it while its rows are being stored.
            asyncio.get_running_loop().call_later(pause, _kill, target)  # noqa: B023 - called in this round

        rule = server.faults.add(faults.mutate(kill), nth=dice.randrange(1, requests))
        target.append(await asyncio.to_thread(begin, syncing, url, server))
        killed += os.WIFSIGNALED(await asyncio.to_thread(ended, syncing))
        server.faults.remove(rule)
        await asyncio.to_thread(begin, syncing, url, server)
        assert await asyncio.to_thread(ended, syncing) == 0
        assert await rows_of(url) == expected
        await ground.drop(url)
    assert killed >= POINTS // 2
    await ground.drop(undisturbed)


def _kill(target: list[int]) -> None:
    with suppress(ProcessLookupError):
        os.kill(target[0], signal.SIGKILL)
