"""The response cache over real routes: finished bytes, and what makes two requests one."""

import asyncio
import gzip
import os
from datetime import timedelta

import httpx
from fastapi import FastAPI, Request, Response
from starlette.types import Message, Receive, Scope, Send

from service.core.auth import Authentication
from service.core.cache import BoundedMemory, Cache
from service.core.responses import CacheEntry, ResponseCache
from service.core.versions import token
from tests.core.responses.layered import JSON, PATH, SCOPE, Doorman, House, client, layered

PROVE = os.environ.get("MUSTER_PROVE") == "1"


async def test_the_second_answer_comes_from_the_cache(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.clock.now += 2.5
    second = await http.get(PATH)
    assert house.calls == 1
    assert first.content == second.content
    assert first.headers["cache-status"] == "Muster; fwd=miss; stored"
    assert second.headers["cache-status"] == "Muster; hit"
    assert second.headers["age"] == "2"
    assert second.headers["server-timing"] == "cache;desc=hit"
    for answer in (first, second):
        assert answer.headers["etag"] == first.headers["etag"]
        assert not answer.headers["etag"].startswith("W/")
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Accept, Accept-Encoding, Authorization, Cookie"
        assert answer.headers["data-version"] == token({SCOPE: 7})
        assert answer.headers["content-type"] == JSON
    stats = house.responses.stats()[PATH]
    assert (stats.hits, stats.misses, stats.entries) == (1, 1, 1)


async def test_every_hit_has_headers_of_its_own(http: httpx.AsyncClient) -> None:
    answers = [await http.get(PATH) for _ in range(4)]
    ids = [answer.headers.get_list("x-request-id") for answer in answers]
    assert all(len(found) == 1 for found in ids)  # nothing of one request is left for the next
    assert len({found[0] for found in ids}) == 4


async def test_a_layer_outside_may_change_the_headers_it_is_given(house: House) -> None:
    cached = ResponseCache(house.application(), house.responses)

    async def outside(scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-mark", b"1"))
            await send(message)

        await cached(scope, receive, marked)

    async with client(Authentication(outside, Doorman)) as http:
        answers = [await http.get(PATH) for _ in range(4)]
        etag = answers[0].headers["etag"]
        answers += [await http.get(PATH, headers={"if-none-match": etag}) for _ in range(2)]
    assert [answer.headers.get_list("x-mark") for answer in answers] == [["1"]] * 6


async def test_the_order_of_parameters_is_one_and_the_same(house: House, http: httpx.AsyncClient) -> None:
    await http.get(f"{PATH}?month=2026-10&site=Villas")
    assert (await http.get(f"{PATH}?site=Villas&month=2026-10")).headers["cache-status"] == "Muster; hit"
    await http.get(f"{PATH}?month=2026-11&site=Villas")
    assert house.calls == 2


async def test_formats_are_kept_apart(house: House, http: httpx.AsyncClient) -> None:
    for accept in ("text/csv", "application/json", "text/csv"):
        await http.get(PATH, headers={"accept": accept})
    assert house.calls == 2
    for accept in ("text/csv", "application/json"):
        await http.get(f"{PATH}?format=csv", headers={"accept": accept})
    assert house.calls == 3


async def test_repeated_headers_are_read_as_one_list(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH, headers=[("accept", "text/csv"), ("accept", "text/html")])
    await http.get(PATH, headers={"accept": "text/html"})
    assert house.calls == 2
    await http.get(PATH, headers={"accept": "text/csv, text/html"})
    assert house.calls == 2


async def test_a_route_says_more_about_its_answer(house: House, http: httpx.AsyncClient) -> None:
    house.headers = {"cache-control": "private, max-age=60", "vary": "Origin, accept", "link": "</x>"}
    for _ in range(2):
        answer = await http.get(PATH)
        assert answer.headers["cache-control"] == "private, max-age=60"
        assert answer.headers["vary"] == "Origin, accept, Accept-Encoding, Authorization, Cookie"
        assert answer.headers["link"] == "</x>"


async def test_hosts_are_kept_apart(house: House, http: httpx.AsyncClient) -> None:
    for host in ("muster", "evil.example"):
        await http.get(PATH, headers={"host": host})
    assert house.calls == 2


async def test_the_pieces_of_an_answer_are_kept_whole(house: House, http: httpx.AsyncClient) -> None:
    house.pieces = 7
    first, second = await http.get(PATH), await http.get(PATH)
    assert first.content == second.content
    assert house.calls == 1


async def test_t089_q36_a_thousand_misses_are_one_build(house: House) -> None:
    cache, builds = Cache(BoundedMemory(100, 1_000_000)), []

    async def build() -> bytes:
        builds.append(1)
        await asyncio.sleep(0)
        return b"x" * 50_000

    async def route(request: Request) -> Response:
        key = token(house.versions.known([SCOPE]))
        body = await cache.get_or_build(key, build, ttl=timedelta(minutes=1), namespace="sheet")
        request.state.cache_entry = CacheEntry(
            (SCOPE,), house.versions.known([SCOPE]), timedelta(minutes=1), request.state.caller.visibility
        )
        return Response(body, media_type=JSON)

    app = FastAPI()
    app.get(PATH)(route)
    async with client(layered(app, house.responses), **{"accept-encoding": "gzip"}) as http:
        answers = await asyncio.gather(*(http.get(PATH) for _ in range(1000 if PROVE else 300)))
    assert {answer.content for answer in answers} == {b"x" * 50_000}
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert len(builds) == 1
    await cache.close()


def test_equal_bodies_compress_to_equal_bytes() -> None:
    from service.core.responses.stored import _gzip

    assert _gzip(b"x" * 5000) == _gzip(b"x" * 5000)
    assert gzip.decompress(_gzip(b"x" * 5000)) == b"x" * 5000
