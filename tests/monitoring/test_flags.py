"""Flags over HTTP: switched by an admin, in force on every replica, audited; answers stay what they are."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.access.keys import create_key
from service.core.flags import MASTER, NAMES, SCOPE, place
from service.monitoring.flags.changing import switch_off
from tests.attendance.house import House, open_house
from tests.attendance.reported import ANA, september_of
from tests.core.refused import checked
from tests.core.whole import whole

WHY = {"reason": "to compare"}


async def put(client: httpx.AsyncClient, name: str, share: int) -> dict[str, Any]:
    answer = await client.put(f"http://muster.test/v1/flags/{name}", json={"share": share, **WHY})
    assert answer.status_code == 200, answer.text
    flag: dict[str, Any] = answer.json()
    return flag


async def flags_of(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    plain = {"Accept-Encoding": "identity"}  # the list must not count itself
    listed = (await client.get("http://muster.test/v1/flags", headers=plain)).json()["items"]
    return {flag["name"]: flag for flag in listed}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)


async def test_a_change_holds_on_every_replica_and_over_a_restart(database_url: str) -> None:
    async with whole(database_url) as here, whole(database_url) as there, here.client() as client:
        flag = await put(client, "response_cache", 30)
        assert (flag["share"], flag["setting"], flag["reason"]) == (30, 100, "to compare")
        assert here.runtime.flags.share("response_cache") == 30
        await until(lambda: there.runtime.flags.share("response_cache") == 30)
        await put(client, MASTER, 0)
        listed = await flags_of(client)
        assert {flag["share"] for flag in listed.values()} == {0}
        assert listed["response_cache"]["chosen"] == 30
        await until(lambda: there.runtime.flags.share("compression") == 0)
    async with whole(database_url) as again, again.client() as client:
        assert again.runtime.flags.share("compression") == 0
        for name in (MASTER, "response_cache"):
            answer = await client.delete(f"/v1/flags/{name}")
            assert (answer.json()["share"], answer.json()["changed_by"]) == (100, None)
        assert again.runtime.flags.share("compression") == 100


async def test_a_lost_notice_is_made_up_for(database_url: str) -> None:
    async with whole(database_url, cache={"poll": 0.05}) as house:
        async with house.runtime.database.write() as conn:  # all but the notice
            for row in (
                "INSERT INTO muster.flag (name, share, changed_by) VALUES ('warming', 0, 'system')",
                f"INSERT INTO muster.data_version (scope, version) VALUES ('{SCOPE}', 1)",
            ):
                await conn.execute(text(row))
        await until(lambda: house.runtime.flags.share("warming") == 0)
        assert not house.runtime.flags.acts("warming", "system")


async def test_what_cannot_be_meant_is_refused(database_url: str) -> None:
    async with whole(database_url) as house, house.client() as client:
        document = checked(
            await client.put("/v1/flags/respone_cache", json={"share": 0, **WHY}), 404, "unknown_flag"
        )
        assert "did you mean response_cache" in document["detail"]
        checked(await client.delete("/v1/flags/quick"), 404, "unknown_flag")
        checked(await client.put(f"/v1/flags/{MASTER}", json={"share": 50, **WHY}), 422, "invalid")
        for body in (
            {"share": 101, **WHY},
            {"share": 1},
            {"share": 1, "reason": ""},
            {"share": 1, "for": "x", **WHY},
        ):
            assert (await client.put("/v1/flags/warming", json=body)).status_code == 422
        assert {flag["share"] for flag in (await flags_of(client)).values()} == {100}


async def test_every_change_is_audited_once_with_who_and_why(database_url: str) -> None:
    async with whole(database_url) as house, house.client() as client:
        for share in (40, 40, 0):
            await put(client, "compression", share)
        async with house.runtime.database.write() as conn:
            versions = house.runtime.versions
            assert await switch_off(conn, versions, "read_replica", reason="p95 over 500 ms", by="alert:slow")
        async with house.runtime.database.write() as conn:
            assert not await switch_off(
                conn, versions, "read_replica", reason="p95 over 500 ms", by="alert:slow"
            )
        await until(lambda: house.runtime.flags.share("read_replica") == 0)
        rolled_back = (await flags_of(client))["read_replica"]
        assert (rolled_back["changed_by"], rolled_back["reason"]) == ("alert:slow", "p95 over 500 ms")
        for _ in range(2):
            await client.delete("/v1/flags/compression")
        entries = (await client.get("/v1/access/audit", params={"subject": "flag:compression"})).json()[
            "items"
        ]
        told = [
            (entry["before"] and entry["before"]["share"], entry["after"] and entry["after"]["share"])
            for entry in entries
        ]
        assert told == [(0, None), (40, 0), (None, 40)]
        entries = (await client.get("/v1/access/audit", params={"who": "alert:slow"})).json()["items"]
        assert [(entry["what"], entry["subject"]) for entry in entries] == [
            ("flag.changed", "flag:read_replica")
        ]


async def test_a_caller_stays_on_its_side_and_sides_have_the_same_answers(database_url: str) -> None:
    async with open_house(database_url) as house, house.http(await house.token("admin")) as admin:
        await september_of(house)
        await put(admin, "response_cache", 50)
        statuses: dict[bool, set[str]] = {True: set(), False: set()}
        etags = set()
        for _ in range(8):
            made = await create_key(house.runtime.database, "reader", ["attendance:read"])
            has = place("response_cache", f"key:{made.key.id}") < 50
            async with house.http(made.token) as http:
                for _ in range(3):
                    answer = await http.get("/reports/summary", params={"month": "2026-09"})
                    etags.add(answer.headers["etag"])
                    statuses[has].add(answer.headers["cache-status"])
        assert statuses[True] <= {"Muster; hit", "Muster; fwd=miss; stored"}
        assert statuses[False] <= {"Muster; fwd=bypass"}
        assert len(etags) == 1


QUESTIONS = [
    "/reports/summary?month=2026-09",
    "/reports/monthly-sheet?month=2026-09",
    "/reports/dashboard?month=2026-09",
    f"/reports/detail?month=2026-09&person={ANA}",
    "/reports/summary?month=2026-09&format=csv",
    "/reports/summary?month=2026-09&format=xlsx",
    "/reports/summary?month=2026-09&format=html",
    f"/reports/detail?month=2026-09&person={ANA}&format=ndjson",
    f"/reports/summary/explain?month=2026-09&person={ANA}&figure=lates",
    "/people",
    "/checkins?from=2026-09-01&to=2026-09-30&limit=500",  # a cursor would hold the second it was made
    "/reports/summary?month=2026-13",
]
FORMS = ("gzip", "gzip", "identity")
COMPARED = (
    "content-type", "cache-control", "data-version", "vary", "link", "content-disposition", "content-language",
)  # fmt: skip


async def told(http: httpx.AsyncClient, question: str, **headers: str) -> tuple[Any, ...]:
    """All of an answer that may not depend on flags: compressed and plain bytes read the same."""
    answer = await http.get(question, headers=headers)
    etag = answer.headers.get("etag", "").replace('-gz"', '"')
    content = answer.content
    if answer.headers["content-type"] == "application/problem+json":
        content = content.replace(answer.headers["x-request-id"].encode(), b"")
    return answer.status_code, etag, content, *(answer.headers.get(name) for name in COMPARED)


async def everything(
    http: httpx.AsyncClient, plain: dict[str, str], questions: list[str]
) -> list[tuple[Any, ...]]:
    """Each question as it is first asked, asked again, without compression, and by who has the answer."""
    answers = []
    for question in questions:
        answers += [await told(http, question, **{"Accept-Encoding": form}) for form in FORMS]
        if etag := plain.get(question):
            again = await http.get(question, headers={"Accept-Encoding": "identity", "If-None-Match": etag})
            answers.append((again.status_code, again.headers["etag"], again.content, again.headers["vary"]))
    return answers


@pytest.fixture
async def september(database_url: str) -> Any:
    database = {"url": database_url, "read_url": database_url, "pool_size": 5}
    async with open_house(database_url, database=database) as house:
        yield await september_of(house)


async def test_answers_are_the_same_to_the_byte_whatever_the_flags(september: House) -> None:
    async with september.http(await september.token("admin")) as http:
        plain = {}
        for question in QUESTIONS:
            answer = await http.get(question, headers={"Accept-Encoding": "identity"})
            assert answer.status_code == (422 if "2026-13" in question else 200), (question, answer.text)
            if "etag" in answer.headers:
                plain[question] = answer.headers["etag"]
        assert len(plain) >= 8
        for name in NAMES:  # all off by the master; one alone is asked a part
            questions = QUESTIONS if name == MASTER else QUESTIONS[1::3]
            usual = await everything(http, plain, questions)
            assert [answer[0] for answer in usual].count(304) == len(plain.keys() & set(questions)) > 1
            await put(http, name, 0)
            changed = await everything(http, plain, questions)
            differing = [pair for pair in zip(changed, usual, strict=True) if pair[0] != pair[1]]
            assert differing == [], name
            await http.delete(f"http://muster.test/v1/flags/{name}")


async def test_flags_act_and_say_how_often_and_what_is_off_does_not(september: House) -> None:
    """The counterpart: the comparison above would also pass if flags did nothing."""
    question, packed = QUESTIONS[1], {"Accept-Encoding": "gzip"}
    async with september.http(await september.token("admin")) as http:
        spared = 0
        for _ in range(6):
            usual = await http.get(question, headers=packed)
            spared += len(usual.content) - int(usual.headers["content-length"])
        assert usual.headers["cache-status"] == "Muster; hit"
        on = await flags_of(http)
        assert on["response_cache"]["acted"] == 5
        assert on["response_cache"]["saved"] > 0
        assert (on["compression"]["acted"], on["compression"]["saved"]) == (6, spared)
        assert on["read_replica"]["acted"] == 1
        await put(http, MASTER, 0)
        for _ in range(2):
            off = await http.get(question, headers=packed)
            assert off.headers["cache-status"] == "Muster; fwd=bypass"
            assert "content-encoding" not in off.headers
        after = await flags_of(http)
        for name in ("response_cache", "shared_cache", "compression", "read_replica"):
            assert (after[name]["acted"], after[name]["acts"]) == (on[name]["acted"], False), name
