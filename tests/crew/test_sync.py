"""Following simulated stations: what is stored, in how many requests, and what trouble costs (spec D.4, F.8)."""

from service.simulators.gartan import GartanServer
from tests.crew.following import following, synced


async def test_a_first_run_brings_a_week(database_url: str) -> None:
    async with GartanServer() as server, following(database_url, server) as house:
        run = await synced(house)
        assert run.state == "done"
        assert server.requests.logins == 1
