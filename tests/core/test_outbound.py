"""Outbound calls against a socket that fails in passing, refuses, or asks for patience (Q12, Q13)."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.core.errors import UpstreamError, UpstreamGarbled, UpstreamRefused, UpstreamSilent
from service.core.outbound import Answer, Call, Unusable, read_plainly
from tests.core.misbehaving import QUICK, listening, outbound, send
from tests.support.eventually import eventually


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
    """Seconds until the call ended, requests made, and the error if it failed, after one 429 with `lines`.

    `{soon}` in a line is the date of the second after the next, as it is when the answer is sent.
    """

    async def handler(writer: asyncio.StreamWriter, number: int) -> None:
        if number == 1:
            soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
            date = format_datetime(soon, usegmt=True)
            send(writer, 429, b"slow down", *(line.format(soon=date) for line in lines))
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
    waited, requests, error = await _waits_for("Retry-After: {soon}")
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


async def test_closing_twice_is_fine() -> None:
    caller = outbound()
    await caller.close()
    await caller.close()
    with pytest.raises(RuntimeError):
        await caller.get("http://127.0.0.1:1/")
