"""The recorded Frappe HR site, served, synced over HTTP and concluded on; made once for all who read it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.simulators.frappe import FrappeServer, Store, load_oracle
from service.simulators.frappe.loading.oracle import ZONE
from tests.attendance.truth.chain import Chain, cloned, open_chain
from tests.support.ground import Ground

ORACLE = Path(__file__).parents[2] / "data" / "frappe" / "oracle"


@pytest.fixture(scope="session")
async def recorded(ground: Ground) -> AsyncIterator[Chain]:
    """The chain over the recorded people, punches and leaves, after its first sync; read only."""
    store = Store(zone=ZONE)
    load_oracle(store, ORACLE)
    async with cloned(ground) as url, FrappeServer(store) as server, open_chain(url, server) as chain:
        run = await chain.sync()
        assert run.state == "done", run.error
        yield chain
    store.close()
