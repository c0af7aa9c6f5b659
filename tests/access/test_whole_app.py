"""The whole application, every operation of its OpenAPI: closed to nobody, held to scopes (Q59)."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from service.access.authenticator import open_authenticator
from service.access.keys import create_key
from service.app import create_app
from service.core.auth import OPEN_PATHS
from service.core.runtime import Runtime, open_runtime
from service.core.settings import DatabaseSettings, Settings
from tests.access.matrix import operations

# What a caller without any right at this desk may ask: what it is told is about itself, or empty.
FOR_ANYBODY = {"/v1/access/me"}
# Signed by the sender itself (HMAC), so it needs no key.
SIGNED = {"/v1/attendance/hooks/upstream"}


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


async def test_q59_nobody_is_let_in_anywhere(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime)
    asked = 0
    async with app.router.lifespan_context(app), client(app) as nobody:
        for method, path, _ in operations(app):
            if path not in OPEN_PATHS | SIGNED:
                answer = await nobody.request(method, path)
                assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), path
                asked += 1
    assert asked >= 8


async def test_the_pages_of_sign_in_are_there(runtime: Runtime) -> None:
    app = create_app(runtime.settings, runtime)
    made = await create_key(runtime.database, "payroll", ["attendance:read"])
    async with app.router.lifespan_context(app), client(app, Origin="http://muster.test") as browser:
        assert "Sign in" in (await browser.get("/sign-in")).text
        signed = await browser.post("/sign-in", data={"key": made.token, "to": "/v1/access/me"})
        assert signed.status_code == 303
        assert (await browser.get(signed.headers["location"])).json()["kind"] == "session"
