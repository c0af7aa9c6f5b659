"""What tests of the desk may ask for."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from service.simulators.frappe import FrappeServer
from tests.attendance.house import House, open_house
from tests.attendance.make import Firm, firm
from tests.attendance.mirroring import add_person, site
from tests.attendance.plans import fill_with_many


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """One replica over a database of this test's own; its jobs are queued and not carried out."""
    async with open_house(database_url) as opened:
        yield opened


@pytest.fixture
async def made(connection: AsyncConnection) -> Firm:
    """The firm, rolled back after the test."""
    return await firm(connection)


@pytest.fixture
async def many(made: Firm) -> Firm:
    """The firm with some hundred people and tens of thousands of days."""
    await fill_with_many(made)
    return made


@pytest.fixture
async def server() -> AsyncIterator[FrappeServer]:
    """A site with two people and nothing else."""
    async with site() as opened:
        add_person(opened.store, "E1")
        add_person(opened.store, "E2")
        yield opened
