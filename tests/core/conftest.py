"""The whole application for the tests that only read; and no log lines, unless a test asks for them."""

from collections.abc import AsyncIterator

import pytest

from service.core.settings import LogSettings
from service.core.telemetry import LEVELS
from tests.core.whole import Whole, whole
from tests.support.ground import Ground

LEVELS.configure(LogSettings(level="CRITICAL"))


@pytest.fixture(scope="session")
async def house(ground: Ground) -> AsyncIterator[Whole]:
    """One application for all tests of this folder that leave nothing behind."""
    url = await ground.clone()
    async with whole(url) as opened:
        yield opened
    await ground.drop(url)
