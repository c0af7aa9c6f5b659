"""The monitoring room: health, metrics, performance report, history, alerts, dashboard, load tests.

`monitoring_router` is all its routes; `watching` opens what it keeps while the application lives,
`monitoring_jobs` are what it does once over all replicas.
"""

from fastapi import APIRouter

from service.monitoring import cache, dashboard, database, health, logs, statements, tasks
from service.monitoring.alerts import routes as alerts
from service.monitoring.flags import routes as flags
from service.monitoring.history import routes as history
from service.monitoring.jobs import monitoring_jobs
from service.monitoring.memory import routes as memory
from service.monitoring.monitor import Monitor, watching
from service.monitoring.performance import baseline_routes, health_routes
from service.monitoring.performance import routes as performance
from service.monitoring.profiler import routes as profiler
from service.monitoring.workers import Seat

__all__ = ["Monitor", "Seat", "monitoring_jobs", "monitoring_router", "watching"]

_ROUTERS = (
    health.router,
    cache.router,
    logs.router,
    tasks.router,
    history.router,
    alerts.router,
    database.router,
    statements.router,
    flags.router,
    performance.router,
    baseline_routes.router,
    health_routes.router,
    memory.router,
    dashboard.router,
    profiler.router,
)


def monitoring_router() -> APIRouter:
    """Every route of the room."""
    router = APIRouter()
    for part in _ROUTERS:
        router.routes.extend(part.routes)
    return router
