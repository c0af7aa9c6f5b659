"""CSV and HTML: what spreadsheets and browsers must not be made to do, and what people must see."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from service.reporting.columns import clock, columns_of_row, wall_clock
from service.reporting.completeness import completeness_headers
from service.reporting.formats.csv_file import BYTE_ORDER_MARK, neutral
from tests.reporting.conftest import House
from tests.reporting.stall import TakingsRow

TAKINGS = "/v1/stall/reports/takings"
SHEET = "/v1/stall/reports/day-sheet"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    """A CSV file read back."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


async def test_g_n_97_csv_is_neutralised(client: httpx.AsyncClient) -> None:
    answer = await client.get(TAKINGS, params={"format": "csv"})
    rows = {row[0]: row for row in rows_of(answer.content)[1:]}
    assert "'=1+1" in rows
    assert "<script>alert(1)</script>" in rows  # a file is no page: nothing is escaped in it
    assert rows["corn"][3] == "-12.50"  # a number stays a number
    assert answer.content.count(b"\r\n") == 5


async def test_g_n_97_html_is_escaped(client: httpx.AsyncClient) -> None:
    page = (await client.get(TAKINGS, params={"format": "html"})).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@given(st.text(max_size=30))
def test_no_text_is_left_a_formula(value: str) -> None:
    cell = neutral(value)
    assert cell in {value, f"'{value}"}
    if cell.startswith(FORMULAS):
        assert re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|-\d{2,}:\d\d:\d\d", cell)


@given(st.integers(-(10**7), 10**7))
def test_a_clock_says_the_seconds(seconds: int) -> None:
    sign, hours, minutes, rest = re.fullmatch(r"(-?)(\d{2,}):(\d\d):(\d\d)", clock(seconds)).groups()  # type: ignore[union-attr]
    assert seconds == (-1 if sign else 1) * (int(hours) * 3600 + int(minutes) * 60 + int(rest))


async def test_csv_options(client: httpx.AsyncClient) -> None:
    asked = {"format": "csv", "bom": "true", "delimiter": ";", "durations": "hours", "locale": "es"}
    answer = await client.get(TAKINGS, params=asked)
    assert answer.content.startswith(BYTE_ORDER_MARK)
    rows = rows_of(answer.content, ";")
    assert rows[0] == ["Artículo", "Día", "Cantidad", "Price", "Open for", "Last sale"]
    assert ["corn", "2026-10-01", "7", "-12.50", "8.5", "2026-10-31T18:30:00+00:00"] in rows
    clocks = rows_of((await client.get(TAKINGS, params={"format": "csv"})).content)
    assert next(row for row in clocks if row[0] == "corn")[4] == "08:30:00"
    seconds = rows_of((await client.get(TAKINGS, params={"format": "csv", "durations": "seconds"})).content)
    assert next(row for row in seconds if row[0] == "corn")[4] == "30600"


async def test_a_file_of_an_incomplete_answer_says_so_in_its_name_and_headers(
    client: httpx.AsyncClient,
) -> None:
    complete = await client.get(TAKINGS, params={"format": "csv"})
    partial = await client.get(SHEET, params={"format": "csv", "month": "2026-10"})
    assert complete.headers["content-disposition"] == (
        'attachment; filename="takings_2026-10-01_2026-10-31.csv"'
    )
    assert (
        partial.headers["content-disposition"]
        == 'attachment; filename="day-sheet_2026-10-01_2026-10-31_incomplete.csv"'
    )
    assert complete.headers["data-complete"] == "true"
    assert "incomplete-reasons" not in complete.headers
    first, second = partial.headers["incomplete-reasons"].split(", ")
    assert (partial.headers["data-complete"], first) == ("false", '%"the scale has never been read"')
    assert second.startswith('%"needed: ')


def test_reasons_in_headers_are_ascii_and_short() -> None:
    told = completeness_headers(False, ['“Logroño” is 100 "far"', "x" * 400, *map(str, range(20))])
    listed = told["Incomplete-Reasons"].split(", ")
    assert listed[0] == '%"%e2%80%9cLogro%c3%b1o%e2%80%9d is 100 %22far%22"'
    assert (len(listed), listed[-1]) == (11, '%"and 12 more"')
    assert len(listed[1]) < 320


