"""Bytes nobody should send: always a problem document, never a 500."""

import httpx
import pytest

from tests.reporting.conftest import House

PATHS = [
    "/v1/stall/reports/takings?items=%00",
    "/v1/stall/reports/takings?site=%ed%a0%80",
    "/v1/stall/reports/takings?%ed%a0%80=1",
    "/v1/stall/reports/takings?items=" + "x" * 5_000 + "%00",
    "/v1/stall/reports/takings?from=0000-00-00",
    "/v1/stall/reports/takings/explain?item=%00&sold_on=2026-10-01",
    "/v1/stall/reports/nothing",
    "/v1/runs?limit=99999999999999999999",
    "/v1/runs?cursor=%00%ff",
    "/v1/runs?cursor=WzEsMiwzXQ.x",
    "/v1/runs/%00",
    "/v1/runs/0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11/events?after=99999999999999",
    "/v1/gaps?desk=%00",
    "/v1/gaps?cursor=" + "A" * 3_000,
]
BODIES = [
    b"",
    b"[]",
    b"nonsense",
    b'{"job": "\\ud800"}',
    b'{"job": "stall.count", "\\ud800": 1}',
    b'{"job": "stall.count", "params": {"\\ud800": 1}}',
    b'{"job": "stall.count", "params": {"\\u0000": 1}}',
    b'{"job": "stall.count", "params": {"to": 1e400}}',
    b'{"job": "\\u0000"}',
    b'{"job": "stall.count", "params": [1]}',
]


@pytest.mark.parametrize("path", PATHS)
async def test_q56_bad_addresses_are_problems(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]


@pytest.mark.parametrize("body", BODIES)
async def test_q56_bad_bodies_are_422(quiet_house: House, body: bytes) -> None:
    async with quiet_house.client("writer") as client:
        headers = {"Content-Type": "application/json"}
        answer = await client.post("/v1/runs", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
