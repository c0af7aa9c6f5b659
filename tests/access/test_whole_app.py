"""The whole application, every operation of its OpenAPI: closed to nobody, held to scopes (Q59)."""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from service.access import tokens
from service.access.access_tokens import Claims, mint
from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.core.auth import ADMIN, CLINICAL, SCOPES, grants
from service.core.runtime import Runtime, open_runtime
from service.core.settings import DatabaseSettings, Settings
from tests.access.matrix import Operation, routes
from tests.access.rules import ANYBODY, ONE_OF, OPEN, RULES
from tests.children.house import SECRET, House
from tests.support.scopes import is_ours

FIRM = {f"{desk}:{right}" for desk in ("attendance", "crew", "mill") for right in ("read", "write", "admin")}
"""What is about the people of the firm, and no family's nor professional's concern."""


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    settings = Settings.model_validate(
        {
            "database": DatabaseSettings.model_validate({"url": database_url}),
            "secret_keys": (SecretStr("a-secret-of-at-least-thirty-two-chars"),),
        }
    )
    async with open_runtime(settings, [], open_authenticator) as opened:
        yield opened


def client(app: FastAPI, token: str | None = None, **headers: str) -> httpx.AsyncClient:
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://muster.test", headers=headers)


async def key_of(runtime: Runtime, scopes: frozenset[str], number: int) -> str:
    """A key with any scopes at all, as nobody could make one."""
    token = tokens.KeyToken(f"q59{number:05}", tokens.new_secret())
    async with runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO muster.api_key (id, name, secret_hash, scopes, created_by)
                VALUES (:id, 'q59', :hash, CAST(:scopes AS text[]), 'system')
            """),
            {"id": token.id, "hash": tokens.digest(token.secret), "scopes": sorted(scopes) or ["none"]},
        )
    return str(token)


def rule_of(operation: Operation) -> str:
    """Its rule; a route that has none is nobody's."""
    return RULES.get(operation.name, "no rule")


def test_q59_every_route_has_a_rule_and_declares_it() -> None:
    known = Settings.model_validate({"secret_keys": ["k" * 32], "database": {"url": "postgresql://x/y"}})
    found = list(routes(create_app(known)))
    assert {one.name for one in found} == RULES.keys(), "a new route needs a rule in rules.py"
    for operation in found:
        rule = rule_of(operation)
        if rule in (OPEN, ANYBODY):
            assert operation.scopes == (None if rule == OPEN else ONE_OF.get(operation.name, frozenset())), (
                operation
            )
        else:
            assert operation.scopes is not None, operation
            assert rule in operation.scopes, operation
            # Beside it only what it implies anyway; clinical scopes imply none, each is asked for.
            assert operation.scopes - CLINICAL.keys() <= grants([rule]), operation


async def test_q59_nobody_is_let_in_and_nobody_without_the_scope(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime)
    closed = [one for one in routes(app) if rule_of(one) != OPEN]
    async with app.router.lifespan_context(app), client(app) as nobody:
        for one in closed:
            answer = await nobody.request(one.method, one.path)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), one
        for number, rule in enumerate(sorted(set(RULES.values()) - {OPEN, ANYBODY})):
            others = frozenset(scope for scope in SCOPES if rule not in grants([scope]) and scope != ADMIN)
            async with client(app, await key_of(runtime, others, number)) as other:
                for one in closed:
                    if rule_of(one) == rule:
                        answer = await other.request(one.method, one.path)
                        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), one
    assert len(closed) > 180


OURS = {scope for scope in SCOPES if is_ours(scope)}


@pytest.mark.parametrize(
    ("who", "lacks"),
    [
        ("G1", {"admin", "users:admin", "audit:read", "health:detail", *FIRM, "assessments:write",
                "reports:write", "population:read"}),
        ("E1", {"admin", "users:admin", "audit:read", "health:detail", *FIRM, "apikeys:manage",
                "consent:manage", "export:create", "erase:request", "population:read"}),
        ("K1", OURS - {"sessions:write"}),
        ("AD", CLINICAL.keys()),
        ("staff", OURS),
    ],
)  # fmt: skip
async def test_q59_each_role_is_refused_what_it_has_no_scope_for(
    family: House, who: str, lacks: Collection[str]
) -> None:
    """E2 word for word: what a role lacks it is refused at every operation that asks for it."""
    await family.sql(
        "INSERT INTO muster.auth_users (email, first_name, last_name, role, status) VALUES"
        " ('s@example.org', 'S', 'T', 'staff', 'active')"
    )
    [(staff,)] = await family.sql("SELECT id FROM muster.auth_users WHERE email = 's@example.org'")
    claims = Claims(person=staff, version=0)
    token = mint([SECRET], claims, timedelta(minutes=5)) if who == "staff" else family.token(who)
    async with family.http(token=token) as http:
        me = (await http.get("/v1/access/me")).json()
        held = grants(me["scopes"])
        allowed = {scope for scope in OURS if scope in held or (ADMIN in held and scope not in CLINICAL)}
        assert allowed == OURS - set(lacks)
        for one in routes(family.app):
            if rule_of(one) in lacks:
                answer = await http.request(one.method, one.path)
                assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), one


async def test_the_pages_of_sign_in_are_there(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime)
    made = await create_key(runtime.database, "payroll", ["attendance:read"])
    async with app.router.lifespan_context(app), client(app, Origin="http://muster.test") as browser:
        assert "Sign in" in (await browser.get("/sign-in")).text
        signed = await browser.post("/sign-in", data={"key": made.token, "to": "/v1/access/me"})
        assert signed.status_code == 303
        assert (await browser.get(signed.headers["location"])).json()["kind"] == "session"
