"""What the site counts, and what its station display shows (spec A.9, B.4, B.5)."""

import asyncio
from datetime import UTC, date, datetime

from service.simulators.gartan import GartanServer, off_during
from tests.crew.scenario import DAY
from tests.simulators.gartan.browser import Browser, Table

SHOWN = "/StationDisplay.aspx?id=P22"


async def test_fetches_are_counted_by_date_and_brigade(browser: Browser, site: GartanServer) -> None:
    for day in ("05/03/2026", "06/03/2026", "05/03/2026"):
        await browser.ask(bookingDate=day)
    await browser.ask(bookingDate="not a day")
    fifth, sixth = date(2026, 3, 5), date(2026, 3, 6)
    assert site.requests.fetches() == {fifth: 2, sixth: 1}
    assert site.requests.fetches(101) == {fifth: 2, sixth: 1}
    assert site.requests.fetches(102) == {}
    assert site.requests.days() == [fifth, sixth, fifth]
    assert (site.requests.logins, site.requests.count("grid"), site.requests.count("grid", 500)) == (1, 4, 1)
    site.requests.clear()
    assert (site.requests.logins, site.requests.fetches()) == (0, {})


async def test_the_most_at_once_and_the_least_between(browser: Browser, site: GartanServer) -> None:
    site.requests.clear()
    assert site.requests.spacing() == float("inf")
    site.site.latency = 0.1
    await asyncio.gather(*(browser.ask() for _ in range(3)))
    assert site.requests.most_at_once == 3
    site.requests.clear()
    site.site.latency = 0.0
    for _ in range(3):
        await browser.ask()
        await asyncio.sleep(0.02)
    assert site.requests.most_at_once == 1
    assert 0.02 <= site.requests.spacing() < float("inf")


async def test_the_display_shows_who_is_there_now(browser: Browser, site: GartanServer) -> None:
    site.stand_at(datetime(2026, 3, 5, 10, 0, 7, tzinfo=UTC))
    page = (await browser.http.get(SHOWN)).text
    assert '<span id="lblTime">10:00:07</span><span id="lblDate">05/03/2026</span>' in page
    assert '<span id="lblStation">P22</span>' in page
    rows = [[cell.text for cell in cells] for _, cells in Table.of(page).rows]
    assert rows[:4] == [["Total Crew", "3 (-1)"], ["MGR", "0 (-1)"], ["LGV", "2 (+1)"], ["BA", "3 (-1)"]]
    assert rows[4:] == [
        ["FFC", "BIRCH, KE", "(BA, LGV)"], ["FFD", "CEDAR, LU", "(BA)"], ["FFD", "ELDER, SA", "(BA, ERD)"]
    ]  # fmt: skip


async def test_the_display_is_in_local_time(browser: Browser, site: GartanServer) -> None:
    site.stand_at(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert '>00:30:00</span><span id="lblDate">02/07/2026<' in (await browser.http.get(SHOWN)).text


async def test_the_other_shape_shows_appliances(browser: Browser, site: GartanServer) -> None:
    for hour, colour in ((8, "green"), (10, "red")):
        site.stand_at(datetime(2026, 3, 5, hour, tzinfo=UTC))
        page = (await browser.http.get("/ScheduleDisplay.aspx?BrigadeID=P22")).text
        assert f'<tr><td><span>P22P6</span></td>\n<td style="background-color: {colour}"></td></tr>' in page
    assert (await browser.http.get("/StationDisplay.aspx?id=P99")).status_code == 404


async def test_the_display_may_know_more_than_the_grid(browser: Browser, site: GartanServer) -> None:
    site.stand_at(datetime(2026, 3, 5, 10, tzinfo=UTC))
    site.site.live = site.plan.booked("P22", "CEDAR, LU", *off_during(DAY, [(9, 11)], "F"))
    assert "CEDAR, LU" not in (await browser.http.get(SHOWN)).text
    assert "F" not in (await browser.grid()).person("CEDAR, LU")


async def test_the_plan_changes_between_two_looks(browser: Browser, site: GartanServer) -> None:
    before = await browser.grid()
    site.plan = site.plan.booked("P22", "CEDAR, LU", *off_during(DAY, [(0, 6)], "S"))
    after = await browser.grid()
    assert after.person("CEDAR, LU") == "S" * 24 + "." * 72
    assert after.person("ALDER, JO") == before.person("ALDER, JO")
    site.plan = site.plan.booked("P22", "CEDAR, LU", *off_during(DAY, [(0, 6)], None))
    assert (await browser.grid()).person("CEDAR, LU") == "." * 96
