"""What tests of access may ask for."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from service.access.authenticator import DatabaseAuthenticator
from service.core.database import Database
from tests.access.credentials import Clock
from tests.access.ground import House, open_house
from tests.access.people import Town, open_town
from tests.children.house import House as Family
from tests.children.house import open_house as open_family
from tests.support.ground import Ground


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
    await asyncio.wait_for(opened.housekeeping.listening.wait(), 60)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def shared_house(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One replica for the tests of a file, each of which makes people of its own."""
    url = await ground.clone()
    async with open_town(url, tmp_path_factory.mktemp("home")) as opened:
        yield opened
    await ground.drop(url)


@pytest.fixture
def town(shared_house: Town) -> Town:
    """The replica of this file, seen from an address of this test's own."""
    return Town(shared_house.house, shared_house.outbox)


@pytest.fixture(scope="module")
async def second_house(shared_house: Town, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Another replica over the same database, whose clock stands: it forgets only what it hears of."""
    url = shared_house.house.runtime.database.url
    async with open_town(url, tmp_path_factory.mktemp("home")) as opened:
        gate = opened.house.authenticator
        await asyncio.wait_for(gate.housekeeping.listening.wait(), 60)
        gate._clock = lambda: 1000.0
        yield opened


@pytest.fixture
def second(second_house: Town) -> Town:
    """The second replica, seen from an address of this test's own."""
    return Town(second_house.house, second_house.outbox)
