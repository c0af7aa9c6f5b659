"""The service as people run it: processes killed and started again, other clocks, a punch on its way."""

import asyncio
import json
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from service.attendance.router.hook import signature
from service.simulators.frappe import FrappeServer, GeneratorConfig, Store, faults, generate
from tests.attendance.truth.chain import HOOK_SECRET, PATIENT, Chain, cloned, open_chain, sized
from tests.attendance.truth.losses import Firm, small_firm
from tests.attendance.truth.processes import MUSTER, bare_environment, environment, rows_of, started
from tests.support.ground import Ground, driver_url

pytestmark = PATIENT
ZONE = "America/Mexico_City"
# Nothing here is about speed: this is when a test gives up instead of hanging.
PATIENCE = 90.0


@asynccontextmanager
async def generated_firm(people: int, days: int) -> AsyncIterator[FrappeServer]:
    """A firm with night shifts, leaves, duplicates and late uploads, up to the day before yesterday."""
    store = Store(zone=ZONE)
    until = datetime.now(UTC).date() - timedelta(days=2)
    generate(store, GeneratorConfig(people=people, days=days, until=until, zone=ZONE))
    try:
        async with FrappeServer(store) as server:
            yield server
    finally:
        store.close()


async def finished(process: "subprocess.Popen[bytes]") -> tuple[int, bytes, str]:
    """Exit code, stdout and stderr."""
    out, err = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    return process.returncode, out, err.decode()


async def test_q20_a_sync_killed_anywhere_and_started_again_gives_the_same_rows(ground: Ground) -> None:
    """SIGKILL during a request of the site chosen at random, or a random moment after the last of them."""
    dice = random.Random(20)
    async with generated_firm(people=20, days=14) as server:
        async with cloned(ground) as url:
            await _synced(url, server)
            requests = len(server.requests.entries)
            expected = by_the_clock_no_more(await rows_of(url))
        assert len(expected["days"]) >= 2 * 20 * 14
        ends = []
        for _ in range(sized("Q20 kills", 50, 2)):
            async with cloned(ground) as url:
                at = dice.randrange(2, round(requests * 1.2))
                ends.append(await _killed(url, server, at, requests, dice))
                await _synced(url, server)
                assert by_the_clock_no_more(await rows_of(url)) == expected, ends
    assert -signal.SIGKILL in ends


def by_the_clock_no_more(rows: dict[str, Any]) -> dict[str, Any]:
    """Yesterday's and today's days are there too, but what they say turns with the clock while this runs."""
    last = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()
    return {**rows, "days": {key: day if key[2] <= last else None for key, day in rows["days"].items()}}


SMALL_PAGES = {"page": 40, "max_page": 40}


async def _killed(url: str, server: FrappeServer, at: int, requests: int, dice: random.Random) -> int:
    """`muster sync attendance` until request number `at`, or a while beyond the last; its exit code."""
    pages = {f"MUSTER_UPSTREAM__FRAPPE__{name.upper()}": str(rows) for name, rows in SMALL_PAGES.items()}
    process = started([*MUSTER, "sync", "attendance"], environment(url, server, **pages))
    last = at >= requests
    hit, loop = asyncio.Event(), asyncio.get_running_loop()

    def strike() -> None:
        if not last:
            process.kill()
        loop.call_soon_threadsafe(hit.set)

    rule = server.faults.add(faults.mutate(strike), nth=min(at, requests - 1))
    await asyncio.wait_for(hit.wait(), PATIENCE)
    if last:
        await asyncio.sleep(dice.uniform(0, 0.6))
        process.kill()
    server.faults.remove(rule)
    code, _, _ = await finished(process)
    print(f"killed at request {at} of {requests}: exit {code}")
    return code


async def _synced(url: str, server: FrappeServer) -> None:
    """To its end. The database may need a moment to notice that a connection's owner is dead."""
    ends = time.monotonic() + PATIENCE
    async with open_chain(url, server, **SMALL_PAGES) as chain:
        while (run := await chain.sync()).state != "done":
            assert "another process is syncing" in run.error["detail"], run.error
            assert time.monotonic() < ends, run.error


# Sync, then the sheet as a file in two formats: three commands in the process of one zone.
SYNC_AND_WRITE = """
import sys
from service.cli import app

first, last, path = sys.argv[1:]
report = ["report", "attendance", "monthly-sheet", "--from", first, "--to", last]
for command in (["sync", "attendance"], *([*report, "--format", f, "--output", path + f] for f in ("csv", "json"))):
    assert app(command, standalone_mode=False) in (None, 0), command
"""


