"""The application as far as access goes, over a real database; and requests to it as somebody."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Depends, FastAPI
from pydantic import SecretStr

from service.access import refusals
from service.access.authenticator import DatabaseAuthenticator, open_authenticator
from service.access.keys import CreatedKey, create_key
from service.access.router import router
from service.core import problems
from service.core.auth import Authentication, Caller, needs
from service.core.runtime import Runtime, open_runtime
from service.core.settings import DatabaseSettings, Settings

ORIGIN = "http://muster.test"
SECRETS = (SecretStr("one-secret-of-thirty-two-characters"), SecretStr("an-older-secret-of-thirty-two-char"))

desk = APIRouter(prefix="/v1/desk", dependencies=[Depends(needs("attendance:read"))])


@desk.get("/sheet", operation_id="desk_sheet")
async def sheet(
    caller: Annotated[Caller, Depends(needs("attendance:read"))], site: str | None = None
) -> dict[str, Any]:
    """What a desk does with a site: asks the caller which ones the query is limited to."""
    sites = caller.sites_for(site)
    return {"sites": None if sites is None else sorted(sites)}


@desk.post("/sync", operation_id="desk_sync", dependencies=[Depends(needs("attendance:write"))])
async def sync() -> dict[str, str]:
    """A write."""
    return {"started": "yes"}


@dataclass(slots=True)
class House:
    """One replica: its runtime and application."""

    runtime: Runtime
    app: FastAPI

    @property
    def authenticator(self) -> DatabaseAuthenticator:
        assert isinstance(self.runtime.authenticator, DatabaseAuthenticator)
        return self.runtime.authenticator

    def http(
        self, token: str | None = None, *, address: str = "192.0.2.1", headers: dict[str, str] | None = None
    ) -> httpx.AsyncClient:
        """A client at `address`, with a key or without."""
        given = dict(headers or {})
        if token is not None:
            given["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(self.app, client=(address, 50000))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=given)

    async def key(
        self,
        *scopes: str,
        sites: list[str] | None = None,
        expires: datetime | None = None,
        name: str = "a key",
    ) -> CreatedKey:
        """A new key."""
        return await create_key(self.runtime.database, name, scopes or ("attendance:read",), sites, expires)


def build_app(runtime: Runtime) -> FastAPI:
    """The rooms that matter here."""
    app = FastAPI()
    app.state.runtime = runtime
    # No desk is here to know any.
    app.state.known_sites = app.state.leave = app.state.admit_device = None
    problems.install(app)
    refusals.install(app)
    app.include_router(router)
    app.include_router(desk)
    app.add_middleware(Authentication, authenticator=lambda: runtime.authenticator)
    return app


@asynccontextmanager
async def open_house(
    database_url: str,
    *,
    public_url: str | None = None,
    secret_keys: Sequence[SecretStr] = SECRETS,
    **more: Any,
) -> AsyncIterator[House]:
    """A replica over a migrated database; `more`: other settings."""
    settings = Settings.model_validate(
        {
            "database": DatabaseSettings.model_validate({"url": database_url, "pool_size": 5}),
            # Fifty at once on a busy machine may wait longer for their turn than people would.
            "max_wait": 60,
            "secret_keys": tuple(secret_keys),
            "public_url": public_url,
            **more,
        }
    )
    async with open_runtime(settings, [], open_authenticator) as runtime:
        yield House(runtime, build_app(runtime))
