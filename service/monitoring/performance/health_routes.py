"""`/health/performance` and `/health/upstreams`: in short, for people who watch."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.core.auth import needs
from service.core.database import AWAY
from service.core.inbound import RuntimeDep
from service.core.runtime import Runtime
from service.core.telemetry import Distribution
from service.monitoring import requests
from service.monitoring.monitor import Monitor
from service.monitoring.performance import examples, measured
from service.monitoring.performance.endpoints import milliseconds
from service.monitoring.samples import read as read_sample
from service.monitoring.upstreams import upstreams
from service.reporting.desk import Desk, SourceState
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.health import (
    CacheTotals,
    PerformanceHealth,
    StatementTotals,
    UpstreamListing,
)
from service.schemas.monitoring.performance import CacheStatistics

router = APIRouter(
    prefix="/health",
    tags=["health"],
    dependencies=[Depends(needs("health:detail")), Depends(strict_query(Ask))],
)

_ANSWERS_WITHIN: Final = 2.0
_PARTS: Final = ("sample", "requests", "statements", "pools", "caches", "optimizations")


@router.get(
    "/performance",
    operation_id="health_performance",
    summary="Database, cache, pool and features in short",
    description="Of all workers together, since they started; asks the database nothing.",
    response_model=PerformanceHealth,
    responses={**problem_responses(401, 403, 422, 503), 200: examples.shown(examples.HEALTH)},
)
async def get_performance(request: Request, runtime: RuntimeDep) -> Response:
    monitor: Monitor = request.app.state.monitor
    told = await monitor.counted(*_PARTS)
    sample, times = read_sample(told["sample"]), Distribution()
    for _, series in requests.read(told["requests"]):
        times.merge(series)
    statements = measured.query_stats(told["statements"], [])
    known = runtime.flags.optimizations()
    return _json(
        PerformanceHealth(
            as_of=datetime.now(UTC),
            workers=int(sample.gauges["workers"]),
            requests=times.count,
            p95_ms=milliseconds(times.percentile(95)),
            database=StatementTotals.model_validate(statements.model_dump()),
            cache=_totals(measured.caches_of(told["caches"]), runtime),
            pools=measured.pools_of(told["pools"]),
            features=measured.optimizations_of(known, told["optimizations"]),
        )
    )


@router.get(
    "/upstreams",
    operation_id="health_upstreams",
    summary="How the upstreams stand",
    description="Last contact, breaker, lag, rate limit and outcomes, of all workers together. While the "
    "database is away, without what is stored: lag, and contacts before the start.",
    response_model=UpstreamListing,
    responses={**problem_responses(401, 403, 422, 503), 200: examples.shown(examples.UPSTREAMS)},
)
async def get_upstreams(request: Request) -> Response:
    return _json(await upstream_listing(request.app.state.monitor, request.app.state.desks))


async def upstream_listing(monitor: Monitor, desks: Sequence[Desk]) -> UpstreamListing:
    """Every upstream as all workers have met it, and as these desks have stored it."""
    told = await monitor.counted("upstreams")
    stored = await _stored(monitor.runtime, desks)
    frappe = monitor.runtime.settings.upstream.frappe.url
    addresses = {} if frappe is None else {"frappe": str(frappe).rstrip("/")}
    return UpstreamListing(items=upstreams(told["upstreams"], stored, addresses, datetime.now(UTC)))


async def _stored(runtime: Runtime, desks: Sequence[Desk]) -> list[SourceState]:
    states: list[SourceState] = []
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN), runtime.database.snapshot() as conn:
            for desk in desks:
                if desk.upstreams is not None:
                    states += await desk.upstreams(conn)
    except AWAY:
        return []
    return states


def _totals(caches: Sequence[CacheStatistics], runtime: Runtime) -> CacheTotals:
    sums: dict[str, Any] = {
        name: sum(getattr(one, name) for one in caches) for name in ("hits", "entries", "bytes")
    }
    misses = sum(one.misses + one.joins for one in caches)
    lookups = sums["hits"] + misses
    return CacheTotals(
        **sums,
        misses=misses,
        hit_percent=round(sums["hits"] / lookups * 100, 2) if lookups else None,
        shared_url=runtime.settings.cache.url is not None,
    )


def _json(model: BaseModel) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(model.model_dump_json(by_alias=True), headers=headers, media_type="application/json")
