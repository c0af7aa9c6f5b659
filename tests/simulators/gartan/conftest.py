"""A simulated Gartan on a loopback port, and a browser signed in to it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from service.simulators.gartan import GartanServer
from tests.crew.gartan import S1_PLAN
from tests.simulators.gartan.browser import Browser


@pytest.fixture
async def site() -> AsyncIterator[GartanServer]:
    """It serves S1."""
    async with GartanServer(S1_PLAN) as server:
        yield server


@pytest.fixture
async def stranger(site: GartanServer) -> AsyncIterator[Browser]:
    """A browser that has not signed in."""
    async with httpx.AsyncClient(base_url=site.url, follow_redirects=True, timeout=60) as http:
        yield Browser(http)


@pytest.fixture
async def browser(stranger: Browser) -> Browser:
    """One that has."""
    assert (await stranger.sign_in()).status_code == 200
    return stranger
