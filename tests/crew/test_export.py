"""Segments as a stream: every row once, in one snapshot, in constant memory, ended when the client goes."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from starlette.types import Message, Send

from tests.crew.crowd import gather
from tests.crew.house import House
from tests.crew.scenario import settle_s1
from tests.support.eventually import eventually

PATH = "/v1/crew/export/segments"
DAY = {"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}


async def test_every_segment_once_and_a_last_line(house: House) -> None:
    await settle_s1(house.runtime)
    answer = await house.ask("GET", PATH, params=DAY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    *rows, end = [orjson.loads(line) for line in answer.content.splitlines()]
    assert len(rows) == 12
    assert rows[1] == {
        "crew_id": 1, "station": "P22", "name": "ALDER, JO", "local_date": "2026-03-05",
        "from": "2026-03-05T09:00:00Z", "until": "2026-03-05T17:00:00Z", "state": "unavailable", "reason": "W",
    }  # fmt: skip
    assert (end["end"], end["rows"], end["data"]["complete"]) == (True, 12, True)
    assert answer.headers["data-complete"] == "true"
    hidden = await house.ask("GET", PATH, params={**DAY, "redact": "1"})
    assert b"ALDER" not in hidden.content
    beyond = await house.ask("GET", PATH, params={**DAY, "to": "2026-03-07T00:00:00Z"})
    assert "nothing is known of 2026-03-06" in beyond.headers["incomplete-reasons"]
    foreign = await house.ask("GET", PATH, params={**DAY, "station": "P22"},
                              token=await house.token("crew:read", sites=["P33"]))  # fmt: skip
    assert foreign.status_code == 403
    assert (await house.ask("GET", PATH, params={**DAY, "to": "2026-05-01T00:00:00Z"})).status_code == 422


async def test_who_goes_leaves_no_cursor_behind(house: House) -> None:
    await gather(house, 1, 60, 30)

    async def busy() -> int:
        [[count]] = await house.sql(
            """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND backend_type = 'client backend'
                 AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"""
        )
        return int(count)

    for _ in range(3):
        await gone_after_a_piece(house)
    await eventually(lambda: none_of(busy))
    assert [pool.in_use for pool in house.runtime.database.pools()] == [0]
    assert (await house.ask("GET", PATH, params=DAY)).status_code == 200


async def none_of(count: Any) -> bool:
    return bool(await count() == 0)


async def gone_after_a_piece(house: House) -> None:
    """A client that takes the first piece and closes the connection."""
    gone = asyncio.Event()
    pieces = 0

    async def send(message: Message) -> None:
        nonlocal pieces
        if message["type"] == "http.response.body" and message["body"]:
            pieces += 1
            gone.set()
            await asyncio.sleep(0.05)

    await asked(house, {"from": "2026-02-01T00:00:00Z", "to": "2026-03-03T00:00:00Z"}, send, gone)
    assert 0 < pieces < 14  # of 15 blocks


async def asked(house: House, window: Mapping[str, str], send: Send, gone: asyncio.Event) -> None:
    """A request whose client is there until it is gone, as a server hands it on."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    headers = [(b"host", b"muster.test"), (b"authorization", f"Bearer {house.admin}".encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": "GET", "scheme": "http", "path": PATH, "raw_path": PATH.encode(), "root_path": "",
        "query_string": urlencode(window).encode(), "headers": headers, "client": ("192.0.2.1", 50000),
        "server": ("muster.test", 80),
    }  # fmt: skip
    await house.app(scope, receive, send)


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_q54_a_million_segments_in_constant_memory(house: House) -> None:
    count = await gather(house, 30, 240, guarded=False)
    assert count > 1_000_000
    window = {"from": "2026-02-01T00:00:00Z", "to": "2026-03-08T00:00:00Z"}
    await drained(house, DAY)  # what is loaded once is not counted
    before = reset_peak()
    assert await drained(house, window) == count + 1
    assert peak() - before < 50 * 1024 * 1024


async def drained(house: House, window: Mapping[str, str]) -> int:
    """Lines of the whole answer, none of them kept."""
    rows = 0

    async def send(message: Message) -> None:
        nonlocal rows
        rows += message.get("body", b"").count(b"\n")

    await asked(house, window, send, asyncio.Event())
    return rows


def reset_peak() -> int:
    """From here on the peak counts anew, from what is resident now (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """The highest resident memory since it was last reset, bytes (VmHWM)."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
