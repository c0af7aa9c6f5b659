"""Keys limited to sites: foreign ones are refused and audited; nothing crosses over in the caches."""

import asyncio
import os
import random
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.core.auth import Authentication, Caller
from service.core.database import Database
from service.core.responses import CacheEntry, ResponseCache, Responses
from service.core.versions import Versions
from tests.access.ground import House


async def audit(database: Database) -> list[tuple[str, str, dict[str, str]]]:
    async with database.read() as conn:
        rows = await conn.execute(
            text("SELECT who, what, after FROM muster.audit WHERE what = 'site_not_allowed' ORDER BY id")
        )
        return [(row.who, row.what, row.after) for row in rows]


async def test_g_n_99_a_key_of_one_site_asks_for_another(house: House) -> None:
    made = await house.key(sites=["Villas"])
    async with house.http(made.token) as http:
        own = await http.get("/v1/desk/sheet", params={"site": "Villas"})
        foreign = await http.get("/v1/desk/sheet", params={"site": "Centro"})
        everything = await http.get("/v1/desk/sheet")
    assert own.json() == everything.json() == {"sites": ["Villas"]}
    assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
    assert await audit(house.runtime.database) == [
        (f"key:{made.key.id}", "site_not_allowed", {"site": "Centro", "path": "/v1/desk/sheet"})
    ]


async def test_an_unlimited_key_sees_every_site(house: House) -> None:
    made = await house.key()
    async with house.http(made.token) as http:
        assert (await http.get("/v1/desk/sheet")).json() == {"sites": None}
        assert (await http.get("/v1/desk/sheet?site=Centro")).json() == {"sites": ["Centro"]}
    assert await audit(house.runtime.database) == []


async def test_a_refusal_stays_one_when_the_audit_fails(house: House) -> None:
    made = await house.key(sites=["Villas"])
    async with house.runtime.database.write() as conn:
        await conn.execute(text("ALTER TABLE muster.audit RENAME TO gone"))
    async with house.http(made.token) as http:
        assert (await http.get("/v1/desk/sheet?site=Centro")).status_code == 403


@pytest.mark.parametrize(
    ("site", "kept"),
    [("a%00b", "a\ufffdb"), ("%F0%9F%8F%A0", "🏠"), ("%FF", "\ufffd"), ("x" * 900, "x" * 500)],
)
async def test_odd_names_of_sites_are_refused_and_audited_like_others(
    house: House, site: str, kept: str
) -> None:
    made = await house.key(sites=["Villas"])
    async with house.http(made.token) as http:
        assert (await http.get(f"/v1/desk/sheet?site={site}")).status_code == 403
    assert [after["site"] for _, _, after in await audit(house.runtime.database)] == [kept]


def cached_route(versions: Versions) -> ASGIApp:
    """A cacheable report that answers with what its caller may see."""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        caller: Caller = scope["state"]["caller"]
        scope["state"]["cache_entry"] = CacheEntry(
            scopes=("desk",),
            versions=versions.known(("desk",)),
            ttl=timedelta(minutes=5),
            visibility=caller.visibility,
            expires_at=None,
        )
        body = "every site" if caller.sites is None else " and ".join(sorted(caller.sites))
        await PlainTextResponse(body)(scope, receive, send)

    return route


async def test_q40_no_read_crosses_over_between_callers(
    house: House, record_testsuite_property: Callable[[str, object], None]
) -> None:
    reads = 100_000 if os.environ.get("MUSTER_PROVE") else 3_000
    record_testsuite_property("q40_reads", reads)
    seen: dict[str, str] = {}
    for sites in (None, ["Villas"], ["Centro"], ["Centro", "Villas"], ["Centro and Villas"]):
        for _ in range(2):
            seen[(await house.key(sites=sites)).token] = (
                "every site" if sites is None else " and ".join(sites)
            )
    responses = Responses(versions=house.runtime.versions)
    cached = ResponseCache(cached_route(house.runtime.versions), responses)
    app = Authentication(cached, lambda: house.authenticator)
    choices = random.Random(40).choices(sorted(seen), k=reads)
    hits = 0
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://muster.test") as http:
        for start in range(0, reads, 50):
            some = choices[start : start + 50]
            asked = [http.get("/sheet", headers={"Authorization": f"Bearer {token}"}) for token in some]
            for token, answer in zip(some, await asyncio.gather(*asked), strict=True):
                assert answer.text == seen[token]
                hits += "hit" in answer.headers["cache-status"]
    assert hits > reads * 0.9
