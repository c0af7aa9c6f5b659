"""The board: what is shown and what is not, in words that can be trusted, and how it looks in a browser."""

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from service.crew.queries import logins
from service.crew.upstream.site import places
from tests.client.serving import serving
from tests.crew.house import House, open_house
from tests.crew.scenario import S1, appliance, cells, person, seen, settle_s1, station
from tests.support.ground import Ground

BOARD = "/v1/crew/board"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAMES = ("ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELDER")


def words(page: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&#34;", '"')


async def shown(house: House, clock: str = "10:00", token: str | None = None, **params: Any) -> str:
    asked = {"station": "P22", "at": f"2026-03-05T{clock}:00Z", **params}
    answer = await house.ask("GET", BOARD, token=token, params={k: v for k, v in asked.items() if v})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return words(answer.text)


async def test_appliances_crew_and_gaps_are_told(s1: House) -> None:
    text = await shown(s1)
    assert "P22P6 off the run until 17:00 Missing: 1 × crew on the run again 18:00" in text
    assert "BIRCH, KE FFC BA LGV available until 12:00" in text
    assert "CEDAR, LU FFD BA available until tomorrow 00:00 at least" in text
    assert "ALDER, JO WC BA IC TTR not available work next 17:00" in text
    order = [text.index(f"{name}, ") for name in ("BIRCH", "CEDAR", "ELDER", "ALDER", "DOGWOOD")]
    assert order == sorted(order)
    assert "3 available 2 not available 0 not known" in text
    assert "10:00 – 12:00 off the run" in text
    assert "Would close it by booking on: ALDER, JO or DOGWOOD, MI" in text
    assert "12:00 – 13:00" in text
    assert "ALDER, JO + BIRCH, KE" in text


async def test_whom_an_appliance_cannot_spare_is_named(s1: House) -> None:
    text = await shown(s1, "07:00")
    assert "P22P6 on the run, critical until 09:00" in text
    assert "Cannot be spared: ALDER, JO; BIRCH, KE; CEDAR, LU; ELDER, SA" in text


async def test_what_nobody_looked_at_is_not_known_and_never_available(s1: House) -> None:
    text = await shown(s1, at="2026-03-06T12:00:00Z")
    assert "P22P6 not known until when is not known" in text
    assert "0 available 0 not available 5 not known" in text
    assert "no grid was read" in text
    assert "No grid of today was read." in text
    assert "Something is not known." in text


async def test_old_data_are_called_old(s1: House) -> None:
    at = await s1.ask("GET", BOARD, params={"station": "P22", "at": "2026-03-05T10:00:00Z"})
    assert "The newest look at the grid is older than it should be." in words(at.text)


async def test_a_lock_and_a_pause_of_the_login_are_shown_plainly(database_url: str) -> None:
    gartan = {
        "url": "http://127.0.0.1:9", "username": "demo", "password": "demo", "poll_seconds": 0,
        "stations": [{"code": "P22", "brigade_id": 101}],
    }  # fmt: skip
    async with open_house(database_url, upstream={"gartan": gartan}) as house:
        made = await settle_s1(house.runtime)
        assert "Signing in" not in await shown(house)
        [place] = places(house.runtime.settings)
        async with house.runtime.database.write() as conn:
            soon = datetime.now(UTC) + timedelta(minutes=5)
            await logins.pause(conn, made.id, place.fingerprints[0], 3, soon, "network")
        assert "Signing in at Gartan failed; the next attempt is at" in await shown(house)
        async with house.runtime.database.write() as conn:
            at = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
            await logins.lock(conn, made.id, place.fingerprints[0], at, "bad_credentials")
        assert "Signing in at Gartan is locked since 2026-03-05 09:30" in await shown(house)


async def test_numbers_stand_for_names_on_displays(s1: House) -> None:
    text = await shown(s1, redact="1")
    assert not any(name in text for name in NAMES)
    assert "#2 FFC" in text
    assert "booking on: #1 or #4" in text


async def test_it_speaks_spanish_and_keeps_its_language(s1: House) -> None:
    answer = await s1.ask("GET", BOARD, params={"locale": "es", "at": "2026-03-05T10:00:00Z"})
    assert '<html lang="es">' in answer.text
    assert "fuera de servicio hasta 17:00" in words(answer.text)
    assert "no disponible trabajo próxima vez 17:00" in words(answer.text)
    assert "locale=es" in answer.text


async def test_as_it_was_known_then(house: House) -> None:
    made = await settle_s1(house.runtime)
    newer = [person("ALDER, JO", "WC", "BA TTR IC", 61, cells([(0, 24)])), *S1.crew[1:]]
    later = datetime(2026, 3, 5, 10, 5, tzinfo=UTC)
    grid = replace(S1, crew=tuple(newer), appliances=(appliance([(0, 24)]),))
    await seen(house.runtime, made, grid, fetched=later)
    assert "ALDER, JO WC BA IC TTR available" in await shown(house, "10:10")
    then = (later - timedelta(minutes=1)).isoformat()
    assert "ALDER, JO WC BA IC TTR not available" in await shown(house, "10:10", known_at=then)


async def test_a_page_renews_itself_runs_no_script_and_asks_nobody(s1: House) -> None:
    answer = await s1.ask("GET", BOARD)
    assert '<meta http-equiv="refresh" content="60">' in answer.text
    assert "<script" not in answer.text
    assert not re.search(r"""(src|href|action)=["']?(\w+:)?//""", answer.text)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    fixed = await s1.ask("GET", BOARD, params={"at": "2026-03-05T10:00:00Z"})
    assert "http-equiv" not in fixed.text


async def test_several_stations_are_listed_and_a_foreign_one_is_refused(
    database_url: str,
) -> None:
    async with open_house(database_url) as house:
        await settle_s1(house.runtime)
        other = await station(house.runtime, "P23")
        await seen(house.runtime, other, S1)
        every = await house.ask("GET", BOARD, params={"at": "2026-03-05T07:00:00Z"})
        assert every.text.count("on the run, critical") == 2
        assert 'href="?station=P23&amp;at=2026-03-05T07%3A00%3A00Z"' in every.text
        own = await house.token("crew:read", sites=["P23"])
        mine = await house.ask("GET", BOARD, token=own)
        assert "<h1>P23</h1>" in mine.text
        refused = await house.ask("GET", BOARD, token=own, params={"station": "P22"})
        assert refused.status_code == 403
        unknown = await house.ask("GET", BOARD, params={"station": "P99"})
        assert unknown.status_code == 422


async def test_several_stations_say_what_is_old_and_what_is_not_known(house: House) -> None:
    await settle_s1(house.runtime)
    silent = await station(house.runtime, "P23")
    await seen(house.runtime, silent, S1)
    text = await shown(house, station="")
    assert "The newest look at the grid is older than it should be." in text
    assert "Something is not known." not in text
    text = await shown(house, station="", at="2026-03-06T12:00:00Z")
    assert "Something is not known." in text
    assert "P23: no grid was read of the time" in text


async def test_who_has_only_this_desk_begins_there(s1: House) -> None:
    own = await s1.token("crew:read")
    begun = await s1.ask("GET", "/", token=own)
    assert (begun.status_code, begun.headers["location"]) == (303, BOARD)
    async with s1.http(None) as http:
        led = await http.get(BOARD, headers={"Accept": "text/html"})
        assert led.headers["location"].startswith("/sign-in?to=")


@pytest.fixture
async def open_board(ground: Ground) -> AsyncIterator[tuple[House, str]]:
    """S1 behind a real server."""
    url = await ground.clone()
    async with open_house(url, allowed_hosts=["127.0.0.1", "muster.test"]) as house:
        await settle_s1(house.runtime)
        async with serving(house.app) as base:
            yield house, base
    await ground.drop(url)


@pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium")
async def test_it_fits_screens_and_phones_in_both_colours(open_board: tuple[House, str]) -> None:
    house, base = open_board
    page_of = f"{base}{BOARD}?station=P22&at=2026-03-05T07:00:00Z"
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(extra_http_headers={"Authorization": f"Bearer {house.admin}"})
        page = await context.new_page()
        page.on("console", lambda told: told.type == "error" and complaints.append(told.text))
        for width, scheme in ((1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.goto(page_of)
            await expect(page.locator(".engines .l-amber h3")).to_have_text("P22P6")
            await expect(page.locator(".people > li")).to_have_count(5)
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (width, scheme)
            light = await page.locator(".engines > li").evaluate("e => getComputedStyle(e).borderLeftColor")
            calm = await page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
            assert light != calm
        await browser.close()
    assert complaints == []
