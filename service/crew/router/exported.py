"""Segments as a stream of NDJSON: read through a cursor of the server as fast as the client takes them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service.core.database import ReadConnection
from service.core.versions import token
from service.crew.answers.asked import checked_range, stations_of
from service.crew.answers.histories import partly_told, told
from service.crew.answers.standing import Standing, not_fetched, standing, station_versions, together
from service.crew.answers.states import shown_name
from service.crew.queries import scopes
from service.crew.queries.partly import select_partly_known
from service.crew.queries.states import AnyRow, Whom, select_looks_of, stream_segments
from service.crew.queries.stations import StationRow
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.reporting.completeness import completeness_headers
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.snapshots import reach, snapshot_of
from service.schemas.crew.people import ExportAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
NDJSON: Final = "application/x-ndjson"
LONGEST: Final = 300.0
"""Seconds that the client may let the cursor wait."""
_LINES: Final = (
    '{"crew_id":1,"station":"P22","name":"ALDER, JO","local_date":"2026-03-05",'
    '"from":"2026-03-05T09:00:00Z","until":"2026-03-05T17:00:00Z","state":"unavailable","reason":"W"}\n'
)


class SegmentsFile(StreamingResponse):
    """The file; the snapshot it reads is open while it is sent, and closed when the client goes."""

    def __init__(self, call: Call, stations: Sequence[StationRow], ask: ExportAsk) -> None:
        super().__init__((), media_type=NDJSON)  # the lines follow once the snapshot is open
        self.call, self.stations, self.ask = call, stations, ask

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it within one snapshot."""
        call, ask = self.call, self.ask
        names = [scopes.of_station(one.code) for one in self.stations]
        whom = Whom([one.id for one in self.stations], known_at=ask.known_at)
        async with snapshot_of(call.runtime, names, call.least, call.caller, timeout=LONGEST) as seen:
            stands = await _standing(seen.conn, call, self.stations, whom, ask)
            self.headers.update(
                {
                    **completeness_headers(stands.complete, stands.reasons),
                    "Cache-Control": "private, no-store",
                    "Content-Disposition": 'attachment; filename="segments.ndjson"',
                    "Data-Version": token(seen.versions),
                }
            )
            self.body_iterator = _lines(seen.conn, whom, ask, stands)
            await super().__call__(scope, receive, send)


@router.get(
    "/export/segments",
    operation_id="crew_export_segments",
    summary="The segments of everybody, line by line",
    response_class=StreamingResponse,
    responses={
        200: {"content": {NDJSON: {"schema": {"type": "string"}, "example": _LINES}}},
        **problem_responses(400, 401, 403, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(ExportAsk))],
)
async def export_segments(call: CallDep, ask: Annotated[ExportAsk, Query()]) -> StreamingResponse:
    """NDJSON by person and time. The last line (`"end": true`) says how many there were, and how complete."""
    checked_range(ask.from_, ask.to)
    await reach(call.runtime, call.least)
    async with call.runtime.database.snapshot() as conn:
        stations = await stations_of(conn, call.caller, ask.station)
    return SegmentsFile(call, stations, ask)


async def _standing(
    conn: ReadConnection, call: Call, stations: Sequence[StationRow], whom: Whom, ask: ExportAsk
) -> Standing:
    looks = await select_looks_of(conn, whom, ask.from_, ask.to)
    partly = await select_partly_known(conn, whom, ask.from_, ask.to)
    versions = await station_versions(conn, [one.code for one in stations])
    settings, now = call.runtime.settings, ask.known_at or call.now
    each = []
    for one in stations:
        own = looks.get(one.id, [])
        missing = told(one.code, not_fetched(own, ask.from_, ask.to))
        if not missing and one.id in partly:
            missing = [f"{one.code}: {partly_told(partly[one.id])}"]
        each.append(standing(settings, versions[one.code], own, one.zone, now, missing))
    return together(each)


async def _lines(conn: ReadConnection, whom: Whom, ask: ExportAsk, stands: Standing) -> AsyncIterator[bytes]:
    count = 0
    async for block in stream_segments(conn, whom, ask.from_, ask.to):
        count += len(block)
        yield b"".join([_line(_shown(row, redact=ask.redact)) for row in block])
    end = {"from": ask.from_.astimezone(UTC), "to": ask.to.astimezone(UTC), "data": stands.as_json()}
    yield _line({"end": True, "rows": count, **end})


def _shown(row: AnyRow, *, redact: bool) -> dict[str, Any]:
    return {
        "crew_id": row.crew_id,
        "station": row.station,
        "name": shown_name(row.crew_id, row.name, redact=redact),
        "local_date": row.local_date,
        "from": row.start,
        "until": row.end,
        "state": row.state,
        "reason": row.reason,
    }


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
