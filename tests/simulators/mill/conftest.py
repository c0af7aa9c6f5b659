"""One tiny mill and one of the measured size, made once: frozen, so that every test may look at them."""

from datetime import date

import pytest

from service.simulators.mill import Mill, Plan, generate

DAY = date(2025, 9, 3)


@pytest.fixture(scope="session")
def tiny() -> Mill:
    return generate(Plan(as_of=DAY))


@pytest.fixture(scope="session")
def measured() -> Mill:
    return generate(Plan(as_of=DAY, size="S"))
