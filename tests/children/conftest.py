"""A replica with the families of F0, for each test its own."""

from collections.abc import AsyncIterator

import pytest

from tests.children.house import House, open_house


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """The families of F0 and Emma's nine sessions."""
    async with open_house(database_url) as opened:
        yield opened
