"""The OpenAPI document as it is asked for: made once, in a thread."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from service.core.runtime import Runtime
from service.reporting.openapi import person_scheme


async def document_of(request: Request) -> dict[str, Any]:
    """The document of the application that is asked.

    Making it takes 0.5 to 2 s; on the event loop nobody else, no probe either, was answered meanwhile.
    """
    app: FastAPI = request.app
    if app.openapi_schema is not None:
        return app.openapi_schema
    runtime: Runtime = app.state.runtime
    return await runtime.compute.in_thread(app.openapi)


def serve_document(app: FastAPI) -> None:
    """Serve the document where the framework would, which makes it on the event loop."""
    routes = app.router.routes
    routes[:] = [route for route in routes if getattr(route, "path", None) != app.openapi_url]
    assert app.openapi_url is not None
    routes.insert(0, Route(app.openapi_url, _served, include_in_schema=False))


async def _served(request: Request) -> Response:
    document = await document_of(request)
    root = request.scope.get("root_path", "").rstrip("/")
    if root:
        document = {**document, "servers": [{"url": root}, *document.get("servers", [])]}
        schemes = {**document["components"]["securitySchemes"], "person": person_scheme(root)}
        document["components"] = {**document["components"], "securitySchemes": schemes}
    runtime: Runtime = request.app.state.runtime
    return await runtime.compute.in_thread(JSONResponse, document)
