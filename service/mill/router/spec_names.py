"""Paths as the desk's spec names them (E.4) where the house has one form for all desks: 308 to that form.

A list of a report lies at `/reports/{report}`, the format of a file is a parameter, and the events of a plan
are those of the run that makes it.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.core.errors import NotFound
from service.mill.answers.plans import find_plan
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
NAMED: Final[tuple[tuple[str, str], ...]] = (
    ("/shortages", "/reports/shortages"),
    ("/planning-balance/summary", "/reports/planning-balance"),
    ("/procurement/recommendations", "/reports/procurement"),
    ("/plan-runs/{plan}/buckets", "/plan-runs/{plan}/weeks"),
    ("/imports/{job_id}/errors.csv", "/imports/{job_id}/errors?format=csv"),
    ("/imports/{job_id}/errors.xlsx", "/imports/{job_id}/errors?format=xlsx"),
    ("/export/{table}.csv", "/export/{table}?format=csv"),
    ("/export/{table}.xlsx", "/export/{table}?format=xlsx"),
)
"""As the spec has it, and where it is answered."""


def _leading_to(now: str) -> Callable[[Request], Awaitable[Response]]:
    path, _, fixed = now.partition("?")

    async def answer(request: Request) -> Response:
        """Where it is answered, with all that was asked."""
        filled = path.format(**{name: quote(value, safe="") for name, value in request.path_params.items()})
        asked = "&".join(part for part in (fixed, urlencode(request.query_params.multi_items())) if part)
        return _moved(f"{PREFIX}{filled}" + (f"?{asked}" if asked else ""))

    return answer


@router.get("/plan-runs/{plan}/events", include_in_schema=False)
async def plan_events(call: CallDep, plan: str) -> Response:
    """The progress of the run that makes a plan."""
    async with call.runtime.database.read() as conn:
        found = await find_plan(conn, plan)
    if found.work_run_id is None:
        raise NotFound(f"the run that made plan {plan} is forgotten", code="run_not_found")
    return _moved(f"/v1/runs/{found.work_run_id}/events")


def _moved(place: str) -> Response:
    return Response(status_code=308, headers={"Location": place})


for _name, _now in NAMED:
    _more: dict[str, Any] = {"methods": ["GET"], "include_in_schema": False}
    router.add_api_route(_name, _leading_to(_now), **_more)
