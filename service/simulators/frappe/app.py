"""The ASGI application: requests in, answers out in whatever manner a fault orders."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from service.simulators.frappe.config import FrappeConfig
from service.simulators.frappe.site import Site
from service.simulators.frappe.store import Store
from service.simulators.serving.sending import send_answer


def create_app(store: Store, config: FrappeConfig | None = None) -> Starlette:
    """The site as an ASGI application; `app.state.site` holds its faults and request log.

    A fault that resets the connection needs the server of `FrappeServer`.
    """
    site = Site(store, config or FrappeConfig())
    app = Starlette(routes=[Mount("", app=Front(site))])
    app.state.site = site
    return app


class Front:
    """Plain ASGI: one request, one answer."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await self.site.answer(Request(scope, receive))
        await send_answer(answer, scope, receive, send, self.site.wire_headers().items())
