"""`Idempotency-Key`: one effect, one answer; the right codes for everything else (Q58)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text
from starlette.responses import Response

from service.core import problems
from service.core.database import Database, WriteConnection
from service.core.errors import Conflict, RateLimited, Unavailable
from service.core.idempotency import Answered, forget_old_keys, write_once

COUNT = text("SELECT count(*) FROM letter")


def make_app(database: Database) -> FastAPI:
    """Two routes that write a letter."""
    app = FastAPI()
    problems.install(app)

    async def write(conn: WriteConnection, body: bytes) -> Answered:
        await conn.execute(text("INSERT INTO letter (body) VALUES (:body)"), {"body": body.decode()})
        number = (await conn.execute(COUNT)).scalar_one()
        if b"slow" in body:
            await conn.execute(text("SELECT pg_sleep(0.3)"))
        if b"conflict" in body:
            raise Conflict("there is one")
        if b"later" in body:
            raise RateLimited("slowly", retry_after=3)
        if b"down" in body:
            raise Unavailable("not now")
        if b"crash" in body:
            raise RuntimeError("crash")
        return Answered({"number": number}, 201, {"Location": f"/letters/{number}"})

    @app.post("/letters")
    @app.post("/cards")
    async def post(request: Request) -> Response:
        body = await request.body()
        caller = request.headers.get("caller", "key:a")
        return await write_once(database, request, caller, lambda conn: write(conn, body))

    return app


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with database.write() as conn:
        await conn.execute(text("CREATE TABLE letter (id serial PRIMARY KEY, body text)"))
    transport = httpx.ASGITransport(app=make_app(database), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened


async def letters(database: Database) -> int:
    """How many letters were written."""
    async with database.read() as conn:
        count: int = (await conn.execute(COUNT)).scalar_one()
        return count


def key(name: str, caller: str = "key:a") -> dict[str, str]:
    """The headers of a caller with a key."""
    return {"Idempotency-Key": name, "caller": caller}


async def test_q58_a_repeated_write_is_answered_from_the_store(
    client: httpx.AsyncClient, database: Database
) -> None:
    first = await client.post("/letters", content="dear", headers=key("k"))
    again = await client.post("/letters", content="dear", headers=key("k"))
    assert (first.status_code, first.json()) == (201, {"number": 1})
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == "/letters/1"
    assert again.headers["content-type"] == "application/json"
    assert await letters(database) == 1


async def test_q58_fifty_at_once_have_one_effect(client: httpx.AsyncClient, database: Database) -> None:
    answers = await asyncio.gather(
        *(client.post("/letters", content="slow", headers=key("k")) for _ in range(50))
    )
    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}
    assert 201 in codes
    refused = [answer for answer in answers if answer.status_code == 409]
    assert {answer.json()["code"] for answer in refused} <= {"idempotency_key_in_flight"}
    assert all(answer.headers["retry-after"] == "1" for answer in refused)
    assert await letters(database) == 1


async def test_q58_an_answer_that_got_lost_is_not_a_second_effect(
    client: httpx.AsyncClient, database: Database
) -> None:
    """The caller goes away after the commit: effect and answer were committed together."""
    lost = asyncio.create_task(client.post("/letters", content="slow", headers=key("k")))
    async with asyncio.timeout(60):
        while True:
            await asyncio.sleep(0.01)
            if lost.done() or await letters(database):
                break
    lost.cancel()
    await asyncio.gather(lost, return_exceptions=True)
    again = await client.post("/letters", content="slow", headers=key("k"))
    assert again.json() == {"number": 1}
    assert await letters(database) == 1


async def test_q58_another_body_is_422(client: httpx.AsyncClient, database: Database) -> None:
    await client.post("/letters", content="dear", headers=key("k"))
    for address, body in (("/letters", "other"), ("/letters?urgent=1", "dear")):
        answer = await client.post(address, content=body, headers=key("k"))
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await letters(database) == 1


async def test_q58_a_key_belongs_to_its_caller_and_route(
    client: httpx.AsyncClient, database: Database
) -> None:
    for address, caller in (("/letters", "key:a"), ("/cards", "key:a"), ("/letters", "key:b")):
        assert (await client.post(address, content="dear", headers=key("k", caller))).status_code == 201
    assert await letters(database) == 3


async def test_a_refusal_is_kept_and_its_effect_undone(client: httpx.AsyncClient, database: Database) -> None:
    first = await client.post("/letters", content="conflict", headers=key("k"))
    again = await client.post("/letters", content="conflict", headers=key("k"))
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == "application/problem+json"
    assert await letters(database) == 0


@pytest.mark.parametrize(("body", "status"), [("later", 429), ("down", 503), ("crash", 500)])
async def test_what_may_go_better_next_time_is_not_kept(
    client: httpx.AsyncClient, database: Database, body: str, status: int
) -> None:
    for _ in range(2):
        answer = await client.post("/letters", content=body, headers=key("k"))
        assert answer.status_code == status
        assert "idempotency-replayed" not in answer.headers
    assert await letters(database) == 0


async def test_without_a_key_every_write_counts(client: httpx.AsyncClient, database: Database) -> None:
    for _ in range(2):
        assert (await client.post("/letters", content="dear")).status_code == 201
    assert await letters(database) == 2


@pytest.mark.parametrize("name", ["", "x" * 256, "caf\xe9"])
async def test_keys_that_cannot_be_kept_are_400(client: httpx.AsyncClient, name: str) -> None:
    headers = [("idempotency-key", name.encode("latin-1"))]
    answer = await client.post("/letters", content="dear", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


async def test_keys_are_kept_a_day_and_forgotten_then(client: httpx.AsyncClient, database: Database) -> None:
    await client.post("/letters", content="dear", headers=key("k"))
    async with database.write() as conn:
        assert await forget_old_keys(conn) == 0
        await conn.execute(
            text("UPDATE muster.idempotency_key SET created_at = now() - CAST(:age AS interval)"),
            {"age": timedelta(hours=24, seconds=1)},
        )
    assert (await client.post("/letters", content="other", headers=key("k"))).status_code == 201
    async with database.write() as conn:
        assert await forget_old_keys(conn, timedelta(seconds=-1)) == 1
    assert await letters(database) == 2
