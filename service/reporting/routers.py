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
    for part in (run_routes, gap_routes, statement_routes, today_page):
        router.routes.extend(part(desks).routes)
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
