"""A small service of the tests: its OpenAPI is what the generator reads, its app what the client calls."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, FastAPI, Form, Header, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from service.schemas.envelope import (
    Change,
    Explanation,
    Gap,
    GapListing,
    Listing,
    Meta,
    Page,
    PageAsk,
    ReportAnswer,
    Run,
    RunAsk,
)

NOW = "2026-10-01T08:00:00Z"
COMPLETE = Meta(complete=True, data_version="a:1")


class Order(StrEnum):
    """An enum in a query."""

    NAME = "name"
    NUMBER = "number"


class GapsAsk(PageAsk):
    """Filters of a list."""

    from_: Annotated[date | None, Query(alias="from", description="First day.")] = None
    site: list[str] | None = None


attendance = APIRouter(prefix="/v1/attendance", tags=["attendance"])
runs = APIRouter(prefix="/v1/runs", tags=["runs"])
plain = APIRouter()


@attendance.get("/gaps", operation_id="attendance_gaps")
async def gaps(ask: Annotated[GapsAsk, Query()]) -> Listing[Gap]:
    """Open gaps

    Most urgent first.

    - code: what is missing
    - need: what should be there
    """
    start = int(ask.cursor or 0)
    rows = [Gap(code=f"g{n}", need=",".join(ask.site or []), have=str(ask.from_)) for n in range(7)]
    following = start + ask.limit
    more = following < len(rows)
    where = Page(next=str(following) if more else None, has_more=more, limit=ask.limit)
    return Listing[Gap](items=rows[start:following], page=where)


@runs.get("/gaps", operation_id="runs_gaps")
async def gaps_of_all(ask: Annotated[PageAsk, Query()]) -> GapListing:
    """A page of its own make"""
    where = Page(next=None if ask.cursor else "1", has_more=not ask.cursor, limit=ask.limit)
    return GapListing(items=[Gap(code=ask.cursor or "0", need="n", have="h")], page=where, desks={"a": 1})


@attendance.get(
    "/reports/changes",
    operation_id="attendance_changes",
    summary="What changed since it was signed?",
    responses={200: {"content": {"text/csv": {}}}},
)
async def changes(
    month: Annotated[str, Query(description='Month, as "YYYY-MM".')],
    group_by: Literal["site", "department"] | None = None,
    order: Order = Order.NAME,
    since: datetime | None = None,
    share: Decimal | None = None,
    status: Literal["PRESENT", "LATE", "LATE_FORGIVEN", "SEVERE_LATE", "ABSENT", '\t"a, ]b'] | None = None,
    all_: Annotated[bool, Query(alias="all")] = False,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> ReportAnswer[Change]:
    if format == "csv":
        return Response("subject\r\nx\r\n", media_type="text/csv")  # type: ignore[return-value] # as routes do
    params = {
        "month": month,
        "group_by": group_by,
        "order": order,
        "since": since,
        "share": share,
        "all": all_,
        "status": status,
    }
    row = Change(kind="changed", key={"subject": "x"}, figure="hours")
    return ReportAnswer[Change](report="changes", params=params, items=[row], meta=COMPLETE)


@attendance.get("/people/{person}/{on}/explain", operation_id="attendance_people_explain")
async def explain(person: str, on: date, class_: Annotated[int, Query(alias="class")] = 0) -> Explanation:
    """Why."""
    return Explanation(subject=f"{person} {on} {class_}", rule="r", rule_version="1")


@attendance.put("/people/{person}", operation_id="attendance_people_put", deprecated=True)
async def put_person(
    person: Annotated[str, Path(description="Number.")],
    body: Gap,
    if_match: Annotated[str, Header(description="ETag that was read.")],
) -> Gap:
    """Replace."""
    return body.model_copy(update={"subject": f"{person} {if_match}"})


@attendance.post(
    "/people:import", operation_id="attendance_import", status_code=202, responses={200: {"model": Gap}}
)
async def import_file(request: Request, content: Annotated[bytes, Body(media_type="text/csv")]) -> Run:
    """Read a file, unless it was read before."""
    kind = request.headers["content-type"]
    if content == b"known":
        return Response(Gap(code="known", need="n", have="h").model_dump_json(), 200)  # type: ignore[return-value] # as routes do
    return Run(id=f"{kind} {len(content)}", job="import", state="queued", created_at=NOW)


@runs.post("", operation_id="runs_start", status_code=202)
async def start(ask: RunAsk) -> Run:
    """Start a job."""
    return Run(id="1", job=ask.job, params=ask.params, state="queued", created_at=NOW)


@runs.delete("/{run}", operation_id="runs_delete", status_code=204)
async def delete(run: str) -> None:
    """Forget a run."""


@runs.delete("/{run}/reason", operation_id="runs_void", status_code=204)
async def void(run: str, ask: Annotated[RunAsk, Body()]) -> Response:
    """Say why it is forgotten."""
    return Response(status_code=204, headers={"data-version": f"{run}/{ask.job}:1"})


@runs.post("/form", operation_id="runs_form")
async def form(run: Annotated[str, Form()], note: Annotated[str | None, Form()] = None) -> Run:
    """A form."""
    return Run(id=run, job=str(note), state="queued", created_at=NOW)


@runs.get(
    "/{run}/file",
    operation_id="runs_file",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)
async def file(run: str, part: int = 0) -> Response:
    """What it wrote."""
    return Response(f"file {run} {part}".encode(), media_type="application/zip")


@runs.get("/{run}/log", operation_id="runs_log", response_class=PlainTextResponse)
async def log(run: str) -> str:
    """What it said."""
    return f"log of {run}"


@plain.get("/livez", operation_id="livez")
async def livez() -> dict[str, Any]:
    """Alive"""
    return {"status": "ok"}


def app() -> FastAPI:
    """The service."""
    tags = [{"name": "attendance", "description": "Who was present, and why the sheet says so."}]
    made = FastAPI(openapi_tags=tags)
    for router in (attendance, runs, plain):
        made.include_router(router)
    return made
