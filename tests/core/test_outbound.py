"""Outbound calls against a real socket that misbehaves on purpose (Q12-Q15, Q17, Q19)."""

import asyncio
import gzip
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.core.errors import UpstreamError, UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.core.outbound import Answer, Breaker, Call, Outbound, RetryPolicy, Unusable, read_plainly
from service.core.settings import FrappeSettings

Handler = Callable[[asyncio.StreamWriter, int], Awaitable[None]]
QUICK = RetryPolicy(attempts=4, base=0.01, cap=0.05)


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[tuple[str, Counter[str]]]:
    """A server that hands every request to `handler(writer, number of the request)`."""
    seen: Counter[str] = Counter()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            seen["requests"] += 1
            seen["bytes"] += len(head)
            await handler(writer, seen["requests"])
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            seen["gone"] += 1
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/", seen
    finally:
        server.close()


def send(writer: asyncio.StreamWriter, status: int = 200, body: bytes = b"{}", *lines: str) -> None:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *lines, "", ""]
    writer.write("\r\n".join(head).encode() + body)


async def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")


def outbound(*, policy: RetryPolicy = QUICK, total: float = 5.0, breaker: Breaker | None = None) -> Outbound:
    settings = FrappeSettings(total_timeout=total, connect_timeout=1.0)
    return Outbound("test", settings, policy=policy, breaker=breaker)


async def test_answer_carries_status_headers_and_body() -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        send(
            writer, 200, b'{"a":1}', "Content-Type: application/json; charset=utf-8", "Set-Cookie: sid=Guest"
        )

    async with listening(handler) as (url, _), outbound() as caller:
        answer = await caller.get(url, params={"q": "a b/c"}, headers={"X-One": "1"})
        assert (answer.status, answer.body, answer.media_type) == (200, b'{"a":1}', "application/json")
        await caller.get(url)
        assert caller.statistics.outcomes == {"ok": 2}
        assert caller.statistics.bytes == 14


async def test_no_cookie_is_kept() -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        send(writer, 200, b"{}", "Set-Cookie: sid=Guest; Path=/")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with outbound() as caller:
        for _ in range(2):
            await caller.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()
    assert all(b"cookie" not in head.lower() for head in heads)


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_q13_passing_failures_are_retried(status: int) -> None:
    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        send(writer, status if number < 3 else 200, b"<html>", "Content-Type: text/html")

    async with listening(handler) as (url, seen), outbound() as caller:
        assert (await caller.get(url)).status == 200
        assert seen["requests"] == 3
        assert caller.statistics.retries == 2
        assert caller.statistics.outcomes[f"status_{status}"] == 2


async def test_q13_retries_end_within_the_budget_with_a_typed_error() -> None:
    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        send(writer, 503)

    async with listening(handler) as (url, seen), outbound() as caller:
        with pytest.raises(UpstreamSilent) as raised:
            await caller.get(url)
        assert raised.value.code == "upstream_503"
        assert seen["requests"] == QUICK.attempts


async def test_q13_reset_is_retried_then_typed() -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        writer.transport.abort()

    async with listening(handler) as (url, seen), outbound() as caller:
        with pytest.raises(UpstreamSilent) as raised:
            await caller.get(url)
        assert raised.value.code == "upstream_reset"
        # aiohttp repeats an idempotent request once on the spot when its connection dies under it.
        assert QUICK.attempts <= seen["requests"] <= 2 * QUICK.attempts


async def test_q13_refused_and_unresolvable() -> None:
    async with outbound() as caller:
        with pytest.raises(UpstreamSilent) as refused:
            await caller.get("http://127.0.0.1:1/")
        with pytest.raises(UpstreamSilent) as unresolvable:
            await caller.get("http://no-such-host.invalid/")
    assert (refused.value.code, unresolvable.value.code) == ("upstream_unreachable", "upstream_dns")


async def test_post_is_sent_once_unless_repeatable() -> None:
    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        writer.transport.abort()

    async with listening(handler) as (url, seen), outbound() as caller:
        for repeatable, total in ((False, 1), (True, 1 + QUICK.attempts)):
            call = Call(url, method="POST", content=b"{}", repeatable=repeatable)
            with pytest.raises(UpstreamSilent):
                await caller.fetch(call, read_plainly)
            assert seen["requests"] == total


async def test_final_refusals_are_not_retried() -> None:
    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        send(writer, (400, 401, 403, 404, 417, 302, 500)[number - 1])

    async with listening(handler) as (url, seen), outbound() as caller:
        for status in (400, 401, 403, 404, 417, 302, 500):
            with pytest.raises(UpstreamRefused) as raised:
                await caller.get(url)
            assert raised.value.upstream_status == status
        assert seen["requests"] == 7


async def _waits_for(*lines: str) -> tuple[float, int, UpstreamError | None]:
    """Seconds until the call ended, requests made, and the error if it failed, after one 429 with `lines`."""

    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            send(writer, 429, b"slow down", *lines)
        else:
            send(writer)

    loop = asyncio.get_running_loop()
    async with listening(handler) as (url, seen), outbound() as caller:
        started, error = loop.time(), None
        try:
            await caller.get(url, deadline=200)
        except UpstreamError as failure:
            error = failure
        return loop.time() - started, seen["requests"], error


async def test_q12_retry_after_in_seconds_is_obeyed() -> None:
    waited, requests, error = await _waits_for("Retry-After: 1")
    assert (waited >= 1, requests, error) == (True, 2, None)


async def test_q12_retry_after_as_a_date_is_obeyed() -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    waited, requests, error = await _waits_for(f"Retry-After: {format_datetime(moment, usegmt=True)}")
    assert (waited >= 0.9, requests, error) == (True, 2, None)


async def test_q12_absurd_retry_after_gives_up_at_once() -> None:
    _, requests, error = await _waits_for("Retry-After: 3600")
    assert requests == 1
    assert isinstance(error, UpstreamSilent)
    assert error.code == "upstream_429"


async def test_q12_without_header_backs_off() -> None:
    _, requests, error = await _waits_for()
    assert (requests, error) == (2, None)


async def test_q12_who_is_told_to_wait_tells_all_the_others() -> None:
    arrivals: list[float] = []
    loop = asyncio.get_running_loop()

    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        arrivals.append(loop.time())
        send(writer, 429 if number == 1 else 200, b"", "Retry-After: 1")

    async with listening(handler) as (url, _), outbound() as caller:
        first = asyncio.create_task(caller.get(url))
        await eventually(lambda: caller.statistics.last_answer is not None)
        await asyncio.gather(first, *(caller.get(url) for _ in range(3)))
    assert all(later - arrivals[0] >= 0.99 for later in arrivals[1:])


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


async def test_reader_decides_and_its_wait_is_kept() -> None:
    def read(answer: Answer) -> int:
        if answer.body == b"busy":
            raise Unusable(UpstreamGarbled("busy"), retry=True, kind="busy")
        return len(answer.body)

    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        send(writer, 500 if number == 1 else 200, b"busy" if number == 1 else b"12345")

    async with listening(handler) as (url, _), outbound() as caller:
        assert await caller.fetch(Call(url), read) == 5
        assert caller.statistics.outcomes == {"busy": 1, "ok": 1}


async def test_at_most_max_in_flight_at_once() -> None:
    now = most = 0

    async def handler(writer: asyncio.StreamWriter, _: int) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
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


async def test_closing_twice_is_fine() -> None:
    caller = outbound()
    await caller.close()
    await caller.close()
