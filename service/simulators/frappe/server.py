"""A simulated Frappe HR on a loopback port."""

from __future__ import annotations

from service.simulators.frappe.app import create_app
from service.simulators.frappe.config import FrappeConfig
from service.simulators.frappe.faults import FaultPlan
from service.simulators.frappe.journal import RequestLog
from service.simulators.frappe.site import Site
from service.simulators.frappe.store import Store
from service.simulators.serving.server import SiteServer


class FrappeServer(SiteServer):
    """`async with FrappeServer(store, config) as server:` serves on `server.url` until the block ends.

    `faults`, `requests` and `store` steer and inspect it from any thread.
    """

    def __init__(
        self, store: Store, config: FrappeConfig | None = None, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        app = create_app(store, config)
        super().__init__(app, host, port, "frappe-site")
        self.store = store
        self.site: Site = app.state.site

    @property
    def faults(self) -> FaultPlan:
        return self.site.faults

    @property
    def requests(self) -> RequestLog:
        return self.site.requests

    def close(self) -> None:
        """Stop serving; requests still in flight after a second are dropped."""
        self.site.forget_loop()
        super().close()
