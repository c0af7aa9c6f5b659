"""How much a caller may ask for: persons, keys by setting, exports; in headers, and 429 beyond (T85)."""

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.limits import Quota, RateLimits, Standing, is_export
from service.core.auth import Caller
from service.core.errors import RateLimited
from service.core.settings import AccessSettings
from tests.access.credentials import Clock
from tests.children.house import open_house

PARENT = Caller("person:1", "G1", "token", frozenset({"children:read"}), person=1)
TABLET = Caller("person:1", "G1", "token", frozenset({"sessions:write"}), person=1, bound=frozenset({1}))
KEY = Caller("key:ab12cd34", "payroll", "key", frozenset({"attendance:read"}))


def test_a_window_begins_with_the_first_and_what_is_refused_does_not_count(clock: Clock) -> None:
    quota = Quota("person", 3, clock=clock)
    assert [quota.take("a") for _ in range(4)] == [
        Standing(2, 60, True), Standing(1, 60, True), Standing(0, 60, True), Standing(0, 60, False)
    ]  # fmt: skip
    clock.now += 59.5
    assert quota.take("a") == Standing(0, 1, False)
    assert quota.take("b") == Standing(2, 60, True)
    clock.now += 0.5
    assert quota.take("a") == Standing(2, 60, True)
    quota.give_back("a")
    quota.give_back("nobody")
    assert quota.take("a") == Standing(2, 60, True)


def test_its_memory_is_bounded_and_forgets_the_oldest_window(clock: Clock) -> None:
    quota = Quota("person", 1, most_names=100, clock=clock)
    for number in range(1000):
        clock.now += 0.001
        quota.take(number)
    assert len(quota) == 100
    assert not quota.take(999).allowed
    assert quota.take(0).allowed


@pytest.mark.parametrize(
    ("path", "query", "accept", "counts"),
    [
        ("/v1/attendance/reports/summary", "format=csv", "", True),
        ("/v1/attendance/reports/summary", "month=2026-10&format=%78lsx", "", True),
        ("/v1/attendance/reports/summary", "", "text/csv;q=0.9", True),
        ("/v1/attendance/exports", "", "", True),
        ("/v1/children/1/exports", "", "", True),
        ("/v1/runs/7/file", "", "", True),
        ("/v1/attendance/reports/summary", "format=html", "text/html", False),
        ("/v1/children/1", "name=csv", "application/json", False),
    ],
)
def test_what_counts_as_an_export(path: str, query: str, accept: str, counts: bool) -> None:
    headers = [(b"accept", accept.encode())]
    assert is_export({"path": path, "query_string": query.encode(), "headers": headers}) is counts


def answering(cache: str | None = None) -> ASGIApp:
    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["cache"] = cache
        await PlainTextResponse("yes")(scope, receive, send)

    return route


async def ask(
    limits: RateLimits, caller: Caller | None, *, path: str = "/x", **headers: str
) -> httpx.Headers:
    async def known(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"caller": caller}
        await limits(scope, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(known), base_url="http://muster.test") as http:
        return (await http.get(path, headers=headers)).headers


async def test_people_exports_and_limited_keys_are_counted_apart(clock: Clock) -> None:
    settings = AccessSettings(person_per_minute=4, key_per_minute=2, exports_per_minute=1)
    limits = RateLimits(answering(), settings, clock=clock)
    first = await ask(limits, PARENT)
    assert (first["ratelimit"], first["ratelimit-policy"]) == ('"person";r=3;t=60', '"person";q=4;w=60')
    file = await ask(limits, PARENT, path="/x?format=csv")
    assert file["ratelimit"] == '"person";r=2;t=60, "export";r=0;t=60'
    with pytest.raises(RateLimited, match="export") as refused:
        await ask(limits, PARENT, path="/x?format=csv")
    assert refused.value.headers["Retry-After"] == "60"
    assert refused.value.headers["RateLimit"] == '"person";r=1;t=60, "export";r=0;t=60'
    await ask(limits, PARENT)
    with pytest.raises(RateLimited, match="person"):
        await ask(limits, PARENT)
    assert "ratelimit" in await ask(limits, TABLET)  # a device does not use up its guardian's requests
    for left in (1, 0):
        assert (await ask(limits, KEY))["ratelimit"] == f'"key";r={left};t=60'
    with pytest.raises(RateLimited, match="key"):
        await ask(limits, KEY)
    assert "ratelimit" not in await ask(limits, None)


async def test_no_limit_is_no_header_and_kept_answers_are_not_counted(clock: Clock) -> None:
    free = RateLimits(answering(), AccessSettings(person_per_minute=0), clock=clock)
    for _ in range(25):
        assert "ratelimit" not in await ask(free, KEY, path="/x?format=csv")
        assert "ratelimit" not in await ask(free, PARENT)
    kept = RateLimits(answering("hit"), AccessSettings(person_per_minute=1), clock=clock)
    for _ in range(5):
        assert "ratelimit" not in await ask(kept, PARENT)


async def test_t085_no_user_agent_is_exempt(database_url: str) -> None:
    async with open_house(database_url, sessions=False, access={"person_per_minute": 5}) as house:
        async with house.http("G1") as http:
            http.headers["User-Agent"] = "pytest"
            answers = [await http.get("/v1/access/me") for _ in range(7)]
            assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
            refused = answers[-1]
            assert refused.json()["code"] == "rate_limited"
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert refused.headers["ratelimit-policy"] == '"person";q=5;w=60'
            assert refused.headers["content-type"] == "application/problem+json"
            unknown = await http.get("/v1/nothing")
            assert unknown.status_code == 429
        async with house.http("G2") as other:
            assert (await other.get("/v1/access/me")).headers["ratelimit"].startswith('"person";r=4;')
        async with house.http("K1") as device:
            assert "ratelimit" not in (await device.get("/v1/access/me")).headers


async def test_exports_of_a_person_are_limited_by_themselves(clock: Clock) -> None:
    """An operator who sets no limit to requests has not set none to files."""
    limits = RateLimits(answering(), AccessSettings(person_per_minute=0, exports_per_minute=1), clock=clock)
    assert "ratelimit" not in await ask(limits, PARENT)
    assert (await ask(limits, PARENT, path="/x?format=csv"))["ratelimit"] == '"export";r=0;t=60'
    for path in ("/x?format=csv", "/v1/mill/export/bom"):
        with pytest.raises(RateLimited, match="export"):
            await ask(limits, PARENT, path=path)
    assert "ratelimit" not in await ask(limits, KEY, path="/x?format=csv")
