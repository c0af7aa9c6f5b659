"""Every way a request can fail gives one kind of answer, and none of them gives anything away."""

import asyncio
import json
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, HTTPException

from service.cli.protocol import Protocol
from service.cli.serving import _config
from service.core import problems
from service.core.problems import Edge
from tests.core.refused import checked, take_away
from tests.core.whole import SECRET, Whole, whole
from tests.support.ground import Ground


async def test_no_such_path(house: Whole) -> None:
    async with house.client() as client:
        document = checked(await client.get("/v1/nothing/here"), 404, "not_found")
    assert document["instance"] == "/v1/nothing/here"


async def test_another_method_says_which_ones_there_are(house: Whole) -> None:
    async with house.client() as client:
        answer = await client.delete("/v1/runs")
        checked(answer, 405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) & {"GET", "POST"}
        checked(await client.post("/livez"), 405, "method_not_allowed")


async def test_without_credential(house: Whole) -> None:
    async with house.client(token=None) as client:
        checked(await client.get("/v1/runs"), 401, "not_authenticated")
        checked(await client.get("/v1/nothing/here"), 401, "not_authenticated")


async def test_limits_say_when_to_come_back(house: Whole) -> None:
    async with house.client() as client:
        answer = await client.get("/v1/trials/fail/limited")
    checked(answer, 429, "rate_limited")
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize("how", ["boom", "file", "statement"])
async def test_what_nobody_expected_is_500_and_gives_nothing_away(house: Whole, how: str) -> None:
    async with house.client() as client:
        checked(await client.get(f"/v1/trials/fail/{how}"), 500, "internal")


@pytest.mark.parametrize("how", ["driver", "timeout"])
async def test_t098_a_database_that_does_not_answer_in_time_is_503(house: Whole, how: str) -> None:
    async with house.client() as client:
        checked(await client.get(f"/v1/trials/fail/{how}"), 503, "unavailable")


async def test_a_key_that_is_there_already_is_409_without_the_key(database_url: str) -> None:
    async with whole(database_url) as own, own.client() as client:
        assert (await client.post("/v1/trials/twice")).status_code == 200
        checked(await client.post("/v1/trials/twice"), 409, "already_exists")


async def test_t098_the_pool_exhausted_is_503_within_its_time(database_url: str) -> None:
    small = {"pool_size": 1, "max_overflow": 0, "timeout": 0.3}
    async with whole(database_url, database=small) as own, own.client() as client:
        assert (await client.get("/v1/trials/said/x")).status_code == 200
        async with own.runtime.database.read():
            started = asyncio.get_running_loop().time()
            document = checked(await client.get("/v1/trials/said/x"), 503, "unavailable")
            assert asyncio.get_running_loop().time() - started < 10
        assert "busy" in document["detail"] or "recognised" in document["detail"]
        assert (await client.get("/v1/trials/said/x")).status_code == 200


async def test_without_a_database_503_and_after_it_all_is_well(ground: Ground) -> None:
    """The database is away for new connections and the old ones are cut; then it is there again."""
    url = await ground.clone()
    name = url.rpartition("@/")[2].partition("?")[0]
    async with whole(url) as own, own.client() as client:
        assert (await client.get("/v1/runs")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
        await take_away(ground, name)
        for path in ("/v1/runs", "/v1/trials/said/x"):
            checked(await client.get(path), 503, "unavailable")
        assert (await client.get("/livez")).status_code == 200
        await ground._run(f"ALTER DATABASE {name}_away RENAME TO {name}")
        async with asyncio.timeout(60):
            await until_ok(client, "/v1/runs")
    await ground.drop(url)


async def until_ok(client: httpx.AsyncClient, path: str) -> None:
    while True:
        if (await client.get(path)).status_code == 200:
            return
        await asyncio.sleep(0.1)


async def started(server: uvicorn.Server) -> None:
    for _ in range(1000):
        if server.started:
            return
        await asyncio.sleep(0.01)


async def test_another_host_is_refused_with_an_id(house: Whole) -> None:
    async with house.client(Host="evil.test") as client:
        checked(await client.get("/v1/runs"), 400, "wrong_host")
        assert (await client.get("/livez")).status_code == 200


@pytest.mark.parametrize(
    ("hosts", "asked", "well"),
    [
        (["*"], "any.where", True),
        ([], "any.where", True),
        (["muster.test"], "MUSTER.test:8000", True),
        (["muster.test"], "xmuster.test", False),
        (["*.muster.test"], "a.muster.test", True),
        (["*.muster.test"], "muster.test", False),
        (["[::1]"], "[::1]:8000", True),
        (["muster.test"], "", False),
    ],
)
async def test_hosts(hosts: list[str], asked: str, well: bool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    edge = Edge(app, hosts=hosts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url="http://x") as client:
        answer = await client.get("/", headers={"Host": asked})
    assert answer.status_code == (200 if well else 400)


async def test_an_error_outside_of_our_layers_has_its_id_as_well(house: Whole) -> None:
    """A layer between the framework's last resort and ours, and an application without `Edge`."""
    app = FastAPI()
    problems.install(app)

    @app.get("/boom")
    async def boom() -> None:
        raise RuntimeError(SECRET)

    @app.get("/odd")
    async def odd() -> None:
        raise HTTPException(418, "short and stout")

    from service.core.telemetry import Telemetry

    app.add_middleware(Telemetry)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        checked(await client.get("/boom"), 500, "internal")
        assert checked(await client.get("/odd"), 418, "http_418")["detail"] == "short and stout"


async def test_half_an_answer_is_cut_and_not_ended(house: Whole) -> None:
    """On a real server: a client must not take half a file for a whole one. And what is no HTTP is told so."""
    import socket

    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        config = uvicorn.Config(
            house.app, http=Protocol, log_config=None, lifespan="off", server_header=False
        )
        assert _config(house.app).http is Protocol
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve(sockets=[bound]))
        try:
            await started(server)
            headers = {"Authorization": f"Bearer {house.token}", "Host": "muster.test"}
            async with httpx.AsyncClient(
                timeout=60, base_url=f"http://127.0.0.1:{port}", headers=headers
            ) as client:
                with pytest.raises(httpx.RemoteProtocolError):
                    await client.get("/v1/trials/fail/half")
                checked(await client.get("/v1/trials/fail/boom"), 500, "internal")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"this is no request\r\n\r\n")
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            writer.close()
        finally:
            server.should_exit = True
            await serving
    assert head.startswith(b"HTTP/1.1 400 ")
    assert f"x-request-id: {json.loads(body)['request_id']}".encode() in head.lower()
