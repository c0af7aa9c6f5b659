"""The access-control matrix (spec F6: T59-T71; F10: T107) over every operation of the desk."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.telemetry import request_id
from tests.children.family import PEOPLE
from tests.children.house import House, open_house
from tests.children.matrix import EVERYBODY, NOBODYS, RULES, Rule
from tests.support.ground import Ground

UNLIMITED = {"person_per_minute": 0, "key_per_minute": 0, "exports_per_minute": 0}
"""The matrix asks a thousand times in seconds."""
T68 = "POST /v1/children/{child_id}/exports"
T69 = "POST /v1/children/{child_id}/erasure"
_WHO_ASKS = "token_version"
"""In the statement that finds out who asks; it is remembered for a moment, so it is not counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody was answered."""

    operation: str
    who: str | None
    status: int
    body: bytes
    request_id: str
    statements: int


@dataclass(slots=True)
class Asked:
    """The whole matrix, asked once."""

    house: House
    clients: dict[str | None, httpx.AsyncClient]
    outcomes: list[Outcome]

    def of(self, operation: str) -> dict[str | None, int]:
        """Who was answered what."""
        return {one.who: one.status for one in self.outcomes if one.operation == operation}

    async def ask(self, operation: str, who: str | None, path: str | None = None) -> Outcome:
        """One request of the matrix; `path` asks for another thing than Emma's."""
        rule = RULES[operation]
        method, template = operation.split()
        engine = self.house.runtime.database.engine
        with statements_of_requests(engine) as sent:
            answer = await self.clients[who].request(
                method, path or path_of(template, rule), json=rule.body, headers=dict(rule.headers or {})
            )
        identifier = answer.headers["X-Request-Id"]
        return Outcome(
            operation,
            who,
            answer.status_code,
            answer.content,
            identifier,
            sent[identifier],
        )


@contextmanager
def statements_of_requests(engine: AsyncEngine) -> Iterator[Counter[str]]:
    """How many statements each request sends, by its id; finding out who asks is remembered and not counted."""
    sent: Counter[str] = Counter()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if _WHO_ASKS not in statement:
            sent[request_id() or ""] += 1

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
async def asked(ground: Ground) -> AsyncIterator[Asked]:
    """Every operation as everybody; the state is made anew for each that succeeds."""
    url = await ground.clone()
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(url, access=UNLIMITED))
        clients = {who: await stack.enter_async_context(house.http(who)) for who in EVERYBODY}
        matrix = Asked(house, clients, [])
        for operation, rule in RULES.items():
            if rule.before is not None:
                await house.sql(rule.before)
            for who in rule.asked_as:
                outcome = await matrix.ask(operation, who)
                matrix.outcomes.append(outcome)
                if rule.before is not None and outcome.status < 300:
                    await house.sql(rule.before)
        yield matrix
    await ground.drop(url)


def path_of(template: str, rule: Rule) -> str:
    """Where the rule asks."""
    return rule.path or re.sub(r"{[^}]+}", "1", template)


def absent(path: str) -> str:
    """The same of nobody."""
    other = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", NOBODYS, path)
    return other if other != path else re.sub(r"/\d+", "/999999", path, count=1)


def test_every_operation_has_a_rule(asked: Asked) -> None:
    there = {
        f"{method} {context.path_format}"
        for context in iter_route_contexts(asked.house.app.routes)
        if (context.path_format or "").startswith("/v1/children")
        for method in context.methods or ()
    }
    assert there == RULES.keys(), "a new route needs a rule in tests/children/matrix.py"


@pytest.mark.parametrize("operation", RULES)
def test_everybody_is_answered_as_the_table_says(asked: Asked, operation: str) -> None:
    rule = RULES[operation]
    assert asked.of(operation) == {who: rule.expected(who) for who in rule.asked_as}


@pytest.mark.parametrize("operation", RULES)
def test_the_table_says_what_scopes_and_levels_say(operation: str) -> None:
    rule = RULES[operation]
    for who in EVERYBODY:
        derived, expected = rule.derived(who), rule.expected(who)
        if derived is not None:
            assert expected == derived, who
        elif rule.action is not None:
            assert expected not in (401, 403, 404), who


async def test_t071_hidden_is_absent(asked: Asked) -> None:
    """The same body but for the id of the request and the path, and the same number of statements."""
    compared = 0
    for outcome in asked.outcomes:
        if outcome.status != 404 or outcome.who not in ("N1", "G2") or not RULES[outcome.operation].clinical:
            continue
        template = outcome.operation.split()[1]
        other = absent(path_of(template, RULES[outcome.operation]))
        hidden = await asked.ask(outcome.operation, outcome.who)
        nobodys = await asked.ask(outcome.operation, outcome.who, other)
        assert nobodys.status == 404, outcome.operation
        assert _alike(hidden.body) == _alike(nobodys.body), outcome.operation
        assert hidden.statements == nobodys.statements, outcome.operation
        compared += 1
    assert compared > len(RULES) / 2


async def test_t107_every_reading_is_in_the_audit_once(asked: Asked) -> None:
    """Allowed or hidden, by its true outcome, under the id of its request and the person it was."""
    read = {one.request_id: one for one in asked.outcomes if _is_reading(one)}
    rows = await asked.house.sql(
        "SELECT request_id, what, outcome, deny_code, actor_user_id FROM muster.audit"
        " WHERE request_id = ANY (CAST(:ids AS text[]))",
        ids=list(read),
    )
    of_request: dict[str, list[Any]] = {identifier: [] for identifier in read}
    for row in rows:
        of_request[row.request_id].append(row)
    for identifier, one in read.items():
        where = f"{one.operation} as {one.who}"
        assert len(of_request[identifier]) == 1, (where, of_request[identifier])
        [row] = of_request[identifier]
        assert row.outcome == ("allow" if one.status == 200 else "deny"), where
        assert row.deny_code == (None if one.status == 200 else "not_visible"), where
        assert row.actor_user_id == PEOPLE[str(one.who)], where
    assert len(read) > 50


@pytest.mark.parametrize("statement", ["UPDATE muster.audit SET what = 'x'", "DELETE FROM muster.audit"])
async def test_t107_the_audit_cannot_be_changed(asked: Asked, statement: str) -> None:
    with pytest.raises(Exception, match="append-only"):
        await asked.house.sql(statement)


async def test_t060_emma_is_listed_for_whom_she_is_visible(asked: Asked) -> None:
    listed = {
        one.who: 1 in {item["id"] for item in json.loads(one.body)["items"]}
        for one in asked.outcomes
        if one.operation == "GET /v1/children" and one.status == 200
    }
    visible = {"G1", "G3", "V1", "C1", "E1"}
    assert listed == {who: who in visible for who in PEOPLE if who != "AD"}


def _is_reading(one: Outcome) -> bool:
    return RULES[one.operation].clinical and one.operation.startswith("GET ") and one.status in (200, 404)


def _alike(body: bytes) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(body)
    return {name: value for name, value in problem.items() if name not in ("request_id", "instance")}


@pytest.mark.parametrize("operation", [T68, T69])
async def test_t068_t069_copies_and_erasures_are_for_guardians_alone(asked: Asked, operation: str) -> None:
    """The row of F6, written out: G1 may, G2 does not see Emma, nobody else has the scope or the level."""
    row = dict.fromkeys(EVERYBODY, 403) | {"G1": 202, "G2": 404, None: 401}
    assert asked.of(operation) == row
