"""The stall's application: telemetry, authentication, response cache and routes as in the service."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from service.core import problems
from service.core.auth import Authentication, Caller, Credential, not_signed_in
from service.core.cache import open_cache
from service.core.compute import Compute
from service.core.database import Database
from service.core.responses import ResponseCache, Responses
from service.core.runtime import Runtime
from service.core.settings import Settings
from service.core.tasks import Tasks
from service.core.telemetry import Telemetry
from service.core.versions import Versions
from service.reporting.desk import Desk
from service.reporting.exports import export_job
from service.reporting.openapi import openapi_document
from service.reporting.routers import desk_routers, shared_router
from tests.reporting.jobs import JOBS
from tests.reporting.stall import STALL, set_up
from tests.support.ground import Ground

CALLERS = {
    "reader": Caller(id="key:reader", name="reader", kind="key", scopes=frozenset({"stall:read"})),
    "north": Caller(
        id="key:north", name="north", kind="key", scopes=frozenset({"stall:read"}), sites=frozenset({"North"})
    ),
    "writer": Caller(id="key:writer", name="writer", kind="key", scopes=frozenset({"stall:write"})),
    "other": Caller(id="key:other", name="other", kind="key", scopes=frozenset({"attendance:read"})),
    "admin": Caller(id="key:admin", name="admin", kind="key", scopes=frozenset({"admin"})),
}


class Doorman:
    """The port of the authentication: a name is its own key."""

    def recall(self, kind: str, header: bytes) -> Caller | None:
        """By the word after Bearer."""
        return CALLERS.get(header.removeprefix(b"Bearer ").decode())

    async def caller(self, credential: Credential) -> Caller | None:
        """Whoever is not known is refused."""
        raise not_signed_in()

    async def confirm(self, caller: Caller) -> bool:
        """Whoever was known is."""
        return caller in CALLERS.values()

    def forget(self) -> None:
        """Nothing is remembered."""

    def check_guesses(self, address: str) -> None:
        """Nobody is counted."""

    def count_guess(self, address: str) -> None:
        """Nobody is counted."""


@dataclass
class House:
    """The running application and what it stands on."""

    app: FastAPI
    runtime: Runtime
    responses: Responses
    asgi: Telemetry

    def client(self, name: str | None = "reader") -> httpx.AsyncClient:
        """A client with the key of a caller."""
        headers = {} if name is None else {"Authorization": f"Bearer {name}"}
        transport = httpx.ASGITransport(app=self.asgi, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://stall.test", headers=headers)


def make_app(desks: Sequence[Desk] = (STALL,)) -> FastAPI:
    """The routes."""
    app = FastAPI(title="Stall", version="1")
    problems.install(app)
    app.include_router(shared_router(desks))
    for router in desk_routers(desks):
        app.include_router(router)
    app.openapi = lambda: openapi_document(app, desks)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def built(database: Database, desks: Sequence[Desk] = (STALL,)) -> AsyncIterator[House]:
    """The application over a database."""
    await set_up(database)
    settings = Settings(secret_keys=(SecretStr("k" * 32),))
    versions = Versions(database.direct_url, poll=0.5)
    await versions.open()
    cache, compute = open_cache(settings.cache, versions=versions), Compute()
    runtime = Runtime(settings, database, versions, cache, compute)
    runtime.authenticator = Doorman()
    runtime.tasks = Tasks(runtime, [*JOBS, *(export_job(desk) for desk in desks)])
    responses = Responses.of(settings.cache, versions=versions)
    app = make_app(desks)
    app.state.runtime = runtime
    layers = Telemetry(Authentication(ResponseCache(app, responses), lambda: runtime.authenticator))
    yield House(app, runtime, responses, layers)
    await runtime.tasks.close()
    await cache.close()
    compute.close()
    await versions.close()


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """The application over a database of this test's own."""
    async with built(database) as made:
        yield made


@pytest.fixture(scope="session")
async def quiet_house(ground: Ground) -> AsyncIterator[House]:
    """One application for all tests that only read."""
    url = await ground.clone()
    database = Database(url)
    await database.open()
    async with built(database) as made:
        yield made
    await database.close()
    await ground.drop(url)


@pytest.fixture
async def client(quiet_house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A reader's client; whatever it does, nothing is written."""
    async with quiet_house.client() as opened:
        yield opened
