"""The running application over a database of its own, and requests to it as somebody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.desks import jobs_of, running_desks

SECRET = "k" * 32


@dataclass(slots=True)
class House:
    """One replica."""

    runtime: Runtime
    app: FastAPI
    admin: str

    async def token(self, *scopes: str, sites: list[str] | None = None) -> str:
        """A new key."""
        return (
            await create_key(self.runtime.database, "k", scopes or ("crew:read", "mill:read"), sites)
        ).token

    def http(self, token: str | None, base: str = "") -> httpx.AsyncClient:
        """A client with a key or without."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 50000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=f"http://muster.test{base}", headers=headers)

    async def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        """One request, as an admin where no key is given; `path` is whole (`/v1/crew`)."""
        async with self.http(token or self.admin) as http:
            return await http.request(method, path, **more)

    async def get(self, path: str, **params: Any) -> Any:
        """The body of a 200 to an admin."""
        answer = await self.ask("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def sql(self, statement: str, **params: Any) -> Any:
        """Rows of a statement, committed: how a test arranges and looks."""
        async with self.runtime.database.write() as conn:
            result = await conn.execute(text(statement), params)
            return result.all() if result.returns_rows else None


@asynccontextmanager
async def open_house(database_url: str, **groups: Any) -> AsyncIterator[House]:
    """A replica over a migrated database; its jobs are queued and not carried out. `groups`: other settings."""
    settings = Settings.model_validate(
        {
            "database": {"url": database_url, "pool_size": 5},
            "secret_keys": [SECRET],
            "cache": {"warm_seconds": 0},
            # A hundred at once on a busy machine may wait longer for their turn than people would.
            "max_wait": 60,
            **groups,
        }
    )
    desks = running_desks(settings)
    async with open_runtime(settings, jobs_of(desks), open_authenticator) as runtime:
        admin = (await create_key(runtime.database, "admin", ["admin"])).token
        app = create_app(settings, runtime)
        async with app.router.lifespan_context(app):
            yield House(runtime, app, admin)
