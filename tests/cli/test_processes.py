"""The command as a process: signals, what runs beside it, and that nothing is left over."""

import asyncio
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from service.simulators.frappe import FrappeConfig, FrappeServer, Store
from service.simulators.frappe.run import Simulation, fill
from tests.cli.conftest import Command, Process
from tests.support.ground import driver_url
from tests.support.owners import ROOT

HERE = "NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
"""Tests beside this one wait for locks as well, in databases of their own."""
WAITING = f"SELECT count(*) > 0 FROM pg_locks WHERE {HERE}"
AT_ONCE = 18.0
"""Seconds: five are promised on an idle machine, here other tests run as well; what waits out the grace of
`FINISH_WITHIN` is not at once."""
PATIENCE = 90.0
"""Seconds until a test gives up instead of hanging; a hundred connections take many on a busy machine."""


def left_over(home: Path) -> list[str]:
    """Processes that work in this home: PostgreSQL and its watch."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(home) in process.cwd() or any(str(home) in word for word in process.cmdline()):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def test_the_demo_is_stopped_resumed_and_used_beside(alone: Command) -> None:
    """Ctrl-C in the first sync; again, whole; commands beside it; a second one refused; SIGTERM."""
    home = Path(alone.environment["MUSTER_HOME"])
    words = [
        "demo",
        "--people",
        "40",
        "--children",
        "2",
        "--no-mill",
        "--port",
        "0",
    ]  # `test_mill_demo` has it
    first = alone.process(*words)
    first.until("Employee Checkin")
    code, seconds = first.stop()
    assert (code, "Traceback" in first.said) == (130, False), first.said
    assert "stopped; `make run` goes on from here" in first.said
    assert seconds < AT_ONCE
    assert left_over(home) == []

    second = alone.process(*words)
    link = second.until("/sign-in?link=").strip()
    dashboard = second.until("/dashboard").strip()
    second.until("/v1/crew/board")
    second.until("Ctrl-C stops")
    told = second.until("admin@families.example").split()[-1]
    people = home / "demo" / "people.json"
    assert json.loads(people.read_text())["admin@families.example"] == told
    assert people.stat().st_mode & 0o777 == 0o600
    assert httpx.get(link).status_code == 303
    assert httpx.get(dashboard, headers={"Accept": "text/html"}).status_code == 303
    again = alone("demo", "--port", "0")
    assert (again.code, again.err.count("\n")) == (1, 2), again.err  # one sentence, and that it stopped
    other = alone("serve", "--port", "0")
    assert (other.code, other.err.count("\n")) == (1, 1), other.err
    assert "is in use by process" in other.err
    assert "demo" in alone("keys", "list").out
    sheet = alone("report", "attendance", "monthly-sheet", "--site", "Villas")
    assert json.loads(sheet.out)["items"]
    site = f"http://127.0.0.1:{(home / 'demo' / 'port').read_text()}"
    synced = alone("sync", "attendance", **upstream(site))
    assert (synced.code, "attendance.sync done" in synced.err) == (0, True), synced.err
    code, seconds = second.stop(signal.SIGTERM)
    assert (code, "Traceback" in second.said) == (0, False), second.said
    assert "stopping" in second.said
    assert seconds < AT_ONCE
    assert left_over(home) == []


def upstream(url: str) -> dict[str, str]:
    return {
        "MUSTER_UPSTREAM__FRAPPE__URL": url,
        "MUSTER_UPSTREAM__FRAPPE__KEY": "demo",
        "MUSTER_UPSTREAM__FRAPPE__SECRET": "demo",
        "MUSTER_UPSTREAM__FRAPPE__TIME_ZONE": "America/Mexico_City",
        "MUSTER_UPSTREAM__FRAPPE__POLL_SECONDS": "3600",
    }


@contextmanager
def silent_site() -> Iterator[str]:
    """A site that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def served(muster: Command, **more: str) -> Iterator[tuple[Process, httpx.Client]]:
    """`muster serve` over the test's database, and an admin's client."""
    token = muster("keys", "create", "admin", "--scope", "admin").out.strip()
    process = Command(muster.capsys, {**muster.environment, **more}).process("serve", "--port", "0")
    try:
        address = process.until("Muster serves").split()[2].removesuffix("/docs")
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=address, headers=headers, timeout=PATIENCE) as client:
            yield process, client
    finally:
        process.kill()


class Beside:
    """A connection of the test's own, used between the steps of a scene."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        self.runner = runner
        self.connection = runner.run(asyncpg.connect(driver_url(url)))

    def execute(self, statement: str) -> None:
        self.runner.run(self.connection.execute(statement))

    def until(self, query: str, wanted: Any) -> None:
        """Ask until the answer is the wanted one."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if (found := self.runner.run(self.connection.fetchval(query))) == wanted:
                return
            time.sleep(0.05)
        raise AssertionError(f"{query}: {found!r}, not {wanted!r}")


@pytest.fixture
def beside(database_url: str) -> Iterator[Beside]:
    with asyncio.Runner() as runner:
        opened = Beside(runner, database_url)
        yield opened
        runner.run(opened.connection.close())


