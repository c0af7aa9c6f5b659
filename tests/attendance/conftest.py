"""What tests of the desk may ask for."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.attendance.house import House, open_house
from tests.attendance.make import Firm, firm


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """One replica over a database of this test's own; its jobs are queued and not carried out."""
    async with open_house(database_url) as opened:
        yield opened


@pytest.fixture
async def made(connection: AsyncConnection) -> Firm:
    """The firm, rolled back after the test."""
    return await firm(connection)
