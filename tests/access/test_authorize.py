"""*Authorize* on the docs page, in a real browser over a real server: a password is all it takes."""

import json
import re
import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Route, async_playwright, expect

from service.access import accounts
from service.core.compute import Compute
from service.reporting.documented import serve_document
from service.reporting.openapi import person_scheme
from tests.client.serving import serving
from tests.core.whole import Whole, whole
from tests.support.owners import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60_000
"""Milliseconds, for a busy machine; nothing here is about speed."""
PASSWORD = "a bridge made of paper"


async def resident(house: Whole, email: str) -> None:
    """A parent with `PASSWORD`."""
    async with house.runtime.database.write() as conn:
        values = {"email": email, "first_name": "Ann", "last_name": "Tester", "role": "parent"}
        number = await accounts.add_person(conn, values, "person.invited")
        assert number is not None
        letter = await accounts.invite(conn, number, email, "en")
    asked = {"token": letter.token, "password": PASSWORD}
    async with house.client() as client:
        assert (await client.post("/v1/access/invitations/accept", json=asked)).status_code == 204


async def only_me(route: Route) -> None:
    """The service's own document with one operation: to draw all of them takes the browser most of a minute."""
    answer = await route.fetch()
    document = await answer.json()
    kept = {"/v1/access/me": {"get": document["paths"]["/v1/access/me"]["get"]}}
    known, wanted = document["components"]["schemas"], named(kept)
    while more := named([known[name] for name in wanted]) - wanted:
        wanted |= more
    document["paths"] = kept
    document["components"]["schemas"] = {name: known[name] for name in wanted}
    await route.fulfill(response=answer, json=document)


def named(part: Any) -> set[str]:
    """The schemas that a part of the document refers to."""
    return set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(part)))


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for path in document["paths"].values() for entry in path.values() if "operationId" in entry]


def test_the_document_declares_both_ways() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    schemes = document["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    flow = schemes["person"]["flows"]["password"]
    assert flow["tokenUrl"] == "/v1/access/token"
    assert "children:read" in flow["scopes"]
    by_name = {entry["operationId"]: entry for entry in operations(document)}
    assert by_name["access_me"]["security"] == [{"key": []}, {"person": []}]
    assert "security" not in by_name["access_token"]


async def test_behind_a_proxys_path_the_password_goes_there(compute: Compute) -> None:
    app = FastAPI()
    app.state.runtime = SimpleNamespace(compute=compute)
    app.openapi_schema = {"components": {"securitySchemes": {"person": person_scheme()}}}
    serve_document(app)
    behind = httpx.ASGITransport(app, root_path="/muster")
    async with httpx.AsyncClient(transport=behind, base_url="http://muster.test") as client:
        document = (await client.get("/muster/openapi.json")).json()
    flow = document["components"]["securitySchemes"]["person"]["flows"]["password"]
    assert flow["tokenUrl"] == "/muster/v1/access/token"
    assert document["servers"] == [{"url": "/muster"}]


@pytest.fixture
def compute() -> Iterator[Compute]:
    made = Compute()
    yield made
    made.close()


@pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium")
async def test_authorize_with_a_password_works_on_the_offline_docs_page(database_url: str) -> None:
    async with (
        whole(database_url, allowed_hosts=["127.0.0.1", "muster.test"]) as house,
        serving(house.app) as base,
        async_playwright() as playwright,
    ):
        await resident(house, "ann@example.org")
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        await page.route("**/openapi.json", only_me)
        await page.goto(f"{base}/docs")
        await page.click("button.authorize >> nth=0")
        form = page.locator(".auth-container", has=page.locator("#oauth_username"))
        await form.locator("#oauth_username").fill("ann@example.org")
        await form.locator("#oauth_password").fill("not the password")
        await form.locator("button.authorize").click()
        await expect(form.locator(".errors")).to_be_visible()
        await form.locator("#oauth_password").fill(PASSWORD)
        await form.locator("button.authorize").click()
        await expect(page.locator(".auth-container >> text=Logout")).to_be_visible()  # the form is gone
        await page.click("button.btn-done >> nth=0")
        me = page.locator("#operations-access-access_me")
        await me.locator("button.opblock-summary-control").click()
        await me.locator("button.try-out__btn").click()
        await me.locator("button.execute").click()
        await expect(me.locator(".live-responses-table .response-col_status").nth(1)).to_contain_text("200")
        await expect(me.locator(".live-responses-table")).to_contain_text("ann@example.org")
        await browser.close()
