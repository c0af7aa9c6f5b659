"""Every way a request can fail gives one kind of answer, and none of them gives anything away."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import pytest
import uvicorn
from fastapi import FastAPI, HTTPException
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.cli.serving import _config, _Protocol
from service.core import problems
from service.core.problems import LARGEST_BODY, Edge
from tests.core.whole import ORIGIN, SECRET, Whole, whole
from tests.support.ground import Ground

PROBLEM = "application/problem+json"
KEYS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}


def checked(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, which has every part and its id in the header as well."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    document: dict[str, Any] = answer.json()
    assert set(document) == KEYS
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == f"urn:muster:problem:{code}"
    assert document["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text
    for word in ("Traceback", "SELECT", "asyncpg", "sqlalchemy"):
        assert word not in answer.text
    if status in {429, 503}:
        assert int(answer.headers["retry-after"]) >= 1
    return document


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


async def test_a_body_that_is_too_large_is_refused_before_and_while_it_is_read(house: Whole) -> None:
    async def endless() -> Any:
        for _ in range(LARGEST_BODY // 65536 + 2):
            yield b"x" * 65536

    async with house.client() as client:
        kind = {"Content-Type": "application/json"}
        large = b"x" * (LARGEST_BODY + 1)
        checked(await client.post("/v1/runs", content=large, headers=kind), 413, "payload_too_large")
        checked(await client.post("/v1/runs", content=endless(), headers=kind), 413, "payload_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", None])
async def test_another_kind_of_body(house: Whole, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    async with house.client() as client:
        answer = await client.post("/v1/runs", content=b'{"job": "x"}', headers=headers)
    checked(answer, 415, "unsupported_media_type")


async def test_a_body_that_is_no_json_and_one_that_is_missing(house: Whole) -> None:
    async with house.client() as client:
        kind = {"Content-Type": "application/json"}
        for body in (b"{", b"[[[", b'{"job": NaNN}', b"\xff\xfe"):
            answer = await client.post("/v1/runs", content=body, headers=kind)
            assert answer.status_code in {400, 422}
            checked(answer, answer.status_code, answer.json()["code"])
        checked(await client.post("/v1/runs"), 422, "invalid")
        deep = b"[" * 100_000
        answer = await client.post("/v1/runs", content=deep, headers=kind)
        checked(answer, answer.status_code, answer.json()["code"])
        assert answer.status_code in {400, 422}


async def test_every_value_that_is_refused_is_named_by_its_pointer(house: Whole) -> None:
    async with house.client() as client:
        asked = {"at": "2026-10-01T08:00:00", "number": "x", "a/b~c": 1}
        document = checked(await client.post("/v1/trials/given", json=asked), 422, "invalid")
        naive = checked(
            await client.get("/v1/trials/said/x", params={"at": "2026-10-01T08:00:00"}), 422, "invalid"
        )
    found = {entry["pointer"]: entry["code"] for entry in document["errors"]}
    assert found == {
        "/body/name": "missing",
        "/body/at": "offset_required",
        "/body/number": "int_parsing",
        "/body/a~1b~0c": "unknown_parameter",
    }
    assert naive["errors"][0]["code"] == "offset_required"


async def test_unknown_parameters_and_values_are_refused(house: Whole) -> None:
    async with house.client() as client:
        document = checked(await client.get("/v1/runs", params={"stat": "done"}), 422, "invalid")
        assert document["errors"][0]["code"] == "unknown_parameter"
        document = checked(
            await client.post("/v1/runs", json={"job": "platform.housekeping"}), 422, "invalid"
        )
        assert "platform.housekeeping" in document["detail"]


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
async def test_a_database_that_does_not_answer_in_time_is_503(house: Whole, how: str) -> None:
    async with house.client() as client:
        checked(await client.get(f"/v1/trials/fail/{how}"), 503, "unavailable")


async def test_a_key_that_is_there_already_is_409_without_the_key(database_url: str) -> None:
    async with whole(database_url) as own, own.client() as client:
        assert (await client.post("/v1/trials/twice")).status_code == 200
        checked(await client.post("/v1/trials/twice"), 409, "already_exists")


NASTY = ["a\0b", "\ud800", "\U0010ffff", "x" * 5000, "%00", "'; --", "\x7f", "٣", ""]


@pytest.mark.parametrize("word", NASTY)
async def test_no_text_in_path_query_or_body_is_a_500(house: Whole, word: str) -> None:
    escaped = "".join(f"%{byte:02x}" for byte in word.encode("utf-8", "surrogatepass"))
    body = json.dumps({"name": word, word or "k": word}).encode()
    async with house.client() as client:
        for answer in (
            await client.get(httpx.URL(f"{ORIGIN}/v1/trials/said/{escaped}")),
            await client.get(httpx.URL(f"{ORIGIN}/v1/trials/said/x?at={escaped}&{escaped}={escaped}")),
            await client.post("/v1/trials/given", content=body, headers={"Content-Type": "application/json"}),
            await client.post(
                "/v1/trials/given",
                content=json.dumps({"name": word}).encode(),
                headers={"Content-Type": "application/json"},
            ),
        ):
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                checked(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63, 2**200])
async def test_no_number_is_a_500(house: Whole, number: int) -> None:
    async with house.client() as client:
        checked(await client.get("/v1/trials/said/x", params={"number": number}), 422, "value_refused")
        asked = {"name": "x", "number": number}
        checked(await client.post("/v1/trials/given", json=asked), 422, "value_refused")


async def test_what_copy_refuses_is_422_too(house: Whole) -> None:
    async with house.client() as client:
        checked(await client.post("/v1/trials/copied"), 422, "value_refused")


def _requests(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each GET with each nasty value in its path, in all of its parameters, and in each alone."""
    for path, operation in document["paths"].items():
        parameters = operation.get("get", {}).get("parameters", [])
        names = [entry["name"] for entry in parameters if entry["in"] == "query"]
        if "get" not in operation:
            continue
        for word in ("a\0b", "9" * 25, "-1", "9999-12-31", "0001-01-01", "9999-12"):
            filled = re.sub(r"\{[^}]+\}", quote(word, safe=""), path)
            yield filled, dict.fromkeys(names, word)
            for name in names:
                yield filled, {name: word}


