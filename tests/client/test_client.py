"""The client object: what it sends, what it says of itself, what it closes."""

import asyncio
import logging
from datetime import UTC, date, datetime

import httpx
import pytest

from service.client import (
    Answer,
    CallOptions,
    IncompleteData,
    Invalid,
    MusterClient,
    NotFound,
    Refused,
    Unreadable,
)
from service.client._desk import ReportCall, make_request
from service.client._message import encode_body, query_pairs, segment
from service.client.errors import refusal
from service.client.testing import FakeMuster
from service.schemas.envelope import Gap, Meta, RunAsk
from tests.client.serving import Reply, Scripted, problem, serving, until

SECRET = "mst_abcdefgh_very-secret-very-secret-very-secret-1234567"


async def test_the_key_goes_to_the_service_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    app = Scripted([Reply(json={}), problem(403)])
    caplog.set_level(logging.DEBUG)
    async with serving(app) as url:
        said = []
        async with MusterClient(url, SECRET, headers={"x-note": "hush"}) as muster:
            await muster.request("GET", "/v1/x")
            with pytest.raises(Refused) as caught:
                await muster.request("GET", "/v1/x", options=CallOptions(idempotency_key="hush"))
            said += [repr(muster), str(muster), repr(muster._session), repr(muster._session._shared)]
            said += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]
            said += [repr(Answer(200, {"set-cookie": "session=hush"}, b"hush"))]
    assert app.seen[0].headers["authorization"] == f"Bearer {SECRET}"
    assert app.seen[0].headers["x-note"] == "hush"
    assert not [text for text in [*said, caplog.text] if SECRET[13:] in text or "hush" in text]


@pytest.mark.parametrize(
    "path", ["https://elsewhere.invalid/", "//elsewhere.invalid/", "v1/x", "", "/\\elsewhere"]
)
async def test_the_key_cannot_be_sent_to_another_host(path: str) -> None:
    async with MusterClient("http://127.0.0.1:1", SECRET) as muster:
        with pytest.raises(ValueError, match="slash"):
            await muster.request("GET", path)


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "mst_ä"])
def test_a_key_that_is_none_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValueError, match="api_key") as caught:
        MusterClient("http://127.0.0.1", key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1:8000", "ftp://a", "http://", "http://u:p@host", "http://host/?a=1", "http://host/#x"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        MusterClient(url)


async def test_a_base_url_may_have_a_path() -> None:
    app = Scripted([Reply(json={})])
    async with serving(app) as url, MusterClient(f"{url}/muster/") as muster:
        await muster.request("GET", "/v1/x?b=2&a=1", query={"c": 3})
    assert (app.seen[0].path, app.seen[0].query) == ("/muster/v1/x", "a=1&b=2&c=3")


def test_values_as_they_are_written() -> None:
    query = {"from": date(2026, 10, 1), "at": datetime(2026, 10, 1, 8, tzinfo=UTC), "yes": True, "none": None}
    assert dict(query_pairs({**query, "n": 3})) == {
        "from": "2026-10-01",
        "at": "2026-10-01T08:00:00+00:00",
        "yes": "true",
        "n": "3",
    }
    assert query_pairs({"site": ["Villas", "Mill"], "text": "ab"}) == (
        ("site", "Mill"),
        ("site", "Villas"),
        ("text", "ab"),
    )
    assert segment("HR-EMP/1 ä?") == "HR-EMP%2F1%20%C3%A4%3F"
    assert segment(date(2026, 10, 1)) == "2026-10-01"


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_would_change_the_path_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="path"):
        segment(value)


def test_bodies() -> None:
    assert encode_body(None) == (None, None)
    assert encode_body(b"a,b") == (b"a,b", "application/octet-stream")
    assert encode_body({"at": date(2026, 1, 2)}) == (b'{"at":"2026-01-02"}', "application/json")
    # Defaults stay the server's: only what was set is sent.
    assert encode_body(RunAsk(job="x")) == (b'{"job":"x"}', "application/json")


async def test_a_path_segment_reaches_the_service_as_one() -> None:
    app = Scripted([Reply(json={})])
    async with serving(app) as url, MusterClient(url) as muster:
        await muster.request("GET", f"/v1/people/{segment('A B?c')}/days")
    assert app.seen[0].path == "/v1/people/A B?c/days"


async def test_an_error_tells_what_the_problem_document_tells() -> None:
    fields = [
        {"pointer": "/query/month", "code": "pattern", "detail": "YYYY-MM"},
        {
            "pointer": "/query/site",
            "code": "unknown_site",
            "detail": "see errors",
        },  # said in the detail: once
    ]
    app = Scripted([problem(422, "invalid", title="Not valid", detail="see errors", errors=fields)])
    async with serving(app) as url, MusterClient(url) as muster:
        with pytest.raises(Invalid) as caught:
            await muster.request("GET", "/v1/x")
    error = caught.value
    assert str(error) == "422 Not valid: see errors; /query/month: YYYY-MM [request r-1]"
    assert (error.status, error.code, error.request_id) == (422, "invalid", "r-1")
    assert error.problem is not None
    assert error.problem.errors[0].pointer == "/query/month"


