"""A run as server-sent events: its events, its progress when it moves, and its end."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from fastapi import Header
from sqlalchemy import Row
from starlette.responses import StreamingResponse

from service.core import queries
from service.core.database import Database
from service.core.telemetry import expect_repeats
from service.schemas.envelope import RunEvent

LOOK_EVERY: Final = 0.5
"""Seconds between looks; progress is stored every half second."""
ALIVE_EVERY: Final = 15.0
"""Seconds of silence after which a comment keeps proxies from closing the line."""
LONGEST: Final = 600.0
"""Seconds a stream lasts; browsers come back by themselves, with the number of the last event."""


LastEvent = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=30, description="Number of the last event that came."),
]


def resumed(last: str | None, after: int) -> int:
    """Where a stream goes on: after what a reader that comes back has seen, if that is a number of ours."""
    return max(after, int(last)) if last and last.isascii() and last.isdigit() and len(last) < 10 else after


def event_of(row: Row[Any]) -> RunEvent:
    """A row of `muster.run_event` as it travels."""
    return RunEvent(sequence=row.sequence, at=row.at, kind=row.kind, message=row.message, data=row.data)


def stream(database: Database, run_id: UUID, after: int) -> StreamingResponse:
    """The response; no connection is held between two looks."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_lines(database, run_id, after), headers=headers, media_type="text/event-stream")


async def _lines(database: Database, run_id: UUID, after: int) -> AsyncIterator[bytes]:
    expect_repeats("it looks every half second until the run has ended")
    ends = time.monotonic() + LONGEST
    spoken, progress = time.monotonic(), None
    yield b"retry: 1000\n\n"
    while time.monotonic() < ends:
        # The run first: events written before its end are then certainly among those read next.
        async with database.read() as conn:
            run = await queries.select_run(conn, run_id)
        async with database.read() as conn:
            rows = await queries.select_events(conn, run_id, after)
        for row in rows:
            after, spoken = row.sequence, time.monotonic()
            yield _message("event", event_of(row).model_dump_json().encode(), number=after)
        if run is None:
            return
        if run.progress != progress:
            progress, spoken = run.progress, time.monotonic()
            yield _message("progress", orjson.dumps(progress))
        if run.state not in queries.ACTIVE and len(rows) == 0:
            yield _message("end", orjson.dumps({"id": str(run_id), "state": run.state}))
            return
        if time.monotonic() - spoken > ALIVE_EVERY:
            spoken = time.monotonic()
            yield b": alive\n\n"
        await asyncio.sleep(0 if rows else LOOK_EVERY)


def _message(kind: str, data: bytes, number: int | None = None) -> bytes:
    identifier = b"" if number is None else b"id: %d\n" % number
    return b"event: %s\n%sdata: %s\n\n" % (kind.encode(), identifier, data)
