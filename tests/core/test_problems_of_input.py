"""What a request says wrongly is refused by name; no value of any kind is a 500."""

import json
import os
import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from service.core.problems import LARGEST_BODY
from tests.core.refused import checked
from tests.core.whole import ORIGIN, Whole

PROVE = bool(os.environ.get("MUSTER_PROVE"))


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


WORDS = ("a\0b", "9" * 25, "-1", "9999-12-31", "0001-01-01", "9999-12")


def _requests(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each GET with each nasty value in its path, in all of its parameters, and in each alone.

    At full size all of the values; else two in turn, unlike ones, for a path and one for a parameter alone.
    """
    turns = count()
    for path, operation in document["paths"].items():
        parameters = operation.get("get", {}).get("parameters", [])
        names = [entry["name"] for entry in parameters if entry["in"] == "query"]
        if "get" not in operation:
            continue
        turn = next(turns)
        for word in WORDS if PROVE else (WORDS[turn % 6], WORDS[(turn + 3) % 6]):
            yield _filled(path, word), dict.fromkeys(names, word)
        for name, turn in zip(names, turns, strict=False):
            for word in WORDS if PROVE else (WORDS[turn % 6],):
                yield _filled(path, word), {name: word}


def _filled(path: str, word: str) -> str:
    return re.sub(r"\{[^}]+\}", quote(word, safe=""), path)


async def test_no_operation_answers_500_to_nasty_values(house: Whole) -> None:
    failures = []
    async with house.client() as client:
        for path, query in _requests(house.app.openapi()):
            answer = await client.get(path, params=query)
            if answer.status_code >= 500:
                failures.append((path, query, answer.status_code))
    assert not failures, failures[:9]


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
