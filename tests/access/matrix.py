"""Every operation of an application, asked by callers of different rights (Q59)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import _get_api_route_for_openapi
from fastapi.routing import iter_route_contexts

from service.core.auth import Needs
from tests.support.documents import document_once

_FILLED = {
    None: "ab12cd34",
    "int": "7",
    "number": "7",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "a",
}
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: `scopes` are those it declares; None: it knows its callers in another way, or not at all.

    `template` is its path with the names of its parameters.
    """

    name: str
    method: str
    path: str
    scopes: frozenset[str] | None
    template: str


def operations(app: FastAPI) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path (its parameters filled) and declaration of every operation in the OpenAPI."""
    for template, item in document_once(app, getattr(app.state, "desks", ()))["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method.upper(), re.sub(r"{[^}]+}", "ab12cd34", template), item[method]


def routes(app: FastAPI) -> Iterator[Operation]:
    """Every route of an application, pages too, as the framework will serve it."""
    for context in iter_route_contexts(app.routes):
        route = _get_api_route_for_openapi(context)
        if route is None:
            continue  # a mount of files, the document itself: open paths without a handler of ours
        path = re.sub(r"{[^}:]+(?::(\w+))?}", lambda found: _FILLED[found[1]], route.path)
        for method in sorted(route.methods - {"HEAD"}):
            name = route.operation_id or f"{method}:{route.path}"
            template = re.sub(r"{([^}:]+)(?::\w+)?}", r"{\1}", route.path)
            yield Operation(name, method, path, _scopes(route.dependant), template)


def _scopes(dependant: Dependant) -> frozenset[str] | None:
    found: set[str] | None = None
    for part in dependant.dependencies:
        own = frozenset(part.call.scopes) if isinstance(part.call, Needs) else None
        for scopes in (own, _scopes(part)):
            if scopes is not None:
                found = scopes | (found or set())
    return None if found is None else frozenset(found)
