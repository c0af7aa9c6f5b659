"""A simulated site on a loopback port and an ordinary HTTP client."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from service.simulators.frappe import FrappeConfig, FrappeServer, Store
from tests.simulators.frappe.seeding import CONFIG, recorded_site

CHECKIN = "/api/resource/Employee Checkin"


class Caller:
    """Requests as an integration sends them: parameters that are not text travel as JSON."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str = CHECKIN, **params: Any) -> httpx.Response:
        sent = {k: v if isinstance(v, str) else json.dumps(v) for k, v in params.items()}
        return await self.client.get(path, params=sent)

    async def rows(self, doctype: str = "Employee Checkin", **params: Any) -> list[Any]:
        answer = await self.get(f"/api/resource/{doctype}", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def names(self, doctype: str = "Employee Checkin", **params: Any) -> list[str]:
        return [row["name"] for row in await self.rows(doctype, **params)]

    async def post(self, path: str = CHECKIN, **values: Any) -> httpx.Response:
        return await self.client.post(path, json=values)

    def as_user(self, key: str, secret: str) -> "Caller":
        headers = {"Authorization": f"token {key}:{secret}"}
        return Caller(httpx.AsyncClient(base_url=self.client.base_url, headers=headers, timeout=20))


@asynccontextmanager
async def serving(
    store: Store, config: FrappeConfig, credential: str = "KEY:SECRET"
) -> AsyncIterator[tuple[FrappeServer, Caller]]:
    """A site of a test's own, and somebody who calls it with `credential`."""
    headers = {"Authorization": f"token {credential}"}
    async with (
        FrappeServer(store, config) as server,
        httpx.AsyncClient(base_url=server.url, headers=headers, timeout=20) as client,
    ):
        yield server, Caller(client)


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store(zone="Asia/Kolkata")
    yield store
    store.close()


@pytest.fixture
async def opened(store: Store) -> AsyncIterator[tuple[FrappeServer, Caller]]:
    async with serving(store, CONFIG) as pair:
        yield pair


@pytest.fixture
def site(opened: tuple[FrappeServer, Caller]) -> FrappeServer:
    """An empty site with the keys of the recordings, for tests that write."""
    return opened[0]


@pytest.fixture
def call(opened: tuple[FrappeServer, Caller]) -> Caller:
    return opened[1]


@pytest.fixture(scope="session")
async def reading() -> AsyncIterator[tuple[FrappeServer, Caller]]:
    store = recorded_site(Store(zone="Asia/Kolkata"))
    async with serving(store, CONFIG) as pair:
        yield pair
    store.close()


@pytest.fixture
def recorded(reading: tuple[FrappeServer, Caller]) -> FrappeServer:
    """The site of the recordings, for tests that only read."""
    return reading[0]


@pytest.fixture
def ask(reading: tuple[FrappeServer, Caller]) -> Caller:
    return reading[1]
