"""E4.1, E6, E9 line by line: every operation at a child that is restricted, archived, or open in an emergency."""

from collections.abc import AsyncIterator

import pytest

from service.children.rules.permissions import WHILE_RESTRICTED, Action, may
from tests.children.cases.test_matrix import path_of
from tests.children.house import House, open_house
from tests.children.matrix import RULES, Rule, scopes_of
from tests.children.test_door import LEVELS
from tests.support.ground import Ground

OF_A_CHILD = {operation: rule for operation, rule in RULES.items() if rule.action is not None}
PROFESSIONALS = ("V1", "C1", "E1")
AROUND = ("G1", "G3", *PROFESSIONALS, "K1")
# A new draft is no longer hidden by its state, and each of the figures is one piece of code.
_STATES = {
    "restricted": "UPDATE children.children SET restricted_at = now(), is_active = true WHERE id = 1",
    "archived": "UPDATE children.children SET restricted_at = NULL, is_active = false WHERE id = 1",
}


@pytest.fixture(scope="module")
async def house(ground: Ground) -> AsyncIterator[House]:
    """Emma with one of everything that a path names; what is asked changes nothing."""
    url = await ground.clone()
    unlimited = {"person_per_minute": 0, "key_per_minute": 0, "exports_per_minute": 0}
    async with open_house(url, access=unlimited) as opened:
        for rule in RULES.values():
            if rule.before is not None:
                await opened.sql(rule.before)
        yield opened
    await ground.drop(url)


def expected(rule: Rule, who: str, state: str) -> int | None:
    """The refusal, from scope, visibility, level and state in this order; None where it is let through."""
    assert rule.action is not None
    if rule.scope is not None and rule.scope not in scopes_of(who):
        return 403
    if who in PROFESSIONALS:
        return 404  # as if there were none
    if not may(LEVELS[who], rule.action):  # type: ignore[arg-type]  # a level of the fixtures
        return 403
    return 409 if state == "restricted" and rule.action not in WHILE_RESTRICTED else None


@pytest.mark.parametrize("state", _STATES)
async def test_e4_who_is_refused_what_of_a_child_in_this_state(house: House, state: str) -> None:
    await house.sql(_STATES[state])
    asked = 0
    for operation, rule in OF_A_CHILD.items():
        method, template = operation.split()
        for who in AROUND:
            status = expected(rule, who, state)
            if who not in rule.asked_as or (status is None and method != "GET"):
                continue  # what is let through and writes has its own tests
            async with house.http(who) as http:
                answer = await http.request(
                    method, path_of(template, rule), json=rule.body, headers=dict(rule.headers or {})
                )
            where = (operation, who, answer.text)
            if status is None:
                assert answer.status_code == rule.expected(who), where
            else:
                assert answer.status_code == status, where
            if status == 409:
                assert answer.json()["code"] == "restricted", where
            asked += 1
    assert asked > 200


@pytest.mark.parametrize("state", _STATES)
async def test_e4_an_emergency_reads_in_every_state_and_writes_in_none(house: House, state: str) -> None:
    await house.sql(_STATES[state])
    async with house.http(token=await house.open_glass()) as http:
        for operation, rule in OF_A_CHILD.items():
            method, template = operation.split()
            reads = method == "GET" and rule.action is Action.READ
            answer = await http.request(
                method, path_of(template, rule), json=rule.body, headers=dict(rule.headers or {})
            )
            statuses = {200, 422} if reads and rule.scope != "assignments:manage" else {403}
            assert answer.status_code in statuses, (operation, answer.text)
