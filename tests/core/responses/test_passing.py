"""What is not kept is compressed or passed on."""

from typing import Any

import httpx
import pytest
from starlette.types import Message

from service.core.responses import ResponseCache
from tests.core.responses.layered import PATH, House, client


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
