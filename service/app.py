"""Builds the HTTP application: runtime, middleware, error handlers, routers."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from itertools import chain
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from service import __version__
from service.access.authenticator import open_authenticator
from service.access.limits import RateLimits
from service.access.refusals import install as install_refusals
from service.access.router import router as access_router
from service.core.admission import Admission, Admitted
from service.core.auth import OPEN_PATHS, OPEN_PREFIXES, Authentication, Authenticator
from service.core.problems import Edge, install
from service.core.responses import ResponseCache, Responses
from service.core.responses.front import Front
from service.core.responses.warming import Warmer, warming
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings, load_settings
from service.core.tasks import every
from service.core.telemetry import Telemetry, configure_logs
from service.desks import admit_device, all_desks, jobs_of, known_sites, leave, running_desks
from service.monitoring import Seat, monitoring_router, watching
from service.monitoring.health import is_draining
from service.reporting.desk import Desk
from service.reporting.documented import serve_document
from service.reporting.openapi import openapi_document
from service.reporting.problem_pages import ProblemPages
from service.reporting.routers import desk_routers, shared_router
from service.reporting.subjects import versions_told

DESCRIPTION = """
Turns what slow systems recorded into **answers people can sign**: as of when, is it complete, why,
and what would change it.

Send an API key as `Authorization: Bearer mst_…`, or sign in: people with their password by *Authorize* here
or `POST /v1/access/token`, browsers at `/sign-in`. Lists are paged by cursor;
every report carries `meta` with its completeness; `…/explain` tells where a figure comes from.

By default people may ask 100 times a minute, of these 20 for files; a key has the limit its operator set.
Answers that count say how one stands in the headers `RateLimit` and `RateLimit-Policy` (of the IETF draft
*RateLimit header fields for HTTP*); beyond is `429` with `Retry-After`. Each process counts for itself.
"""

_MAKING_DOCUMENT: Final = Lock()
"""Threads that ask for it at the same time wait for one that makes it."""


def create_app(
    settings: Settings | None = None,
    runtime: Runtime | None = None,
    seat: Seat | None = None,
    *,
    fronted: bool = False,
) -> FastAPI:
    """The application over an open runtime, or over one that it opens and closes itself.

    `seat` is its place among several workers; `fronted`: whoever serves it puts a `Front` before it.
    """
    chosen = settings or load_settings()
    desks = running_desks(chosen)
    responses = Responses.of(chosen.cache)
    admission = Admission(chosen.max_in_flight, chosen.max_wait)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            opened = runtime
            if opened is None:
                configure_logs(chosen.log)
                opened = await stack.enter_async_context(
                    open_runtime(chosen, jobs_of(desks), open_authenticator)
                )
            app.state.runtime = opened
            await stack.enter_async_context(_keeping(app, opened, responses))
            app.state.monitor = await stack.enter_async_context(watching(opened, responses, seat))
            yield

    app: FastAPI = FastAPIOffline(
        title="Muster",
        version=__version__,
        description=DESCRIPTION,
        static_url="/docs/files",
        lifespan=lifespan,
        openapi_tags=_tags(),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # core/telemetry has ours
    )

    def authenticator() -> Authenticator:
        open_now: Runtime = app.state.runtime
        return open_now.authenticator

    framework = app.build_middleware_stack
    layers = partial(
        _layers,
        settings=chosen,
        desks=desks,
        responses=responses,
        authenticator=authenticator,
        admission=admission,
        fronted=fronted,
    )
    app.build_middleware_stack = lambda: layers(_routes(framework()))  # type: ignore[method-assign]  # as below
    app.state.desks, app.state.responses, app.state.admission = desks, responses, admission
    app.state.known_sites, app.state.leave, app.state.admit_device = known_sites, leave, admit_device
    install(app)
    install_refusals(app)
    app.router.routes.extend(_routes_of(tuple(desk.name for desk in desks)))
    app.openapi = lambda: _document(app, desks)  # type: ignore[method-assign]  # FastAPI's way to extend it
    serve_document(app)
    return app


@asynccontextmanager
async def _keeping(app: FastAPI, runtime: Runtime, responses: Responses) -> AsyncIterator[None]:
    """Kept answers follow data, flags and operators, are cleaned up, and are warmed after commits."""
    settings = runtime.settings
    responses.versions = runtime.versions
    responses.told = versions_told(
        runtime.database, [desk.subjects for desk in app.state.desks if desk.subjects is not None]
    )
    responses.follow(runtime.flags)
    warmer = app.state.warmer = Warmer(
        responses,
        settings.cache,
        confirm=runtime.authenticator.confirm,
        draining=lambda: is_draining(app),
    )
    warmer.follow(runtime.flags)
    clean_up = timedelta(seconds=settings.tasks.cache_cleanup)
    unsubscribe = runtime.versions.subscribe(responses.risen)
    try:
        async with every(clean_up, "responses_prune", responses.prune), warming(warmer):
            yield
    finally:
        unsubscribe()


def _layers(
    routes: ASGIApp,
    *,
    settings: Settings,
    desks: Sequence[Desk],
    responses: Responses,
    authenticator: Callable[[], Authenticator],
    admission: Admission,
    fronted: bool,
) -> ASGIApp:
    """Innermost first: routes, turns, kept answers, limits, who asks, what nobody handled, page, id, front.

    They stand outside of the framework's own layers, which a kept answer needs none of.
    """
    open_paths = OPEN_PATHS.union(*(desk.open_paths for desk in desks))
    open_prefixes = (*OPEN_PREFIXES, *(prefix for desk in desks for prefix in desk.open_prefixes))
    cached = ResponseCache(Admitted(routes, admission), responses)
    limited = RateLimits(cached, settings.access)
    known = Authentication(limited, authenticator, open_paths=open_paths, open_prefixes=open_prefixes)
    uploads = {path: largest for desk in desks for path, largest in desk.uploads.items()}
    pages = ProblemPages(Edge(known, hosts=settings.allowed_hosts, uploads=uploads))
    told = Telemetry(pages, slow=settings.monitoring.slow_request)
    return told if fronted else Front(told, responses=responses, authenticator=authenticator)


def _routes(framework: ASGIApp) -> ASGIApp:
    """The framework without its outermost layer: what nobody handled is answered by the `Edge`."""
    assert isinstance(framework, ServerErrorMiddleware)
    return framework.app


@cache
def _routes_of(names: tuple[str, ...]) -> Sequence[BaseRoute]:
    """The routes of the house with these desks.

    They ask the application for its runtime at each request and know nothing else of it, so applications of
    one process share them: building them takes 0.3 s, and as much again at their first requests.
    """
    desks = [desk for desk in all_desks() if desk.name in names]
    routers = (monitoring_router(), access_router, shared_router(desks), *desk_routers(desks))
    return list(chain.from_iterable(router.routes for router in routers))


def _document(app: FastAPI, desks: Sequence[Desk]) -> dict[str, Any]:
    with _MAKING_DOCUMENT:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_document(app, desks)
        return app.openapi_schema


def _tags() -> list[dict[str, str]]:
    return [
        {"name": "runs", "description": "Long work: progress, events, cancel, result."},
        {"name": "gaps", "description": "What is needed and missing, over all desks."},
        {"name": "statements", "description": "Reports as they were signed, and what would differ today."},
        {"name": "access", "description": "Keys and sessions: who may see what."},
        {"name": "health", "description": "Is it alive, is it ready."},
        {"name": "cache", "description": "Kept answers: forget them."},
        {"name": "alerts", "description": "What is watched, how it stands, who is told."},
        {"name": "monitoring", "description": "What the service notes about itself."},
    ]