async def test_a_large_file_is_whole(house: House) -> None:
    async with house.runtime.database.write() as conn:
        await conn.execute(
            text(
                "INSERT INTO stall.sale SELECT 'n' || lpad(n::text, 5, '0'), 'North', DATE '2026-10-05', "
                "1, 1 FROM generate_series(1, 5000) n"
            )
        )
    async with house.client() as client:
        for _ in range(2):
            rows = rows_of((await client.get(TAKINGS, params={"format": "csv"})).content)
            assert len(rows) == 1 + 4 + 5000
            page = (await client.get(TAKINGS, params={"format": "html"})).text
            assert page.count("<tr data-q") == 5004
            assert page.endswith("</html>")


class Outline(HTMLParser):
    """Tags with attributes, and whether each opened one was closed."""

    EMPTY = frozenset({"meta", "link", "input", "br", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("path", [TAKINGS, SHEET, "/v1/gaps"])
async def test_pages_are_well_formed_and_load_nothing(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, params={"format": "html"})
    page = Outline()
    page.feed(answer.text)
    page.close()
    assert page.open == []
    addresses = [attrs.get(name) for _, attrs in page.tags for name in ("src", "href") if attrs.get(name)]
    assert not [address for address in addresses if address.startswith(("http", "//"))]
    assert not [attrs for _, attrs in page.tags if "style" in attrs or any(n.startswith("on") for n in attrs)]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_the_banner_says_it_in_words(client: httpx.AsyncClient) -> None:
    complete = (await client.get(TAKINGS, params={"format": "html"})).text
    assert "Every source has delivered everything this report needs." in complete
    assert "complete through 2026-10-31 12:30 -06:00" in complete
    partial = (await client.get(SHEET, params={"format": "html"})).text
    assert "Not complete" in partial
    assert "the scale has never been read" in partial
    assert "run `muster sync stall` again" in partial
    assert "scale: nothing yet" in partial
    spanish = (await client.get(SHEET, params={"format": "html", "locale": "es"})).text
    assert "Incompleto" in spanish
    assert "Artículo" in spanish


async def test_a_cell_knows_its_question(client: httpx.AsyncClient) -> None:
    page = Outline()
    page.feed((await client.get(TAKINGS, params={"format": "html", "items": "corn"})).text)
    rows = [attrs["data-q"] for tag, attrs in page.tags if tag == "tr" and "data-q" in attrs]
    assert rows == ["item=corn&sold_on=2026-10-01"]
    asked = [attrs.get("data-f") for tag, attrs in page.tags if tag == "th" and "data-k" in attrs]
    assert asked[:3] == [None, None, "figure=quantity"]  # item and day name the row
    table = next(attrs for tag, attrs in page.tags if attrs.get("id") == "table")
    assert table["data-explain"] == "takings/explain"
    answer = await client.get(f"/v1/stall/reports/{table['data-explain']}?{rows[0]}&{asked[2]}")
    assert answer.json()["value"] == 7


async def test_an_empty_report_says_so(client: httpx.AsyncClient) -> None:
    page = (await client.get(TAKINGS, params={"format": "html", "to": "2026-10-01", "items": "rice"})).text
    assert "No rows for these parameters." in page


def test_kinds_come_from_the_schema() -> None:
    kinds = {column.key: column.kind for column in columns_of_row(TakingsRow, {})}
    assert kinds == {
        "item": "text", "sold_on": "date", "quantity": "number", "price": "text",
        "open_seconds": "duration", "last_at": "instant",
    }  # fmt: skip


def test_both_half_past_ones_of_a_25_hour_day_can_be_told_apart() -> None:
    first, second = "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"
    assert wall_clock(first, "Europe/London") == "2026-10-25 01:30 +01:00"
    assert wall_clock(second, "Europe/London") == "2026-10-25 01:30 +00:00"
    assert date(2026, 10, 25).isoformat() in wall_clock(first, "Europe/London")