async def test_a_proxys_error_page_is_an_error_too() -> None:
    app = Scripted([Reply(404, body=b"<html>gone</html>", headers={"x-request-id": "p-9"})])
    async with serving(app) as url, MusterClient(url) as muster:
        with pytest.raises(NotFound) as caught:
            await muster.request("GET", "/v1/x")
    assert caught.value.problem is None
    assert str(caught.value) == "404 without a problem document [request p-9]"


def test_every_error_survives_pickling_by_its_words() -> None:
    meta = Meta(complete=False, gaps=[Gap(code="missing_punch", need="out", have="in")])
    assert str(IncompleteData({}, meta)) == "the answer is not complete: 1 open gaps"
    assert str(refusal(418)) == "418 without a problem document"


async def test_not_json_is_unreadable() -> None:
    async with serving(Scripted([Reply(body=b"<html>")])) as url, MusterClient(url) as muster:
        answer = await muster.request("GET", "/v1/x")
        with pytest.raises(Unreadable):
            answer.json()


async def test_a_header_that_cannot_be_sent_is_not_repeated() -> None:
    async with serving(Scripted([Reply(json={})])) as url, MusterClient(url) as muster:
        with pytest.raises(ValueError, match="header") as caught:
            await muster.request("GET", "/v1/x", headers={"x-token": "hush\nhush"})
    assert "hush" not in str(caught.value)


async def test_a_call_that_is_given_up_gives_its_slot_back() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30)), Reply(json={"ok": True})])
    async with serving(app) as url, MusterClient(url, concurrency=1) as muster:
        task = asyncio.create_task(muster.request("GET", "/v1/x"))
        await until(lambda: app.seen)
        task.cancel()
        assert (await muster.request("GET", "/v1/x")).json() == {"ok": True}
        assert task.cancelled()


async def test_closing_twice_and_calling_after_it() -> None:
    muster = MusterClient("http://127.0.0.1:1")
    await muster.aclose()
    await muster.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await muster.request("GET", "/v1/x")


async def test_it_closes_only_the_http_client_it_made() -> None:
    app = Scripted([Reply(json={})])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http:
        async with MusterClient("http://muster", http=http) as muster:
            await muster.request("GET", "/v1/x")
        assert not http.is_closed
        async with MusterClient("http://muster", transport=httpx.ASGITransport(app=app)) as muster:
            await muster.request("GET", "/v1/x")
            own = muster._session._shared.transport._own
        assert own is not None
        assert own.is_closed
    assert len(app.seen) == 2


async def test_it_closes_an_own_client_while_calls_are_under_way() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30))])
    async with serving(app) as url, MusterClient(url, retries=0) as muster:
        task = asyncio.create_task(muster.request("GET", "/v1/x"))
        await until(lambda: app.seen)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_run_is_waited_for_until_it_ends() -> None:
    states = iter(["queued", "running", "partial"])
    fake = FakeMuster()
    run = {"id": "7", "job": "attendance.sync", "created_at": "2026-10-01T00:00:00Z"}
    fake.answer("/v1/runs/{id}", lambda request: {**run, "state": next(states)})
    async with fake.client() as muster:
        ended = await muster.wait("7", every=0)
    assert ended.state == "partial"
    assert len(fake.requests) == 3


async def test_a_run_that_does_not_end_in_time() -> None:
    fake = FakeMuster()
    run = {"id": "7", "job": "x", "created_at": "2026-10-01T00:00:00Z", "state": "running"}
    fake.answer("/v1/runs/7", run)
    async with fake.client() as muster:
        with pytest.raises(TimeoutError):
            await muster.wait("7", every=0.001, timeout=0.02)


async def test_a_client_in_use_elsewhere_gives_bytes_and_text_as_they_are() -> None:
    async with serving(Scripted([Reply(body=b"\xff,1")])) as url, MusterClient(url) as muster:
        session = muster._session
        assert await session.parsed(bytes, make_request("GET", "/v1/x")) == b"\xff,1"
        assert await session.parsed(str, make_request("GET", "/v1/x")) == "\ufffd,1"


async def test_a_body_that_cannot_be_decompressed_is_unreadable() -> None:
    app = Scripted([Reply(body=b"no gzip", headers={"content-encoding": "gzip"})])
    async with serving(app) as url, MusterClient(url) as muster:
        with pytest.raises(Unreadable, match="DecodingError"):
            await muster.request("GET", "/v1/x")


async def test_a_pending_call_given_to_a_task_can_be_cancelled() -> None:
    app = Scripted([Reply(before=lambda: asyncio.sleep(30))])
    async with serving(app) as url, MusterClient(url) as muster:
        call = ReportCall(muster._session, Meta, make_request("GET", "/v1/x"), None)
        assert repr(call) == "<ReportCall GET /v1/x>"
        task = asyncio.create_task(call)
        await until(lambda: app.seen)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        call.close()


def test_options_over_others() -> None:
    mine = CallOptions(retries=0, require_complete=False, headers={"a": "1"})
    chosen = mine.over(CallOptions(retries=5, timeout=3, require_complete=True, headers={"a": "0", "b": "2"}))
    assert chosen == CallOptions(retries=0, timeout=3, require_complete=False, headers={"a": "1", "b": "2"})
