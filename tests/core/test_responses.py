"""The response cache over real routes: finished bytes, 304, visibility, versions, `Min-Data-Version`."""

import asyncio
import gzip
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.auth import Authentication, Caller, Credential
from service.core.cache import BoundedMemory, Cache
from service.core.database import Database
from service.core.responses import CacheEntry, ResponseCache, Responses
from service.core.responses.negotiation import canonical, has_already, takes_gzip
from service.core.telemetry import Telemetry
from service.core.versions import Versions, parse_token, read_versions, token

PROVE = os.environ.get("MUSTER_PROVE") == "1"
SCOPE = "attendance/2026-10"
PATH = "/v1/attendance/reports/sheet"
JSON = "application/json"
CALLERS = {
    b"all": Caller(id="key:a", name="a", kind="key", scopes=frozenset({"admin"})),
    b"same": Caller(id="key:b", name="b", kind="key", scopes=frozenset({"admin"})),
    b"villas": Caller(
        id="key:v", name="v", kind="key", scopes=frozenset({"attendance:read"}), sites=frozenset({"Villas"})
    ),
    b"centro": Caller(
        id="key:c", name="c", kind="key", scopes=frozenset({"attendance:read"}), sites=frozenset({"Centro"})
    ),
}


class Doorman:
    """Fills the port of the authentication: the credential is the caller's word."""

    def recall(self, kind: Literal["key", "session"], header: bytes) -> Caller | None:
        return CALLERS.get(header)

    async def caller(self, credential: Credential) -> Caller | None:
        return CALLERS.get(credential.header)

    def forget(self) -> None:
        """It remembers nothing."""

    def check_guesses(self, address: str) -> None:
        """Everybody may guess."""

    def count_guess(self, address: str) -> None:
        """Nobody counts."""


