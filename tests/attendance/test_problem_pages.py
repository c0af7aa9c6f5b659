"""What a browser sees where something is refused: a page with the same facts; programs read JSON."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.attendance.house import House

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
SAME = {"Origin": "http://muster.test"}
SHEET = "/v1/attendance/reports/monthly-sheet"


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, signed in by somebody who may read at Villas and not decide."""
    key = await house.token("attendance:read", sites=["Villas"])
    async with house.http(base="") as http:
        http.headers.update(BROWSER)
        signed = await http.post("/sign-in", data={"key": key, "to": "/"}, headers=SAME)
        assert signed.status_code == 303
        yield http


@pytest.mark.parametrize(
    ("path", "status", "facts"),
    [
        (
            f"{SHEET}?month=October",
            422,
            ["<code>month</code>: write YYYY-MM, such as 2026-10", "Correct this in the address"],
        ),
        (f"{SHEET}?mnth=2026-10", 422, ["there is no parameter &#39;mnth&#39;; did you mean month?"]),
        (f"{SHEET}?person=HR-EMP-99&month=2026-09&locale=es", 422, ["Corríjalo", 'lang="es"']),
        (f"{SHEET}?site=Centro", 403, ["you may not see the site", "/sign-in?to=/v1/attendance/"]),
        ("/v1/access/keys", 403, ["this needs the scope apikeys:manage", "Ask whoever gave you your key"]),
        ("/v1/no<b>where", 404, ["there is nothing at /v1/no&lt;b&gt;where", "start page"]),
        (f"/v1/runs?{'&'.join(f'nothing{n}=1' for n in range(60))}", 422, ["nothing59"]),
    ],
)
async def test_a_refusal_is_a_page_for_a_browser(
    browser: httpx.AsyncClient, path: str, status: int, facts: list[str]
) -> None:
    page = await browser.get(path)
    assert page.status_code == status
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert "Accept" in page.headers["vary"]
    for fact in [*facts, '<a href="/">', page.headers["x-request-id"]]:
        assert fact in page.text, fact
    json = await browser.get(path, headers={"Accept": "*/*"})
    assert (json.status_code, json.headers["content-type"]) == (status, "application/problem+json")
    assert json.json()["title"] in page.text


async def test_programs_read_json_whatever_they_accept(house: House, browser: httpx.AsyncClient) -> None:
    async with house.http(await house.token(), base="") as program:
        shown = await program.get(f"{SHEET}?month=October&format=html", headers=BROWSER)
    asked = await browser.get(f"{SHEET}?month=October&format=json")
    weighed = await browser.get("/v1/nowhere", headers={"Accept": "application/json, text/html;q=0.5"})
    for answer in (shown, asked, weighed):
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_form_that_is_refused_is_a_page_and_a_closed_page_leads_to_sign_in(house: House) -> None:
    async with house.http(base="") as stranger:
        stranger.headers.update(BROWSER)
        closed = await stranger.get(f"{SHEET}?month=2026-09")
        assert closed.headers["location"].startswith("/sign-in?to=/v1/attendance/")
        other = {"Origin": "http://elsewhere.test"}
        refused = await stranger.post("/sign-in", data={"key": "x", "to": "/"}, headers=other)
    assert (refused.status_code, refused.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "a write by cookie must come from a page of this service" in refused.text
