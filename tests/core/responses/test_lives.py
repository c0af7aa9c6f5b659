"""How long a kept answer lives: until its data change, its time is over, or nobody can tell."""

from datetime import UTC, datetime, timedelta

import httpx

from service.core.versions import token
from tests.core.responses.layered import PATH, SCOPE, House


async def test_a_new_version_is_a_new_answer(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.versions.apply({"attendance/2026-09": 8})  # another month
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"
    house.versions.apply({SCOPE: 8})
    second = await http.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.headers["data-version"] == token({SCOPE: 8})
    assert second.headers["etag"] != first.headers["etag"]
    assert house.calls == 2


async def test_what_was_overtaken_while_it_was_built_is_not_kept(
    house: House, http: httpx.AsyncClient
) -> None:
    house.entry = {"versions": {SCOPE: 6}}
    answer = await http.get(PATH)
    assert answer.headers["cache-status"] == "Muster; fwd=miss"
    assert len(house.responses.kept) == 0


async def test_a_snapshot_that_knows_more_tells_it(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"versions": {SCOPE: 9}}
    await http.get(PATH)
    assert house.versions.known([SCOPE]) == {SCOPE: 9}
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"


async def test_versions_of_other_scopes_than_named_are_not_kept(
    house: House, http: httpx.AsyncClient
) -> None:
    house.entry = {"scopes": (SCOPE, "attendance/masters")}
    assert "stored" not in (await http.get(PATH)).headers["cache-status"]


async def test_while_versions_are_not_trusted_it_is_bypassed(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    house.versions.trusted_until = 0
    for _ in range(2):
        assert (await http.get(PATH)).headers["cache-status"] == "Muster; fwd=bypass"
    assert house.calls == 3
    house.versions.trusted_until = float("inf")
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"


async def test_switched_off_the_answers_are_the_same(house: House, http: httpx.AsyncClient) -> None:
    kept = await http.get(PATH)
    house.responses.enabled = False
    house.calls = 0
    live = await http.get(PATH)
    assert live.content == kept.content
    assert live.headers["etag"] == kept.headers["etag"]
    assert house.calls == 1


async def test_before_the_runtime_is_open_nothing_is_kept(house: House, http: httpx.AsyncClient) -> None:
    house.responses.versions = None
    for _ in range(2):
        assert (await http.get(PATH)).status_code == 200
    assert house.calls == 2


async def test_q6_lives_end_by_the_monotonic_clock(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    house.clock.now += 53
    await http.get(PATH)
    assert house.calls == 1
    house.clock.now += 14
    await http.get(PATH)
    assert house.calls == 2


async def test_the_next_change_ends_an_answer(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"ttl": timedelta(hours=9), "expires_at": datetime.now(UTC) + timedelta(seconds=2000)}
    await http.get(PATH)
    house.clock.now += 1900
    assert (await http.get(PATH)).headers["cache-status"] == "Muster; hit"
    house.clock.now += 100
    await http.get(PATH)
    assert house.calls == 2
    house.responses.clear()
    house.entry = {"expires_at": datetime.now(UTC) - timedelta(seconds=1)}
    assert "stored" not in (await http.get(PATH)).headers["cache-status"]
