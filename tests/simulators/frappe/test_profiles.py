"""What differs between the releases, and the rate limiter."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from service.simulators.frappe import FrappeConfig, FrappeServer, RateLimit, Store
from service.simulators.frappe.config import ApiKey
from service.simulators.frappe.profiles import V15, profile_named
from service.simulators.frappe.ratelimit import RateLimiter
from tests.simulators.frappe.conftest import Caller, serving

KEYS = (ApiKey("k", "s"), ApiKey("l", "s", employees=frozenset({"E1"})))


def release(store: Store, **settings: Any) -> AbstractAsyncContextManager[tuple[FrappeServer, Caller]]:
    return serving(store, FrappeConfig(keys=KEYS, **settings), "k:s")


@pytest.fixture
def punches(store: Store) -> Store:
    for employee in ("E1", "E2"):
        for time in (
            "2026-01-04 23:00:00",
            "2026-01-05 00:00:00",
            "2026-01-05 17:20:00",
            "2026-01-06 00:00:00",
        ):
            store.insert("Employee Checkin", {"employee": employee, "time": time})
    return store


@pytest.mark.parametrize(
    ("profile", "doctype", "field", "status"),
    [
        ("v14", "Employee Checkin", "offshift", 417),
        ("v15", "Employee Checkin", "offshift", 200),
        ("v14", "Attendance", "half_day_status", 417),
        ("v15", "Attendance", "half_day_status", 200),
        ("v15", "Employee Checkin", "overtime_type", 417),
        ("v16", "Employee Checkin", "overtime_type", 200),
        ("v16", "Attendance", "standard_working_hours", 200),
        ("v15", "Holiday List Assignment", "assigned_to", 403),
        ("v16", "Holiday List Assignment", "assigned_to", 200),
    ],
)
async def test_g_n_102_fields_and_doctypes_by_release(
    store: Store, profile: str, doctype: str, field: str, status: int
) -> None:
    async with release(store, profile=profile) as (_, call):
        assert (await call.get(f"/api/resource/{doctype}", fields=["name", field])).status_code == status
        filtered = await call.get(f"/api/resource/{doctype}", filters=[[field, "is", "set"]])
        assert filtered.status_code == status


@pytest.mark.parametrize(("profile", "days", "moments"), [("v14", 3, 3), ("v15", 2, 1), ("v16", 2, 1)])
async def test_between_by_release(punches: Store, profile: str, days: int, moments: int) -> None:
    """v14 ends at the next midnight, included, and pushes explicit moments a day on as well."""
    async with release(punches, profile=profile) as (_, call):
        own = ["employee", "=", "E1"]
        whole = [["time", "between", ["2026-01-05", "2026-01-05"]], own]
        assert len(await call.rows(filters=whole)) == days
        exact = [["time", "between", ["2026-01-04 23:00:00", "2026-01-04 23:30:00"]], own]
        assert len(await call.rows(filters=exact)) == moments


async def test_interfaces_envelopes_and_counts_by_release(punches: Store) -> None:
    counts = {}
    for profile in ("v14", "v15", "v16"):
        async with release(punches, profile=profile) as (_, call):
            modern = 404 if profile == "v14" else 200
            for path in ("/api/v1/resource/Employee", "/api/v2/document/Employee"):
                assert (await call.get(path)).status_code == modern
            branch = (await call.post("/api/resource/Branch", branch=profile)).json()["data"]["name"]
            gone = await call.client.delete(f"/api/resource/Branch/{branch}")
            assert gone.json() == {"message" if profile == "v14" else "data": "ok"}
            limited = call.as_user("l", "s")
            method = "/api/method/frappe.client.get_count"
            counts[profile] = (await limited.get(method, doctype="Employee Checkin")).json()["message"]
            await limited.client.aclose()
    assert counts == {"v14": 8, "v15": 4, "v16": 4}


async def test_whole_seconds_by_release(store: Store) -> None:
    for profile, kept in (("v14", "2026-01-05 08:00:00.700000"), ("v15", "2026-01-05 08:00:00")):
        async with release(store, profile=profile) as (_, call):
            made = await call.post(employee="X" + profile, time="2026-01-05 08:00:00.700000")
            assert made.json()["data"]["time"] == kept


async def test_aggregates_are_text_before_v16_and_objects_since(punches: Store) -> None:
    text, shaped = ["count(name) as n"], [{"COUNT": "name", "as": "n"}]
    for profile, good, bad in (("v15", text, shaped), ("v16", shaped, text)):
        async with release(punches, profile=profile) as (_, call):
            assert await call.rows(fields=good) == [{"n": 8}]
            assert (await call.get(fields=bad)).status_code == 417


async def test_the_second_version_can_be_switched_off_and_says_more_in_v16(punches: Store) -> None:
    path = "/api/v2/document/Employee Checkin"
    async with release(punches, profile="v16") as (_, call):
        first = (await call.get(path, limit="5", order_by="name asc")).json()
        last = (await call.get(path, limit="5", start="5", order_by="name asc")).json()
        assert (len(first["data"]), first["has_next_page"]) == (5, True)
        assert (len(last["data"]), last["has_next_page"]) == (3, False)
    async with release(punches, v2=False) as (_, call):
        assert (await call.get(path)).status_code == 404


def test_unknown_profiles_are_named() -> None:
    with pytest.raises(ValueError, match=r"v13.*v14, v15, v16"):
        profile_named("v13")


async def test_the_rate_limiter_serves_the_request_that_crosses_it(store: Store) -> None:
    limit = RateLimit(window=3_600, limit=0.2, fixed_cost=0.03)
    async with release(store, rate_limit=limit) as (_, call):
        answers = [await call.get("/api/resource/Employee") for _ in range(8)]
        assert [answer.status_code for answer in answers] == [200] * 7 + [429]
        refused = answers[-1]
        assert refused.json()["exc_type"] == "TooManyRequestsError"
        assert 1 <= int(refused.headers["retry-after"]) <= 3_600
        assert refused.headers["x-ratelimit-limit"] == "200000"
        assert answers[0].headers["x-ratelimit-remaining"] == "0"
        anonymous = await call.client.get("/api/method/ping", headers={"Authorization": ""})
        assert anonymous.status_code == 429


async def test_the_rate_limit_of_the_oldest_release(store: Store) -> None:
    limit = RateLimit(window=3_600, limit=0.01, fixed_cost=0.01)
    async with release(store, profile="v14", rate_limit=limit) as (_, call):
        assert (await call.get("/api/resource/Employee")).status_code == 200
        refused = await call.get("/api/resource/Employee")
        assert (refused.status_code, refused.json()["exc_type"]) == (417, "RateLimitExceededError")


def test_windows_of_the_rate_limiter_are_aligned_to_the_clock() -> None:
    now = [119.0]
    limiter = RateLimiter(RateLimit(window=60, limit=5), V15, lambda: now[0])
    limiter.charge(3.2)
    assert dict(limiter.headers()) == {
        "x-ratelimit-reset": "1", "x-ratelimit-limit": "5000000", "x-ratelimit-remaining": "1000000",
    }  # fmt: skip
    limiter.charge(2.0)
    assert limiter.refuse() is not None
    now[0] = 120.0
    assert limiter.refuse() is None
    assert dict(limiter.headers())["x-ratelimit-reset"] == "60"


async def test_keep_alive_and_no_cookies_where_a_proxy_stands_before_the_site(store: Store) -> None:
    async with release(store, connection_close=False, cookies=False) as (_, call):
        answer = await call.get("/api/method/ping")
        assert "connection" not in answer.headers
        assert "set-cookie" not in answer.headers
