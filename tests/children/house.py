"""The running application with the families of F0 in it, and requests to it as somebody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from service.access.access_tokens import Claims, mint
from service.access.authenticator import open_authenticator
from service.app import create_app
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.desks import jobs_of, running_desks
from tests.children.family import KEYS, PEOPLE, secret_of, settle

SECRET = "k" * 32


@dataclass(slots=True)
class House:
    """One replica."""

    runtime: Runtime
    app: FastAPI

    def token(self, name: str, **more: Any) -> str:
        """What somebody of F0 shows: a device its key, a person a fresh access token."""
        if name in KEYS:
            return secret_of(name)
        claims = Claims(person=PEOPLE[name], version=0, family=uuid4(), signed_in_at=datetime.now(UTC))
        return mint([SECRET], claims, timedelta(minutes=15), **more)

    def http(self, name: str | None = None, *, token: str | None = None) -> httpx.AsyncClient:
        """A client as somebody of F0 (`G1`, `K2`), with another token, or as nobody."""
        shown = token if name is None else self.token(name)
        headers = {} if shown is None else {"Authorization": f"Bearer {shown}"}
        transport = httpx.ASGITransport(self.app, client=("192.0.2.1", 50000), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://muster.test", headers=headers)

    async def ask(self, name: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """One request as somebody; `path` after `/v1/children`."""
        async with self.http(name) as http:
            return await http.request(method, f"/v1/children{path}", **more)

    async def sql(self, statement: str, **params: Any) -> Any:
        """Rows of a statement, committed: how a test arranges and looks."""
        async with self.runtime.database.write() as conn:
            result = await conn.execute(text(statement), params)
            return result.all() if result.returns_rows else None

    async def open_glass(self, child: int = 1, minutes: int = 60) -> str:
        """An emergency token of the admin for a child."""
        [(grant,)] = await self.sql(
            "INSERT INTO children.break_glass (child_id, user_id, reason, expires_at)"
            " VALUES (:child, 21, 'the child was brought to the hospital', now() + :life) RETURNING id",
            child=child,
            life=timedelta(minutes=minutes),
        )
        claims = Claims(person=21, version=0, bound=frozenset({child}), break_glass=UUID(str(grant)))
        return mint([SECRET], claims, timedelta(minutes=60))


@asynccontextmanager
async def open_house(
    database_url: str, *, settled: bool = True, sessions: bool = True, **groups: Any
) -> AsyncIterator[House]:
    """A replica over a migrated database; its jobs are queued and not carried out. `groups`: other settings."""
    settings = Settings.model_validate(
        {
            "database": {"url": database_url, "pool_size": 5},
            "secret_keys": [SECRET],
            "cache": {"warm_seconds": 0},
            # Fifty at once on a busy machine may wait longer for their turn than people would.
            "max_wait": 60,
            # A test asks faster than any person; those of the limit set their own.
            "access": {"person_per_minute": 0, "exports_per_minute": 0},
            **groups,
        }
    )
    desks = running_desks(settings)
    async with open_runtime(settings, jobs_of(desks), open_authenticator) as runtime:
        if settled:
            async with runtime.database.write() as conn:
                await settle(conn, sessions=sessions)
        app = create_app(settings, runtime)
        async with app.router.lifespan_context(app):
            yield House(runtime, app)
