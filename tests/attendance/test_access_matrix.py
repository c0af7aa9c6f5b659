"""Every operation of the desk's router, asked by callers of different rights (Q59); a new one needs a rule."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from service.core.auth import SCOPES
from tests.access.matrix import operations
from tests.attendance.browsing import MONDAY, WEEK
from tests.attendance.house import House, open_house
from tests.attendance.make import decided, judged, leave
from tests.support.eventually import eventually

READ, WRITE, ADMIN = "attendance:read", "attendance:write", "attendance:admin"


@dataclass(frozen=True)
class Rule:
    """Which scope an operation needs (None: it knows its callers by a signature), and how it is asked.

    `limited` is what a key of the site Villas is answered where everybody else is answered `status`; `sites`
    says that the answer's rows have a `site` (or are sites), and must then be of Villas.
    """

    scope: str | None = READ
    status: int = 200
    limited: int = 200
    sites: str | None = None
    params: dict[str, str] | None = None
    body: dict[str, Any] | None = None


CORRECTION = {
    "person": "HR-EMP-00003",
    "day": "2026-09-14",
    "kind": "dismissal",
    "incident": "OFF_SHIFT",
    "reason": "looked at",
}
SCHEDULE = {"person": "HR-EMP-00003", "shift_type": "none", "weekdays": [1], "valid_from": "2026-09-14"}
SUBSCRIPTION = {
    "report": "monthly-sheet",
    "format": "csv",
    "cron": "0 7 1 * *",
    "timezone": "UTC",
    "channel": "email",
    "target": "payroll@example.com",
}
RULES = {
    ("GET", "/people"): Rule(sites="site"),
    ("GET", "/people/{person}"): Rule(limited=404),
    ("GET", "/sites"): Rule(sites="name"),
    ("GET", "/devices"): Rule(sites="site"),
    ("GET", "/shift-types"): Rule(),
    ("GET", "/holiday-lists"): Rule(),
    ("GET", "/leaves"): Rule(sites="person"),
    ("GET", "/checkins"): Rule(sites="site", params=WEEK),
    ("GET", "/days"): Rule(sites="site", params=WEEK),
    ("GET", "/upstream-attendance"): Rule(sites="site", params=WEEK),
    ("GET", "/sync"): Rule(),
    ("GET", "/corrections"): Rule(sites="person", params=WEEK),
    ("POST", "/corrections"): Rule(scope=WRITE, status=207, limited=207, body={"items": [CORRECTION]}),
    ("POST", "/corrections/{correction_id}/revoke"): Rule(
        scope=WRITE, status=404, limited=404, body={"reason": "unknown"}
    ),
    ("GET", "/schedules"): Rule(sites="person"),
    ("POST", "/schedules"): Rule(scope=WRITE, status=422, limited=422, body=SCHEDULE),
    ("POST", "/schedules/{schedule_id}/end"): Rule(
        scope=WRITE, status=404, limited=404, body={"valid_to": "2026-09-30"}
    ),
    ("GET", "/rule-sets"): Rule(),
    ("POST", "/rule-sets"): Rule(
        scope=ADMIN, status=422, limited=403, body={"name": "x1", "parameters": {"y": {}}, "reason": "z"}
    ),
    ("POST", "/rule-sets/{name}/{version}/state"): Rule(
        scope=ADMIN, status=404, limited=403, body={"active": True}
    ),
    ("POST", "/device-sites"): Rule(
        scope=WRITE, limited=403, body={"device": "villas-gate-1", "site": "Villas"}
    ),
    ("POST", "/recompute"): Rule(scope=WRITE, status=202, limited=422, body={}),
    ("POST", "/statements"): Rule(
        scope=WRITE,
        status=201,
        limited=201,
        body={"report": "monthly-sheet", "params": {"month": "2026-09"}, "accept_incomplete": True},
    ),
    ("GET", "/subscriptions"): Rule(),
    ("POST", "/subscriptions"): Rule(scope=WRITE, status=201, limited=201, body=SUBSCRIPTION),
    ("GET", "/subscriptions/{subscription_id}"): Rule(status=404, limited=404),
    ("DELETE", "/subscriptions/{subscription_id}"): Rule(scope=WRITE, status=404, limited=404),
    ("POST", "/subscriptions/{subscription_id}/resume"): Rule(scope=WRITE, status=404, limited=404),
    ("GET", "/subscriptions/{subscription_id}/deliveries"): Rule(status=404, limited=404),
    ("POST", "/imports"): Rule(scope=WRITE, status=415, limited=403, body={}),
    ("GET", "/imports/{run_id}/findings"): Rule(scope=WRITE, status=404, limited=404),
    ("POST", "/hooks/upstream"): Rule(scope=None, status=401, limited=401, body={}),
}
FOREIGN = "HR-EMP-00003"
OF_VILLAS = {"site": {"Villas"}, "name": {"Villas"}, "person": {"HR-EMP-00001"}}


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A replica with rows of both sites, and of none."""
    async with open_house(database_url) as opened:
        async with opened.writing() as firm:
            for person in ("HR-EMP-00001", FOREIGN, "HR-EMP-00004"):
                await firm.punch(person, "2026-09-14 08:00:00")
                await firm.day(person, MONDAY)
                await leave(firm, person, MONDAY, MONDAY)
                await judged(firm, person, MONDAY)
                await decided(firm, person, MONDAY)
        yield opened


