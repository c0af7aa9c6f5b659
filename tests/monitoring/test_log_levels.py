"""`/v1/logs`: levels changed at run time, here and in every other process of the installation."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from service.access import authenticator
from service.access.keys import create_key
from service.core.settings import LogSettings
from service.core.telemetry import LEVELS, LEVELS_CHANNEL, configure_logs
from tests.core.whole import Whole, whole

LOGGER = "service.versions"


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url) as made:
        yield made
    for rule in LEVELS.rules():
        LEVELS.change(rule.logger, None)


async def reached(state: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while True:
            if state():
                return
            await asyncio.sleep(0.01)


async def test_a_level_is_set_seen_by_all_put_on_record_and_given_back(own: Whole) -> None:
    heard: list[dict[str, Any]] = []
    other = await asyncpg.connect(own.runtime.database.direct_url)
    await other.add_listener(LEVELS_CHANNEL, lambda *told: heard.append(json.loads(str(told[-1]))))
    standing = LEVELS.level_of(LOGGER)
    async with own.client() as client:
        made = (await client.put(f"/v1/logs/{LOGGER}", json={"level": "DEBUG"})).json()
        listed = (await client.get("/v1/logs")).json()["items"]
        audit = (await client.get("/v1/access/audit")).json()["items"]
        await reached(lambda: len(heard) == 1)
        back = (await client.put(f"/v1/logs/{LOGGER}", json={"level": None})).json()
    await other.close()
    assert made == {
        "logger": LOGGER, "level": "DEBUG", "setting": None, "changed": "DEBUG", "announced": True,
    }  # fmt: skip
    assert listed[0]["logger"] == "root"
    by_name = {entry["logger"]: entry["level"] for entry in listed}
    assert (by_name[LOGGER], by_name["service"]) == ("DEBUG", standing)
    assert heard[0] == {"logger": LOGGER, "level": "DEBUG"}
    deed = next(entry for entry in audit if entry["what"] == "log.level_changed")
    assert (deed["before"], deed["after"]) == ({"level": standing}, {"level": "DEBUG"})
    assert (back["level"], back["changed"]) == (standing, None)


async def test_what_another_process_announces_holds_here_and_rubbish_does_not(own: Whole) -> None:
    async with own.runtime.database.engine.connect() as conn:
        raw = (await conn.get_raw_connection()).driver_connection
        assert raw is not None
        for payload in (
            "{",
            "[]",
            '{"logger": "service.sql", "level": "LOUD"}',
            '{"logger": 7, "level": null}',
        ):
            await raw.execute("SELECT pg_notify($1, $2)", LEVELS_CHANNEL, payload)
        good = json.dumps({"logger": "service.sql", "level": "ERROR"})
        await raw.execute("SELECT pg_notify($1, $2)", LEVELS_CHANNEL, good)
    await reached(lambda: LEVELS.level_of("service.sql") == "ERROR")
    assert [rule.logger for rule in LEVELS.rules() if rule.changed] == ["service.sql"]


async def test_without_the_database_this_process_changes_and_says_that_it_is_alone(
    own: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authenticator, "REMEMBERED", 60.0)  # a loaded machine takes more than 0.8 s to get on
    async with own.client() as client:
        assert (await client.get("/v1/logs")).status_code == 200  # who asks is known from now on
        await own.runtime.database.close()
        own.runtime.database.url = "postgresql+asyncpg://nobody:x@127.0.0.1:1/nothing"
        await own.runtime.database.open()
        answer = await client.put(f"/v1/logs/{LOGGER}", json={"level": "ERROR"})
    assert (answer.status_code, answer.json()["announced"]) == (200, False)
    assert LEVELS.level_of(LOGGER) == "ERROR"


async def test_only_an_admin_and_only_what_there_is(own: Whole) -> None:
    reader = await create_key(own.runtime.database, "reader", ["attendance:read"])
    async with own.client() as client, own.client(token=reader.token) as other:
        unknown = await client.put("/v1/logs/service.version", json={"level": "DEBUG"})
        wrong = await client.put(f"/v1/logs/{LOGGER}", json={"level": "LOUD"})
        typo = await client.put(f"/v1/logs/{LOGGER}", json={"levl": "INFO"})
        refused = [await other.get("/v1/logs"), await other.put(f"/v1/logs/{LOGGER}", json={"level": "INFO"})]
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_logger")
    assert LOGGER in unknown.json()["detail"]
    assert (wrong.status_code, typo.status_code) == (422, 422)
    assert [answer.status_code for answer in refused] == [403, 403]


async def test_request_lines_follow_the_level_at_once(own: Whole) -> None:
    configure_logs(LogSettings(format="readable"))  # JSON lines go past what captures them
    shown = LEVELS.level_of("service.request")
    LEVELS.change("service.request", "INFO")
    async with own.client() as client:
        with capture_logs() as lines:
            await client.get("/livez", headers={"X-Correlation-Id": "c-1"})
            assert (await client.put("/v1/logs/service.request", json={"level": "ERROR"})).status_code == 200
            await client.get("/livez")
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/livez"]
    LEVELS.change("service.request", None)
    assert LEVELS.level_of("service.request") == shown
