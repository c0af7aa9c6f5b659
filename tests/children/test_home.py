"""The page that somebody begins at who signs in as parent or professional."""

import pytest

from tests.children.house import House


@pytest.mark.parametrize("who", ["G1", "E1", "N1"])
async def test_who_has_no_other_desk_begins_at_their_children(house: House, who: str) -> None:
    """`/` leads parents and professionals there, in their language; an admin stays."""
    async with house.http(who) as http:
        answer = await http.get("/?locale=es")
        assert (answer.status_code, answer.headers["location"]) == (303, "/v1/children/home?locale=es")
        assert (await http.get("/")).headers["location"] == "/v1/children/home"
        assert (await http.get("/v1/children/home")).status_code == 200
    async with house.http("AD") as admin:
        assert (await admin.get("/")).status_code == 200
        assert (await admin.get("/v1/children/home")).status_code == 403


async def test_it_shows_the_children_one_may_see_and_says_so_in_the_audit(house: House) -> None:
    """By name, with the newest sessions on the child's own clock; nobody may keep it."""
    page = await house.ask("G1", "GET", "/home")
    assert "Emma" in page.text
    assert "Leo" not in page.text
    assert "2025-06-12 15:00" in page.text
    assert "still playing" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    other = await house.ask("G2", "GET", "/home?locale=es")
    assert "Leo" in other.text
    assert "Emma" not in other.text
    assert "Todavía no hay sesiones" in other.text
    read = await house.sql("SELECT what, child_ids FROM muster.audit WHERE outcome = 'allow' ORDER BY at")
    assert [tuple(row) for row in read] == [("child.list", [1]), ("child.list", [2])]


async def test_it_is_paged_and_sends_strangers_away(house: House) -> None:
    """Its next page is linked; nobody who is not signed in sees it."""
    await house.sql(
        "INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES (2, 1, 'other', 'full')"
    )
    first = await house.ask("G1", "GET", "/home?limit=1")
    link = first.text.split('href="/v1/children/home?')[1].split('"')[0].replace("&amp;", "&")
    second = await house.ask("G1", "GET", f"/home?{link}&limit=1")
    assert ("Emma" in first.text) != ("Emma" in second.text)
    assert (await house.ask(None, "GET", "/home")).status_code == 401
    assert (await house.ask("G1", "GET", "/home?limit=0")).status_code == 422
