"""Sign-in, its hidden fields, locked accounts and what becomes of sessions (spec A.1, B.1, B.3)."""

import httpx
import pytest

from service.simulators.gartan import GartanConfig, GartanServer, faults
from tests.simulators.gartan.browser import LOGIN, MAIN, Browser, hidden


async def test_a_browser_signs_in_and_comes_to_the_schedule(stranger: Browser, site: GartanServer) -> None:
    answer = await stranger.sign_in()
    assert (answer.status_code, answer.url.path) == (200, MAIN)
    assert [step.status_code for step in answer.history] == [302, 302]
    checked = await stranger.http.get(MAIN, params={"UseDefaultStation": "1"})
    assert (checked.status_code, checked.url.path) == (200, MAIN)
    assert "lblUser" in checked.text
    assert site.requests.logins == 1


async def test_the_form_has_the_fields_of_the_site(stranger: Browser) -> None:
    page = (await stranger.http.get(LOGIN)).text
    assert set(hidden(page)) == {
        "__EVENTTARGET", "__EVENTARGUMENT", "__VIEWSTATE", "__VIEWSTATEGENERATOR", "__EVENTVALIDATION"
    }  # fmt: skip
    assert 'action="./Login.aspx"' in page
    assert 'name="txt_userid"' in page
    assert 'name="txt_pword"' in page
    assert 'name="btnLogin" value="Sign In"' in page
    assert hidden((await stranger.http.get(LOGIN)).text) != hidden(page)


@pytest.mark.parametrize("field", ["__VIEWSTATE", "__EVENTVALIDATION", "__VIEWSTATEGENERATOR"])
async def test_hidden_fields_must_come_back(stranger: Browser, site: GartanServer, field: str) -> None:
    answer = await stranger.sign_in(**{field: "of another form"})
    assert answer.status_code == 500
    assert "viewstate" in answer.text
    assert site.site.accounts.failures == {}


async def test_the_form_is_that_of_the_browser_it_was_given(stranger: Browser) -> None:
    fields = await stranger.form()
    stranger.http.cookies.clear()
    sent = {**fields, "txt_userid": "demo", "txt_pword": "demo", "btnLogin": "Sign In"}
    assert (await stranger.http.post(LOGIN, data=sent)).status_code == 500


async def test_a_wrong_password_shows_the_form_again_with_both_marks(stranger: Browser) -> None:
    answer = await stranger.sign_in("wrong")
    assert (answer.status_code, answer.url.path) == (200, LOGIN)
    assert "Invalid User Name/Password" in answer.text
    assert "unsuccessfulAttempts = 1" in answer.text
    assert (await stranger.http.get(MAIN)).url.path == LOGIN
    assert (await stranger.sign_in()).url.path == MAIN


async def test_five_failures_lock_the_account_until_it_is_opened(
    stranger: Browser, site: GartanServer
) -> None:
    for _ in range(5):
        assert (await stranger.sign_in("wrong")).url.path == LOGIN
    assert site.site.accounts.locked("demo")
    refused = await stranger.sign_in()
    assert "locked" in refused.text
    assert "unsuccessfulAttempts" in refused.text
    site.site.accounts.unlock("demo")
    assert (await stranger.sign_in()).url.path == MAIN
    assert site.requests.logins == 7


async def test_a_changed_password_refuses_the_old_one(browser: Browser, site: GartanServer) -> None:
    site.set_password("demo", "new")
    assert (await browser.ask()).status_code == 200, "sessions live on"
    browser.http.cookies.clear()
    assert (await browser.sign_in()).url.path == LOGIN
    assert (await browser.sign_in("new")).url.path == MAIN


async def test_without_a_session_pages_lead_to_the_form(stranger: Browser) -> None:
    for path in (MAIN, "/StationDisplay.aspx?id=P22", "/"):
        answer = await stranger.http.get(path)
        assert answer.url.path == LOGIN
        assert "ReturnUrl=%2F" in str(answer.url)


async def test_a_lost_session_shows_in_three_forms(stranger: Browser, site: GartanServer) -> None:
    page = await stranger.ask()
    assert (page.status_code, 'name="txt_userid"' in page.text) == (200, True)
    site.expire(form="redirect")
    stranger.http.follow_redirects = False
    sent = await stranger.ask()
    assert (sent.status_code, sent.headers["location"].split("?")[0]) == (302, LOGIN)
    site.expire(form="json")
    plain = await stranger.ask()
    assert (plain.status_code, plain.json()) == (401, {"Message": "Authentication failed."})


async def test_sessions_end_once_after_so_many_grids(browser: Browser, site: GartanServer) -> None:
    site.expire(after=2, form="json")
    assert [(await browser.ask()).status_code for _ in range(3)] == [200, 200, 401]
    await browser.sign_in()
    assert [(await browser.ask()).status_code for _ in range(3)] == [200, 200, 200]


async def test_each_session_may_end_after_so_many_grids() -> None:
    config = GartanConfig(session_calls=1, expiry="json", path="/GartanAvailability")
    async with (
        GartanServer(config=config) as server,
        httpx.AsyncClient(base_url=server.url, follow_redirects=True, timeout=60) as http,
    ):
        browser = Browser(http)
        for _ in range(2):
            assert (await browser.sign_in()).url.path == f"/GartanAvailability{MAIN}"
            assert [(await browser.ask()).status_code for _ in range(2)] == [200, 401]


async def test_an_account_without_rights_is_denied(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.access_denied(), "main")
    answer = await browser.http.get(MAIN)
    assert (answer.status_code, "Access Denied" in answer.text) == (200, True)
