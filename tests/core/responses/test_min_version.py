"""`Min-Data-Version`: nothing older than what the caller has seen."""

import asyncio
import os
import random
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from service.core.database import Database
from service.core.responses import CacheEntry, Responses
from service.core.versions import Versions, parse_token, read_versions, token
from tests.core.responses.layered import PATH, SCOPE, House, client, layered

PROVE = os.environ.get("MUSTER_PROVE") == "1"


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
    dice = random.Random(41)
    replicas = [Versions(database.direct_url) for _ in range(3)]
    try:
        for versions in replicas:
            await versions.open()
        clients = [client(layered(counting_app(database), Responses(versions=v))) for v in replicas]
        newest: dict[str, int] = {}

        async def write() -> None:
            nonlocal newest
            for _ in range(reads // 25):
                writer = dice.choice(replicas)
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
