"""A replica with a home of the test's own, where uploads wait."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.attendance.house import House, open_house


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """One replica over a database and a home of this test's own."""
    async with open_house(database_url, home=tmp_path / "home") as opened:
        yield opened
