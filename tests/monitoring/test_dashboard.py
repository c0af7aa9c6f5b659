"""The dashboard as people use it: a real browser over a real server, signed in by key."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

from service.cli.serving import EventStreams
from service.monitoring import live
from tests.client.serving import serving
from tests.core.whole import Whole, whole

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60_000
"""Milliseconds, for a machine that is busy with seven other things; nothing here is about speed."""
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium")
expect.set_options(timeout=PATIENCE)


@dataclass
class Seen:
    """A page of the dashboard, the house it shows, and what the browser complained about."""

    house: Whole
    page: Page
    base: str
    server: AsyncExitStack
    streams: EventStreams
    complaints: list[str] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.house.token}"}
        return httpx.AsyncClient(base_url=self.base, headers=headers, timeout=PATIENCE / 1000)

    async def stop(self) -> None:
        """The server goes, as it does when the service is told to stop: event streams first."""
        self.streams.end.set()
        await self.server.aclose()

    async def sign_in(self) -> None:
        """As somebody who was sent a link to the dashboard."""
        await self.page.goto(f"{self.base}/dashboard")
        await self.page.fill("#key", self.house.token)
        await self.page.click("text=Sign in >> nth=-1")
        await expect(self.page.locator("#status")).to_have_attribute("data-state", "live")


@asynccontextmanager
async def browsing(url: str) -> AsyncIterator[Seen]:
    async with (
        whole(url, allowed_hosts=["127.0.0.1", "muster.test"]) as house,
        AsyncExitStack() as server,
        async_playwright() as playwright,
    ):
        streams = EventStreams(house.app)
        base = await server.enter_async_context(serving(streams))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        seen = Seen(house, page, base, server, streams)
        page.on("console", lambda told: told.type == "error" and seen.complaints.append(told.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        await seen.sign_in()
        yield seen
        await browser.close()


@pytest.fixture
async def seen(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Seen]:
    monkeypatch.setattr(live, "TICK", 0.25)
    async with browsing(database_url) as opened:
        yield opened


async def test_figures_move_and_the_page_says_when_they_do_not(seen: Seen) -> None:
    page = seen.page

    async with asking(seen, "/v1/runs"):
        await page.wait_for_function(
            "Number(document.querySelector('[data-figure=requests_per_second] .value').textContent) > 0"
        )
        await expect(page.locator("#endpoints tbody")).to_contain_text("GET /v1/runs")
        await page.locator("#statements tbody button", has_text="muster.run").first.click()
        await page.get_by_role("button", name="Explain").click()
        await expect(page.locator("dialog pre").last).to_contain_text("Node Type")
        await page.keyboard.press("Escape")
    assert seen.complaints == []

    await seen.stop()
    await expect(page.locator("#age")).to_contain_text("Stream lost: figures are")
    await expect(page.locator("#spoken")).to_contain_text("lost")
    async with serving(seen.house.app, urlsplit(seen.base).port or 0):
        await expect(page.locator("#status")).to_have_attribute("data-state", "live")


async def test_everything_is_reached_by_keyboard_in_both_colours_and_at_phone_width(seen: Seen) -> None:
    page = seen.page
    await seen.house.app.state.monitor.keep()
    await seen.house.app.state.monitor.keep()
    await page.reload()
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await expect(page.locator("#flags .flag").first).to_be_visible()
    await page.wait_for_function(
        "document.querySelectorAll('.plot')[0].getAttribute('aria-valuemax') === '359'"
    )
    reached = await walked(page, "Share of Response cache, percent")
    assert reached[0] == "Skip to the figures"
    for name in (
        "Pause",
        "theme",
        "range",
        "view",
        "Requests over time",
        "New alert",
        "Share of Response cache, percent",
    ):
        assert name in reached, reached

    plot = page.locator(".plot").first
    await plot.focus()
    await page.keyboard.press("End")
    newest = int(await plot.get_attribute("aria-valuenow") or "")
    await page.keyboard.press("ArrowLeft")
    await expect(plot).to_have_attribute("aria-valuenow", str(newest - 1))
    await expect(page.locator("#history-note")).to_contain_text("At ")

    light = await background(page)
    await page.locator("#theme [value=dark]").check()
    assert await background(page) != light
    await page.reload()
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    assert await background(page) != light

    await page.set_viewport_size({"width": 360, "height": 780})
    await expect(page.locator("#status")).to_have_attribute("data-state", "live")
    await expect(page.locator("#flags .flag").first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.locator("#view [value=table]").check()
    await expect(page.locator("#history-table tbody tr").first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert seen.complaints == []


async def test_alerts_and_flags_are_configured_on_the_page(seen: Seen) -> None:
    page = seen.page
    await page.click("#new-alert")
    await page.fill("dialog [name=name]", "Slow answers")
    await page.fill("dialog [name=threshold]", "250")
    await page.click("dialog button.main")
    row = page.locator(".alert", has_text="Slow answers")
    await expect(row).to_contain_text("95 % of answers within > 250 ms for 1 min")
    await row.get_by_role("button", name="Silence").click()
    await page.fill("dialog [name=because]", "a known load")
    await page.click("dialog button.main")
    await expect(row).to_contain_text("a known load")
    await row.get_by_role("button", name="Disable").click()
    await expect(row.locator(".badge")).to_have_text("Disabled")
    async with seen.client() as client:
        kept = [
            rule
            for rule in (await client.get("/v1/alerts")).json()["items"]
            if rule["name"] == "Slow answers"
        ]
    assert [(rule["threshold"], rule["enabled"], rule["silenced_because"]) for rule in kept] == [
        (250, False, "a known load")
    ]

    flag = page.locator("[data-flag=response_cache]")
    await flag.locator("input[type=number]").fill("0")
    await flag.locator("[name=reason]").fill("compare both sides")
    await flag.locator("button.main").click()
    await expect(flag).to_contain_text("compare both sides")
    assert seen.house.runtime.flags.share("response_cache") == 0
    assert seen.complaints == []


async def test_figures_read_before_a_change_do_not_undo_it(seen: Seen) -> None:
    page, shown = seen.page, seen.house.app.state.live
    row = page.locator(".alert", has_text="Alerts are not evaluated")
    await expect(row).to_be_visible()
    read, sent = await shown.panels["alerts"](), asyncio.Event()

    async def read_before() -> dict[str, Any]:
        sent.set()
        return dict(read)

    shown.panels = {**shown.panels, "alerts": read_before}
    await row.get_by_role("button", name="Disable").click()
    await expect(row.locator(".badge")).to_have_text("Disabled")
    for _ in range(2):  # the second is asked for when the first was sent
        sent.clear()
        await sent.wait()
    await row.get_by_role("button", name="Enable").click()
    await expect(row.locator(".badge")).not_to_have_text("Disabled")
    assert seen.complaints == []


@asynccontextmanager
async def asking(seen: Seen, path: str) -> AsyncIterator[None]:
    """Requests, one after the other."""

    async def ask() -> None:
        async with seen.client() as client:
            while True:
                await client.get(path)

    task = asyncio.create_task(ask())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def walked(page: Page, last: str) -> list[str]:
    """What the tabulator key reaches, by name, until it reaches that one."""
    await page.evaluate("document.activeElement.blur()")
    found = []
    while last not in found and len(found) < 200:
        await page.keyboard.press("Tab")
        found.append(
            await page.evaluate(
                "(one => one.name || one.getAttribute('aria-label') || one.textContent.trim())(document.activeElement)"
            )
        )
    return found


async def background(page: Page) -> str:
    return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))
