# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Runs`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Literal

from service.client._blocking import Blocking, BlockingFile, BlockingList, BlockingStream, DeskSync
from service.client._desk import Desk, FileCall, Pages
from service.client._events import EventStream
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Listing, Run, RunAsk, RunEvent


class Runs(Desk):
    """Long work: progress, events, cancel, result."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        job: str | None = None,
        state: Literal["queued", "running", "done", "failed", "cancelled", "partial"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Run]:
        """Runs, newest first.

        - job: Only runs of this job.
        - state: Only runs in this state.
        """
        return self._list(
            Run,
            Listing[Run],
            "/v1/runs",
            {"limit": limit, "cursor": cursor, "include": include, "job": job, "state": state},
            options,
        )

    async def start(self, body: RunAsk, *, options: CallOptions | None = None) -> Run:
        """Start a job.

        Answers 202 with the run's address. The scope that the job names is needed.
        """
        return await self._call(Run, "POST", "/v1/runs", body=body, options=options)

    async def get(self, run_id: str, *, options: CallOptions | None = None) -> Run:
        """One run: state, progress, counts, result."""
        return await self._call(Run, "GET", f"/v1/runs/{segment(run_id)}", options=options)

    async def cancel(self, run_id: str, *, options: CallOptions | None = None) -> Run:
        """Ask a run to stop.

        A queued run is cancelled at once, a running one at its next step; an ended one stays.
        """
        return await self._call(Run, "POST", f"/v1/runs/{segment(run_id)}/cancel", options=options)

    async def events(
        self,
        run_id: str,
        *,
        after: int | None = None,
        limit: int | None = None,
        options: CallOptions | None = None,
    ) -> Listing[RunEvent]:
        """What happened in a run.

        A list, or with `format=sse` (`Accept: text/event-stream`) a stream until the run ends.

        - after: Only events after this sequence number.
        """
        return await self._call(
            Listing[RunEvent],
            "GET",
            f"/v1/runs/{segment(run_id)}/events",
            query={"after": after, "limit": limit},
            options=options,
        )

    def events_stream(
        self,
        run_id: str,
        *,
        after: int | None = None,
        last_event_id: str | None = None,
        options: CallOptions | None = None,
    ) -> EventStream:
        """What happened in a run, as it happens.

        - after: Only events after this sequence number.
        - last_event_id: Number of the last event that came.
        """
        return self._stream(
            f"/v1/runs/{segment(run_id)}/events",
            {"after": after},
            options,
            {"Last-Event-ID": last_event_id},
        )

    def file(self, run_id: str, *, options: CallOptions | None = None) -> FileCall:
        """The file a run has written.

        For whoever asked for it, until it expires (`result.file.expires_at`).
        """
        return self._file(f"/v1/runs/{segment(run_id)}/file", {}, options)


class RunsSync(DeskSync):
    """`Runs`, blocking."""

    list = BlockingList(Runs.list)
    start = Blocking(Runs.start)
    get = Blocking(Runs.get)
    cancel = Blocking(Runs.cancel)
    events = Blocking(Runs.events)
    events_stream = BlockingStream(Runs.events_stream)
    file = BlockingFile(Runs.file)
