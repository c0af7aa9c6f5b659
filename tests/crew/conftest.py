"""Houses with the scenarios of spec F: of a test's own where it writes, shared by a file where it reads."""

from collections.abc import AsyncIterator

import pytest

from service.simulators.gartan import GartanServer
from tests.crew.following import CREW, following
from tests.crew.house import House, open_house
from tests.crew.scenario import settle_s1, settle_s2
from tests.support.ground import Ground


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """Of the test's own, empty."""
    async with open_house(database_url) as opened:
        yield opened


@pytest.fixture(scope="module")
async def s1(ground: Ground) -> AsyncIterator[House]:
    """S1, the same for all tests of a file, which only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_s1(opened.runtime)
        yield opened
    await ground.drop(url)


@pytest.fixture(scope="module")
async def s2(ground: Ground) -> AsyncIterator[House]:
    """S2, the same for all tests of a file, which only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_s2(opened.runtime)
        yield opened
    await ground.drop(url)


@pytest.fixture
async def server() -> AsyncIterator[GartanServer]:
    """Two simulated stations, P22 and P23, of the test's own."""
    async with GartanServer(CREW) as opened:
        yield opened


@pytest.fixture
async def followed(database_url: str, server: GartanServer) -> AsyncIterator[House]:
    """A house of the test's own that follows them."""
    async with following(database_url, server) as opened:
        yield opened
