"""The application of a test: made by `create_app`, on routes that are built once in a process."""

from collections.abc import Sequence

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute

import service.app
from service.core.runtime import Runtime
from service.core.settings import Settings
from service.reporting.desk import Desk

_build = service.app._include
_built: dict[tuple[str, ...], list[BaseRoute]] = {}


def application(settings: Settings, runtime: Runtime) -> FastAPI:
    """What `create_app` makes, with the very routes that its first call in this process built.

    Routes are of the desks alone and ask the application for its runtime at each request, so any number of
    applications may have the same ones. Building them, and what the framework adds to each at the first
    request, takes half a second: as long as most tests that need an application take without it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service.app, "_include", _include)
        return service.app.create_app(settings, runtime)


def _include(app: FastAPI, desks: Sequence[Desk]) -> None:
    names = tuple(desk.name for desk in desks)
    if names in _built:
        app.router.routes.extend(_built[names])
    else:
        own = len(app.router.routes)
        _build(app, desks)
        _built[names] = app.router.routes[own:]
