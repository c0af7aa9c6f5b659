"""The paths of the predecessor (spec A.18): where each question is answered now, or why it is no more.

A path whose meaning survives answers 308 with the parameters that still mean the same; its envelope
`{success, timestamp, data, message, error}` is not kept. The others answer 410 and say what to ask instead.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from service.core.errors import Gone
from service.mill.router.documented import CLOSED, PREFIX, TAGS

SINCE: Final = "@1795305600"
"""RFC 9745: the instant from which these paths are deprecated, 2026-11-22T00:00:00Z."""
_YARN: Final = "yarn_id"

router = APIRouter(tags=TAGS, dependencies=CLOSED)


@dataclass(frozen=True, slots=True)
class Former:
    """A path below `/api/`. `now`: its successor; `{yarn}` in it is filled from `yarn_id`.

    `renamed`: parameters that still mean the same, by their new names. `gone`: why nothing answers there.
    """

    path: str
    now: str
    method: str = "GET"
    renamed: tuple[tuple[str, str], ...] = ()
    gone: str | None = None


_INPUT: Final = "it takes a body now"
FORMER: Final = (
    Former("yarn-intelligence", "/reports/planning-balance"),
    Former("inventory-intelligence-enhanced", "/reports/planning-balance"),
    Former("yarn-shortage-analysis", "/reports/shortages"),
    Former("yarn-shortage-timeline", "/reports/yarn-weeks", renamed=((_YARN, "yarn"),)),
    Former("time-phased-planning", "/reports/yarn-weeks"),
    Former("po-delivery-schedule", "/reports/receipts"),
    Former("purchase-orders", "/reports/receipts"),
    Former("bom-explosion-net-requirements", "/reports/requirements"),
    Former("textile-bom", "/bom/explode", "POST"),
    Former("fabric/convert", "/fabric/convert", "POST"),
    Former("fabric/yarn-requirements", "/fabric/yarn-requirements", "POST"),
    Former("inventory-netting", "/netting", gone=_INPUT),
    Former("multi-stage-inventory", "/netting", gone=_INPUT),
    Former("six-phase-planning", "/plan-runs"),
    Former("execute-planning", "/plan-runs", "POST"),
    Former("production-planning", "/plan-runs/latest/orders"),
    Former("production-suggestions", "/plan-runs/latest/orders"),
    Former("production-schedule", "/schedule"),
    Former("production-capacity", "/capacity/work-centers"),
    Former("work-center-capacity", "/capacity/work-centers"),
    Former("machine-utilization", "/capacity/machines"),
    Former("machine-assignment-suggestions", "/machines", gone="orders are suggested to each machine"),
    Former("factory-floor", "/schedule/gantt"),
    Former("po-risk-analysis", "/reports/open-orders"),
    Former("safety-stock", "/plan-runs/latest/yarns"),
    Former("yarn-substitution-intelligent", "/substitutes/{yarn}"),
    Former("yarn-aggregation", "/substitutes/{yarn}"),
    Former("yarn-forecast-shortages", "/reports/forecast-shortages"),
    Former("knit-orders", "/orders"),
    Former("knit-orders/generate", "/plan-runs", "POST"),
    Former("procurement-recommendations", "/reports/procurement"),
    Former("cache-stats", "/health/cache", gone="caches are told of by the health of the service"),
    Former("reload-data", "/imports", gone="data come by files: nothing is reloaded"),
    Former("v2/inventory", "/reports/planning-balance"),
    Former("v2/production", "/orders"),
    Former("v2/forecast", "/reports/forecast-shortages"),
    Former("v2/analytics", "/reports", gone="each figure has a report of its own"),
    Former("v2/yarn", "/reports/planning-balance"),
    Former("v2/netting", "/netting", gone=_INPUT),
)
"""Every planning path of the predecessor that had a meaning of its own."""


def _answering(former: Former) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        """Where the question is answered now."""
        yarn = request.query_params.get(_YARN)
        missing = "name the yarn in the path" if "{yarn}" in former.now and not yarn else None
        place = former.now if former.now.startswith("/health") else f"{PREFIX}{former.now}"
        place = place.replace("{yarn}", quote(yarn, safe="") if yarn else "{yarn}")
        said = {"Deprecation": SINCE, "Link": f'<{quote(place, safe="/%")}>; rel="successor-version"'}
        why = former.gone or missing
        if why is not None:
            raise Gone(f"{why}: ask {place}", code="former_path_gone", headers=said)
        return Response(status_code=308, headers={**said, "Location": place + _query(request, former)})

    return answer


def _query(request: Request, former: Former) -> str:
    given = request.query_params
    kept = {now: given[then] for then, now in former.renamed if then in given}
    return f"?{urlencode(kept)}" if kept else ""


def _routes() -> None:
    for former in FORMER:
        more: dict[str, Any] = {"methods": [former.method], "include_in_schema": False}
        router.add_api_route(f"/api/{former.path}", _answering(former), **more)


_routes()
