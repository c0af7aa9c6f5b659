"""A simulated Gartan on a loopback port, or as an ASGI application."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.simulators.gartan.config import Expiry, GartanConfig
from service.simulators.gartan.faults import FaultPlan
from service.simulators.gartan.generate import generate
from service.simulators.gartan.journal import Journal
from service.simulators.gartan.plan import Plan
from service.simulators.gartan.site import Site
from service.simulators.serving.sending import send_answer
from service.simulators.serving.server import SiteServer


def create_app(site: Site) -> ASGIApp:
    """The site as an ASGI application. A fault that resets the connection needs the server."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await site.answer(Request(scope, receive))
            await send_answer(answer, scope, receive, send, (("server", "Microsoft-IIS/10.0"),))

    return app


class GartanServer(SiteServer):
    """`async with GartanServer(plan, config) as server:` serves on `server.url` until the block ends.

    Without a plan it is one invented station, P22 with brigade 101. `faults`, `requests`, `plan` and the rest
    of `site` steer and inspect it from any thread.
    """

    def __init__(
        self,
        plan: Plan | None = None,
        config: GartanConfig | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.site = Site(plan or generate(), config or GartanConfig())
        super().__init__(create_app(self.site), host, port, "gartan-site")

    @property
    def url(self) -> str:
        """The address that the upstream's settings name."""
        return f"{super().url}{self.site.config.path}"

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong."""
        return self.site.faults

    @property
    def requests(self) -> Journal:
        """What was asked."""
        return self.site.requests

    @property
    def plan(self) -> Plan:
        """What the site knows; another one may be set at any time."""
        return self.site.plan

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self.site.plan = plan

    def expire(self, after: int = 0, form: Expiry | None = None) -> None:
        """Every session ends once, after so many more grids; new ones live on. `form`: how it shows from now
        on."""
        self.site.expiry = form or self.site.expiry
        self.site.sessions.end_after(after)

    def set_password(self, user: str, password: str) -> None:
        """The account has another password from now on; sessions live on."""
        self.site.accounts.users[user] = password

    def stand_at(self, now: datetime) -> None:
        """The clock of the station display stands still."""
        self.site.now = lambda: now
