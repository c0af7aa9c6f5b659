"""What the panels of the dashboard show beside the figures: each part of the service tells its own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from fastapi import FastAPI

from service.core.auth import SYSTEM
from service.core.responses import Responses
from service.core.runtime import Runtime
from service.monitoring.alerts import asking
from service.monitoring.alerts import queries as alert_queries
from service.monitoring.database import pool_figures
from service.monitoring.flags.routes import flag_listing
from service.monitoring.live import Panel
from service.monitoring.monitor import Monitor
from service.monitoring.performance.endpoints import called, endpoints
from service.monitoring.statements import statement_listing
from service.schemas.monitoring.database import StatementListing
from service.schemas.monitoring.flags import FlagListing

STATEMENTS: Final = 30
"""Of up to 500 kinds; `/v1/performance/statements` has all."""


class Panels:
    """The panels over the parts of one application; each method is one of them."""

    def __init__(self, app: FastAPI) -> None:
        self.runtime: Runtime = app.state.runtime
        self.responses: Responses = app.state.responses
        self.monitor: Monitor = app.state.monitor

    def by_name(self) -> Mapping[str, Panel]:
        """Each as the page knows it."""
        return {
            "alerts": self.alerts,
            "flags": self.flags,
            "endpoints": self.endpoints,
            "statements": self.statements,
            "pool": self.pool,
            "caches": self.caches,
        }

    async def alerts(self) -> dict[str, Any]:
        """Every rule and how it stands; there are 200 at most."""
        async with self.runtime.database.read() as conn:
            rows = await conn.execute(alert_queries.rules_like())
        return {"items": [asking.rule_of(row).model_dump(mode="json") for row in rows]}

    async def endpoints(self) -> dict[str, Any]:
        """What was called, of all workers."""
        told = await self.monitor.counted("requests")
        found = endpoints({}, called(told["requests"]), {})
        return {"items": [one.model_dump(mode="json") for one in found]}

    async def flags(self) -> FlagListing:
        """Every optimisation, as the service itself has it."""
        async with self.runtime.database.read() as conn:
            return await flag_listing(conn, self.runtime, SYSTEM)

    async def statements(self) -> StatementListing:
        """Those that took most in all."""
        return statement_listing(self.runtime.database.statements, "total", STATEMENTS)

    async def pool(self) -> dict[str, Any]:
        """The pools of this process."""
        return {
            "pools": [pool_figures(pool).model_dump(mode="json") for pool in self.runtime.database.pools()]
        }

    async def caches(self) -> dict[str, Any]:
        """Every namespace of both levels."""
        every = {**self.responses.stats(), **self.runtime.cache.stats()}
        return {"items": [{"namespace": name, **asdict(each)} for name, each in every.items()]}
