"""The small application, and a client of somebody who may see everything."""

from collections.abc import AsyncIterator

import httpx
import pytest

from service.core.versions import Versions
from tests.core.responses.layered import SCOPE, House, client


@pytest.fixture
def house() -> House:
    versions = Versions("postgresql://nobody@127.0.0.1:1/nothing")
    versions.trusted_until = float("inf")
    versions.apply({SCOPE: 7})
    return House(versions)


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client(house.app) as opened:
        yield opened
