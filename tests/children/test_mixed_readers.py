"""Q39 and Q40 at the children's desk: nobody reads another's child, or from before their own write."""

import asyncio
import os
import random
from collections import Counter
from typing import Any

import httpx

from service.core.versions import parse_token, token
from tests.children.family import EMMA, FROM, LEO, TO
from tests.children.house import House, open_house
from tests.children.playing import started

READS = 100_000 if os.environ.get("MUSTER_PROVE") == "1" else 400
AT_ONCE = 8
UNLIMITED = {"person_per_minute": 0, "exports_per_minute": 0}
SEES = {"G1": {EMMA}, "G2": {LEO}, "E1": {EMMA}, "V1": {EMMA}, "N1": set()}
NAMES = {EMMA: "Emma", LEO: "Leo"}
WINDOW = {"from": FROM, "to": TO}
HAS_CONTACTS = {"G1", "G2", "E1"}
"""Whose view of a child they see has its emergency contacts (spec E4.3)."""


async def test_q40_mixed_readers_of_the_same_routes_never_cross(database_url: str) -> None:
    """Lists, details and kept figures, asked at once by people who may see one child, the other, or none."""
    async with open_house(database_url, access=UNLIMITED) as house:
        clients = {who: house.http(who) for who in SEES}
        chosen = random.Random(40)
        asked = [(chosen.choice(list(SEES)), chosen.randrange(5)) for _ in range(READS)]
        seen: Counter[str] = Counter()
        waiting = iter(asked)

        async def reader() -> None:
            for who, kind in waiting:
                seen[await one_read(clients[who], who, kind)] += 1

        await asyncio.gather(*(reader() for _ in range(AT_ONCE)))
        for client in clients.values():
            await client.aclose()
    assert sum(seen.values()) == READS
    assert min(seen["list"], seen["child"], seen["hidden"], seen["HIT"]) > READS // 50, seen


async def one_read(http: httpx.AsyncClient, who: str, kind: int) -> str:
    """One request and what it may show: `list`, `child`, `hidden`, or of figures `HIT` or `MISS`."""
    if kind == 0:
        items = (await http.get("/v1/children")).json()["items"]
        assert {item["id"] for item in items} == SEES[who], who
        return "list"
    child = EMMA if kind % 2 else LEO
    path = f"/v1/children/{child}" + ("/analytics/summary" if kind > 2 else "")
    answer = await http.get(path, params=WINDOW if kind > 2 else None)
    if child not in SEES[who]:
        assert answer.status_code == 404, (who, path)
        assert not any(name in answer.text for name in NAMES.values()), (who, path)
        return "hidden"
    assert answer.status_code == 200, (who, path)
    body = answer.json()
    if kind > 2:
        assert body["summary"]["total"] == (8 if child == EMMA else 0), (who, path)
        return str(answer.headers["X-Cache"])
    assert (body["id"], body["name"]) == (child, NAMES[child])
    assert ("emergency_contacts" in body) == (who in HAS_CONTACTS), who
    return "child"


async def test_q39_another_replica_answers_from_after_the_write(database_url: str) -> None:
    """A reader who sends the `Data-Version` of a write is never shown what was before it, kept or not."""
    async with open_house(database_url) as house, open_house(database_url, settled=False) as other:
        path = "/1/analytics/summary"
        before = await other.ask("G1", "GET", path, params=WINDOW)
        assert before.json()["summary"]["in_progress"] == 1
        assert (await other.ask("G1", "GET", path, params=WINDOW)).headers["X-Cache"] == "HIT"
        ended = {"ended_at": "2025-06-12T15:10:00Z"}
        written = await house.ask("G1", "POST", "/sessions/8/complete", json=ended)
        after = await _after(other, written, path, params=WINDOW)
        assert after.json()["summary"]["in_progress"] == 0
        stands = (await house.ask("G1", "GET", "/1")).headers["ETag"]
        change, match = {"name": "Emma R."}, {"If-Match": stands}
        renamed = await house.ask("G1", "PATCH", "/1", json=change, headers=match)
        assert (await _after(other, renamed, "/1")).json()["name"] == "Emma R."


async def test_q39_a_replica_that_is_behind_says_so(house: House) -> None:
    """It waits a second, then asks to be asked again; it shows nothing meanwhile."""
    ahead = {scope: version + 10**9 for scope, version in parse_token("child/1:1").items()}
    late = await house.ask("G1", "GET", "/1", headers={"Min-Data-Version": token(ahead)})
    assert (late.status_code, "Emma" in late.text) == (503, False)
    assert int(late.headers["Retry-After"]) >= 1


async def test_q39_versions_of_a_child_are_waited_for_by_who_sees_it(house: House) -> None:
    """Or anybody could ask which numbers are children's, and to the microsecond when each last played."""
    await started(house, "G2", child=2)
    played = house.runtime.versions.known(["child/2/sessions"])["child/2/sessions"]
    assert played
    asked = [f"child/2/sessions:{played}", f"child/2/sessions:{played + 1}", "child/2:1", "child/999:1"]
    for version in (*asked, "child/x:1", "child:1", f"child/{2**64}:1"):
        least = {"Min-Data-Version": version}
        assert (await house.ask("G1", "GET", "/1", headers=least)).status_code == 200, version
        assert (await house.ask("G1", "GET", "/1/analytics/summary", headers=least)).status_code == 200, (
            version
        )
        assert (await house.ask("G1", "GET", "/2", headers=least)).status_code == 404, version
        assert (await house.ask("AD", "GET", "/dashboard", headers=least)).status_code == 200, version
        async with house.http() as http:
            assert (await http.get("/livez", headers=least)).status_code == 200, version
    for version, status in zip(asked[:2], (200, 503), strict=True):
        mine = await house.ask("G2", "GET", "/2", headers={"Min-Data-Version": version})
        assert mine.status_code == status


async def _after(other: House, written: httpx.Response, path: str, **more: Any) -> httpx.Response:
    assert written.status_code == 200, written.text
    version = written.headers["Data-Version"]
    answer = await other.ask("G1", "GET", path, headers={"Min-Data-Version": version}, **more)
    assert answer.status_code == 200, answer.text
    return answer
