"""The wall clock jumps by an hour and by a day, both ways, while everything runs (Q6)."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response

from service.core.cache import BoundedMemory, Cache
from service.core.errors import UpstreamError, UpstreamSilent
from service.core.outbound import Breaker
from service.core.responses import CacheEntry
from service.core.retries import RetryPolicy
from tests.core.misbehaving import listening, outbound, send
from tests.core.whole import Whole, whole
from tests.monitoring.alerting import judge, make, note_figures, only, rule
from tests.support.eventually import eventually
from tests.support.wall_clock import WallClock, wall_clock

HOUR, DAY = 3600.0, 86400.0
JUMPS = (HOUR, -HOUR, DAY, -DAY)
SCOPE = "attendance/2026-10"


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url, monitoring={"enabled": False}) as opened:
        keeping(opened.app)
        yield opened


@pytest.fixture
def wall(house: Whole) -> Any:
    """After the house, so that everything it loaded sees it."""
    with wall_clock() as clock:
        yield clock


def keeping(app: FastAPI) -> None:
    """A route whose answers are kept for some seconds; each is another one."""

    async def kept(seconds: float, request: Request) -> Response:
        versions = request.app.state.runtime.versions
        visibility = request.state.caller.visibility
        known = versions.known([SCOPE])
        request.state.cache_entry = CacheEntry((SCOPE,), known, timedelta(seconds=seconds), visibility)
        return Response(b'{"made":%d}' % time.monotonic_ns(), media_type="application/json")

    app.get("/v1/trials/kept/{seconds}")(kept)


async def test_q6_what_is_kept_lives_as_long_as_it_shall(house: Whole, wall: WallClock) -> None:
    cache = Cache(BoundedMemory(100, 1 << 20))

    async def build() -> bytes:
        return b"%d" % time.monotonic_ns()

    async def shared(seconds: float) -> bytes:
        return await cache.get_or_build(str(seconds), build, ttl=timedelta(seconds=seconds), namespace="n")

    async with house.client() as client:

        async def asked(seconds: float) -> tuple[bytes, bytes]:
            answer = await client.get(f"/v1/trials/kept/{seconds}")
            assert answer.status_code == 200, answer.text  # and the key is known all the while
            return answer.content, await shared(seconds)

        for jump in JUMPS:
            long, short = await asked(600), await asked(0.2)
            wall.ahead += jump
            assert await asked(600) == long
            await asyncio.sleep(0.25)  # by the monotonic clock it is over: 0.2 s and a tenth at most
            fresh = await asked(0.2)
            assert fresh[0] != short[0]
            assert fresh[1] != short[1]
            wall.ahead = 0.0


@pytest.mark.parametrize("jump", JUMPS)
async def test_q6_time_outs_and_breakers_wait_their_time(jump: float) -> None:
    async def hangs(writer: asyncio.StreamWriter, _: int) -> None:
        while not writer.is_closing():
            writer.write(b"")
            await asyncio.sleep(0.02)
            await writer.drain()

    async def fails(writer: asyncio.StreamWriter, _: int) -> None:
        send(writer, 503)

    once = RetryPolicy(attempts=1)
    breaker = Breaker(threshold=1, cool_down=600)
    with wall_clock() as wall:
        async with (
            listening(hangs) as (silent, waiting),
            listening(fails) as (broken, seen),
            outbound(policy=once, total=0.3) as patient,
            outbound(policy=once, breaker=breaker) as careful,
        ):
            call = asyncio.create_task(patient.get(silent))
            await eventually(lambda: waiting["requests"] == 1)
            wall.ahead = jump
            with pytest.raises(UpstreamSilent):
                await asyncio.wait_for(call, 60)
            with pytest.raises(UpstreamError):
                await careful.get(broken)
            wall.ahead = -jump
            with pytest.raises(UpstreamError):
                await careful.get(broken)
            assert (breaker.state, seen["requests"]) == ("open", 1)


async def test_q6_alerts_and_figures_go_by_their_own_time(house: Whole, wall: WallClock) -> None:
    monitor = house.app.state.monitor
    await only(house.runtime)
    async with house.client() as client:
        made = await make(client, for_seconds=1800)
        await note_figures(house.runtime, rss_mib=100)
        await judge(house.runtime)
        assert (await rule(client, made))["state"] == "pending"
        for jump in JUMPS:
            wall.ahead = jump
            before = monitor.now()
            await client.get("/v1/access/me")
            figures = await monitor.figures(before)
            assert 0 < figures["requests_per_second"] < 1e6
            await note_figures(house.runtime, rss_mib=100)
            await judge(house.runtime)
            assert (await rule(client, made))["state"] == "pending"
