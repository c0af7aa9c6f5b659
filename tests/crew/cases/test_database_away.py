"""Spec F.9, 102: without a database every answer is a 503 in time, and never a hang."""

import asyncio

from tests.core.refused import take_away
from tests.crew.house import open_house
from tests.crew.scenario import settle_s1
from tests.support.ground import Ground

AT = {"at": "2026-03-05T10:00:00Z"}


async def test_c102_without_a_database_nothing_hangs(ground: Ground) -> None:
    url = await ground.clone()
    name = url.rpartition("@/")[2].partition("?")[0]
    async with open_house(url) as house:
        await settle_s1(house.runtime)
        await house.get("/v1/crew", **AT)
        await take_away(ground, name)
        async with asyncio.timeout(30):  # twice what a connection is waited for, three times over
            for path in ("/v1/crew", "/v1/crew/appliances/P22P6/status", "/crew/1/available", "/readyz"):
                answer = await house.ask("GET", path, params=AT if path != "/readyz" else None)
                assert answer.status_code == 503, (path, answer.text)
                assert "P22" not in answer.json()["detail"]
        await ground._run(f"ALTER DATABASE {name}_away RENAME TO {name}")
    await ground.drop(url)
