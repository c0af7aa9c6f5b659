"""Outbound calls within their bounds: bytes, time, calls at once, the breaker (Q14, Q15, Q17, Q19)."""

import asyncio
import gzip

import pytest

from service.core.errors import UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.core.outbound import Answer, Breaker, Call, Unusable
from service.core.retries import RetryPolicy
from tests.core.misbehaving import QUICK, listening, outbound, send
from tests.support.eventually import eventually


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "upstream_truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "upstream_truncated"),
        (b"NONSENSE\r\n\r\n", "upstream_broken_answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nxx", "upstream_bad_encoding"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
            "upstream_bad_encoding",
        ),
    ],
)
async def test_q14_garbled_answers_are_typed(raw: bytes, code: str) -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(raw)

    async with listening(handler) as (url, seen), outbound() as caller:
        with pytest.raises(UpstreamGarbled) as raised:
            await caller.get(url)
        assert raised.value.code == code
        assert seen["requests"] == QUICK.attempts


async def test_q14_cut_gzip_is_truncated_not_short() -> None:
    packed = gzip.compress(b"x" * 10_000)[:-6]

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        send(writer, 200, packed, "Content-Encoding: gzip")

    async with listening(handler) as (url, _), outbound() as caller:
        with pytest.raises(UpstreamGarbled) as raised:
            await caller.get(url)
        assert raised.value.code == "upstream_truncated"


async def test_gzip_is_unpacked() -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        send(writer, 200, gzip.compress(b"hello" * 1000), "Content-Encoding: gzip")

    async with listening(handler) as (url, _), outbound() as caller:
        assert (await caller.get(url)).body == b"hello" * 1000


async def test_q14_gzip_bomb_is_stopped_at_the_bound() -> None:
    bomb = gzip.compress(b"\0" * (64 * 1024 * 1024), 9)

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        send(writer, 200, bomb, "Content-Encoding: gzip")

    async with listening(handler) as (url, seen), outbound() as caller:
        with pytest.raises(UpstreamGarbled) as raised:
            await caller.get(url, max_bytes=1_000_000)
        assert raised.value.code == "upstream_too_large"
        assert seen["requests"] == 1


@pytest.mark.parametrize("announced", [True, False])
async def test_q14_flood_is_stopped_at_the_bound(announced: bool) -> None:
    sent = 0

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        nonlocal sent
        length = "Content-Length: 200000000\r\n" if announced else ""
        writer.write(f"HTTP/1.1 200 OK\r\n{length}Connection: close\r\n\r\n".encode())
        for _ in range(200):
            writer.write(b"x" * 1_000_000)
            sent += 1_000_000
            await writer.drain()

    async with listening(handler) as (url, _), outbound() as caller:
        with pytest.raises(UpstreamGarbled) as raised:
            await caller.get(url, max_bytes=2_000_000)
        assert raised.value.code == "upstream_too_large"
    assert sent < 50_000_000


@pytest.mark.parametrize("drip", [True, False])
async def test_q15_slow_drip_and_hang_after_headers_end_at_the_limit(drip: bool) -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x" if drip else b"")
            await writer.drain()
            await asyncio.sleep(0.05)

    loop = asyncio.get_running_loop()
    async with listening(handler) as (url, _), outbound(total=0.6, policy=RetryPolicy(attempts=1)) as caller:
        started = loop.time()
        with pytest.raises(UpstreamSilent) as raised:
            await caller.get(url)
        assert raised.value.code == "upstream_timeout"
        assert loop.time() - started >= 0.54
        assert caller.statistics.in_flight == 0


async def test_q15_deadline_covers_all_attempts() -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        await asyncio.sleep(3)

    async with listening(handler) as (url, seen), outbound(total=0.2) as caller:
        with pytest.raises(UpstreamSilent) as raised:
            await caller.get(url, deadline=0.5)
        assert raised.value.code in {"upstream_deadline", "upstream_timeout"}
        assert seen["requests"] < QUICK.attempts


async def test_at_most_max_in_flight_at_once() -> None:
    now = most = 0
    full = asyncio.Event()

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 4:
            full.set()
        await full.wait()
        await asyncio.sleep(0.02)  # so that a fifth would be seen
        now -= 1
        send(writer)

    async with listening(handler) as (url, _), outbound() as caller:
        await asyncio.gather(*(caller.get(url) for _ in range(20)))
    assert most == 4


async def test_cancelled_call_frees_its_slot() -> None:
    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        await asyncio.sleep(0 if number > 4 else 30)
        send(writer)

    async with listening(handler) as (url, seen), outbound() as caller:
        tasks = [asyncio.create_task(caller.get(url)) for _ in range(4)]
        await eventually(lambda: seen["requests"] == 4)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (await caller.get(url)).status == 200
        assert caller.statistics.in_flight == 0


async def test_q19_breaker_half_opens_with_one_probe_and_no_stampede() -> None:
    down = True
    arrivals_while_down = 0

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        nonlocal arrivals_while_down
        arrivals_while_down += down
        await asyncio.sleep(0.02)
        send(writer, 503 if down else 200)

    breaker = Breaker(threshold=3, cool_down=0.2, ceiling=0.4)
    async with listening(handler) as (url, _), outbound(breaker=breaker) as caller:
        results = await asyncio.gather(*(caller.get(url) for _ in range(30)), return_exceptions=True)
        assert all(isinstance(result, UpstreamSilent) for result in results)
        assert breaker.state != "closed"
        assert arrivals_while_down < 30  # without it: 30 calls with 4 attempts each
        before = arrivals_while_down
        await eventually(lambda: breaker.state == "half-open")
        await asyncio.gather(*(caller.get(url, deadline=0.1) for _ in range(10)), return_exceptions=True)
        assert arrivals_while_down - before == 1
        down = False
        answers = await asyncio.gather(*(caller.get(url) for _ in range(10)))
        assert {answer.status for answer in answers} == {200}
        assert breaker.state == "closed"


async def test_q17_refused_credential_opens_the_breaker_with_its_own_reason() -> None:
    def read(answer: Answer) -> Answer:
        refused = UpstreamRefused("the credential is refused", upstream_status=401)
        raise Unusable(refused, retry=False, kind="credential")

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        send(writer, 401)

    async with listening(handler) as (url, seen), outbound() as caller:
        for _ in range(5):
            with pytest.raises(UpstreamRefused, match="credential is refused"):
                await caller.fetch(Call(url), read)
        assert seen["requests"] == 1
