"""What the panels of the dashboard show beside the figures: each part of the service tells its own."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from service.core.auth import SYSTEM
from service.core.runtime import Runtime
from service.monitoring.alerts import asking
from service.monitoring.alerts import queries as alert_queries
from service.monitoring.flags.routes import flag_listing
from service.monitoring.live import Panel
from service.monitoring.monitor import Monitor
from service.monitoring.performance import measured
from service.monitoring.performance.bottlenecks import bottlenecks
from service.monitoring.performance.endpoints import called, endpoints
from service.monitoring.performance.health_routes import upstream_listing
from service.monitoring.tasks import tasks_health
from service.reporting.desk import Desk
from service.schemas.monitoring.flags import FlagListing
from service.schemas.monitoring.health import UpstreamListing
from service.schemas.monitoring.tasks import TasksHealth

STATEMENTS: Final = 30
"""Of up to 500 kinds; `/v1/performance/statements` has all."""
FINDINGS: Final = 6
"""The worst; `/v1/performance-report` has all."""


class Panels:
    """The panels over the parts of one application; each method is one of them, `counted` are several."""

    def __init__(self, app: FastAPI) -> None:
        self.runtime: Runtime = app.state.runtime
        self.monitor: Monitor = app.state.monitor
        self.desks: Sequence[Desk] = app.state.desks

    def by_name(self) -> Mapping[str, Panel]:
        """Each as the page knows it."""
        return {
            "alerts": self.alerts,
            "flags": self.flags,
            "counted": self.counted,
            "upstreams": self.upstreams,
            "jobs": self.jobs,
        }

    async def alerts(self) -> dict[str, Any]:
        """Every rule and how it stands; there are 200 at most."""
        async with self.runtime.database.read() as conn:
            rows = await conn.execute(alert_queries.rules_like())
        return {"items": _plain([asking.rule_of(row) for row in rows])}

    async def flags(self) -> FlagListing:
        """Every optimisation, as the service itself has it."""
        async with self.runtime.database.read() as conn:
            return await flag_listing(conn, self.monitor, SYSTEM)

    async def counted(self) -> dict[str, Any]:
        """What all workers counted since they began: endpoints, statements, pools, caches, what is slow."""
        told = await self.monitor.counted("requests", "statements", "pools", "caches")
        statements = measured.statements_of(told["statements"])
        await asyncio.sleep(0)  # each part takes some milliseconds: requests come first
        by_fingerprint = {one.fingerprint: one for one in statements}
        means = {one.fingerprint: one.mean_ms / 1000 for one in statements}
        found = endpoints({}, called(told["requests"]), means)
        await asyncio.sleep(0)
        caches = measured.caches_of(told["caches"])
        answers = {one.namespace: one for one in caches if one.level == "response"}
        return {
            "endpoints": _plain(found),
            "statements": _plain(statements[:STATEMENTS]),
            "pool": _plain(measured.pools_of(told["pools"])),
            "caches": _plain(caches),
            "findings": _plain(bottlenecks(found, by_fingerprint, answers)[:FINDINGS]),
        }

    async def upstreams(self) -> UpstreamListing:
        """Every upstream that is set or was spoken to."""
        return await upstream_listing(self.monitor, self.desks)

    async def jobs(self) -> TasksHealth:
        """The jobs of the service, and what this process does by itself."""
        return await tasks_health(self.runtime)


def _plain(models: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [one.model_dump(mode="json", by_alias=True) for one in models]
