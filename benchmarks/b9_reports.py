"""The report of shortages at set S over HTTP without a network: built anew, and kept (G.4)."""

import os
from itertools import count
from typing import Final

import httpx

from benchmarks.b9_planner import plan_once, running
from benchmarks.clocked import clocked_waiting, p95, told
from benchmarks.printing import heading, judge, note
from service.access.keys import create_key
from service.app import create_app
from service.core.database import Database
from service.mill.queries import scopes

ROUNDS = int(os.environ.get("B9_ROUNDS", "30"))
COLD, WARM = 200.0, 50.0
"""Milliseconds, p95 (G.4)."""
PATHS: Final = ("/v1/mill/reports/shortages", "/v1/mill/yarns")


async def reports(db: Database) -> None:
    """The newest plan's shortages, each question new (the data version is raised), then the same again."""
    async with running(db.url) as runtime:
        await plan_once(runtime)
        app = create_app(runtime.settings, runtime)
        transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
        key = (await create_key(runtime.database, "b", ["mill:read"])).token
        known = {getattr(route, "path", None) for route in app.routes}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=transport, base_url="http://muster.test", headers={"Authorization": f"Bearer {key}"}
            ) as http,
        ):
            heading("B9, reads at set S, p95")
            asked = count()
            for path in PATHS:
                if path not in known and not any(str(one).startswith(path) for one in known):
                    note(f"left out: there is no {path}")
                    continue

                async def warm(path: str = path) -> None:
                    (await http.get(path)).raise_for_status()

                async def cold(path: str = path) -> None:
                    async with runtime.database.write() as conn:
                        await runtime.versions.raise_in(conn, [scopes.PLANS, scopes.STOCK])
                    next(asked)
                    await warm(path)

                for what, work, goal in (("new", cold, COLD), ("kept", warm, WARM)):
                    found = await clocked_waiting(work, ROUNDS, 20)
                    told(f"{path}, {what}", found)
                    judge(f"{path}, {what}, p95", p95(found.clock) * 1000, goal, unit="ms")