def own_operations(house: House) -> list[tuple[str, str]]:
    """Method and path template of each operation of the desk that is not a report."""
    found = []
    for path in house.app.openapi()["paths"]:
        if path.startswith("/v1/attendance/") and "/reports" not in path and "/explain" not in path:
            methods = house.app.openapi()["paths"][path]
            found += [(method.upper(), path.removeprefix("/v1/attendance")) for method in methods]
    return found


async def nothing_runs(house: House) -> None:
    """A job runs once at a time, and what was decided before starts one as soon as there is none."""

    async def ended() -> bool:
        async with house.runtime.database.write() as conn:
            await conn.execute(
                text("UPDATE muster.run SET state = 'cancelled' WHERE state IN ('queued', 'running')")
            )
        return not house.runtime.tasks._soon

    await eventually(ended)


async def ask(house: House, token: str | None, method: str, path: str, rule: Rule) -> Any:
    address = path.replace("{person}", FOREIGN).replace("{correction_id}", "0").replace("{schedule_id}", "0")
    address = address.replace("{name}", "nothing").replace("{version}", "1")
    await nothing_runs(house)
    async with house.http(token) as http:
        return await http.request(method, address, params=rule.params, json=rule.body)


async def test_q59_every_operation_has_a_rule_and_keeps_to_it(house: House) -> None:
    keys = {
        "nobody": None,
        "reader": await house.token(READ),
        "writer": await house.token(WRITE),
        "admin": await house.token(ADMIN),
    }
    assert sorted(own_operations(house)) == sorted(RULES), "a new route needs a rule here"
    for (method, path), rule in RULES.items():
        got = {who: (await ask(house, key, method, path, rule)).status_code for who, key in keys.items()}
        denied = rule.status if rule.scope is None else 401
        assert got["nobody"] == denied, path
        assert got["reader"] == (403 if rule.scope in (WRITE, ADMIN) else rule.status), path
        assert got["writer"] == (403 if rule.scope == ADMIN else rule.status), path
        assert got["admin"] == rule.status, path


async def test_q59_a_caller_without_the_scope_is_refused_everywhere(house: House) -> None:
    SCOPES["elsewhere:read"] = "a right of another desk"
    try:
        stranger = await house.token("elsewhere:read")
        for (method, path), rule in RULES.items():
            answer = await ask(house, stranger, method, path, rule)
            assert answer.status_code == (403 if rule.scope else rule.status), path
    finally:
        del SCOPES["elsewhere:read"]


async def test_q59_a_key_of_one_site_is_shown_nothing_of_another(house: House) -> None:
    villas = await house.token(ADMIN, sites=["Villas"])
    everywhere = await house.token(READ)
    for (method, path), rule in RULES.items():
        answer = await ask(house, villas, method, path, rule)
        assert answer.status_code == rule.limited, path
        if rule.sites is None:
            continue
        seen = {item[rule.sites] for item in answer.json()["items"]}
        assert seen == OF_VILLAS[rule.sites], path
        full = (await ask(house, everywhere, method, path, rule)).json()["items"]
        assert {item[rule.sites] for item in full} > seen, path


async def test_a_key_of_a_site_that_is_not_there(house: House) -> None:
    asked = {"name": "clerk", "scopes": ["attendance:read"], "sites": ["Vilas", "Villas"]}
    async with house.http(await house.token("admin"), base="") as admin:
        refused = await admin.post("/v1/access/keys", json=asked)
        made = await admin.post("/v1/access/keys", json={**asked, "unknown_sites_ok": True})
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/body/sites", "unknown_site")
    assert "did you mean Villas?" in error["detail"]
    assert made.json()["sites"] == ["Vilas", "Villas"]
    reason = "there is no site 'Vilas' here, to which this key is limited: nothing of it is shown"
    span, sheet = {"from": "2026-09-14", "to": "2026-09-14"}, "/reports/monthly-sheet"
    async with house.http(made.json()["token"]) as clerk:
        for path in (sheet, "/reports/summary", "/reports/absences", "/reports/headcount", "/checkins"):
            asked = {} if path == "/reports/headcount" else span
            meta = (await clerk.get(path, params=asked)).json()["meta"]
            assert meta["complete"] is False, path
            assert reason in meta["incomplete_reasons"], path
        own = (await clerk.get(sheet, params={**span, "site": "Villas"})).json()["meta"]
        other = (await clerk.get(sheet, params={**span, "site": "Vilas"})).json()
    async with house.http(made.json()["token"], base="/v1") as clerk:
        gaps = (await clerk.get("/gaps")).json()["items"]
    assert [gap["subject"] for gap in gaps if gap["code"] == "site_not_known"] == ["Vilas"]
    assert reason not in own["incomplete_reasons"]
    assert (other["items"], reason in other["meta"]["incomplete_reasons"]) == ([], True)


async def test_q59_every_operation_declares_its_security(house: House) -> None:
    for _, path, declared in operations(house.app):
        if path.startswith("/v1/attendance/"):
            expected: list[Any] = [] if path.endswith("/hooks/upstream") else [{"key": []}, {"person": []}]
            assert declared["security"] == expected, path
