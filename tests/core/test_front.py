"""The short way gives what the whole way gives, to the same people, and hides nothing from the counters."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import APIRouter, Depends, Request, Response

from service.access.keys import create_key, revoke_key
from service.core.auth import SYSTEM, Caller, needs
from service.core.cache import Tally
from service.core.responses import CacheEntry, repeats
from service.core.responses.repeats import Repeat, Repeats
from service.core.telemetry.metrics import Series
from service.core.versions import token
from tests.core.test_telemetry import requests_of
from tests.core.whole import Whole, whole

SCOPE = "attendance/2026-10"
ROUTE = "/v1/kept/{size}"
kept = APIRouter(prefix="/v1/kept")


@kept.get("/{size}")
async def answer(size: int, request: Request, caller: Caller = Depends(needs("admin"))) -> Response:  # noqa: B008
    """As a report answers: finished bytes that may be kept."""
    versions = request.app.state.runtime.versions.known([SCOPE])
    request.state.cache_entry = CacheEntry((SCOPE,), versions, timedelta(minutes=1), caller.visibility)
    headers = {"data-version": token(versions)}
    return Response(b"x" * size, media_type="application/json", headers=headers)


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url) as made:
        made.app.include_router(kept)
        yield made


async def test_a_hit_has_the_body_and_headers_of_the_miss_and_an_id_of_its_own(own: Whole) -> None:
    async with own.client() as client:
        miss, hit, other = [await client.get("/v1/kept/5000") for _ in range(3)]
    assert miss.headers["cache-status"] == "Muster; fwd=miss; stored"
    assert hit.headers["cache-status"] == "Muster; hit"
    assert hit.content == miss.content
    for name in ("content-type", "content-encoding", "etag", "vary", "cache-control", "data-version"):
        assert hit.headers[name] == miss.headers[name]
    assert len({answer.headers["x-request-id"] for answer in (miss, hit, other)}) == 3


async def test_a_callers_id_comes_back_and_one_that_is_no_id_does_not(own: Whole) -> None:
    async with own.client() as client:
        await client.get("/v1/kept/10")
        mine = await client.get("/v1/kept/10", headers={"X-Request-Id": "payday-7"})
        bad = await client.get("/v1/kept/10", headers={"X-Request-Id": "no id\tat all"})
    assert mine.headers["cache-status"] == bad.headers["cache-status"] == "Muster; hit"
    assert mine.headers["x-request-id"] == "payday-7"
    assert len(bad.headers["x-request-id"]) == 16


async def test_hits_and_304_are_counted_under_their_route(own: Whole) -> None:
    async with own.client() as client:
        before = requests_of(ROUTE)
        first = await client.get("/v1/kept/20")
        again = await client.get("/v1/kept/20", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert requests_of(ROUTE) == before + 2


async def test_nobody_gets_a_kept_answer_without_a_right_to_it(own: Whole) -> None:
    reader = await create_key(own.runtime.database, "reader", ["attendance:read"])
    async with own.client() as client:
        assert (await client.get("/v1/kept/30")).status_code == 200
        assert (await client.get("/v1/kept/30")).headers["cache-status"] == "Muster; hit"
    async with own.client(token=None) as nobody, own.client(token=reader.token) as other:
        assert (await nobody.get("/v1/kept/30")).status_code == 401
        assert (await other.get("/v1/kept/30")).status_code == 403
        assert (await other.get("/v1/kept/30")).status_code == 403


async def test_a_revoked_key_and_a_foreign_host_get_nothing(own: Whole) -> None:
    made = await create_key(own.runtime.database, "short", ["admin"])
    async with own.client(token=made.token) as client:
        await client.get("/v1/kept/40")
        for _ in range(3):
            assert (await client.get("/v1/kept/40")).headers["cache-status"] == "Muster; hit"
        assert (await client.get("/v1/kept/40", headers={"Host": "elsewhere.test"})).status_code == 400
        await revoke_key(own.runtime.database, made.key.id)
        own.runtime.authenticator.forget()
        assert (await client.get("/v1/kept/40")).status_code == 401


async def test_a_commit_makes_the_kept_answer_unreachable(own: Whole) -> None:
    async with own.client() as client:
        before = [await client.get("/v1/kept/50") for _ in range(3)][-1]
        async with own.runtime.database.write() as conn:
            await own.runtime.versions.raise_in(conn, [SCOPE])
        after = await client.get("/v1/kept/50")
        waited = await client.get("/v1/kept/50", headers={"Min-Data-Version": after.headers["data-version"]})
    assert before.headers["cache-status"] == "Muster; hit"
    assert after.headers["cache-status"] == "Muster; fwd=miss; stored"
    assert after.headers["data-version"] != before.headers["data-version"]
    assert waited.headers["cache-status"] == "Muster; hit"


@pytest.fixture
def long_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was answered is remembered by its request's bytes for the whole test."""
    monkeypatch.setattr(repeats, "MOMENT", 3600.0)


