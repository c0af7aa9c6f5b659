"""The routers of the house: what all desks share, and each desk's own."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter

from service.reporting.desk import Desk
from service.reporting.export_routes import export_routes
from service.reporting.gaps import gap_routes
from service.reporting.routes import report_routes
from service.reporting.runs import run_routes
from service.reporting.statements.routes import seal_route, statement_routes
from service.reporting.subscriptions.routes import subscription_routes
from service.reporting.today import today_page


def shared_router(desks: Sequence[Desk]) -> APIRouter:
    """Runs, gaps, statements and the page of today, over all desks that run."""
    router = APIRouter()
    router.include_router(run_routes(desks))
    router.include_router(gap_routes(desks))
    router.include_router(statement_routes(desks))
    router.include_router(today_page(desks))
    return router


def desk_routers(desks: Sequence[Desk]) -> Iterator[APIRouter]:
    """For each desk the routes of its reports, their exports, sealing and delivery, then its own."""
    for desk in desks:
        yield report_routes(desk)
        yield export_routes(desk)
        if desk.reports:
            yield seal_route(desk)
            yield subscription_routes(desk)
        if desk.router is not None:
            yield desk.router
