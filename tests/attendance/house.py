"""The running application over a database of the test's own, and requests to it as somebody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.attendance import DESK
from service.attendance.recompute import Recompute
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.core.versions import parse_token
from service.core.versions import token as token_of
from service.desks import jobs_of
from tests.attendance.make import ZONE, Firm, firm

HOOK_SECRET = "the-hook-of-the-upstream"


@dataclass(slots=True)
class House:
    """One replica."""

    runtime: Runtime
    app: FastAPI

    def http(self, token: str | None = None, base: str = "/v1/attendance") -> httpx.AsyncClient:
        """A client with a key or without; it is never answered from before its own writes, as ours is not."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        client = ("192.0.2.1", 50000)
        transport = httpx.ASGITransport(self.app, client=client, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url=f"http://muster.test{base}", headers=headers)
        written: dict[str, int] = {}

        async def remember(answer: httpx.Response) -> None:
            if answer.request.method != "GET" and "data-version" in answer.headers:
                written.update(parse_token(answer.headers["data-version"]))
                http.headers["Min-Data-Version"] = token_of(written)

        http.event_hooks["response"] = [remember]
        return http

    async def token(self, *scopes: str, sites: list[str] | None = None) -> str:
        """A new key."""
        return (await create_key(self.runtime.database, "k", scopes or ("attendance:read",), sites)).token

    @asynccontextmanager
    async def reader(self, *sites: str) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who may read, everywhere or at these sites."""
        async with self.http(await self.token(sites=list(sites) or None)) as http:
            yield http

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Firm]:
        """The firm as the first call of a test makes it; committed at the end."""
        async with self.runtime.database.write() as conn:
            yield await firm(conn)

    async def recompute(self, now: datetime, extent: tuple[date, date] | None = None) -> None:
        """Judge what is due (and all of `extent`) as if it were `now`."""
        work = Recompute(self.runtime.database, self.runtime.versions, self.runtime.compute)
        await work.run(now=now, extent=extent)


@asynccontextmanager
async def open_house(
    database_url: str, *, hook_secret: str | None = HOOK_SECRET, home: Path | None = None, **groups: Any
) -> AsyncIterator[House]:
    """A replica over a migrated database; its jobs are queued and not carried out. `groups`: other settings."""
    settings = Settings.model_validate(
        {
            "database": {"url": database_url, "pool_size": 5},
            "secret_keys": ["k" * 32],
            **({} if home is None else {"home": home}),
            "upstream": {"frappe": {"hook_secret": hook_secret, "time_zone": ZONE}},
            # Tests count statements and ask what is kept: nothing is built that they did not ask for.
            "cache": {"warm_seconds": 0},
            **groups,
        }
    )
    async with open_runtime(settings, jobs_of([DESK]), open_authenticator) as runtime:
        app = create_app(settings, runtime)
        async with app.router.lifespan_context(app):
            yield House(runtime, app)


async def get(http: httpx.AsyncClient, path: str, **params: Any) -> Any:
    """What a question is answered, which must be answered well."""
    answer = await http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()
