"""The monitoring room: health, metrics, performance report, history, alerts, dashboard, load tests.

`monitoring_router` is all its routes; `watching` opens what it keeps while the application lives.
"""

from fastapi import APIRouter

from service.monitoring import dashboard, health
from service.monitoring.history import routes as history
from service.monitoring.monitor import Monitor, watching

__all__ = ["Monitor", "monitoring_router", "watching"]

_ROUTERS = (health.router, history.router, dashboard.router)


def monitoring_router() -> APIRouter:
    """Every route of the room."""
    router = APIRouter()
    for part in _ROUTERS:
        router.include_router(part)
    return router