class Clock:
    """A monotonic clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """A small application behind the layers it has in production, and what its routes were told to do."""

    versions: Versions
    clock: Clock = field(default_factory=Clock)
    calls: int = 0
    size: int = 3_000
    entry: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    pieces: int = 1
    opens: bool = True

    def __post_init__(self) -> None:
        self.responses = Responses(1_000, 4_000_000, versions=self.versions, clock=self.clock)
        self.app = layered(self.application(), self.responses)

    def application(self) -> FastAPI:
        app = FastAPI()
        app.get("/livez")(self.report)
        app.get(PATH)(self.report)
        app.get("/v1/attendance/people/{person}")(self.report)
        app.post(PATH)(self.report)
        return app

    async def report(self, request: Request) -> Response:
        """What a report route does: builds, and says that its answer may be kept."""
        self.calls += 1
        headers = self.headers
        caller = request.state.caller
        visibility = caller.visibility if caller else "nobody"
        if self.opens:
            known = self.versions.known([SCOPE])
            given: dict[str, Any] = {"scopes": (SCOPE,), "versions": known, "ttl": timedelta(minutes=1)}
            given |= {"visibility": visibility} | self.entry
            request.state.cache_entry = CacheEntry(**given)
            headers = {"data-version": token(given["versions"])} | self.headers
        sites = sorted(caller.sites) if caller and caller.sites else "all"
        body = f'{{"sites": "{sites}", "call": {self.calls}, "pad": "{"x" * self.size}"}}'.encode()
        if self.pieces > 1:
            return StreamingResponse(
                self.cut(body), status_code=self.status, media_type=JSON, headers=headers
            )
        return Response(body, status_code=self.status, media_type=JSON, headers=headers)

    async def cut(self, body: bytes) -> AsyncIterator[bytes]:
        step = -(-len(body) // self.pieces)
        for start in range(0, len(body), step):
            yield body[start : start + step]


def layered(app: ASGIApp, responses: Responses) -> ASGIApp:
    """The layers in the order of the architecture."""
    return Telemetry(Authentication(ResponseCache(app, responses), Doorman))


def client(app: ASGIApp, who: str = "all", **headers: str) -> httpx.AsyncClient:
    """An HTTP client of one caller."""
    sent = {"authorization": who, "accept-encoding": "identity"} | headers
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://muster", headers=sent)


@pytest.fixture
def house() -> House:
    versions = Versions("postgresql://nobody@127.0.0.1:1/nothing")
    versions.trusted_until = float("inf")
    versions.apply({SCOPE: 7})
    return House(versions)


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with client(house.app) as opened:
        yield opened


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


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other",W/{} ', "*"])
async def test_what_the_client_has_is_not_sent_again(http: httpx.AsyncClient, form: str) -> None:
    first = await http.get(PATH)
    again = await http.get(PATH, headers={"if-none-match": form.format(first.headers["etag"])})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "private, no-cache"
    assert "content-length" not in again.headers
    assert "content-type" not in again.headers
    assert again.headers["cache-status"] == "Muster; hit"


async def test_another_etag_gets_the_bytes(http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    assert (await http.get(PATH, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_miss_whose_bytes_are_known_is_a_304_too(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.responses.clear()
    house.calls = 0  # so that the route answers the same bytes
    again = await http.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, house.calls) == (304, 1)


async def test_the_compressed_form_is_made_once_and_has_its_own_etag(
    house: House, http: httpx.AsyncClient
) -> None:
    plain = await http.get(PATH)
    packed = [await http.get(PATH, headers={"accept-encoding": "br, gzip"}) for _ in range(2)]
    assert house.calls == 1
    for answer in packed:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == plain.content
        assert int(answer.headers["content-length"]) < len(plain.content) / 10
    assert packed[0].headers["etag"] == packed[1].headers["etag"] != plain.headers["etag"]
    refused = await http.get(PATH, headers={"accept-encoding": "gzip;q=0, *"})
    assert "content-encoding" not in refused.headers
    crossed = {"if-none-match": plain.headers["etag"], "accept-encoding": "gzip"}
    assert (await http.get(PATH, headers=crossed)).status_code == 200


async def test_small_bodies_stay_plain(house: House, http: httpx.AsyncClient) -> None:
    house.size = 10
    answer = await http.get(PATH, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_a_new_version_is_a_new_answer(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.versions.apply({"attendance/2026-09": 8})  # another month
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"
    house.versions.apply({SCOPE: 8})
    second = await http.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.headers["data-version"] == token({SCOPE: 8})
    assert second.headers["etag"] != first.headers["etag"]
    assert house.calls == 2


async def test_the_version_is_in_the_etag_even_of_equal_bytes(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.versions.apply({SCOPE: 8})
    house.calls = 0  # so that the route answers the same bytes
    second = await http.get(PATH)
    assert first.content == second.content
    assert first.headers["etag"] != second.headers["etag"]


async def test_equal_data_are_equal_bytes_and_etags_on_every_replica(house: House) -> None:
    other = House(house.versions)
    async with client(house.app) as one, client(other.app) as two:
        first, second = await one.get(PATH), await two.get(PATH)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


async def test_other_bytes_of_the_same_versions_have_another_etag(
    house: House, http: httpx.AsyncClient
) -> None:
    first = await http.get(PATH)
    house.clock.now += 70  # the life has ended; the route counts its calls into the body
    second = await http.get(PATH)
    assert first.headers["data-version"] == second.headers["data-version"]
    assert first.headers["etag"] != second.headers["etag"]


async def test_what_was_overtaken_while_it_was_built_is_not_kept(
    house: House, http: httpx.AsyncClient
) -> None:
    house.entry = {"versions": {SCOPE: 6}}
    answer = await http.get(PATH)
    assert answer.headers["cache-status"] == "Muster; fwd=miss"
    assert len(house.responses.kept) == 0


async def test_a_snapshot_that_knows_more_tells_it(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"versions": {SCOPE: 9}}
    await http.get(PATH)
    assert house.versions.known([SCOPE]) == {SCOPE: 9}
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"


async def test_versions_of_other_scopes_than_named_are_not_kept(
    house: House, http: httpx.AsyncClient
) -> None:
    house.entry = {"scopes": (SCOPE, "attendance/masters")}
    assert "stored" not in (await http.get(PATH)).headers["cache-status"]


async def test_q40_callers_never_see_each_others_answers(house: House) -> None:
    expected = {"all": '"all"', "same": '"all"', "villas": "Villas", "centro": "Centro"}
    reads = 100_000 if PROVE else 1_500
    chance = random.Random(40)
    async with client(house.app) as http:
        for n in range(reads):
            who = chance.choice(list(expected))
            answer = await http.get(f"{PATH}?n={n % 7}", headers={"authorization": who})
            assert expected[who] in answer.text
    assert house.calls == 3 * 7  # two of the four see the same, and share


async def test_q40_an_answer_for_somebody_else_is_not_kept(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"visibility": CALLERS[b"villas"].visibility}
    for _ in range(2):
        assert "stored" not in (await http.get(PATH)).headers["cache-status"]
    assert house.calls == 2


async def test_without_a_caller_nothing_is_kept(house: House) -> None:
    async with client(house.app, who="") as http:
        for _ in range(2):
            answer = await http.get("/livez")
            assert answer.status_code == 200
            assert "etag" not in answer.headers
    assert house.calls == 2


async def test_while_versions_are_not_trusted_it_is_bypassed(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    house.versions.trusted_until = 0
    for _ in range(2):
        assert (await http.get(PATH)).headers["cache-status"] == "Muster; fwd=bypass"
    assert house.calls == 3
    house.versions.trusted_until = float("inf")
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"


async def test_switched_off_the_answers_are_the_same(house: House, http: httpx.AsyncClient) -> None:
    kept = await http.get(PATH)
    house.responses.enabled = False
    house.calls = 0
    live = await http.get(PATH)
    assert live.content == kept.content
    assert live.headers["etag"] == kept.headers["etag"]
    assert house.calls == 1


async def test_before_the_runtime_is_open_nothing_is_kept(house: House, http: httpx.AsyncClient) -> None:
    house.responses.versions = None
    for _ in range(2):
        assert (await http.get(PATH)).status_code == 200
    assert house.calls == 2


async def test_q6_lives_end_by_the_monotonic_clock(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    house.clock.now += 53
    await http.get(PATH)
    assert house.calls == 1
    house.clock.now += 14
    await http.get(PATH)
    assert house.calls == 2


async def test_the_next_change_ends_an_answer(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"expires_at": datetime.now(UTC) + timedelta(seconds=20)}
    await http.get(PATH)
    house.clock.now += 19
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"
    house.clock.now += 1
    await http.get(PATH)
    assert house.calls == 2
    house.responses.clear()
    house.entry = {"expires_at": datetime.now(UTC) - timedelta(seconds=1)}
    assert "stored" not in (await http.get(PATH)).headers["cache-status"]


@pytest.mark.parametrize("headers", [{"cache-control": "private, No-Store"}, {"set-cookie": "a=b"}])
async def test_what_a_route_forbids_is_not_kept(
    house: House, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    house.headers = headers
    for _ in range(2):
        assert "etag" not in (await http.get(PATH)).headers
    assert house.calls == 2


async def test_only_complete_good_answers_are_kept(house: House, http: httpx.AsyncClient) -> None:
    house.status = 503
    assert (await http.get(PATH)).status_code == 503
    house.status = 200
    assert (await http.get(PATH)).status_code == 200
    assert house.calls == 2


async def test_a_route_says_more_about_its_answer(house: House, http: httpx.AsyncClient) -> None:
    house.headers = {"cache-control": "private, max-age=60", "vary": "Origin, accept", "link": "</x>"}
    for _ in range(2):
        answer = await http.get(PATH)
        assert answer.headers["cache-control"] == "private, max-age=60"
        assert answer.headers["vary"] == "Origin, accept, Accept-Encoding, Authorization, Cookie"
        assert answer.headers["link"] == "</x>"


async def test_writes_and_heads_pass(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    assert (await http.post(PATH)).headers.get("cache-status") is None
    assert (await http.head(PATH)).status_code == 405
    assert house.calls == 2


async def test_a_query_too_long_to_keep_is_answered(house: House, http: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await http.get(f"{PATH}?pad={'x' * 3000}")).status_code == 200
    assert house.calls == 2
    assert len(house.responses.kept) == 0


async def test_hosts_are_kept_apart(house: House, http: httpx.AsyncClient) -> None:
    for host in ("muster", "evil.example"):
        await http.get(PATH, headers={"host": host})
    assert house.calls == 2


async def test_the_pieces_of_an_answer_are_kept_whole(house: House, http: httpx.AsyncClient) -> None:
    house.pieces = 7
    first, second = await http.get(PATH), await http.get(PATH)
    assert first.content == second.content
    assert house.calls == 1


async def test_what_is_too_large_to_keep_is_delivered(house: House) -> None:
    house.size, house.pieces = 1_500_000, 20  # a quarter of the budget is the most one answer may take
    async with client(house.app) as http:
        for coding in ("identity", "gzip"):
            answer = await http.get(PATH, headers={"accept-encoding": coding})
            assert answer.content.endswith(b'xxx"}')
            assert len(answer.content) > 1_500_000
    assert len(house.responses.kept) == 0


async def test_q38_any_number_of_answers_stays_within_the_bounds(house: House) -> None:
    house.responses = Responses(50, 100_000, versions=house.versions)
    async with client(layered(house.application(), house.responses)) as http:
        for n in range(300):
            await http.get(f"{PATH}?n={n}")
            assert len(house.responses.kept) <= 50
            assert house.responses.kept.currsize <= 100_000
    assert house.responses.stats()[PATH].evictions > 200


async def test_q36_a_thousand_misses_are_one_build(house: House) -> None:
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


async def test_a_failing_route_leaves_nothing(house: House) -> None:
    house.entry = {"no": "such field"}
    async with client(house.app) as http:
        with pytest.raises(TypeError):
            await http.get(PATH)
        house.entry = {}
        assert (await http.get(PATH)).status_code == 200


# What is not kept is compressed or passed on.


async def test_other_answers_are_compressed_on_their_way(house: House, http: httpx.AsyncClient) -> None:
    house.opens = False
    for pieces in (1, 5):
        house.pieces = pieces
        answer = await http.get(PATH, headers={"accept-encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.text.endswith('xxx"}')
        plain = await http.get(PATH)
        assert plain.headers["vary"] == "Accept-Encoding"
        assert "content-encoding" not in plain.headers
        assert len(plain.content) == len(answer.content)


@pytest.mark.parametrize(
    "headers",
    [
        {"etag": '"7"'},  # of these very bytes: comes back in If-Match
        {"set-cookie": "session=1"},
        {"cache-control": "no-transform"},
        {"content-encoding": "x-special"},
        {"content-type": "text/event-stream"},
        {"content-type": "image/png"},
    ],
)
async def test_what_must_not_be_compressed_is_not(house: House, headers: dict[str, str]) -> None:
    house.opens, house.headers = False, headers
    async with client(house.app) as http:
        answer = await http.get(PATH, headers={"accept-encoding": "gzip"})
    assert answer.headers.get("content-encoding") == headers.get("content-encoding")


async def test_events_are_passed_on_one_by_one(house: House) -> None:
    sent: list[Message] = []
    seen: list[int] = []

    async def events(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for n in range(3):
            await send({"type": "http.response.body", "body": b"data: %d\n\n" % n, "more_body": True})
            seen.append(len(sent))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def take(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "http"}
    scope["headers"] = [(b"accept-encoding", b"gzip")]
    await ResponseCache(events, house.responses)(scope, None, take)  # type: ignore[arg-type]  # nothing is received
    assert seen == [2, 3, 4]
    assert sent[1]["body"] == b"data: 0\n\n"


async def test_a_start_without_a_body_and_unknown_messages_pass(house: House) -> None:
    sent: list[str] = []

    async def early(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 103, "headers": []})
        await send({"type": "http.response.trailers", "headers": []})
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def take(message: Message) -> None:
        sent.append(message["type"])

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "scheme": "http",
    }
    await ResponseCache(early, house.responses)(scope, None, take)  # type: ignore[arg-type]  # nothing is received
    assert sent == ["http.response.start", "http.response.trailers", "http.response.start"]


# Min-Data-Version


async def test_a_token_that_is_none_is_refused(house: House, http: httpx.AsyncClient) -> None:
    answer = await http.get(PATH, headers={"min-data-version": "gibberish"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_data_version"
    assert house.calls == 0


async def test_a_replica_behind_says_so(
    house: House, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.core.responses.MIN_VERSION_SECONDS", 0.05)
    await http.get(PATH)
    answer = await http.get(PATH, headers={"min-data-version": token({SCOPE: 8})})
    assert answer.status_code == 503
    assert answer.json()["code"] == "not_yet_here"
    assert answer.headers["retry-after"] == "1"
    assert house.calls == 1


async def test_a_replica_that_catches_up_answers(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    reading = asyncio.create_task(http.get(PATH, headers={"min-data-version": token({SCOPE: 8})}))
    await asyncio.sleep(0.01)
    house.versions.apply({SCOPE: 8})
    answer = await reading
    assert answer.status_code == 200
    assert answer.headers["data-version"] == token({SCOPE: 8})
    assert house.calls == 2


async def test_what_is_known_already_may_come_from_the_cache(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    answer = await http.get(PATH, headers={"min-data-version": token({SCOPE: 7})})
    assert answer.headers["cache-status"] == "Muster; hit"


async def test_an_answer_of_a_lagging_read_replica_is_withheld(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"versions": {SCOPE: 6}}
    answer = await http.get(PATH, headers={"min-data-version": token({SCOPE: 7})})
    assert answer.status_code == 503
    assert answer.json()["code"] == "not_yet_here"


async def test_q41_no_replica_serves_older_data_than_asked_for(database: Database) -> None:
    reads = 100_000 if PROVE else 1_000
    replicas = [Versions(database.direct_url) for _ in range(3)]
    try:
        for versions in replicas:
            await versions.open()
        clients = [client(layered(counting_app(database), Responses(versions=v))) for v in replicas]
        newest: dict[str, int] = {}

        async def write() -> None:
            nonlocal newest
            for _ in range(reads // 25):
                writer = random.choice(replicas)
                async with database.write() as conn:
                    newest = await writer.raise_in(conn, [SCOPE])
                await asyncio.sleep(0)

        async def read(http: httpx.AsyncClient) -> int:
            hits = 0
            for _ in range(reads // 6):
                asked = dict(newest)
                answer = await http.get(PATH, headers={"min-data-version": token(asked)} if asked else {})
                if (
                    answer.status_code == 503
                ):  # a starved machine may need more than a second: refused, not older
                    assert answer.json()["code"] == "not_yet_here"
                    continue
                served = parse_token(answer.text)
                assert served[SCOPE] >= asked.get(SCOPE, 0)
                assert answer.headers["data-version"] == answer.text
                hits += answer.headers["cache-status"] == "Muster; hit"
            return hits

        async with asyncio.TaskGroup() as group:
            group.create_task(write())
            readers = [group.create_task(read(http)) for http in clients * 2]
        assert sum(reader.result() for reader in readers) > 0  # and the cache was at work while it held
    finally:
        for versions in replicas:
            await versions.close()


def counting_app(database: Database) -> FastAPI:
    """A report whose rows are the data version itself, read in one snapshot."""
    app = FastAPI()

    async def report(request: Request) -> Response:
        async with database.snapshot() as conn:
            read = (await read_versions(conn, [SCOPE]))[0]
        visibility = request.state.caller.visibility
        request.state.cache_entry = CacheEntry((SCOPE,), read, timedelta(minutes=1), visibility)
        return Response(token(read), media_type="text/plain", headers={"data-version": token(read)})

    app.get(PATH)(report)
    return app


# The words of the protocol


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (b"", False),
        (b"gzip", True),
        (b"GZip , br", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.001", True),
        (b"*", True),
        (b"*;q=0", False),
        (b"gzip;q=0, *", False),
        (b"br;q=1, *;q=0.5", True),
        (b"x-gzip", True),
        (b"gzip;q=nonsense", False),
        (b"identity", False),
    ],
)
def test_what_accept_encoding_takes(said: bytes, taken: bool) -> None:
    assert takes_gzip(said) is taken


def test_an_etag_is_not_found_inside_another() -> None:
    assert not has_already(b'"abc-gz"', b'"abc"')
    assert not has_already(b'"*"', b'"abc"')
    assert has_already(b'"x", "abc"', b'"abc"')


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz", max_size=2)), max_size=6), st.randoms())
def test_one_form_of_a_query_keeps_the_order_within_a_name(
    pairs: list[tuple[str, str]], chance: random.Random
) -> None:
    names = [name for name, _ in pairs]
    chance.shuffle(names)
    waiting: dict[str, list[str]] = {name: [value for n, value in pairs if n == name] for name in names}
    mixed = [(name, waiting[name].pop(0)) for name in names]

    def written(items: list[tuple[str, str]]) -> bytes:
        return "&".join(f"{name}={value}" for name, value in items).encode()

    assert canonical(written(pairs), b"") == canonical(written(mixed), b"")
    if len(pairs) > 1 and pairs[0][0] == pairs[1][0] and pairs[0][1] != pairs[1][1]:
        swapped = [pairs[1], pairs[0], *pairs[2:]]
        assert canonical(written(swapped), b"") != canonical(written(pairs), b"")


def test_equal_bodies_compress_to_equal_bytes() -> None:
    from service.core.responses.stored import _gzip

    assert _gzip(b"x" * 5000) == _gzip(b"x" * 5000)
    assert gzip.decompress(_gzip(b"x" * 5000)) == b"x" * 5000
