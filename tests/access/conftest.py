"""What tests of access may ask for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.access.authenticator import DatabaseAuthenticator
from service.core.database import Database
from tests.access.credentials import Clock
from tests.access.ground import House, open_house
from tests.children.house import House as Family
from tests.children.house import open_house as open_family


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """One replica over a database of this test's own."""
    async with open_house(database_url) as opened:
        yield opened


@pytest.fixture
async def family(database_url: str) -> AsyncIterator[Family]:
    """The whole application with the people of F0."""
    async with open_family(database_url, sessions=False) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def gate(database: Database, clock: Clock) -> DatabaseAuthenticator:
    """An authenticator that neither listens nor tidies: only its memory and the database."""
    return DatabaseAuthenticator(database, clock=clock)


@pytest.fixture
async def listening(database: Database, clock: Clock) -> AsyncIterator[DatabaseAuthenticator]:
    """One that hears of changes; its clock stands, so that nothing is forgotten by age."""
    opened = DatabaseAuthenticator(database, clock=clock)
    await opened.open()
    await asyncio.wait_for(opened.housekeeping.listening.wait(), 10)
    yield opened
    await opened.close()
