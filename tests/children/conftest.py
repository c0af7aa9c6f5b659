"""A replica with the families of F0, for each test its own or for all tests of a module."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from service.core.telemetry import LEVELS
from tests.children.house import House, open_house
from tests.support.ground import Ground


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """The families of F0 and Emma's nine sessions."""
    async with open_house(database_url) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared(ground: Ground) -> AsyncIterator[House]:
    """The same for all tests of a module; what one adds stays there for those after it."""
    url = await ground.clone()
    async with open_house(url) as opened:
        yield opened
    await ground.drop(url)


@pytest.fixture
def every_line() -> Iterator[None]:
    """Requests are logged, whatever level another test of this process has left."""
    LEVELS.change("service.request", "INFO")
    yield
    LEVELS.change("service.request", None)
