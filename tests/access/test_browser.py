"""Sign in and out as a browser does: the page, the key, the one-use link, the cookie, other sites' pages."""

import asyncio
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from service.access import keys, sessions
from service.access.tokens import COOKIE, new_secret
from service.core.errors import Invalid, NotFound
from tests.access.ground import ORIGIN, House, open_house

PAGE = {"Accept": "text/html,application/xhtml+xml"}
SAME = {"Origin": ORIGIN}


async def sign_in(browser: httpx.AsyncClient, key: str, to: str = "/v1/desk/sheet") -> httpx.Response:
    return await browser.post("/sign-in", data={"key": key, "to": to}, headers=SAME)


async def test_the_page_is_self_contained(house: House) -> None:
    async with house.http() as browser:
        answer = await browser.get("/sign-in", params={"to": "/v1/desk/sheet?site=A&x=%22"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert not re.findall(r"""(?:src|href)=["']?https?:""", answer.text)
    assert 'value="/v1/desk/sheet?site=A&amp;x=%22"' in answer.text
    assert "prefers-color-scheme: dark" in answer.text


async def test_the_style_is_the_one_the_policy_allows(house: House) -> None:
    from base64 import b64encode
    from hashlib import sha256

    async with house.http() as browser:
        answer = await browser.get("/sign-in")
    style = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)[0]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in answer.headers["content-security-policy"]


async def test_a_closed_page_leads_to_sign_in_and_back(house: House) -> None:
    made = await house.key(sites=["Villas"])
    async with house.http(headers=PAGE) as browser:
        closed = await browser.get("/v1/desk/sheet?site=Villas")
        assert closed.status_code == 303
        to = parse_qs(urlsplit(closed.headers["location"]).query)["to"][0]
        assert to == "/v1/desk/sheet?site=Villas"
        signed = await sign_in(browser, made.token, to)
        assert (signed.status_code, signed.headers["location"]) == (303, to)
        shown = await browser.get(to)
    assert shown.json() == {"sites": ["Villas"]}


async def test_a_program_gets_a_problem_instead(house: House) -> None:
    async with house.http() as program:
        answer = await program.get("/v1/desk/sheet")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="muster"'
    assert answer.json()["code"] == "not_authenticated"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    made = await house.key()
    async with house.http() as browser:
        answer = await sign_in(browser, made.token)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert re.search(r"max-age=43(199|200|198)", cookie)
    assert made.token[13:] not in answer.headers["set-cookie"]


@pytest.mark.parametrize("public_url", [None, "https://muster.test"])
async def test_the_cookie_is_secure_over_https(database_url: str, public_url: str | None) -> None:
    async with open_house(database_url, public_url=public_url) as house:
        made = await house.key()
        scheme = "https" if public_url is None else "http"
        async with house.http() as browser:
            browser.base_url = httpx.URL(f"{scheme}://muster.test")
            answer = await browser.post("/sign-in", data={"key": made.token})
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_only_the_hash_of_the_session_is_stored(house: House) -> None:
    made = await house.key()
    async with house.http() as browser:
        await sign_in(browser, made.token)
        secret = browser.cookies[COOKIE]
    async with house.runtime.database.read() as conn:
        stored = await conn.scalar(text("SELECT string_agg(s::text, '') FROM muster.browser_session s"))
    assert secret not in stored


async def test_a_wrong_key_shows_the_page_again_in_words(house: House) -> None:
    async with house.http() as browser:
        answer = await sign_in(browser, "mst_<b>wrong", "/v1/desk/sheet")
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert "This key is not known" in answer.text
    assert "wrong" not in answer.text
    assert 'value="/v1/desk/sheet"' in answer.text
    assert "set-cookie" not in answer.headers


async def test_q60_guessing_at_the_form_is_limited(house: House) -> None:
    async with house.http() as browser:
        answers = [await sign_in(browser, f"mst_{n:08}_{new_secret()}") for n in range(25)]
    assert {answer.status_code for answer in answers[:20]} == {401}
    assert {answer.status_code for answer in answers[20:]} == {429}
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "Too many wrong credentials" in answers[-1].text


async def test_q60_guessing_links_is_limited(house: House) -> None:
    async with house.http() as browser:
        answers = [await browser.get("/sign-in", params={"link": new_secret()}) for _ in range(22)]
    assert [answer.status_code for answer in answers[19:]] == [401, 429, 429]


@pytest.mark.parametrize("typed", ["  {}  ", "Bearer {}", "{}\n"])
async def test_a_key_may_be_pasted_with_what_sticks_to_it(house: House, typed: str) -> None:
    made = await house.key()
    async with house.http() as browser:
        assert (await sign_in(browser, typed.format(made.token))).status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "evil", "",
     "/a\nb", "/" + "x" * 3000],
)  # fmt: skip
async def test_no_way_leads_to_another_site(house: House, target: str) -> None:
    made = await house.key()
    async with house.http() as browser:
        assert (await sign_in(browser, made.token, target)).headers["location"] == "/"
    if target:
        with pytest.raises(Invalid):
            await sessions.create_sign_in_link(house.runtime.database, made.key.id, target)


