"""OpenAPI documents that the applications of a process share: one takes 2 s, and most tests serve the same routes."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from service.core.auth import SCOPES
from service.reporting.desk import Desk
from service.reporting.openapi import openapi_document

_Made = tuple[list[BaseRoute], dict[str, Any]]
_MADE: Final[dict[tuple[object, ...], _Made]] = {}
"""The routes are kept beside each document, so that no other route can get the number of one of them."""


def document_once(app: FastAPI, desks: Sequence[Desk]) -> dict[str, Any]:
    """The document of these routes, desks and scopes, made when it is first asked for; nobody changes it."""
    # A router that a test includes stands there as one entry without that word.
    routes = [
        route for route in app.routes if getattr(route, "include_in_schema", not isinstance(route, Mount))
    ]
    named = (desk.name for desk in desks)
    key = (*map(id, routes), *named, *SCOPES.items(), app.title, app.version)
    if key not in _MADE:
        _MADE[key] = (routes, openapi_document(app, desks))
    return _MADE[key][1]