@pytest.mark.usefixtures("long_moment")
async def test_what_is_asked_again_at_once_is_counted_each_time(own: Whole) -> None:
    responses = own.app.state.responses
    async with own.client() as client:
        before = requests_of(ROUTE)
        answers = [await client.get("/v1/kept/60") for _ in range(5)]
    assert [answer.headers["cache-status"] for answer in answers[1:]] == ["Muster; hit"] * 4
    assert len({answer.headers["x-request-id"] for answer in answers}) == 5
    assert requests_of(ROUTE) == before + 5
    assert responses.stats()[ROUTE].hits == 4


@pytest.mark.usefixtures("long_moment")
async def test_what_is_asked_again_in_another_form_gets_that_form(own: Whole) -> None:
    async with own.client() as client:
        for _ in range(3):
            whole_ = await client.get("/v1/kept/5000", headers={"Accept-Encoding": "identity"})
        for _ in range(3):
            packed = await client.get("/v1/kept/5000", headers={"Accept-Encoding": "gzip"})
        for _ in range(3):
            known = await client.get(
                "/v1/kept/5000",
                headers={"Accept-Encoding": "identity", "If-None-Match": whole_.headers["etag"]},
            )
    assert "content-encoding" not in whole_.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == whole_.content == b"x" * 5000
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.usefixtures("long_moment")
@pytest.mark.parametrize("end", ["clear", "off", "untrusted"])
async def test_what_is_asked_again_is_not_given_when_nothing_may_be(own: Whole, end: str) -> None:
    responses = own.app.state.responses
    async with own.client() as client:
        for _ in range(3):
            await client.get("/v1/kept/70")
        if end == "clear":
            responses.clear()
        elif end == "off":
            responses.enabled = False
        else:
            own.runtime.versions.trusted_until = float("-inf")
        after = await client.get("/v1/kept/70")
    assert after.headers["cache-status"].startswith("Muster; fwd=")


@pytest.mark.usefixtures("long_moment")
async def test_a_key_that_lost_a_right_loses_what_was_asked_a_moment_ago(own: Whole) -> None:
    made = await create_key(own.runtime.database, "short", ["admin"])
    async with own.client(token=made.token) as client:
        for _ in range(3):
            await client.get("/v1/kept/80")
        await revoke_key(own.runtime.database, made.key.id)
        own.runtime.authenticator.forget()
        assert (await client.get("/v1/kept/80")).status_code == 401


def repeat_of(body: bytes) -> Repeat:
    return Repeat(
        shown=("key", b"Bearer mst_"),
        caller=SYSTEM,
        stamp=1,
        status=200,
        headers=[],
        body={"type": "http.response.body", "body": body},
        route="/a",
        identifier=None,
        correlation=None,
        tally=Tally(),
        series=Series(),
    )


def test_a_moment_ends_for_all_and_what_ends_sooner_is_not_remembered() -> None:
    moment, repeat = Repeats(), repeat_of(b"x")
    first, second = [("/a", "http", query, ()) for query in (b"", b"x=1")]
    moment.keep(first, repeat, now=10.0, expires_at=10.0 + repeats.MOMENT)
    moment.keep(second, repeat, now=10.0, expires_at=10.1)
    assert moment.find(first, 10.0 + repeats.MOMENT / 2) is repeat
    assert moment.find(second, 10.0) is None
    assert moment.find(first, 10.0 + repeats.MOMENT) is None


def test_requests_that_never_come_again_do_not_pile_up() -> None:
    moment, repeat = Repeats(), repeat_of(b"x")
    for number in range(repeats.MOST + 10):
        moment.keep(("/a", "http", b"n=%d" % number, ()), repeat, now=1.0, expires_at=99.0)
    assert moment.find(("/a", "http", b"n=%d" % (repeats.MOST - 1), ()), 1.1) is repeat
    assert moment.find(("/a", "http", b"n=%d" % repeats.MOST, ()), 1.1) is None


def test_a_long_head_is_not_remembered() -> None:
    moment, repeat = Repeats(), repeat_of(b"x")
    for name, size in (("/short", repeats.LONGEST_HEADERS), ("/long", repeats.LONGEST_HEADERS + 1)):
        request = (name, "http", b"", ((b"cookie", b"c" * (size - 1)), (b"accept", b"a")))
        moment.keep(request, repeat, now=1.0, expires_at=99.0)
        assert (moment.find(request, 1.1) is repeat) == (name == "/short")
