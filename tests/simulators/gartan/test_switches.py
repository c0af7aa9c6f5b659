"""Every fault switch of spec B.5 does what it says, to the requests it was ordered for, as often as it was."""

import time
from collections.abc import Callable
from datetime import date

import httpx
import pytest

from service.simulators.gartan import GartanServer, faults
from service.simulators.serving.plan import AnyFault
from tests.simulators.gartan.browser import LOGIN, Browser, Table

SIXTH = date(2026, 3, 6)
FREE = "background-color:#009933"


async def test_a_failure_so_many_times_and_then_no_more(browser: Browser, site: GartanServer) -> None:
    rule = site.faults.add(faults.server_failure(503), times=2)
    assert [(await browser.ask()).status_code for _ in range(4)] == [503, 503, 200, 200]
    assert (rule.seen, rule.fired) == (4, 2)


async def test_one_day_fails_for_ever_and_the_others_do_not(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.server_failure(), day=SIXTH)
    days = ["05/03/2026", "06/03/2026", "06/03/2026", "07/03/2026"]
    assert [(await browser.ask(bookingDate=day)).status_code for day in days] == [200, 500, 500, 200]
    site.faults.clear()
    assert (await browser.ask(bookingDate="06/03/2026")).status_code == 200


async def test_sign_in_may_fail_too(stranger: Browser, site: GartanServer) -> None:
    site.faults.add(faults.html_error(502), "login", nth=1)
    assert (await stranger.sign_in()).status_code == 502
    assert (await stranger.sign_in()).status_code == 200


@pytest.mark.parametrize(
    ("made", "status", "begins"),
    [
        (faults.not_json, 200, b"<html>"),
        (faults.missing_d, 200, b'{"Message"'),
        (faults.empty_d, 200, b'{"d":""}'),
        (lambda: faults.site_message("No rows."), 200, b'{"d":"No rows."}'),
        (lambda: faults.raw(204, b""), 204, b""),
        (faults.truncated, 200, b'{"d":"<table'),
        (lambda: faults.wrong_content_type("text/plain"), 200, b'{"d":"<table'),
    ],
)
async def test_bodies_that_are_no_grid(
    browser: Browser, site: GartanServer, made: Callable[[], AnyFault], status: int, begins: bytes
) -> None:
    site.faults.add(made())
    answer = await browser.ask()
    assert (answer.status_code, answer.content[: len(begins)]) == (status, begins)


async def test_a_truncated_body_is_half_of_it(browser: Browser, site: GartanServer) -> None:
    whole = (await browser.ask()).content
    site.faults.add(faults.truncated(0.5))
    assert (await browser.ask()).content == whole[: len(whole) // 2]


async def test_connections_are_reset_before_and_within_an_answer(
    browser: Browser, site: GartanServer
) -> None:
    site.faults.add(faults.reset(), nth=1)
    site.faults.add(faults.broken_off(), nth=2)
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            await browser.ask()
    assert site.requests.count("grid", status=0) == 1
    assert (await browser.ask()).status_code == 200


async def test_too_many_requests_says_when_to_come_back(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.too_many_requests("7"), nth=1)
    answer = await browser.ask()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")


async def test_answers_may_be_late(browser: Browser, site: GartanServer) -> None:
    site.site.latency = 0.05
    started = time.monotonic()
    await browser.ask()
    assert time.monotonic() - started >= 0.05, "a lower bound: the site really waits"


async def test_rows_and_sections_go_missing(browser: Browser, site: GartanServer) -> None:
    rule = site.faults.add(faults.rows_absent())
    table = await browser.grid()
    assert (table.names, len(table.labels), bool(table.row("P22P6"))) == ([], 96, True)
    site.faults.remove(rule)
    rule = site.faults.add(faults.header_only())
    assert len((await browser.grid()).rows) == 1
    site.faults.remove(rule)
    site.faults.add(faults.appliances_absent())
    table = await browser.grid()
    assert "P22P6" not in [cells[0].text for _, cells in table.rows]
    assert (len(table.names), len(table.counted("BA"))) == (5, 96)


async def test_the_table_may_look_otherwise(browser: Browser, site: GartanServer) -> None:
    plain = await browser.grid()
    site.faults.add(faults.other_colours())
    site.faults.add(faults.trailing_header())
    site.faults.add(faults.with_tbody())
    html = (await browser.ask()).json()["d"]
    assert "background-color:#4ea72e" in html
    assert FREE not in html
    assert "<tbody>" in html
    changed = Table.of(html)
    assert changed.rows[0][1][-1].text == "Total"
    assert [changed.person(name) for name in changed.names] == [plain.person(name) for name in plain.names]
    site.faults.add(faults.changed_layout())
    assert 'id="gridAvail"' not in (await browser.ask()).json()["d"]


async def test_rows_may_be_short_long_doubled_or_gone(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.row_of("ALDER, JO", -3))
    site.faults.add(faults.row_of("BIRCH, KE", 2))
    site.faults.add(faults.duplicate_name("CEDAR, LU"))
    site.faults.add(faults.without_person("ELDER, SA"), day=SIXTH)
    table = await browser.grid()
    assert len(table.person("ALDER, JO")) == 93
    assert len(table.row("BIRCH, KE")) == 3 + 98
    assert table.names.count("CEDAR, LU") == 2
    assert "ELDER, SA" in table.names
    assert "ELDER, SA" not in (await browser.grid(bookingDate="06/03/2026")).names


async def test_cells_may_say_what_nobody_knows(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.unknown_code("CEDAR, LU", hours=(1, 1.5)))
    site.faults.add(faults.unclear_cells("CEDAR, LU", hours=(2, 2.25)))
    site.faults.add(faults.unknown_code("CEDAR, LU", "colour", (3, 3.25)))
    assert (await browser.grid()).person("CEDAR, LU")[:16] == "....ZZZZ..?...~."


async def test_counts_may_disagree_and_appliances_be_more(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.counted("Total Crew", ["0000", "0015"], 5))
    site.faults.add(faults.second_appliance())
    table = await browser.grid()
    assert table.counted("Total Crew")[:3] == [5, 5, 3]
    assert len(table.appliance("P22P7")) == 96


async def test_labels_may_change_their_mode_for_a_day(browser: Browser, site: GartanServer) -> None:
    site.faults.add(faults.labelled("double"), day=date(2026, 10, 25))
    assert len((await browser.grid(bookingDate="25/10/2026")).labels) == 100
    assert len((await browser.grid(bookingDate="29/03/2026")).labels) == 96


async def test_a_site_that_is_down_comes_back_on_its_port(browser: Browser, site: GartanServer) -> None:
    await site.stop()
    with pytest.raises(httpx.ConnectError):
        await browser.http.get(LOGIN)
    await site.start()
    assert (await browser.ask()).status_code == 200, "it keeps its sessions"
