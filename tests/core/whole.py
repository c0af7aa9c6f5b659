"""The real application over a database of the test's own, with some routes that fail in every way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import asyncpg
import httpx
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, SecretStr
from sqlalchemy import text
from starlette.responses import Response, StreamingResponse

from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.core.auth import needs
from service.core.database import copy_rows
from service.core.errors import RateLimited
from service.core.inbound import Reading, RuntimeDep, Writing
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings

ORIGIN = "http://muster.test"
SECRET = "a-value-that-no-answer-and-no-log-may-show"


class Given(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid")

    name: str
    at: AwareDatetime | None = None
    number: int = 0


trials = APIRouter(prefix="/v1/trials", dependencies=[Depends(needs())])


@trials.post("/given")
async def given(body: Given, conn: Writing) -> dict[str, Any]:
    """Goes to the database as it came."""
    await conn.execute(text("SELECT CAST(:name AS text), CAST(:number AS integer)"), body.model_dump())
    return {"name": body.name}


@trials.get("/said/{word:path}")
async def said(word: str, conn: Reading, at: AwareDatetime | None = None, number: int = 0) -> dict[str, Any]:
    """A path element and query values that reach the database."""
    query = text("SELECT CAST(:word AS text), CAST(:at AS timestamptz), CAST(:number AS integer)")
    await conn.execute(query, {"word": word, "at": at, "number": number})
    return {"word": word}


@trials.get("/fail/{how}")
async def fail(how: str, runtime: RuntimeDep, conn: Reading, request: Request) -> Response:
    """Everything that can go wrong."""
    if how == "boom":
        raise RuntimeError(SECRET)
    if how == "limited":
        raise RateLimited("slowly", retry_after=7)
    if how == "file":
        raise FileNotFoundError(2, SECRET)
    if how == "driver":
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
    if how == "statement":
        await conn.execute(text("SELECT * FROM nothing_like_this"))
    if how == "timeout":
        await conn.execute(text("SET statement_timeout = 20"))
        try:
            await conn.execute(text("SELECT pg_sleep(5)"))
        finally:
            await conn.execute(text("RESET statement_timeout"))
    return StreamingResponse(_broken(), media_type="text/plain")


async def _broken() -> AsyncIterator[bytes]:
    yield b"the first half"
    await asyncio.sleep(0.01)
    raise RuntimeError(SECRET)


@trials.post("/twice")
async def twice(conn: Writing) -> None:
    """A key that is there already."""
    query = text("INSERT INTO muster.data_version (scope, version) VALUES (:scope, 1)")
    await conn.execute(query, {"scope": SECRET})


@trials.post("/copied")
async def copied(conn: Writing) -> None:
    """COPY speaks to the driver directly: a NUL byte in a text, or a number too large."""
    await copy_rows(conn, "data_version", ("scope", "version"), [("a\0b", 1)], schema="muster")


@trials.get("/naive")
async def naive(at: Annotated[datetime, Query()]) -> None:
    """Nothing."""


@dataclass
class Whole:
    """The application, its runtime and an admin's key."""

    app: FastAPI
    runtime: Runtime
    token: str

    def client(self, *, token: str | None = "", **headers: str) -> httpx.AsyncClient:
        """Over ASGI, as the admin unless another token (or None) is given."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token or self.token}"
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


@asynccontextmanager
async def whole(url: str, **more: Any) -> AsyncIterator[Whole]:
    """The application over a migrated database."""
    database = {"url": url, **more.pop("database", {})}
    # Several tests share the machine: here a loop that lags for a second is alive.
    monitoring = {"lag_bound": 60, **more.pop("monitoring", {})}
    settings = Settings.model_validate(
        {
            "database": database,
            "monitoring": monitoring,
            "secret_keys": (SecretStr("k" * 32),),
            "allowed_hosts": ["muster.test"],
            **more,
        }
    )
    async with open_runtime(settings, [], open_authenticator) as runtime:
        app = create_app(settings, runtime)
        app.include_router(trials)
        made = await create_key(runtime.database, "admin", ["admin"])
        # Once it listens it forgets whom it knew: later, a caller known to a test would be unknown again.
        await asyncio.wait_for(runtime.authenticator.housekeeping.listening.wait(), 60)  # type: ignore[attr-defined]  # access fills the port
        async with app.router.lifespan_context(app):
            yield Whole(app, runtime, made.token)
