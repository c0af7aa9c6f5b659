"""`muster doctor` and the cache: in memory, across the network, and across a network that has it not."""

from service.cli.cache_findings import cache_finding
from service.core.settings import CacheSettings, Settings
from tests.support.redis_server import PASSWORD, RedisServer, redis_server


def over(server: RedisServer) -> Settings:
    return Settings(cache=CacheSettings.model_validate({"url": server.url}))


async def test_a_cache_in_memory_is_well() -> None:
    finding = await cache_finding(Settings())
    assert finding.well
    assert finding.sentence == "in memory, 10,000 entries and 64 MiB at most"


async def test_a_shared_cache_that_answers_and_one_that_is_gone() -> None:
    async with redis_server() as server:
        there = await cache_finding(over(server))
        assert there.well
        assert "answers; set maxmemory" in there.sentence
        await server.kill()
        gone = await cache_finding(over(server))
    assert not gone.well
    assert "MUSTER_CACHE__URL" in gone.sentence
    assert PASSWORD not in there.sentence + gone.sentence
