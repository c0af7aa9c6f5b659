"""XLSX and NDJSON: real dates, times, durations and numbers; meta beside the rows; nothing becomes a formula."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from service.reporting.columns import Column, at_the_wall, columns_of_row
from service.reporting.formats import cells, formatters, workbook
from service.reporting.report import Style, View
from tests.reporting.ledger import LEDGER, LedgerRow
from tests.reporting.stall import TAKINGS
from tests.reporting.test_formats import SHEET
from tests.reporting.test_formats import TAKINGS as PATH
from tests.support.workbooks import Opened

LINES = "/v1/stall/reports/ledger"


async def opened(client: httpx.AsyncClient, path: str, **params: Any) -> Opened:
    answer = await client.get(path, params={"format": "xlsx", **params})
    assert answer.status_code == 200, answer.text
    return Opened(answer.content)


async def test_every_kind_of_value_is_what_it_is(client: httpx.AsyncClient) -> None:
    book = await opened(client, LINES, rows=2)
    header, first, second = book.values(0)
    assert header == ["Number", "Item", "Sold on", "Sold at", "Punched at", "Open", "Price", "Paid"]
    assert first == [
        1.0,
        "item 1",
        date(2026, 10, 2),
        datetime(2026, 10, 1, 6, 0, 1),  # 12:00:01Z on the wall of Mexico City
        datetime(2026, 10, 1, 6, 30),  # without offset: a reading of that clock already
        timedelta(seconds=90_001),  # more than a day
        0.25,
        False,
    ]
    assert second[-1] is True
    assert "[h]:mm:ss" in book.part("styles")


async def test_the_header_is_frozen_filtered_and_explained(client: httpx.AsyncClient) -> None:
    book = await opened(client, LINES, rows=2)
    sheet = book.part("worksheets/sheet1")
    assert 'state="frozen"' in sheet
    assert 'topLeftCell="B2"' in sheet
    assert '<autoFilter ref="A1:H3"/>' in sheet
    assert '<col min="4" max="5" width="20.' in sheet
    assert book.notes() == {"F1": "How long the stall was open."}


async def test_about_says_what_meta_says(client: httpx.AsyncClient) -> None:
    book = await opened(client, LINES, rows=2)
    assert book.names == ["Ledger", "About"]
    about = dict(row[:2] for row in book.values("About"))
    assert about["Report"] == "Ledger"
    assert about["Status"].startswith("Not complete")
    assert about["Why"] == "the ledger was never closed"
    assert about["As of"] == "2026-10-31 12:30 -06:00"
    assert about["Times in"] == "America/Mexico_City"
    assert about["Asked for: Rows"] == "2"
    assert about["Column: Open"] == "How long the stall was open."
    gaps = dict(row[:2] for row in (await opened(client, SHEET)).values("About"))
    assert "till 2" in gaps["Open gaps"]
    assert "run `muster sync stall` again" in gaps["Open gaps"]


async def test_labels_speak_spanish(client: httpx.AsyncClient) -> None:
    book = await opened(client, PATH, locale="es")
    assert book.names == ["Ventas", "Acerca de"]
    assert book.values(0)[0][:3] == ["Artículo", "Día", "Cantidad"]
    assert dict(row[:2] for row in book.values(1))["Estado"].startswith("Completo")


async def test_g_n_97_no_cell_is_a_formula(client: httpx.AsyncClient) -> None:
    book = await opened(client, PATH)
    assert {row[0] for row in book.values(0)} >= {"=1+1", "<script>alert(1)</script>"}
    assert "<f>" not in book.part("worksheets/sheet1")


async def test_equal_answers_are_equal_workbooks(client: httpx.AsyncClient) -> None:
    first, second = [(await opened(client, LINES, rows=2)).content for _ in range(2)]
    assert first == second


async def test_ndjson_has_a_row_a_line_and_says_that_it_ended(client: httpx.AsyncClient) -> None:
    answer = await client.get(LINES, params={"format": "ndjson", "rows": 1200})
    assert answer.headers["content-type"] == "application/x-ndjson"
    *rows, end = [orjson.loads(line) for line in answer.content.splitlines()]
    assert rows == (await client.get(LINES, params={"rows": 1200})).json()["items"]
    assert (end["end"], end["rows"], end["meta"]["complete"]) == (True, 1200, False)
    assert end["meta"]["incomplete_reasons"] == ["the ledger was never closed"]


def view_of(rows: list[dict[str, Any]], columns: list[Column]) -> View:
    meta = {
        "as_of": None, "complete_through": {}, "complete": True, "incomplete_reasons": [], "gaps": [],
        "timezone": "UTC", "rules_version": None, "data_version": "", "generated_at": None,
    }  # fmt: skip
    answer = {"report": "takings", "params": {}, "items": rows, "summary": {}, "notes": [], "meta": meta}
    return View(desk="stall", report=TAKINGS, answer=answer, columns=columns, style=Style())


def written(rows: list[dict[str, Any]], columns: list[Column]) -> Opened:
    return Opened(b"".join(formatters(TAKINGS)["xlsx"].write(view_of(rows, columns))))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_any_text_stays_what_it_is(text: str) -> None:
    book = written([{"x": text}], [Column(key="x", label=text)])
    assert book.values(0)[:2] == [[text], [text]]


def test_long_texts_end_in_an_ellipsis() -> None:
    value = written([{"x": "ñ" * 40_000}], [Column(key="x", label="x")]).values(0)[1][0]
    assert (len(value), value[-1]) == (cells.LONGEST_TEXT, "…")


def test_numbers_that_a_workbook_would_round_stay_text() -> None:
    rows = [{"x": "12345678901234567.89"}, {"x": "-12.50"}, {"x": "n/a"}]
    assert written(rows, [Column(key="x", label="x", kind="number")]).values(0)[1:] == [
        ["12345678901234567.89"],
        [-12.5],
        ["n/a"],
    ]


def test_negative_durations_are_visible_numbers() -> None:
    book = written([{"x": -27_239}], [Column(key="x", label="x", kind="duration")])
    assert "-0.0000" in book.part("styles")
    assert 'r="A2"' in book.part("worksheets/sheet1")


def test_dates_before_1900_are_text() -> None:
    column = Column(key="x", label="x", kind="date")
    assert written([{"x": "1899-12-31"}], [column]).values(0)[1] == ["1899-12-31"]


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    book = written([{"x": n} for n in range(5)], [Column(key="x", label="x", kind="number")])
    assert book.names == ["Takings", "Takings 2", "Takings 3", "About"]
    assert [row[0] for name in book.names[:3] for row in book.values(name)[1:]] == [0, 1, 2, 3, 4]


def test_names_of_sheets_are_made_possible() -> None:
    book = workbook.Book(io.BytesIO(), "/tmp", view_of([], []))
    names = [book.sheet(title).name for title in ("a/b[c]:*?", "A B C", "", "x" * 40, "x" * 40)]
    assert names == ["a b c", "A B C 2", "Sheet", "x" * 31, "x" * 29 + " 2"]
    assert isinstance(book.workbook, Workbook)
    book.close()


def test_clocks_without_offset_are_not_shifted() -> None:
    assert at_the_wall("2026-10-07T08:02:11", "America/Mexico_City") == datetime(2026, 10, 7, 8, 2, 11)
    kinds = {column.key: (column.kind, column.note) for column in columns_of_row(LedgerRow, {})}
    assert kinds["punched_at"] == ("wall", None)
    assert kinds["open_seconds"] == ("duration", "How long the stall was open.")
    assert LEDGER.stream is not None
