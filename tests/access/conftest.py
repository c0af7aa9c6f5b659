"""What tests of access may ask for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.access.authenticator import DatabaseAuthenticator
from service.core.database import Database
from tests.access.credentials import Clock
from tests.access.ground import House, open_house


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """One replica over a database of this test's own."""
    async with open_house(database_url) as opened:
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
