# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Health`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._blocking import Blocking, DeskSync
from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.envelope import Alive, Ready
from service.schemas.monitoring.cache import CacheHealth
from service.schemas.monitoring.database import DatabaseHealth
from service.schemas.monitoring.health import PerformanceHealth, UpstreamListing
from service.schemas.monitoring.tasks import TasksHealth


class Health(Desk):
    """Is it alive, is it ready."""

    async def status(self, *, options: CallOptions | None = None) -> Ready:
        """Whether the database answers within a second, its schema is the newest and we are not stopping."""
        return await self._call(Ready, "GET", "/health", options=options)

    async def cache(self, *, options: CallOptions | None = None) -> CacheHealth:
        """The caches: hit rates, memory, clean-ups, the shared store, warming, advice about lifetimes.

        Figures are of the process that answers, since its start.
        """
        return await self._call(CacheHealth, "GET", "/health/cache", options=options)

    async def database(self, *, options: CallOptions | None = None) -> DatabaseHealth:
        """The database: pool, timing, size, tables, locks, replication, advice.

        503 when it does not answer within 5 s, saying how the pool stands. Pools and prepared statements
        are those of the process that answers.
        """
        return await self._call(DatabaseHealth, "GET", "/health/database", options=options)

    async def performance(self, *, options: CallOptions | None = None) -> PerformanceHealth:
        """Database, cache, pool and features in short.

        Of all workers together, since they started; asks the database nothing.
        """
        return await self._call(PerformanceHealth, "GET", "/health/performance", options=options)

    async def tasks(self, *, options: CallOptions | None = None) -> TasksHealth:
        """Jobs, the job engine, and what this process does by itself.

        Answers while the database is away as well, and says then what is not known.
        """
        return await self._call(TasksHealth, "GET", "/health/tasks", options=options)

    async def upstreams(self, *, options: CallOptions | None = None) -> UpstreamListing:
        """How the upstreams stand.

        Last contact, breaker, lag, rate limit and outcomes, of all workers together. While the database is
        away, without what is stored: lag, and contacts before the start.
        """
        return await self._call(UpstreamListing, "GET", "/health/upstreams", options=options)

    async def live(self, *, options: CallOptions | None = None) -> Alive:
        """Whether the event loop turns in time; touches nothing else."""
        return await self._call(Alive, "GET", "/livez", options=options)

    async def ready(self, *, options: CallOptions | None = None) -> Ready:
        """Whether the database answers within a second, its schema is the newest and we are not stopping."""
        return await self._call(Ready, "GET", "/readyz", options=options)


class HealthSync(DeskSync):
    """`Health`, blocking."""

    status = Blocking(Health.status)
    cache = Blocking(Health.cache)
    database = Blocking(Health.database)
    performance = Blocking(Health.performance)
    tasks = Blocking(Health.tasks)
    upstreams = Blocking(Health.upstreams)
    live = Blocking(Health.live)
    ready = Blocking(Health.ready)
