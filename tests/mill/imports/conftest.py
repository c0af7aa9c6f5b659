"""Houses whose uploads lie in a folder of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.house import House, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Of the test's own, empty."""
    async with open_house(database_url, home=tmp_path) as opened:
        yield opened