def test_sigterm_finishes_requests_ends_streams_and_gives_jobs_back(muster: Command, beside: Beside) -> None:
    sync = "SELECT state FROM muster.run WHERE job = 'attendance.sync'"
    with (
        silent_site() as url,
        ThreadPoolExecutor(2) as threads,
        served(muster, **upstream(url)) as (process, client),
    ):
        run = client.post("/v1/runs", json={"job": "attendance.sync"}).json()
        beside.until(sync, "running")
        stream = threads.submit(client.get, f"/v1/runs/{run['id']}/events", params={"format": "sse"})
        beside.execute("BEGIN; LOCK TABLE muster.idempotency_key IN EXCLUSIVE MODE")
        write = threads.submit(
            client.post,
            "/v1/runs",
            json={"job": "platform.housekeeping"},
            headers={"Idempotency-Key": "once"},
        )
        beside.until(WAITING, True)
        process.popen.send_signal(signal.SIGTERM)
        process.until("stopping")
        assert stream.result().text.startswith("retry: 1000")
        assert not write.done()
        beside.execute("COMMIT")
        assert write.result().status_code == 202
        assert process.end() == 0
    assert "Traceback" not in process.said, process.said
    beside.until(sync, "queued")


def test_q53_a_hundred_requests_in_flight_are_finished_after_sigterm(muster: Command, beside: Beside) -> None:
    """They wait for a lock when the signal comes; nobody is told that the service is ready from then on."""
    limits = ("LOCK_TIMEOUT", "STATEMENT_TIMEOUT", "TIMEOUT", "CONNECT_TIMEOUT")
    patience = {f"MUSTER_DATABASE__{name}": "120" for name in limits}
    bound = {"MUSTER_MAX_IN_FLIGHT": "100", "MUSTER_DATABASE__POOL_SIZE": "100", **patience}
    # Nobody reads what it says meanwhile: with two hundred warnings of slow requests and statements the pipe
    # was full, and the service stood still.
    bound["MUSTER_LOG__LEVEL"] = "ERROR"
    with (
        served(muster, MUSTER_TASKS__ENABLED="false", **bound) as (process, client),
        ThreadPoolExecutor(100) as threads,
    ):
        beside.execute("BEGIN; LOCK TABLE muster.run IN ACCESS EXCLUSIVE MODE")
        asked = [threads.submit(client.get, "/v1/runs", params={"limit": 1 + n}) for n in range(100)]
        beside.until(f"SELECT count(*) FROM pg_locks WHERE {HERE}", 100)
        process.popen.send_signal(signal.SIGTERM)
        process.until("stopping")
        with suppress(httpx.TransportError):  # nobody listens any more
            assert httpx.get(f"{client.base_url}/readyz").status_code == 503
        beside.execute("COMMIT")
        assert {answer.result().status_code for answer in asked} == {200}
        assert process.end() == 0


def test_a_second_signal_ends_at_once_what_takes_too_long(muster: Command, beside: Beside) -> None:
    with served(muster) as (process, client), ThreadPoolExecutor(1) as threads:
        beside.execute("BEGIN; LOCK TABLE muster.run IN ACCESS EXCLUSIVE MODE")
        asked = threads.submit(client.get, "/v1/runs")
        beside.until(WAITING, True)
        process.popen.send_signal(signal.SIGINT)
        process.until("stopping")
        time.sleep(1.2)  # a moment later the second one is meant as one
        code, seconds = process.stop()
        assert isinstance(asked.exception(), httpx.TransportError)
        beside.execute("ROLLBACK")
    assert (code, seconds < AT_ONCE) == (130, True)


def test_a_worker_carries_out_what_the_api_queues_and_stops_well(muster: Command, beside: Beside) -> None:
    token = muster("keys", "create", "admin", "--scope", "admin").out.strip()
    assert token
    worker = muster.process("worker")
    worker.until("carries out jobs")
    assert muster("run", "platform.housekeeping").code == 0
    with served(muster, MUSTER_TASKS__ENABLED="false") as (process, client):
        made = client.post("/v1/runs", json={"job": "platform.housekeeping"}).json()
        beside.until(f"SELECT state FROM muster.run WHERE id = '{made['id']}'", "done")
        assert process.stop()[0] == 0
    assert worker.stop(signal.SIGTERM)[0] == 0
    assert "stopped" in worker.said


def test_lines_of_a_process_are_json_and_name_no_path(muster: Command) -> None:
    with served(muster) as (process, client):
        client.get("/v1/attendance/people", params={"site": "Nobodys-Site"}, headers={"X-Request-Id": "mine"})
        client.get("/sign-in?link=a-secret-link")
        process.stop()
    lines = [json.loads(line) for line in process.said.splitlines() if line.startswith("{")]
    mine = [line for line in lines if line.get("request_id") == "mine"]
    assert [line["route"] for line in mine if line["event"] == "request"] == ["/v1/attendance/people"]
    assert "Nobodys-Site" not in process.said
    assert "a-secret-link" not in process.said


def test_on_a_terminal_a_progress_bar_and_no_log_lines(muster: Command, tmp_path: Path) -> None:
    """What a run does is logged at INFO: on a terminal the bar says it."""
    store = Store(tmp_path / "site.sqlite", zone="America/Mexico_City")
    fill(store, Simulation(people=12, days=10))
    server = FrappeServer(store, FrappeConfig(profile="v15"))
    server.open()
    command = [sys.executable, "-m", "service", "sync", "attendance"]
    terminal, ours = pty.openpty()
    try:
        environment = {
            **os.environ,
            **muster.environment,
            **upstream(server.url),
            "TERM": "xterm",
            "COLUMNS": "160",
        }
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=ours, stderr=ours) as process:
            os.close(ours)
            said = everything_from(terminal)
            code = process.wait()
    finally:
        os.close(terminal)
        server.close()
        store.close()
    assert code == 0, said
    assert "rows/s" in said
    assert "attendance.sync done in" in said
    assert "run_event" not in said
    assert "[info" not in said


def everything_from(terminal: int) -> str:
    """What was written, until nobody has the terminal any more."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # that is how Linux says it
            part = b""
        if not part:
            return b"".join(parts).decode()
        parts.append(part)