async def test_no_operation_answers_500_to_nasty_values(house: Whole) -> None:
    failures = []
    async with house.client() as client:
        for path, query in _requests(house.app.openapi()):
            answer = await client.get(path, params=query)
            if answer.status_code >= 500:
                failures.append((path, query, answer.status_code))
    assert not failures, failures[:9]


async def test_the_pool_exhausted_is_503_within_its_time(database_url: str) -> None:
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
        async with asyncio.timeout(20):
            await until_ok(client, "/v1/runs")
    await ground.drop(url)


async def take_away(ground: Ground, name: str) -> None:
    """Every connection is cut, and there is nothing to connect to any more."""
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND usename = current_user"  # the server's own processes are not ours to end
    )
    for _ in range(200):
        await ground._run(end)
        try:
            await ground._run(f"ALTER DATABASE {name} RENAME TO {name}_away")
        except asyncpg.ObjectInUseError:
            await asyncio.sleep(0.02)  # they are on their way out, or somebody was quick to reconnect
        else:
            return


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
            house.app, http=_Protocol, log_config=None, lifespan="off", server_header=False
        )
        assert _config(house.app).http is _Protocol
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve(sockets=[bound]))
        try:
            await started(server)
            headers = {"Authorization": f"Bearer {house.token}", "Host": "muster.test"}
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_json_is_a_500(body: Any) -> None:
    """Whatever is sent, the framework's findings can be written as a problem."""
    from service.core.errors import problem
    from service.core.problems import validation_error
    from tests.core.whole import Given

    try:
        Given.model_validate(body)
    except ValueError as error:
        found = validation_error(error.errors())  # type: ignore[attr-defined]  # pydantic's
        document = problem(found, request_id=None, instance=None).model_dump_json()
        assert json.loads(document)["status"] == 422


async def test_a_refused_value_leaves_the_connection_usable(house: Whole) -> None:
    async with house.client() as client:
        await client.get("/v1/trials/said/x", params={"number": 2**40})
    async with house.runtime.database.read() as conn:
        assert (await conn.execute(text("SELECT 1"))).scalar_one() == 1
