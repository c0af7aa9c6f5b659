"""Houses with the scenario of spec F-58: of a test's own where it writes, shared by a file where it reads."""

from collections.abc import AsyncIterator

import pytest

from tests.mill.scenario import settle_f58
from tests.support.ground import Ground
from tests.support.house import House, open_house


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """Of the test's own, empty."""
    async with open_house(database_url) as opened:
        yield opened


@pytest.fixture(scope="module")
async def f58(ground: Ground) -> AsyncIterator[House]:
    """F-58, the same for all tests of a file, which only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f58(opened)
        yield opened
    await ground.drop(url)


@pytest.fixture
async def own_f58(house: House) -> House:
    """F-58 of the test's own."""
    await settle_f58(house)
    return house
