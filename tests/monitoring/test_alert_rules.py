"""Rules as data: made, changed, silenced and removed over HTTP; what cannot be meant is named."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.core.refused import checked
from tests.core.whole import Whole, whole
from tests.monitoring.alerting import events, make, only, rule

SOURCE = {"kind": "figure", "figure": "p95_ms"}
ASK: dict[str, Any] = {"name": "slow", "source": SOURCE, "comparison": ">", "threshold": 500}


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[Whole]:
    """An application of this test's own."""
    async with whole(database_url, monitoring={"enabled": False}) as opened:
        yield opened


@pytest.fixture
async def http(house: Whole) -> AsyncIterator[httpx.AsyncClient]:
    """An admin."""
    async with house.client() as client:
        yield client


async def test_a_rule_is_made_once_changed_by_version_and_gone_for_good(
    house: Whole, http: httpx.AsyncClient
) -> None:
    await only(house.runtime)
    key = {"Idempotency-Key": "one"}
    first, second = [await http.post("/v1/alerts", json=ASK, headers=key) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    path = first.headers["location"]
    shown = await http.get(path)
    assert (shown.headers["etag"], shown.json()["source"]["figure"]) == ('"1"', "p95_ms")
    checked(await http.put(path, json=ASK), 428, "precondition_required")
    wanted = {**ASK, "threshold": 300}
    changed = await asyncio.gather(
        *(http.put(path, json=wanted, headers={"If-Match": '"1"'}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in changed) == [200, 412, 412, 412]
    assert (await http.get(path)).json()["threshold"] == 300
    assert (await http.delete(path)).status_code == 200
    checked(await http.get(path), 404, "not_found")
    checked(await http.delete(path), 404, "not_found")
    assert (await http.get("/v1/alerts")).json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "pointer", "near"),
    [
        ({"source": {"kind": "figure", "figure": "p95"}}, "/body/source/figure", "p95_ms"),
        ({"source": {"kind": "figure"}}, "/body/source/figure", "needs figure"),
        ({"source": {**SOURCE, "desk": "attendance"}}, "/body/source/desk", "has no desk"),
        ({"source": {"kind": "gaps", "desk": "attendence"}}, "/body/source/desk", "attendance"),
        (
            {"source": {"kind": "gaps", "desk": "attendance", "code": "missing_punsh"}},
            "/body/source/code",
            "missing_punch",
        ),
        (
            {"source": {"kind": "report", "desk": "attendance", "report": "exeptions"}},
            "/body/source/report",
            "exceptions",
        ),
        (
            {
                "source": {
                    "kind": "report",
                    "desk": "attendance",
                    "report": "exceptions",
                    "params": {"mont": "2026-09"},
                }
            },
            "/body/source/params/mont",
            "month",
        ),
        (
            {
                "source": {
                    "kind": "report",
                    "desk": "attendance",
                    "report": "overtime",
                    "value": "max:overtime_second",
                }
            },
            "/body/source/value",
            "overtime_seconds",
        ),
        (
            {
                "source": {
                    "kind": "report",
                    "desk": "attendance",
                    "report": "exceptions",
                    "value": "mean:x",
                }
            },
            "/body/source/value",
            "rows",
        ),
        ({"clear_at": 501}, "/body/clear_at", "harmless side"),
        ({"comparison": "=", "clear_at": 500}, "/body/clear_at", "harmless side"),
        ({"flag": "response_cach"}, "/body/flag", "response_cache"),
        (
            {"channels": [{"channel": "webhook", "target": "http://127.0.0.1/x"}]},
            "/body/channels/0/target",
            "not public",
        ),
        ({"channels": [{"channel": "email", "target": "nobody"}]}, "/body/channels/0/target", "e-mail"),
        ({"treshold": 5}, "/body/treshold", ""),
        ({"source": {**SOURCE, "figur": "x"}}, "/body/source/figur", ""),
        ({"threshold": "NaN"}, "/body/threshold", ""),
    ],
)
async def test_what_cannot_be_meant_is_named_with_what_is_near(
    http: httpx.AsyncClient, changed: dict[str, Any], pointer: str, near: str
) -> None:
    document = checked(await http.post("/v1/alerts", json={**ASK, **changed}), 422, "invalid")
    assert document["errors"][0]["pointer"] == pointer
    assert near in document["detail"]


async def test_names_are_taken_once_and_rules_are_listed_by_state(http: httpx.AsyncClient) -> None:
    made = await make(http, name="one")
    checked(await http.post("/v1/alerts", json={**ASK, "name": "one"}), 409, "name_taken")
    other = await make(http, name="two", enabled=False)
    put = await http.put(
        f"/v1/alerts/{other['id']}", json={**ASK, "name": "one"}, headers={"If-Match": '"1"'}
    )
    checked(put, 409, "name_taken")
    first = (await http.get("/v1/alerts", params={"limit": 1})).json()
    second = (await http.get("/v1/alerts", params={"limit": 1, "cursor": first["page"]["next"]})).json()
    assert [entry["items"][0]["id"] for entry in (first, second)] == [other["id"], made["id"]]
    firing = (await http.get("/v1/alerts", params={"state": "firing"})).json()
    assert firing["items"] == []
    off = (await http.get("/v1/alerts", params={"enabled": "false"})).json()["items"]
    assert [entry["name"] for entry in off] == ["two", "Missing punches before pay day"]


async def test_a_silence_ends_in_the_future_or_at_once(http: httpx.AsyncClient) -> None:
    made = await make(http)
    path = f"/v1/alerts/{made['id']}/silence"
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    checked(await http.post(path, json={"until": past}), 422, "invalid")
    checked(await http.post(path, json={"until": "2026-11-01T10:00:00"}), 422, "invalid")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await http.post(path, json={"until": until, "because": "the clock is mended"})
    assert (await rule(http, made))["silenced_because"] == "the clock is mended"
    await http.post(path, json={"until": None})
    shown = await rule(http, made)
    assert (shown["silenced_until"], shown["silenced_because"]) == (None, None)
    assert await events(http, made) == []


async def test_only_admins_see_and_change_alerts(house: Whole) -> None:
    async with house.client(token=None) as nobody:
        for method, path in (
            ("GET", "/v1/alerts"),
            ("POST", "/v1/alerts"),
            ("GET", "/v1/alert-figures"),
            ("PUT", "/v1/alerts/x"),
            ("DELETE", "/v1/alerts/x"),
            ("GET", "/v1/alerts/x/events"),
            ("POST", "/v1/alerts/x/silence"),
            ("POST", "/v1/alerts/x/test"),
        ):
            checked(await nobody.request(method, path), 401, "not_authenticated")


async def test_what_can_be_watched_is_listed(http: httpx.AsyncClient) -> None:
    shown = (await http.get("/v1/alert-figures")).json()
    assert "p95_ms" in [figure["name"] for figure in shown["figures"]]
    overtime = next(one for one in shown["reports"] if one["report"] == "overtime")
    assert "overtime_seconds" in overtime["columns"]
    assert "person_name" not in overtime["columns"]
    assert shown["gaps"] == ["attendance", "children", "crew", "mill"]
    assert shown["sources"] == []
    assert "response_cache" in shown["flags"]
