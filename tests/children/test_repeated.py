"""A kept answer is given again only to who still sees the child (spec E3: not visible is 404), at every route."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.children.cases.test_matrix import path_of
from tests.children.house import House, open_house
from tests.children.matrix import RULES
from tests.support.ground import Ground

JUNE = {"child_id": 1, "from": "2025-06-01", "to": "2025-06-30"}
SUBSCRIBE = {
    "report": "progress",
    "params": {"child_id": 1},
    "format": "csv",
    "cron": "0 6 * * *",
    "timezone": "UTC",
    "channel": "email",
    "target": "e1@example.org",
}
_DONE = {
    operation: rule
    for operation, rule in RULES.items()
    if operation.startswith("POST ") and any(rule.expected(who) in range(200, 300) for who in rule.asked_as)
}
"""Everything that is posted and that somebody of F0 can do."""
_BY_NOBODY_WHO_SEES = {"POST /v1/children/{child_id}/break-glass"}
"""Admins see no child; the answer names none, and the token is never kept."""
_BLIND = (
    "CREATE TABLE public.stood AS SELECT * FROM children.child_guardians",
    "DELETE FROM children.child_guardians",
    """CREATE TABLE public.consented AS SELECT id FROM children.consents
       WHERE purpose = 'share_professional' AND withdrawn_at IS NULL""",
    "UPDATE children.consents SET withdrawn_at = now() WHERE id IN (SELECT id FROM public.consented)",
)
_SEEING = (
    "INSERT INTO children.child_guardians SELECT * FROM public.stood",
    "DROP TABLE public.stood",
    "UPDATE children.consents SET withdrawn_at = NULL WHERE id IN (SELECT id FROM public.consented)",
    "DROP TABLE public.consented",
)

_FREE = (
    "DELETE FROM children.data_requests",
    "UPDATE children.children SET restricted_at = NULL WHERE id = 1",
)


@pytest.fixture(scope="module")
async def house(ground: Ground) -> AsyncIterator[House]:
    """One for all routes: each brings the state that it needs."""
    url = await ground.clone()
    unlimited = {"person_per_minute": 0, "key_per_minute": 0, "exports_per_minute": 0}
    async with open_house(url, access=unlimited) as opened:
        draft = RULES["PATCH /v1/children/reports/{report_id}"].before
        assert draft is not None  # the published one is its copy
        await opened.sql(draft)
        yield opened
    await ground.drop(url)


async def _all(house: House, statements: tuple[str, ...]) -> None:
    for statement in statements:
        await house.sql(statement)


def _alike(answer: httpx.Response) -> Any:
    told = json.loads(answer.content)
    return {name: value for name, value in told.items() if name not in ("request_id", "instance")}


def _doers() -> list[tuple[str, str]]:
    """Every route, with one guardian, one professional and one device each where they may."""
    return [
        (operation, who)
        for operation, rule in _DONE.items()
        for who in ("G1", "E1", "K1")
        if who in rule.asked_as and rule.expected(who) < 300
    ]


def test_every_route_is_tried() -> None:
    assert _DONE.keys() - {operation for operation, _ in _doers()} == _BY_NOBODY_WHO_SEES
    assert len(_doers()) > 25


@pytest.mark.parametrize(("operation", "who"), _doers())
async def test_e3_out_of_sight_a_kept_answer_is_the_404_of_the_hidden(
    house: House, operation: str, who: str
) -> None:
    rule = RULES[operation]
    path = path_of(operation.split()[1], rule)
    headers = {**(rule.headers or {}), "Idempotency-Key": f"{operation} {who}"}
    await _all(house, _FREE)
    if rule.before is not None:
        await house.sql(rule.before)
    async with house.http(who) as http:

        async def again() -> httpx.Response:
            return await http.post(path, json=rule.body, headers=headers)

        first = await again()
        assert first.status_code == rule.expected(who), first.text
        repeated = await again()
        assert (repeated.headers.get("idempotency-replayed"), repeated.status_code) == (
            "true",
            first.status_code,
        )
        await _all(house, _BLIND)
        blind = await again()
        hidden = await http.post(path, json=rule.body, headers={"Idempotency-Key": f"new {operation} {who}"})
        await _all(house, _SEEING)
        seen = await again()
    assert "idempotency-replayed" not in blind.headers
    if operation == "POST /v1/children/sessions/batch":
        assert [item["status"] for item in blind.json()["items"]] == ["rejected"]
        return
    if operation == "POST /v1/children":  # another one is made by whoever may make one
        assert hidden.status_code == 201
        hidden = await house.ask("N1", "GET", "/1")
    assert (blind.status_code, hidden.status_code) == (404, 404), blind.text
    assert _alike(blind) == _alike(hidden)
    assert (seen.status_code, seen.json()) == (first.status_code, repeated.json())
    [(subject, code)] = await house.sql(
        "SELECT what, deny_code FROM muster.audit WHERE request_id = :request",
        request=blind.headers["X-Request-Id"],
    )
    assert (subject, code) == ("answer.repeat", "not_visible")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/statements", {"report": "progress", "params": JUNE, "accept_incomplete": True}),
        ("/reports/progress/exports", {"format": "csv", "params": JUNE}),
        ("/subscriptions", SUBSCRIBE),
    ],
)
async def test_e3_the_same_for_what_all_desks_share(house: House, path: str, asked: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": path}
    first, repeated = [await house.ask("E1", "POST", path, json=asked, headers=headers) for _ in "ab"]
    assert first.status_code in (201, 202), first.text
    assert repeated.headers["idempotency-replayed"] == "true"
    await _all(house, _BLIND)
    blind = await house.ask("E1", "POST", path, json=asked, headers=headers)
    hidden = await house.ask("E1", "POST", path, json=asked)
    await _all(house, _SEEING)
    assert (blind.status_code, hidden.status_code) == (404, 404), blind.text
    assert _alike(blind) == _alike(hidden)


async def test_an_emergency_that_is_opened_again_by_its_key_is_one(house: House) -> None:
    asked = {"reason": "The child was brought to hospital."}
    headers = {"Idempotency-Key": "glass"}
    answers = [await house.ask("AD", "POST", "/1/break-glass", json=asked, headers=headers) for _ in "ab"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert answers[1].json()["access_token"] is None


async def test_a_write_that_was_its_own_removal_is_repeated_still(house: House) -> None:
    """What a path names is gone after it was voided; its child is not."""
    rule = RULES["DELETE /v1/children/activities/{activity_id}"]
    assert rule.before is not None
    await house.sql(rule.before)
    headers = {"Idempotency-Key": "removed"}
    answers = [
        await house.ask("G1", "DELETE", "/activities/1", json=rule.body, headers=headers) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["idempotency-replayed"] == "true"
