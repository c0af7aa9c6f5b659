"""`/v1/runs`: start, list, follow and cancel long work of every desk; one resource for all of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy import Row, Select, func, or_, select
from starlette.responses import Response, StreamingResponse

from service.core import models, queries
from service.core.auth import Caller, needs
from service.core.database import WriteConnection
from service.core.errors import NotAllowed, NotFound
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.paging import Cursors, Paging, SortKey, count_up_to, next_link
from service.core.runtime import Runtime
from service.core.tasks import Job
from service.reporting.desk import Desk
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.reporting.run_files import file_response, require_still_seen
from service.reporting.run_stream import LastEvent, event_of, resumed, stream
from service.schemas.envelope import Ask, Listing, Page, PageAsk, Run, RunAsk, RunEvent, RunState

EVENT_KINDS = {"json": "application/json", "sse": "text/event-stream"}
_NEWEST_FIRST = (
    SortKey("created_at", models.Run.__table__.c.created_at, descending=True),
    SortKey("id", models.Run.__table__.c.id, descending=True),
)
_EXAMPLE: dict[str, Any] = {
    "id": "0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11",
    "job": "attendance.sync",
    "scope": "attendance.sync",
    "state": "running",
    "params": {},
    "progress": {"done": 41_000, "total": 96_500, "unit": "rows", "rate_per_second": 5125.0},
    "counts": {"inserted": 40_871, "unchanged": 129},
    "requested_by": "key:ab12cd34",
    "created_at": "2026-11-01T06:30:00Z",
    "started_at": "2026-11-01T06:30:01Z",
    "deadline_at": "2026-11-01T07:30:01Z",
    "starts": 1,
}  # fmt: skip

_EVENT_EXAMPLE: dict[str, Any] = {
    "sequence": 1,
    "at": "2026-11-01T06:30:02Z",
    "kind": "page",
    "message": "1,000 check-ins read",
    "data": {"rows": 1000},
}

Known = Annotated[Caller, Depends(needs())]


class RunsAsk(PageAsk):
    """Which runs to list."""

    job: str | None = Field(None, max_length=200, description="Only runs of this job.")
    state: RunState | None = Field(None, description="Only runs in this state.")


class EventsAsk(Ask):
    """Which events of a run to list."""

    after: int = Field(0, ge=0, description="Only events after this sequence number.")
    limit: int = Field(100, ge=1, le=1000)
    format: str | None = Field(
        None, pattern="^(json|sse)$", description="`sse`: a stream until the run ends."
    )


def run_routes(desks: Sequence[Desk]) -> APIRouter:
    """The routes; a caller sees the runs of the desks it may read and starts what it may start."""
    router = APIRouter(prefix="/v1/runs", tags=["runs"], dependencies=[Depends(needs())])
    endpoints = _Endpoints(desks)
    _add_readers(router, endpoints)
    _add_writers(router, endpoints)
    return router


def _add_readers(router: APIRouter, endpoints: "_Endpoints") -> None:
    router.add_api_route(
        "",
        endpoints.list_runs,
        operation_id="runs_list",
        summary="Runs, newest first",
        response_model=Listing[Run],
        responses={**problem_responses(400, 401, 410, 422, 503), 200: _example(_page_of(_EXAMPLE))},
        dependencies=[Depends(strict_query(RunsAsk))],
    )
    router.add_api_route(
        "/{run_id}",
        endpoints.get_run,
        operation_id="runs_get",
        summary="One run: state, progress, counts, result",
        response_model=Run,
        responses={**problem_responses(401, 404, 503), 200: _example(_EXAMPLE)},
        dependencies=[Depends(strict_query(Ask))],
    )
    router.add_api_route(
        "/{run_id}/events",
        endpoints.list_events,
        operation_id="runs_events",
        summary="What happened in a run",
        description="A list, or with `format=sse` (`Accept: text/event-stream`) a stream until the run ends.",
        response_model=Listing[RunEvent],
        responses={
            **problem_responses(401, 404, 406, 422, 503),
            200: _example(_page_of(_EVENT_EXAMPLE), also="text/event-stream"),
        },
        dependencies=[Depends(strict_query(EventsAsk))],
    )
    router.add_api_route(
        "/{run_id}/file",
        endpoints.get_file,
        operation_id="runs_file",
        summary="The file a run has written",
        description="For whoever asked for it, until it expires (`result.file.expires_at`).",
        response_class=StreamingResponse,
        responses={
            **problem_responses(401, 403, 404, 409, 410, 503),
            200: {
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            },
        },
        dependencies=[Depends(strict_query(Ask))],
    )


def _add_writers(router: APIRouter, endpoints: "_Endpoints") -> None:
    router.add_api_route(
        "",
        endpoints.start_run,
        methods=["POST"],
        operation_id="runs_start",
        summary="Start a job",
        description="Answers 202 with the run's address. The scope that the job names is needed.",
        status_code=202,
        response_model=Run,
        responses={**problem_responses(400, 401, 403, 409, 422, 503), 202: _example(_EXAMPLE)},
        dependencies=[Depends(strict_query(Ask))],
    )
    router.add_api_route(
        "/{run_id}/cancel",
        endpoints.cancel_run,
        methods=["POST"],
        operation_id="runs_cancel",
        summary="Ask a run to stop",
        description="A queued run is cancelled at once, a running one at its next step; an ended one stays.",
        response_model=Run,
        responses={**problem_responses(401, 403, 404, 409, 422, 503), 200: _example(_EXAMPLE)},
        dependencies=[Depends(strict_query(Ask))],
    )


class _Endpoints:
    def __init__(self, desks: Sequence[Desk]) -> None:
        self.desks = {desk.name: desk for desk in desks}
        self.private = [desk.name for desk in desks if desk.subjects is not None]
        """Desks whose runs name in their parameters whom not everybody may see: each sees its own."""

    def may_see(self, caller: Caller, job: Job) -> bool:
        desk = self.desks.get(_desk_of(job.name))
        return caller.may(job.needs) or (desk is not None and caller.may(desk.reads))

    def listed(self, caller: Caller, jobs: Mapping[str, Job], asked: RunsAsk) -> Select[Any]:
        """The runs of these jobs that the caller may see, as `visible_run` has it."""
        run, statement = models.Run.__table__.c, _listed(asked)
        if not caller.may("admin"):
            statement = statement.where(
                run.job.in_([name for name, job in jobs.items() if self.may_see(caller, job)])
            )
        if caller.sites is not None:
            statement = statement.where(run.requested_by == caller.id)
        of_desk = func.split_part(run.job, ".", 1)
        return statement.where(or_(of_desk.not_in(self.private), run.requested_by.in_(_asked_by(caller))))

    async def visible_run(self, runtime: Runtime, caller: Caller, run_id: str) -> Row[Any]:
        """The run; raises `NotFound` also where the caller may not know of it.

        Runs name people and sites in parameters and events: who is limited to sites sees their own only, and
        so does everybody at a desk where not everybody may see everybody.
        """
        async with runtime.database.read() as conn:
            row = await queries.select_run(conn, _identifier(run_id))
        job = None if row is None else runtime.tasks.jobs.get(row.job)
        if row is None or not (caller.may("admin") if job is None else self.may_see(caller, job)):
            raise NotFound(f"there is no run {run_id}")
        limited = caller.sites is not None and row.requested_by != caller.id
        private = _desk_of(row.job) in self.private and row.requested_by not in _asked_by(caller)
        if limited or private:
            raise NotFound(f"there is no run {run_id}")
        return row

    async def list_runs(
        self, request: Request, runtime: RuntimeDep, caller: Known, asked: Annotated[RunsAsk, Query()]
    ) -> Response:
        paging = Paging(Cursors.of(runtime.settings), asked, "runs", _NEWEST_FIRST)
        statement = self.listed(caller, runtime.tasks.jobs, asked)
        async with runtime.database.snapshot() as conn:
            rows = (await conn.execute(paging.narrow(statement))).all()
            total = await count_up_to(conn, statement) if paging.wants_total else None
        shown, page = paging.page(rows, total)
        listing = Listing[Run](items=[run_of(row) for row in shown], page=page)
        return _json(listing, headers=next_link(str(request.url), page.next))

    async def get_run(self, runtime: RuntimeDep, caller: Known, run_id: str) -> Response:
        return _json(run_of(await self.visible_run(runtime, caller, run_id)))

    async def get_file(self, runtime: RuntimeDep, caller: Known, run_id: str) -> Response:
        run = await self.visible_run(runtime, caller, run_id)
        job, desk = runtime.tasks.jobs.get(run.job), self.desks.get(_desk_of(run.job))
        if job is not None and not job.hands_out:
            raise NotFound(f"run {run.id} has no file here")
        if desk is not None and desk.subjects is not None:
            await require_still_seen(runtime, desk, caller, run)
        return await file_response(runtime.database, caller, run)

    async def list_events(
        self,
        request: Request,
        runtime: RuntimeDep,
        caller: Known,
        run_id: str,
        asked: Annotated[EventsAsk, Query()],
        last_event_id: LastEvent = None,
    ) -> Response:
        kind = chosen_format(asked.format, request.headers.get("accept"), EVENT_KINDS)
        run = await self.visible_run(runtime, caller, run_id)
        if kind == "sse":
            return stream(runtime.database, run.id, resumed(last_event_id, asked.after))
        async with runtime.database.read() as conn:
            rows = await queries.select_events(conn, run.id, asked.after, asked.limit + 1)
        page = Page(has_more=len(rows) > asked.limit, limit=asked.limit)
        return _json(Listing[RunEvent](items=[event_of(row) for row in rows[: asked.limit]], page=page))

    async def start_run(
        self, request: Request, runtime: RuntimeDep, caller: Known, asked: RunAsk
    ) -> Response:
        job = runtime.tasks.jobs.get(asked.job)
        if job is not None:
            caller.require(job.needs)
            if caller.sites is not None:
                # A job works on everything; what a desk offers for some sites has a route of its own.
                raise NotAllowed(f"your key is limited to sites, and {job.name} works on all of them")

        async def start(conn: WriteConnection) -> Answered:
            row = await runtime.tasks.start(asked.job, asked.params, caller.id, conn)
            return Answered(run_of(row), 202, {"Location": f"/v1/runs/{row.id}"})

        return await write_once(runtime.database, request, caller.id, start)

    async def cancel_run(self, request: Request, runtime: RuntimeDep, caller: Known, run_id: str) -> Response:
        run = await self.visible_run(runtime, caller, run_id)
        job = runtime.tasks.jobs.get(run.job)
        if caller.id != run.requested_by:
            caller.require("admin" if job is None else job.needs)

        async def cancel(conn: WriteConnection) -> Answered:
            asked = await queries.request_cancel(conn, run.id)
            if asked is None:
                raise NotFound(f"there is no run {run_id}")
            return Answered(run_of(asked))

        return await write_once(runtime.database, request, caller.id, cancel)


async def failed_runs(runtime: Runtime, desks: Sequence[Desk], caller: Caller, since: datetime) -> list[Run]:
    """The newest runs that failed since then, of those the caller may see; at most 20."""
    endpoints = _Endpoints(desks)
    run = models.Run.__table__.c
    statement = endpoints.listed(caller, runtime.tasks.jobs, RunsAsk(state="failed"))
    statement = statement.where(run.finished_at >= since).order_by(run.finished_at.desc(), run.id).limit(20)
    async with runtime.database.read() as conn:
        return [run_of(row) for row in (await conn.execute(statement)).all()]


def run_of(row: Row[Any]) -> Run:
    """A row of `muster.run` as it travels."""
    values = {name: value for name, value in row._asdict().items() if value is not None}
    return Run.model_validate({**values, "id": str(row.id)})


def _desk_of(job: str) -> str:
    return job.partition(".")[0]


def _asked_by(caller: Caller) -> list[str]:
    """Whose runs a caller sees at a desk where each sees its own; those by the clock are about nobody."""
    return [caller.id, "schedule"] if caller.may("admin") else [caller.id]


def _listed(asked: RunsAsk) -> Select[Any]:
    run = models.Run.__table__.c
    statement = select(*run)
    if asked.job is not None:
        statement = statement.where(run.job == asked.job)
    if asked.state is not None:
        statement = statement.where(run.state == asked.state)
    return statement


def _identifier(run_id: str) -> UUID:
    try:
        return UUID(run_id)
    except ValueError:
        raise NotFound(f"there is no run {run_id!r}") from None


def _json(content: Listing[Any] | Run, headers: Mapping[str, str] | None = None) -> Response:
    body = content.model_dump_json(by_alias=True)
    together = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, headers=together, media_type="application/json")


def _page_of(example: Mapping[str, Any]) -> dict[str, Any]:
    page = {"next": None, "has_more": False, "limit": 100}
    return {"items": [example], "page": page, "meta": None}


def _example(example: Mapping[str, Any], also: str | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"example": example}}
    if also is not None:
        content[also] = {"schema": {"type": "string"}}
    return {"content": content}
