"""The mill's board: what it names, what it says where nothing is known, and how it looks in a browser."""

import re
import shutil
from datetime import date

import pytest
from playwright.async_api import async_playwright

from service.mill.answers.board import MOST
from tests.mill.scenario import AS_OF, order, settle_f58, yarn
from tests.support.house import House

BOARD = "/v1/mill/board"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


async def page_of(house: House, **params: str) -> str:
    answer = await house.ask("GET", BOARD, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def words(page: str) -> str:
    """What a reader sees, in one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


async def test_a_mill_that_was_never_fed_says_what_to_send(house: House) -> None:
    text = words(await page_of(house))
    assert "No stock was read yet. Send the mill&#39;s files" in text
    assert "no file of bom was ever read" in text
    assert "– run short" in text or "run short –" in text


async def test_short_yarns_come_with_their_day_and_their_culprits(own_f58: House) -> None:
    await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    text = words(await page_of(own_f58))
    assert "Y3 short from 2025-09-03 400.00 lb missing that day, 600.00 lb later" in text
    assert "because of O2 (400.00 lb)" in text
    assert "nobody ever counted it" in text
    assert "Y2 critical 1,276.00 lb below 0.00 lb; planning balance -1,276.00 lb" in text
    assert "O2 G2, 1,000.00 lb due 2025-09-01 overdue" in text
    assert "NO_STOCK_ROW nobody ever counted it: taken as none (1, 600.00 lb)" in text
    await own_f58.sql("UPDATE mill.production_orders SET priority = 4 WHERE order_no = 'O2'")
    async with own_f58.runtime.database.write() as conn:
        await own_f58.runtime.versions.raise_in(conn, ["mill/orders"])
    assert "Plan 1 stands on older data." in words(await page_of(own_f58))
    assert "Hilos que van a faltar" in words(await page_of(own_f58, locale="es"))


async def test_what_is_not_listed_is_counted(house: House) -> None:
    await settle_f58(house)
    for at in range(MOST + 3):
        await yarn(house, f"M{at:02}", beginning_balance=-at - 1)
    assert f"and {MOST + 5 - MOST} more" in words(await page_of(house))


async def test_only_who_may_read_the_mill_sees_it(f58: House) -> None:
    nobody = await f58.token("crew:read")
    assert (await f58.ask("GET", BOARD, token=nobody)).status_code == 403


async def test_somebody_with_the_mill_alone_begins_there(f58: House) -> None:
    reader = await f58.token("mill:read")
    home = await f58.ask("GET", "/", token=reader)
    assert (home.status_code, home.headers["location"]) == (303, BOARD)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
async def test_it_fits_a_desk_and_a_phone_light_and_dark(own_f58: House) -> None:
    await order(own_f58, "A-VERY-LONG-NUMBER/OF-AN-ORDER-2025", "G2", 5000, due_date=date(2025, 9, 5))
    await own_f58.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
    page = await page_of(own_f58)
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM)
        for width, scheme in ((1280, "light"), (390, "dark")):
            context = await browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]  # one of its words
            )
            tab = await context.new_page()
            await tab.set_content(page)
            assert await tab.evaluate("document.documentElement.scrollWidth") == width
            assert await tab.locator("h2").count() == 6
            ground = await tab.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (ground == "rgb(251, 251, 249)") == (scheme == "light")
        await tab.emulate_media(media="print", color_scheme="light")
        assert not await tab.locator(".links").is_visible()
        await browser.close()