async def test_q2_three_host_zones_and_two_database_zones_give_the_same_bytes(
    ground: Ground, tmp_path: Path
) -> None:
    zones = (("Asia/Tokyo", "America/St_Johns"), ("America/Los_Angeles", "UTC"), ("UTC", "UTC"))
    zones = zones[: sized("Q2 zones", 3, 2)]
    today = datetime.now(UTC).date()
    window = [str(today - timedelta(days=20)), str(today - timedelta(days=5))]
    files = []
    async with generated_firm(people=12, days=25) as server:
        for number, (host, at_database) in enumerate(zones):
            async with cloned(ground) as url:
                await _set_zone(url, at_database)
                command = [sys.executable, "-c", SYNC_AND_WRITE, *window, f"{tmp_path}/{number}."]
                code, _, err = await finished(started(command, environment(url, server, TZ=host)))
            assert code == 0, err
            files.append([(tmp_path / f"{number}.{form}").read_bytes() for form in ("csv", "json")])
    assert len(files[0][0].splitlines()) > 12
    assert all(sheet == files[0][0] for sheet, _ in files)
    answers = [json.loads(whole) for _, whole in files]
    # When each database was synced is its own; everything else is the same.
    assert answers[0]["meta"]["complete"] is True
    for answer in answers:
        for passing in ("as_of", "complete_through", "data_version", "generated_at"):
            del answer["meta"][passing]
    assert all(answer == answers[0] for answer in answers)


async def _set_zone(url: str, zone: str) -> None:
    connection = await asyncpg.connect(driver_url(url))
    try:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f"ALTER DATABASE {name} SET timezone TO '{zone}'")
    finally:
        await connection.close()


@pytest.mark.parametrize("way", ["hook", "poll"])
async def test_b0_a_punch_posted_upstream_shows_in_the_sheet(database_url: str, way: str) -> None:
    """Somebody absent is present once the offline clock has sent the punch; nobody here asks for a sync."""
    seconds = []
    often = 3600 if way == "hook" else 1
    async with small_firm() as firm, open_chain(database_url, firm.server, poll_seconds=often) as chain:
        assert (await chain.sync()).state == "done"
        jobs = asyncio.create_task(chain.runtime.tasks.serve())
        try:
            for person, day in (await _absences(chain, firm))[: sized(f"B0 punches by {way}", 7, 1)]:
                begun = time.monotonic()
                await _post(firm, person, f"{day} 08:01:00")
                if way == "hook":
                    await _hint(chain)
                await _until_present(chain, firm, person, day)
                seconds.append(round(time.monotonic() - begun, 2))
        finally:
            jobs.cancel()
            with suppress(asyncio.CancelledError):
                await jobs
    print(f"B0 punch to sheet by {way}, seconds: {seconds}")


async def _absences(chain: Chain, firm: Firm) -> list[tuple[str, str]]:
    sheet = await chain.sheet(from_=str(firm.start), to=str(firm.end))
    return [
        (row["person"], day) for row in sheet["items"] for day, code in row["days"].items() if code == "A"
    ]


async def _post(firm: Firm, person: str, moment: str) -> None:
    document = {"employee": person, "time": moment, "log_type": "IN", "device_id": "offline clock"}
    async with httpx.AsyncClient(timeout=PATIENCE, headers={"Authorization": "token demo:demo"}) as http:
        answer = await http.post(f"{firm.server.url}/api/resource/Employee Checkin", json=document)
        assert answer.status_code == 200, answer.text


async def _hint(chain: Chain) -> None:
    body = b'{"doctype": "Employee Checkin"}'
    headers = {"X-Frappe-Webhook-Signature": signature(HOOK_SECRET, body), "Authorization": ""}
    answer = await chain.http.post("/v1/attendance/hooks/upstream", content=body, headers=headers)
    assert answer.status_code == 202, answer.text


async def _until_present(chain: Chain, firm: Firm, person: str, day: str) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        sheet = await chain.sheet(from_=str(firm.start), to=str(firm.end), person=person)
        [row] = sheet["items"]
        if row["days"][day] == "P":
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{person} is still {row['days'][day]!r} on {day}")


@pytest.mark.prove  # `test_the_demo_is_stopped_resumed_and_used_beside` resumes one in each run
async def test_a_demo_killed_and_started_again_goes_on_where_it_was(tmp_path: Path) -> None:
    first = await _demo(tmp_path)
    assert re.search(r"[1-9][\d,]* inserted", first.told), first.told
    first.process.kill()
    await asyncio.to_thread(first.process.wait)
    second = await _demo(tmp_path)
    try:
        assert re.search(r"\b0 inserted", second.told), second.told
        assert await _sheet_by(second.curl) == 200
    finally:
        second.process.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(second.process.wait, PATIENCE) == 0
    assert "goes on from here" in (tmp_path / "words").read_text()


class Demo:
    """A running demo and what it told before it was ready."""

    def __init__(self, process: "subprocess.Popen[bytes]", told: str) -> None:
        self.process, self.told = process, told
        self.curl = re.findall(r"Bearer (\S+?)' '(\S+?)'", told)[-1]


async def _demo(home: Path) -> Demo:
    path = home / "words"
    with path.open("wb") as words:
        settings = bare_environment(MUSTER_HOME=str(home / "home"))
        process = started(
            [*MUSTER, "demo", "--port", "0", "--people", "12", "--children", "2"], settings, words
        )
    ends = time.monotonic() + PATIENCE
    while "Ctrl-C stops" not in path.read_text():
        assert process.poll() is None, path.read_text()
        assert time.monotonic() < ends, path.read_text()
        await asyncio.sleep(0.2)
    return Demo(process, path.read_text())


async def _sheet_by(curl: tuple[str, str]) -> int:
    token, url = curl
    async with httpx.AsyncClient(timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}) as http:
        return (await http.get(url)).status_code
