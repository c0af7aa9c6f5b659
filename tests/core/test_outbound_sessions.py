"""Systems with a session: cookies that are kept where asked for, redirects to their end, a pace for all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar

import pytest

from service.core.errors import UpstreamGarbled, UpstreamSilent
from service.core.outbound import Call, Outbound, Pace, read_plainly
from service.core.settings import FrappeSettings
from tests.core.misbehaving import QUICK

Answer = tuple[int, list[str]]


@asynccontextmanager
async def site(answer: Callable[[str, dict[str, str]], Answer]) -> AsyncIterator[tuple[str, list[str]]]:
    """`answer(request line, headers)` says status and header lines; the requests are noted as they came."""
    seen: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen.append(
            f"{lines[0].removesuffix(' HTTP/1.1')} {headers.get('cookie', '-')} {body.decode()}".strip()
        )
        status, more = answer(lines[0], headers)
        head = [f"HTTP/1.1 {status} X", "Content-Length: 2", "Connection: close", *more, "", ""]
        writer.write("\r\n".join(head).encode() + b"ok")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen
    server.close()


def caller(cookies: CookieJar | None = None, pace: Pace | None = None) -> Outbound:
    settings = FrappeSettings(total_timeout=5, connect_timeout=1)
    return Outbound("test", settings, policy=QUICK, cookies=cookies, pace=pace)


def led(line: str, _: dict[str, str]) -> Answer:
    if line.startswith("POST /in"):
        return 302, ["Location: /start", "Set-Cookie: ticket=t1; Path=/; HttpOnly"]
    return 200, []


async def test_a_posted_form_is_followed_to_its_end_with_the_cookies_of_the_way() -> None:
    jar = CookieJar()
    async with site(led) as (url, seen):
        async with caller(jar) as outbound:
            form = Call(f"{url}/in", method="POST", content=b"a=1", repeatable=False, follow=True)
            answer = await outbound.fetch(form, read_plainly)
            assert (answer.status, answer.url) == (200, f"{url}/start")
            assert seen == ["POST /in - a=1", "GET /start ticket=t1"]
        async with caller(jar) as outbound:  # the jar outlives its caller
            await outbound.get(f"{url}/next")
    assert seen[-1] == "GET /next ticket=t1"


async def test_without_being_asked_no_redirect_is_followed() -> None:
    async with site(lambda *_: (302, ["Location: /elsewhere"])) as (url, seen), caller() as outbound:
        answer = await outbound.fetch(Call(url), lambda answer: answer)
        assert (answer.status, answer.headers["location"], len(seen)) == (302, "/elsewhere", 1)


async def test_what_was_posted_goes_to_no_other_origin() -> None:
    async with (
        site(lambda *_: (200, [])) as (other, others),
        site(lambda *_: (307, [f"Location: {other}/"])) as (url, _),
        caller() as outbound,
    ):
        with pytest.raises(UpstreamGarbled) as raised:
            await outbound.fetch(Call(url, method="POST", content=b"secret", follow=True), read_plainly)
    assert (raised.value.code, others) == ("upstream_bad_redirect", [])


async def test_redirects_in_a_circle_end() -> None:
    async with site(lambda *_: (302, ["Location: /"])) as (url, seen), caller() as outbound:
        with pytest.raises(UpstreamGarbled) as raised:
            await outbound.fetch(Call(url, follow=True), read_plainly)
        assert (raised.value.code, len(seen)) == ("upstream_bad_redirect", 11)


async def test_starts_are_given_out_one_after_the_other() -> None:
    loop, pace, starts = asyncio.get_running_loop(), Pace(9, 0.02), []
    begun = loop.time()

    async def start() -> None:
        await pace.turn()
        starts.append(loop.time())

    await asyncio.gather(*(start() for _ in range(5)))
    assert all(at >= begun + number * 0.02 for number, at in enumerate(starts))


async def test_who_is_told_to_wait_tells_all_that_share_its_pace() -> None:
    pace = Pace(2)
    async with (
        site(lambda *_: (429, ["Retry-After: 30"])) as (url, _),
        caller(pace=pace) as one,
        caller(pace=pace) as other,
        caller() as apart,
    ):
        with pytest.raises(UpstreamSilent):
            await one.fetch(Call(url), read_plainly, deadline=5)
        assert (one.paused_seconds > 0, other.paused_seconds > 0, apart.paused_seconds) == (True, True, 0)
