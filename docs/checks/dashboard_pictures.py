"""Takes the pictures of the dashboard in docs/: under load, at phone width, with a firing alert, idle.

    .venv/bin/python docs/checks/dashboard_pictures.py [--minutes 12] [--rate 200] [--calm 4]

Starts the demo on a home of its own, signs in as a person would, and drives Debian's chromium. The load is
real: some hundred requests a second over HTTP, of which `--minutes` are recorded before the first picture,
and `--calm` minutes without it before the last.
"""

import argparse
import asyncio
import math
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PATHS = (
    *["/v1/attendance/reports/monthly-sheet?month={month}&site=Villas"] * 60,
    *["/v1/attendance/reports/monthly-sheet?month={month}&site=Nave"] * 20,
    *["/v1/attendance/reports/summary?month={month}"] * 12,
    *["/v1/attendance/people?limit=20"] * 6,
    *["/v1/attendance/checkins?limit=50"] * 4,
    "/v1/runs?limit=5",
    "/v1/gaps",
)
"""Mostly what is asked again and again, which is kept; a few that need the database each time."""
FIRST, TALL, PHONE = (1440, 1000), (1440, 1420), (390, 1600)
ALERT = {
    "name": "Many requests",
    "source": {"kind": "figure", "figure": "requests_per_second"},
    "comparison": ">",
    "threshold": 50,
    "for_seconds": 0,
    "severity": "warning",
}


async def main(minutes: float, rate: float, calm: float) -> None:
    """All pictures: those of the load first, then that of a service that has little to do again."""
    async with (
        demo() as (base, token),
        drawing() as browser,
        httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        load = asyncio.create_task(loaded(client, rate))
        await asyncio.sleep(minutes * 60)
        await pictures_under_load(browser, base, token, client)
        load.cancel()
        await asyncio.sleep(calm * 60)
        await taken(browser, base, token, "dashboard", FIRST, "light")


async def pictures_under_load(browser: Browser, base: str, token: str, client: httpx.AsyncClient) -> None:
    """While the load goes on: dark, with a firing alert, at phone width."""
    await taken(browser, base, token, "dashboard-load", FIRST, "dark")
    await taken(browser, base, token, "dashboard-phone", PHONE, "dark")
    await fires(client)
    await taken(browser, base, token, "dashboard-alert", TALL, "light")


async def fires(client: httpx.AsyncClient) -> None:
    """A rule that this load breaks, as soon as it does: rules are judged every 30 seconds."""
    (await client.post("/v1/alerts", json=ALERT)).raise_for_status()
    while True:
        rules = (await client.get("/v1/alerts", params={"state": "firing"})).json()["items"]
        if any(rule["name"] == ALERT["name"] for rule in rules):
            return
        await asyncio.sleep(1)


async def taken(
    browser: Browser, base: str, token: str, name: str, size: tuple[int, int], scheme: Any
) -> None:
    """One picture, of what a person sees who has signed in and looked for a while."""
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = await context.new_page()
    await sign_in(page, base, token)
    await asyncio.sleep(12)
    await page.screenshot(path=DOCS / f"{name}.png")
    await context.close()


async def sign_in(page: Page, base: str, token: str) -> None:
    """By the form, to the dashboard."""
    await page.goto(f"{base}/dashboard")
    await page.fill("#key", token)
    await page.click("button")
    await page.wait_for_selector("#status[data-state=live]")


async def loaded(client: httpx.AsyncClient, rate: float) -> None:
    """Requests at times of their own, more and fewer by turns, whenever the answers come."""
    month, chance = time.strftime("%Y-%m"), random.Random(7)  # noqa: S311  the order of requests is no secret

    async def ask(path: str) -> None:
        with suppress(httpx.HTTPError):  # what was under way when the service was stopped
            await client.get(path.format(month=month))

    async with asyncio.TaskGroup() as under_way:
        while True:
            under_way.create_task(ask(chance.choice(PATHS)))
            await asyncio.sleep(chance.expovariate(rate * (1 + 0.4 * math.sin(time.monotonic() / 50))))


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[str, str]]:
    """The demo's address and its key."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "MUSTER_HOME": home}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "service", "demo", "--port", "0", cwd=ROOT, env=environment,
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            said = (await process.stdout.readuntil(b"Ctrl-C")).decode()
            found = re.search(r"Bearer (\S+)' '(http://[^/]+)", said)
            assert found is not None, said
            yield found[2], found[1]
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


@asynccontextmanager
async def drawing() -> AsyncIterator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--calm", type=float, default=4)
    asked = parser.parse_args()
    asyncio.run(main(asked.minutes, asked.rate, asked.calm))
