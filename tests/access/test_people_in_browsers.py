"""People sign in with a browser, and follow the links of mails (children spec E1)."""

import re
from dataclasses import replace

import httpx
import pytest

from service.access import accounts
from service.access.keys import holder
from service.access.tokens import COOKIE, digest
from service.core.errors import NotAllowed
from tests.access.ground import ORIGIN
from tests.access.people import PASSWORD, Town

SAME = {"Origin": ORIGIN}
FORGOTTEN = "/sign-in/password"


async def sign_in(
    browser: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    return await browser.post("/sign-in", data={"email": email, "password": password, **more}, headers=SAME)


def path_of(town: Town, to: str) -> str:
    """Path and query of the link in the one mail to an address."""
    [mail] = town.letters(to)
    found = re.search(r"https?://[^/]+(/sign-in/\S+)", mail.get_content())
    assert found is not None
    return found[1]


async def test_a_person_signs_in_and_out(town: Town) -> None:
    number, email = await town.person()
    async with town.http() as browser:
        answer = await sign_in(browser, email, to="/v1/access/me")
        assert (answer.status_code, answer.headers["location"]) == (303, "/v1/access/me")
        me = (await browser.get("/v1/access/me")).json()
        assert (me["id"], me["kind"], me["role"]) == (f"person:{number}", "session", "parent")
        assert "Ann Tester" in (await browser.get("/sign-in")).text
        kept = await town.sql("SELECT token_hash FROM muster.browser_session WHERE user_id = :id", id=number)
        assert bytes(kept[0][0]) == digest(browser.cookies[COOKIE])
        assert (
            await browser.patch("/v1/access/me", json={}, headers={"Origin": "https://evil.test"})
        ).status_code == 403
        assert (await browser.post("/sign-out", headers=SAME)).status_code == 303
        assert (await browser.get("/v1/access/me")).status_code == 401
    assert [what for what, _ in await town.audited(number)] == [
        "auth.login",
        "session.opened",
        "session.closed",
    ]


async def test_a_wrong_password_shows_the_page_again_without_it(town: Town) -> None:
    _, email = await town.person()
    async with town.http() as browser:
        answer = await sign_in(browser, email, "hunter2-hunter2", to="/dashboard", locale="es")
        other = await sign_in(browser, '"><script>@example.org', "x", to="//evil.test")
    assert answer.status_code == 401
    assert COOKIE not in answer.headers.get("set-cookie", "")
    assert "no corresponden" in answer.text
    assert f'value="{email}"' in answer.text
    assert 'value="/dashboard"' in answer.text
    assert "hunter2" not in answer.text
    assert "<script>" not in other.text
    assert "evil" not in other.text


async def test_another_sites_page_signs_nobody_in(town: Town) -> None:
    _, email = await town.person()
    async with town.http(Origin="https://evil.test") as browser:
        form = {"email": email, "password": PASSWORD}
        assert (await browser.post("/sign-in", data=form)).status_code == 403
        assert (await browser.post(FORGOTTEN, data={"email": email})).status_code == 403
    assert town.letters(email) == []


@pytest.mark.parametrize("way", ["password", "logout_all", "suspended"])
async def test_a_browser_ends_with_the_right_of_its_person(town: Town, way: str) -> None:
    number, email = await town.person()
    async with town.http() as browser:
        await sign_in(browser, email)
        assert (await browser.get("/v1/access/me")).status_code == 200
        if way == "password":
            async with town.house.runtime.database.write() as conn:
                compute = town.house.runtime.compute
                await accounts.open_with(conn, compute, number, "another horse battery", by="system")
        elif way == "logout_all":
            assert (await browser.post("/v1/access/logout-all", headers=SAME)).status_code == 204
        else:
            await town.sql("UPDATE muster.auth_users SET status = 'suspended' WHERE id = :id", id=number)
        town.house.authenticator.forget()
        assert (await browser.get("/v1/access/me")).status_code == (403 if way == "suspended" else 401)
        page = await browser.get("/v1/access/me", headers={"Accept": "text/html"})
        assert page.status_code == (403 if way == "suspended" else 303)
        assert (await browser.get("/sign-in")).status_code == 200  # never locked out of the page itself


@pytest.mark.parametrize(
    ("headers", "query", "language"),
    [
        ({}, "", "en"),
        ({"Accept-Language": "es-MX,es;q=0.9,en;q=0.8"}, "", "es"),
        ({"Accept-Language": "fr, en"}, "", "en"),
        ({"Accept-Language": "es"}, "?locale=en", "en"),
        ({}, "?locale=es", "es"),
    ],
)
async def test_the_page_speaks_the_browsers_language(
    town: Town, headers: dict[str, str], query: str, language: str
) -> None:
    async with town.http(**headers) as browser:
        page = await browser.get(f"/sign-in{query}")
    assert f'<html lang="{language}">' in page.text
    assert {"en": "E-mail address", "es": "Correo electrónico"}[language] in page.text
    assert "Accept-Language" in page.headers["vary"]


async def test_both_languages_have_every_word() -> None:
    from service.access.pages.words import WORDS

    assert WORDS["en"].keys() == WORDS["es"].keys()


async def test_a_forgotten_password_is_set_with_the_pages_alone(town: Town) -> None:
    _, email = await town.person("pages")
    async with town.http() as browser:
        assert f'href="{FORGOTTEN}?locale=en"' in (await browser.get("/sign-in")).text
        asked = await browser.post(FORGOTTEN, data={"email": email}, headers=SAME)
        same = await browser.post(FORGOTTEN, data={"email": "nobody-has-this@example.org"}, headers=SAME)
        nonsense = await browser.post(FORGOTTEN, data={"email": "nonsense"}, headers=SAME)
        assert asked.text == same.text == nonsense.text
        path = path_of(town, email)
        for _ in range(2):  # a program that guards the mailbox looks first
            assert (await browser.get(path)).status_code == 200
        token = path.partition("token=")[2]
        weak = await browser.post(FORGOTTEN, data={"token": token, "password": "weak"}, headers=SAME)
        assert weak.status_code == 422
        assert "10 characters or more." in weak.text
        assert f'value="{token}"' in weak.text
        form = {"token": token, "password": "another horse battery"}
        assert "The password is set" in (await browser.post(FORGOTTEN, data=form, headers=SAME)).text
        again = await browser.post(FORGOTTEN, data=form, headers=SAME)
        assert (again.status_code, "has been used or has expired" in again.text) == (400, True)
        assert (await sign_in(browser, email, "another horse battery")).status_code == 303


async def test_an_address_is_confirmed_and_an_invitation_accepted_with_the_pages_alone(town: Town) -> None:
    ask = {
        "email": "page@example.org",
        "password": PASSWORD,
        "first_name": "A",
        "last_name": "B",
        "role": "professional",
    }
    await town.ask("POST", "/register", json=ask)
    async with town.http() as browser:
        path, _, token = path_of(town, "page@example.org").partition("?token=")
        assert "Yes, it is mine" in (await browser.get(f"{path}?token={token}")).text
        done = await browser.post(path, data={"token": token, "locale": "es"}, headers=SAME)
        assert "Su correo está confirmado" in done.text
        async with town.house.runtime.database.write() as conn:
            values = {"email": "page2@example.org", "first_name": "A", "last_name": "B", "role": "staff"}
            number = await accounts.add_person(conn, values, "person.invited")
            assert number is not None
            letter = await accounts.invite(conn, number, "page2@example.org", "en")
        await accounts.send(town.house.runtime, letter)
        path, _, token = path_of(town, "page2@example.org").partition("?token=")
        form = {"token": token, "password": "a guest of this house"}
        assert "Your account is open" in (await browser.post(path, data=form, headers=SAME)).text
        assert (await sign_in(browser, "page2@example.org", "a guest of this house")).status_code == 303


async def test_work_done_later_has_the_rights_that_a_person_has_then(town: Town) -> None:
    number, email = await town.person(role="staff")
    grant = "INSERT INTO muster.desk_role (user_id, desk, role, granted_by) VALUES (:id, 'attendance', 'viewer', 'system')"
    await town.sql(grant, id=number)
    async with town.http() as browser:
        await sign_in(browser, email)
        gate = town.house.authenticator
        [(caller, _)] = [
            entry for entry in gate._remembered["session"].values() if entry[0].id == f"person:{number}"
        ] or [(await holder(town.house.runtime.database, f"person:{number}"), 0)]
    assert caller.may("attendance:read")
    later = await holder(town.house.runtime.database, caller.id)
    assert (later.visibility, later.person) == (caller.visibility, number)
    assert await gate.confirm(caller)
    assert await gate.confirm(replace(caller, scopes=frozenset({"attendance:read"})))
    await town.sql("DELETE FROM muster.desk_role WHERE user_id = :id", id=number)
    assert not await gate.confirm(caller)
    assert not (await holder(town.house.runtime.database, caller.id)).may("attendance:read")
    await town.sql("UPDATE muster.auth_users SET status = 'suspended' WHERE id = :id", id=number)
    assert not await gate.confirm(caller)
    with pytest.raises(NotAllowed):
        await holder(town.house.runtime.database, caller.id)


async def test_signing_out_ends_the_session_also_where_nobody_is_recognised(town: Town) -> None:
    """Many dead cookies came from this address, so no cookie of it is looked at."""
    number, email = await town.person()
    gate = town.house.authenticator
    async with town.http() as browser:
        await sign_in(browser, email)
        secret = browser.cookies[COOKIE]
        for _ in range(gate.by_cookie.burst):
            gate.by_cookie.failed(town.address)
        gate.forget()
        assert (await browser.get("/v1/access/me")).status_code == 401
        foreign = await browser.post("/sign-out", headers={"Origin": "https://evil.test"})
        assert foreign.status_code == 403
        assert (await browser.post("/sign-out", headers=SAME)).status_code == 303
    async with town.house.http(headers={"Cookie": f"{COOKIE}={secret}"}, address="198.51.100.251") as thief:
        assert (await thief.get("/v1/access/me")).status_code == 401
    assert ("session.closed", None) in await town.audited(number)
