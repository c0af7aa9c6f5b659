"""The monitoring room: health, metrics, performance report, history, alerts, dashboard, load tests.

`monitoring_router` is all its routes; `watching` opens what it keeps while the application lives.
"""

from fastapi import APIRouter

from service.monitoring import dashboard, database, health, logs, statements
from service.monitoring.flags import routes as flags
from service.monitoring.history import routes as history
from service.monitoring.monitor import Monitor, watching
from service.monitoring.workers import Seat

__all__ = ["Monitor", "Seat", "monitoring_router", "watching"]

_ROUTERS = (
    health.router,
    logs.router,
    history.router,
    database.router,
    statements.router,
    flags.router,
    dashboard.router,
)


def monitoring_router() -> APIRouter:
    """Every route of the room."""
    router = APIRouter()
    for part in _ROUTERS:
        router.include_router(part)
    return router
