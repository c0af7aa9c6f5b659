"""The whole application for the tests that only read; and no log lines, unless a test asks for them."""

import logging
from collections.abc import AsyncIterator

import pytest
import structlog

from tests.core.whole import Whole, whole
from tests.support.ground import Ground

structlog.configure(
    wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=False
)


@pytest.fixture(scope="session")
async def house(ground: Ground) -> AsyncIterator[Whole]:
    """One application for all tests of this folder that leave nothing behind."""
    url = await ground.clone()
    async with whole(url) as opened:
        yield opened
    await ground.drop(url)
