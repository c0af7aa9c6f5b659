"""OpenAPI documents that the applications of a process share: one takes 2.4 s, and most tests serve the same routes."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from service.core.auth import SCOPES
from service.reporting.desk import Desk
from service.reporting.openapi import openapi_document

_Made = tuple[list[object], dict[str, Any]]
_MADE: Final[dict[tuple[object, ...], _Made]] = {}
"""What is served is kept beside each document, so that nothing else can get the number of one of them."""


def document_once(app: FastAPI, desks: Sequence[Desk]) -> dict[str, Any]:
    """The document of these routes, desks and scopes, made when it is first asked for; nobody changes it."""
    served = [_served(route) for route in app.routes if _is_shown(route)]
    named = (desk.name for desk in desks)
    key = (*map(id, served), *named, *SCOPES.items(), app.title, app.version)
    if key not in _MADE:
        _MADE[key] = (served, openapi_document(app, desks))
    return _MADE[key][1]


def _is_shown(route: BaseRoute) -> bool:
    """A router that a test includes stands there as one entry without that word."""
    return bool(getattr(route, "include_in_schema", not isinstance(route, Mount)))


def _served(route: BaseRoute) -> object:
    """What stands for a route in every application: of a router that is included as it is, the router."""
    return getattr(route, "original_router", route)