async def test_a_form_of_another_site_signs_nobody_in(house: House) -> None:
    made = await house.key()
    form = {"key": made.token}
    async with house.http() as browser:
        for headers in (
            {"Origin": "https://evil.test"},
            {"Origin": "null"},
            {"Origin": "https://muster.test"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
        ):
            answer = await browser.post("/sign-in", data=form, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        assert (await browser.post("/sign-in", data=form)).status_code == 303  # a program says neither


async def test_a_form_must_be_a_form_of_a_usual_size(house: House) -> None:
    async with house.http() as browser:
        assert (await browser.post("/sign-in", json={"key": "x"})).status_code == 415
        assert (await browser.post("/sign-in", data={"key": "x" * 9000})).status_code == 413
        many = {f"n{number}": "x" for number in range(50)}
        assert (await browser.post("/sign-in", data=many)).status_code == 401
        garbled = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await browser.post("/sign-in", content=b"key=\xff", headers=garbled)).status_code == 401


async def test_writes_by_cookie_need_a_page_of_ours(house: House) -> None:
    made = await house.key("attendance:write")
    async with house.http() as browser:
        await sign_in(browser, made.token)
        for refused in ({}, {"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await browser.post("/v1/desk/sync", headers=refused)
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        for allowed in ({"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}):
            assert (await browser.post("/v1/desk/sync", headers=allowed)).status_code == 200
        assert (await browser.get("/v1/desk/sheet")).status_code == 200  # reading needs neither
    async with house.http(made.token) as program:
        assert (await program.post("/v1/desk/sync")).status_code == 200  # nor does a key


async def test_a_link_signs_in_once_and_leads_on(house: House) -> None:
    made = await house.key(sites=["Villas"])
    link = await sessions.create_sign_in_link(
        house.runtime.database, made.key.id, "/v1/desk/sheet?site=Villas"
    )
    assert link.path.startswith("/sign-in?link=")
    async with house.http(headers=PAGE) as browser, house.http(headers=PAGE) as other:
        answer = await browser.get(link.path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/v1/desk/sheet?site=Villas")
        assert answer.headers["referrer-policy"] == "same-origin"
        assert (await browser.get(answer.headers["location"])).json() == {"sites": ["Villas"]}
        late = await other.get(link.path)
        assert late.status_code == 401
        assert "has been used or has expired" in late.text
        assert "set-cookie" not in late.headers
        again = await browser.get(link.path)  # the same browser, reloaded: it is signed in already
        assert (again.status_code, again.headers["location"]) == (303, "/v1/desk/sheet?site=Villas")
        assert "set-cookie" not in again.headers


async def test_of_many_at_once_one_gets_the_link(house: House) -> None:
    made = await house.key()
    link = await sessions.create_sign_in_link(house.runtime.database, made.key.id)
    async with house.http() as browser:
        answers = await asyncio.gather(*(browser.get(link.path) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [303] + [401] * 9


async def test_looking_ahead_does_not_use_the_link_up(house: House) -> None:
    made = await house.key()
    link = await sessions.create_sign_in_link(house.runtime.database, made.key.id)
    async with house.http() as browser:
        assert (await browser.head(link.path)).status_code == 405
        for purpose in ({"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}):
            assert (await browser.get(link.path, headers=purpose)).status_code == 503
        assert (await browser.get(link.path)).status_code == 303


async def test_a_link_ends_by_time_and_with_its_key(house: House) -> None:
    database = house.runtime.database
    made = await house.key()
    over = await sessions.create_sign_in_link(database, made.key.id, lifetime=timedelta(seconds=-1))
    live = await sessions.create_sign_in_link(database, made.key.id)
    await keys.revoke_key(database, made.key.id)
    async with house.http() as browser:
        assert (await browser.get(over.path)).status_code == 401
        assert (await browser.get(live.path)).status_code == 401
    with pytest.raises(NotFound):
        await sessions.create_sign_in_link(database, made.key.id)
    with pytest.raises(NotFound):
        await sessions.create_sign_in_link(database, "zzzzzzzz")


async def test_signing_out_ends_the_session_everywhere(house: House) -> None:
    made = await house.key()
    async with house.http(headers=PAGE) as browser:
        await sign_in(browser, made.token)
        stolen = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
        page = await browser.get("/sign-in")
        assert "You are signed in" in page.text
        assert "a key" in page.text
        assert (await browser.post("/sign-out")).status_code == 403  # another site's page cannot do it
        assert (await browser.get("/sign-out")).headers["location"] == "/sign-in"
        out = await browser.post("/sign-out", headers=SAME)
        assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
        assert COOKIE not in browser.cookies
        assert (await browser.post("/sign-out", headers=SAME)).status_code == 303
    async with house.http(headers=stolen) as thief:
        assert (await thief.get("/v1/desk/sheet")).status_code == 401


async def test_a_name_is_shown_as_text(house: House) -> None:
    made = await house.key(name="<script>alert(1)</script>", sites=["<i>Villas</i>"])
    async with house.http() as browser:
        await sign_in(browser, made.token)
        page = await browser.get("/sign-in", params={"to": '"><script>'})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "&lt;i&gt;Villas" in page.text


async def test_signing_in_and_out_is_audited(house: House) -> None:
    made = await house.key()
    link = await sessions.create_sign_in_link(house.runtime.database, made.key.id, "/x")
    async with house.http() as browser:
        await browser.get(link.path)
        await browser.post("/sign-out", headers=SAME)
        await sign_in(browser, made.token)
    async with house.runtime.database.read() as conn:
        rows = await conn.execute(text("SELECT who, what, after FROM muster.audit ORDER BY id"))
        seen = [(row.who, row.what, row.after) for row in rows][1:]
    who = f"key:{made.key.id}"
    assert seen == [
        ("system", "link.created", {"target": "/x"}),
        (who, "session.opened", {"by": "link"}),
        (who, "session.closed", None),
        (who, "session.opened", {"by": "key"}),
    ]


async def test_ended_sessions_and_links_are_deleted_after_a_week(house: House) -> None:
    database = house.runtime.database
    made = await house.key()
    async with house.http() as browser:
        await sign_in(browser, made.token)
    await sessions.create_sign_in_link(database, made.key.id)
    assert await sessions.purge_ended(database) == 0
    async with database.write() as conn:
        for table in ("browser_session", "sign_in_link"):
            await conn.execute(text(f"UPDATE muster.{table} SET expires_at = now() - interval '8 days'"))
    assert await sessions.purge_ended(database) == 2
