"""The Gantt chart and the chart of weekly balances: geometry, words, and both in a real browser."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Route, async_playwright

from service.mill.answers.pictures import (
    HEADERS,
    PictureFrame,
    PlanFigures,
    balances_page,
    gantt_page,
)
from service.mill.rules.balance_chart import balance_chart
from service.mill.rules.scheduling.blocks import Block, blocks
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.freezing import frozen
from service.mill.rules.scheduling.gantt import LEAST_WIDTH, Gantt, gantt, span_of
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.shop import Machine
from service.mill.rules.weeks import WeeklyRecord, iso_week, time_phase, week_start
from service.schemas.exports import Locale
from tests.mill.cases.test_scheduling import F59
from tests.mill.shop import job, shop

ZONE = "America/New_York"
CLOCK = Clock(datetime(2025, 9, 3, tzinfo=ZoneInfo(ZONE)), ZONE)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FIGURES = PlanFigures(
    on_time=3,
    with_due=4,
    total_late_hours=Decimal(36),
    max_late_hours=Decimal(36),
    makespan_hours=Decimal("96.06"),
    setup_hours=None,
    estimated_rates=4,
)


def f59(setup: float = 0.0) -> list[Block]:
    return list(blocks(finite_plan(F59, shop(setup=setup)).operations, CLOCK))


def picture(found: list[Block], hours: float = 96) -> Gantt:
    return gantt(found, ZONE, CLOCK.epoch, CLOCK.epoch + timedelta(hours=hours))


def places(shown: Gantt) -> dict[str, tuple[str, float, float]]:
    """Machine, left edge and width of each order."""
    return {
        one.block.order: (row.machine, one.x, one.width)
        for chart in shown.charts
        for row in chart.rows
        for one in row.blocks
    }


def test_operations_stand_where_their_time_is() -> None:
    assert places(picture(f59())) == {
        "B": ("M1", 0, 25), "A": ("M2", 0, 50), "C": ("M1", 25, 75), "D": ("M2", 50, 12.5)
    }  # fmt: skip


def test_a_set_up_stands_apart() -> None:
    [first, *_] = picture(f59(setup=1)).charts[0].rows[0].blocks
    assert (first.block.order, first.setup) == ("B", 4)


def test_what_lies_outside_is_counted_and_what_is_cut_keeps_its_edge() -> None:
    shown = picture(f59(), 36)
    assert shown.outside == 1
    cut = {
        one.block.order: (one.ends_after, one.x + one.width)
        for row in shown.charts[0].rows
        for one in row.blocks
    }
    assert cut == {"B": (False, pytest.approx(66.667)), "C": (True, pytest.approx(100)), "A": (True, 100)}
    assert [one.order for one in shown.late] == ["D"]
    later = gantt(f59(), ZONE, CLOCK.epoch + timedelta(hours=30), CLOCK.epoch + timedelta(hours=60))
    assert [one.begins_before for row in later.charts[0].rows for one in row.blocks] == [True, True, False]


def test_only_machines_with_work_are_drawn_by_work_centre() -> None:
    made = [Machine(code=f"{at:03}", center=f"1.{at % 91}.28.F") for at in range(285)]
    orders = [job(f"K{at}", 100, center=f"1.{at}.28.F") for at in range(30)]
    shown = picture(list(blocks(finite_plan(orders, shop(made)).operations, CLOCK)))
    assert len(shown.charts) == 30
    assert [chart.center for chart in shown.charts] == sorted(f"1.{at}.28.F" for at in range(30))
    assert all(chart.operations == len(chart.rows) == 1 for chart in shown.charts)


def test_what_is_very_short_is_still_seen() -> None:
    [block] = blocks(finite_plan([job("A", "0.1")], shop()).operations, CLOCK)
    assert picture([block]).charts[0].rows[0].blocks[0].width == LEAST_WIDTH


def test_days_of_the_axis_are_as_long_as_they_are() -> None:
    start = datetime(2025, 11, 1, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    ticks = gantt([], ZONE, start, start + timedelta(hours=96)).ticks
    assert [(tick.label, tick.x, tick.week) for tick in ticks] == [
        ("11-01", 0, False), ("11-02", 25, False), ("11-03", 51.042, True), ("11-04", 76.042, False),
    ]  # fmt: skip
    short = gantt([], ZONE, start, start + timedelta(hours=24)).ticks
    assert [tick.label for tick in short] == ["11-01", "06:00", "12:00", "18:00"]


def test_names_of_days_have_room() -> None:
    long = gantt([], ZONE, CLOCK.epoch, CLOCK.epoch + timedelta(days=90)).ticks
    named = [tick for tick in long if tick.label]
    assert len(named) <= 15
    assert all(tick.week for tick in named)


def test_a_picture_goes_to_the_last_end_within_bounds() -> None:
    week = timedelta(days=7)
    start, end = span_of(f59(), CLOCK.epoch, week)
    assert (start, end - start) == (CLOCK.epoch, timedelta(hours=96))
    assert span_of(f59(), CLOCK.epoch, timedelta(days=2))[1] - start == timedelta(days=2)
    assert span_of([], CLOCK.epoch, week)[1] - start == timedelta(days=1)
    with pytest.raises(ValueError, match="ends after it begins"):
        gantt([], ZONE, start, start)


def weekly() -> WeeklyRecord:
    """F-40."""
    return time_phase(
        Decimal(1000),
        [Decimal(one) for one in (600, 700, 500, 400)],
        [Decimal(one) for one in (0, 0, 900, 0)],
        past_due=Decimal(300),
    )


NAMES = [iso_week(week_start(date(2025, 9, 3), at)) for at in range(4)]


def test_f040_balances_stand_above_and_below_the_line_of_nothing() -> None:
    chart = balance_chart("Y1", weekly().weeks, NAMES)
    assert [one.short for one in chart.weeks] == [False, True, False, True]
    assert chart.first_short is not None
    assert chart.deepest is not None
    assert (chart.first_short.name, chart.deepest.name) == ("2025-W37", "2025-W37")
    assert [level.pounds for level in chart.levels] == [-1000, -500, 0, 500, 1000]
    unit = (chart.levels[0].y - chart.levels[-1].y) / 2000
    for one in chart.weeks:
        assert one.balance == pytest.approx(chart.zero - float(one.week.balance or 0) * unit, abs=0.2)
    assert [one.receipts is None for one in chart.weeks] == [True, True, False, True]
    third = chart.weeks[2].receipts
    assert third is not None
    assert third.height == pytest.approx(900 * unit, abs=0.2)


def test_a_week_may_be_short_above_nothing() -> None:
    level = Decimal(450)
    record = time_phase(Decimal(1000), [Decimal(600)], [Decimal(0)], level=level)
    chart = balance_chart("Y1", record.weeks, NAMES[:1], level)
    assert chart.first_short is not None
    assert chart.limit is not None
    assert chart.weeks[0].balance is not None
    assert chart.limit < chart.weeks[0].balance < chart.zero
    page = balances_page([chart], PictureFrame())
    assert "short from 2025-W36; 50.00 lb missing" in page
    assert "Below this a week is short" in page


def test_an_unknown_balance_is_not_drawn_as_nothing() -> None:
    class Unknown:
        receipts, demand, balance, shortage = Decimal(0), Decimal(5), None, None

    chart = balance_chart("Y1", [Unknown()], ["2025-W36"])
    assert chart.weeks[0].balance is None
    assert chart.first_short is None
    assert "–" in balances_page([chart], PictureFrame())


def test_nothing_at_all_is_a_chart_too() -> None:
    chart = balance_chart("Y1", [], [])
    assert (chart.weeks, [level.pounds for level in chart.levels]) == ([], [0])


def gantt_html(locale: Locale = "en") -> str:
    clock = Clock(CLOCK.epoch, ZONE)
    first = finite_plan(F59, shop(setup=1)).operations
    style = "<S&1>"
    orders = [*F59[2:], job("Z", 100, 1, style=style)]
    plan = finite_plan(orders, shop(setup=1), Options(), frozen(first[:2], 0, 8))
    drawn = picture(list(blocks(plan.operations, clock)), 200)
    return gantt_page(drawn, FIGURES, plan.unscheduled, PictureFrame(locale=locale))


def balance_html(locale: Locale = "en") -> str:
    return balances_page([balance_chart("Y<1>", weekly().weeks, NAMES)], PictureFrame(locale=locale))


def test_late_and_frozen_are_told_by_signs_and_words() -> None:
    page = gantt_html()
    assert "! late by" in page
    assert "▪ frozen, in time" in page
    assert "No machine can knit it" in page
    assert "3 of 4" in page
    assert "96.1" in page
    assert "not known" in page
    assert "4 orders are planned with an estimated rate" in page


def test_everything_drawn_stands_in_the_list() -> None:
    page = gantt_html()
    drawn, listed = page.split('class="whole-list"')
    for order in "ABCDZ":
        assert re.search(rf"<title>{order} ·", drawn)
        assert f'<th scope="row">{order}</th>' in listed
    assert "waited" in listed


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("made", [gantt_html, balance_html])
def test_pages_escape_and_carry_nothing_foreign(made: Callable[[Locale], str], locale: Locale) -> None:
    page = made(locale)
    assert f'lang="{locale}"' in page
    assert "<S&1>" not in page
    assert "Y<1>" not in page
    assert not re.search(r"<script|\sstyle=|src=|https?://", page)


@pytest.mark.skipif(CHROMIUM is None, reason="no browser here: apt-get install chromium")
async def test_pages_fit_screen_phone_and_paper() -> None:
    complaints: list[str] = []
    pages = {"gantt": gantt_html(), "balances": balance_html()}

    async def answer(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[-1]
        await route.fulfill(
            body=pages.get(name, ""), headers=HEADERS, content_type="text/html; charset=utf-8"
        )

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        page.on("console", lambda told: complaints.append(told.text))
        await page.route("**/*", answer)
        for name in pages:
            await page.goto(f"http://muster.test/{name}")
            for width in (1280, 390):
                await page.set_viewport_size({"width": width, "height": 900})
                assert await page.evaluate("document.documentElement.scrollWidth") == width, (name, width)
            assert await page.locator("main svg[role=img]").first.is_visible()
            assert len(await page.pdf(prefer_css_page_size=True)) > 10_000
        await page.goto("http://muster.test/gantt")
        await page.set_viewport_size({"width": 1280, "height": 900})
        bar = page.locator(".plan svg svg", has_text="! D").first
        chart = page.locator(".plan > svg").first
        drawn, whole = await bar.bounding_box(), await chart.bounding_box()
        await browser.close()
    assert not complaints
    assert drawn is not None
    assert whole is not None
    assert drawn["x"] >= whole["x"]
    assert drawn["x"] + drawn["width"] <= whole["x"] + whole["width"] + 1


def test_a_twice_told_hour_is_told_with_its_offset() -> None:
    clock = Clock(datetime(2025, 11, 2, 5, 30, tzinfo=UTC), ZONE)
    found = list(blocks(finite_plan([job("A", 100)], shop()).operations, clock))
    shown = gantt(found, ZONE, clock.epoch, clock.epoch + timedelta(hours=8))
    page = gantt_page(shown, FIGURES, [], PictureFrame())
    assert "2025-11-02 01:30-0400" in page
    assert "11-02 04:30" in page
