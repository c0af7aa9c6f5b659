"""Several workers on one port: one sum whichever is asked, and no worker's death is noticed."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.cli.serving import doors
from service.cli.stopping import run
from service.cli.supervising import _Supervisor
from service.core.settings import Settings
from tests.cli.conftest import Command, Process
from tests.cli.test_processes import left_over

WORKERS = 4 if os.environ.get("MUSTER_PROVE") else 2
ASKED = {"route": "/v1/access/me", "method": "GET", "status": "2xx"}


@contextmanager
def served(muster: Command) -> Iterator[tuple[Process, str, str]]:
    """A service of several workers with an embedded database: process, address, an admin's key."""
    token = muster("keys", "create", "admin", "--scope", "admin").out.strip()
    more = {"MUSTER_TASKS__ENABLED": "false", "MUSTER_LOG__LEVEL": "WARNING"}
    command = Command(muster.capsys, {**muster.environment, **more}, muster.started)
    process = command.process("serve", "--port", "0", "--workers", str(WORKERS))
    said = process.until("Muster serves")
    assert f"with {WORKERS} workers" in said
    yield process, said.split()[2].removesuffix("/docs"), token


def series(text: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What the library's own parser reads."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Asking:
    """Requests each on a connection of its own, so that every worker gets some."""

    def __init__(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        alone = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.AsyncClient(base_url=address, headers=headers, timeout=60, limits=alone)
        self.get = self.client.get

    async def many(self, count: int) -> None:
        answers = await asyncio.gather(*(self.get("/v1/access/me") for _ in range(count)))
        assert {answer.status_code for answer in answers} == {200}

    async def scraped(self) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
        answer = await self.get("/metrics")
        assert answer.status_code == 200
        return series(answer.text)


def counters(found: dict[Any, float]) -> dict[Any, float]:
    return {key: value for key, value in found.items() if key[0].endswith(("_total", "_bucket", "_count"))}


def asked(found: dict[Any, float]) -> float:
    return found["muster_requests_total", frozenset(ASKED.items())]


def value(found: dict[Any, float], name: str) -> float:
    return found[name, frozenset()]


def test_every_scrape_is_the_sum_of_all_workers_and_never_falls_when_one_is_killed(alone: Command) -> None:
    with served(alone) as (process, address, token):
        asyncio.run(scene(process, Asking(address, token)))
        code, _ = process.stop(signal.SIGTERM)
    assert (code, "Traceback" in process.said) == (0, False), process.said
    assert process.said.count("stopping") == process.said.count("stopped") == 1
    assert left_over(Path(alone.environment["MUSTER_HOME"])) == []


async def scene(process: Process, asking: Asking) -> None:
    """Four rounds of requests and scrapes; then a worker is killed, and another one comes."""
    told: dict[Any, float] = {}
    for round_ in range(1, 5):
        await asking.many(20)
        found = await asking.scraped()
        assert (asked(found), value(found, "muster_workers")) == (round_ * 20, WORKERS)
        assert fallen(told, found) == {}
        told = counters(found)
    killed = answering(process)[0]
    killed.send_signal(signal.SIGKILL)
    killed.wait(60)
    async with asyncio.timeout(150):
        replaced = False
        while not replaced:
            found = await asking.scraped()
            assert asked(found) == 80
            assert fallen(told, found) == {}
            told = counters(found)
            replaced = value(found, "muster_workers") == WORKERS
    assert len(answering(process)) == WORKERS
    await asking.many(20)
    assert asked(await asking.scraped()) == 100
    await asking.client.aclose()


def answering(process: Process) -> list[psutil.Process]:
    """The workers' processes."""
    found = []
    for child in psutil.Process(process.popen.pid).children():
        with suppress(psutil.Error):
            if "serve-worker" in child.cmdline():
                found.append(child)
    return found


def fallen(told: dict[Any, float], found: dict[Any, float]) -> dict[Any, Any]:
    """What was told as more than it is now."""
    return {key: (before, found.get(key)) for key, before in told.items() if found.get(key, -1) < before}


def test_a_service_whose_workers_cannot_start_ends_and_leaves_nothing(muster: Command) -> None:
    muster.environment["MUSTER_SECRET_KEYS"] = "[]"
    said = muster("serve", "--port", "0", "--workers", "2")
    assert said.code == 2
    assert "MUSTER_SECRET_KEYS" in said.err


def test_a_worker_that_cannot_be_started_ends_the_service_instead_of_leaving_it_deaf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-program"))

    async def keep() -> int:
        with socket.socket() as bound:
            async with asyncio.timeout(60):
                return await _Supervisor(Settings(workers=2), bound, tmp_path).keep()

    assert run(keep()) == 1


def test_a_worker_that_starts_does_not_let_the_others_wait_in_accept() -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        others = bound.dup()
        others.setblocking(False)  # as a worker that serves already has it
        inherited = socket.socket(fileno=os.dup(bound.fileno()))  # Python takes it for a waiting one
        opened = doors(inherited)
        assert not any(os.get_blocking(each.fileno()) for each in (bound, others, *opened))
        for each in (others, *opened):
            each.close()
