"""The whole chain in one process: a simulated site, its sync over HTTP, the rules, the application."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import httpx
import pytest

from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.attendance import DESK
from service.attendance.recompute import Recompute
from service.attendance.sync import SyncParams, synchronise
from service.attendance.upstream.client import FrappeClient
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.simulators.frappe import FrappeServer
from tests.attendance.mirroring import Recorder
from tests.support.ground import Ground

HOOK_SECRET = "the-hook-of-the-upstream"
FULL_SIZE = bool(os.environ.get("MUSTER_PROVE"))
# The full sizes take minutes on purpose.
PATIENT = pytest.mark.timeout(7200 if FULL_SIZE else 240)


def sized(name: str, full: int, reduced: int) -> int:
    """The size of a test here and now, printed so that a figure never stands without it."""
    size = full if FULL_SIZE else reduced
    print(f"{name}: {size} (full size {full})")
    return size


@asynccontextmanager
async def cloned(ground: Ground) -> AsyncIterator[str]:
    """A migrated database for one block.

    Where PostgreSQL's own housekeeping is just at work in it, it stays until the cluster goes.
    """
    url = await ground.clone()
    yield url
    with suppress(asyncpg.InsufficientPrivilegeError):
        await ground.drop(url)


@dataclass(slots=True)
class Chain:
    """One replica over a simulated site, and somebody who may read everything."""

    runtime: Runtime
    http: httpx.AsyncClient
    server: FrappeServer

    async def sync(self, **params: Any) -> Any:
        """The job `attendance.sync` as the schedule runs it; its ended run."""
        return await self.runtime.tasks.run_now("attendance.sync", params, "test")

    async def mirror(self) -> None:
        """Only the mirror is brought up to date: the touched days wait."""
        async with FrappeClient.remembering(self.runtime.settings.upstream.frappe) as client:
            await synchronise(self.runtime.database, client, SyncParams(), Recorder())

    async def recompute(self, now: datetime | None = None) -> None:
        """What is due is recomputed, as of `now`."""
        work = Recompute(self.runtime.database, self.runtime.versions, self.runtime.compute)
        await work.run(now=now)

    async def get(self, path: str, **params: Any) -> Any:
        """A JSON answer; parameters by their wire names (`from_` is `from`)."""
        asked = {name.rstrip("_"): value for name, value in params.items()}
        answer = await self.http.get(path, params=asked or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def sheet(self, **params: Any) -> Any:
        """The monthly sheet."""
        return await self.get("/v1/attendance/reports/monthly-sheet", **params)

    async def days(self, **params: Any) -> list[dict[str, Any]]:
        """All day results."""
        rows: list[dict[str, Any]] = (await self.listed("/v1/attendance/days", **params))["items"]
        return rows

    async def listed(self, path: str, **params: Any) -> dict[str, Any]:
        """All pages of a list as one answer, with the `meta` of the first."""
        first: dict[str, Any] = await self.get(path, **params, limit=1000)
        page = first["page"]
        while page["has_more"]:
            more = await self.get(path, **params, limit=1000, cursor=page["next"])
            first["items"] += more["items"]
            page = more["page"]
        return first


def chain_settings(database_url: str, server: FrappeServer, **frappe: Any) -> Settings:
    """Settings as an operator would give them for this site."""
    zone = server.store.clock.zone.key
    upstream = {"url": server.url, "key": "demo", "secret": "demo", "time_zone": zone}
    return Settings.model_validate(
        {
            "database": {"url": database_url, "pool_size": 5},
            "secret_keys": ["k" * 32],
            "upstream": {"frappe": upstream | {"hook_secret": HOOK_SECRET} | frappe},
            "log": {"level": "ERROR"},
        }
    )


@asynccontextmanager
async def open_chain(database_url: str, server: FrappeServer, **frappe: Any) -> AsyncIterator[Chain]:
    """A replica over a migrated database that reads `server`; `frappe`: settings of the upstream."""
    settings = chain_settings(database_url, server, **frappe)
    async with open_runtime(settings, DESK.jobs, open_authenticator) as runtime:
        app = create_app(settings, runtime)
        token = (await create_key(runtime.database, "k", ("attendance:read", "attendance:write"), None)).token
        transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://muster.test", headers=headers) as http,
        ):
            yield Chain(runtime, http, server)
