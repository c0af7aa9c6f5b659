"""How files are written: delimiters, encodings, workbooks, week columns; what is too much; what is odd in rows."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from tests.mill.imports.ground import as_csv, ended, imported, told
from tests.support.house import House

STOCK = "Desc#,Theoretical Balance,Consumed,Allocated,On Order\n"


def workbook(*sheets: tuple[str, list[list[Any]]], **options: Any) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", **options}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        (STOCK + "90001,100,0,-5,0\n").encode(),
        ("\ufeff" + STOCK + "90001,100,0,-5,0").encode(),
        (STOCK + "90001,100,0,-5,0\n").replace(",", ";").encode(),
        (STOCK + "90001,100,0,-5,0\n").replace(",", "\t").replace("\n", "\r\n").encode(),
        ("Inventory of 3 September\n\n" + STOCK + "90001,100,0,-5,0\n").encode(),
        ("Inventory, 3 September\n\n" + (STOCK + "90001,100,0,-5,0\n").replace(",", ";")).encode(),
        b"desc_num,THEORATICAL_BALANCE, consumed ,Allocated_Qty,OnOrder\n90001,100,0,-5,0\n",
        workbook(("Stock", [STOCK.strip().split(","), [90001, 100, 0, -5, 0]])),
        workbook(("", []), ("Stock", [STOCK.strip().split(","), [90001, 100, 0, "=0-5", 0]])),
    ],
    ids=[
        "comma",
        "bom",
        "semicolon",
        "tab",
        "titles",
        "titles-semicolon",
        "aliases",
        "workbook",
        "second-sheet",
    ],
)
async def test_the_same_row_however_it_is_written(house: House, content: bytes) -> None:
    report = await imported(house, "yarn_inventory", content, "strict")
    assert (report.status, report.rows_ok) == ("done", 1), report.errors
    assert report.counts == {"TB_ONLY": 1}
    rows = await house.sql(
        "SELECT y.yarn_code, s.theoretical_balance, s.allocated FROM mill.yarn_inventory s"
        " JOIN mill.yarns y ON y.id = s.yarn_id"
    )
    assert rows in (
        [("90001", 100, -5)],
        [("90001", 100, 0)],
    )  # nobody has computed the formula of that sheet


async def test_a_named_sheet_and_days_of_both_calendars(house: House) -> None:
    header = ["Style #", "Order #", "Qty Ordered (lbs)", "Quoted Date", "Start Date"]
    for epoch in (False, True):
        day = datetime(2025, 9, 11)
        serial = (date(2025, 9, 1) - (date(1904, 1, 1) if epoch else date(1899, 12, 30))).days
        book = workbook(
            ("Notes", [["nothing"]]), ("KO", [header, ["S1", "O1", 500, day, serial]]), date_1904=epoch
        )
        report = await imported(house, "knit_orders", book, sheet="KO")
        assert [one.code for one in report.errors if one.code != "STYLE_UNKNOWN"] == []
        rows = await house.sql("SELECT start_date, due_date FROM mill.production_orders")
        assert rows == [(date(2025, 9, 1), date(2025, 9, 11))]
        await house.sql("DELETE FROM mill.production_orders")
    run = await ended(house, "knit_orders", book, mode="lenient", sheet="Orders")
    assert (run.error["code"], "'KO'" in run.error["detail"]) == ("no_sheet", True)


async def test_sheets_that_are_hidden_and_cells_that_nobody_computed(house: House) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        hidden, sheet = book.add_worksheet("Codes"), book.add_worksheet("Stock")
        hidden.write_row(0, 0, ["code", "means"])
        hidden.hide()
        sheet.activate()
        for at, cells in enumerate([STOCK.strip().split(","), *([code, 100, 0] for code in "ABC")]):
            sheet.write_row(at + 1, 1, cells)
            sheet.write_row(at + 1, 5, [0] if at else cells[4:])
        for at, (formula, value) in enumerate((("=-5", -5), ("=C2", ""), ("=1/0", "#DIV/0!"))):
            sheet.write_formula(at + 2, 4, formula, None, value)
        sheet.write_string(1, 4, "Allocated")
    # Excel writes what it computed; other programs leave that out.
    report = await imported(house, "yarn_inventory", without_empty_values(content.getvalue()))
    assert [(one.row, one.column, one.code, one.raw) for one in report.errors] == [
        (4, "Allocated", "NUM_FORMAT", "=C2"), (5, "Allocated", "NUM_FORMAT", "#DIV/0!"),
    ]  # fmt: skip
    assert await house.sql("SELECT allocated FROM mill.yarn_inventory") == [(-5,)]


async def test_a_last_row_that_nobody_computed_is_told(house: House) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Stock")
        for at, cells in enumerate([STOCK.strip().split(","), ["A", 100, 0, 0, 0]]):
            sheet.write_row(at, 0, cells)
        for column in range(5):
            sheet.write_formula(2, column, "=C2", None, "")
    report = await imported(house, "yarn_inventory", without_empty_values(content.getvalue()))
    assert {(one.row, one.raw) for one in report.errors if one.code == "NUM_FORMAT"} == {(3, "=C2")}


def without_empty_values(book: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as read, zipfile.ZipFile(content, "w") as written:
        for name in read.namelist():
            part = read.read(name).replace(b' t="str"><f>C2</f><v></v>', b"><f>C2</f>")
            written.writestr(name, part)
    return content.getvalue()


async def test_what_is_too_much_is_refused_as_a_whole(house: House) -> None:
    wide = as_csv([[f"c{n}" for n in range(201)], ["x"] * 201])
    bomb = workbook(
        ("Stock", [STOCK.strip().split(","), *([["x" * 30_000] * 20] * 60)]), constant_memory=True
    )
    for content, code in (
        (wide, "too_many_columns"),
        (b"", "file_empty"),
        (b"\n \n", "file_empty"),
        (bomb, "workbook_too_large"),
    ):
        run = await ended(house, "yarn_inventory", content, mode="lenient")
        assert (run.state, run.error["code"]) == ("failed", code)
    assert await house.sql("SELECT count(*) FROM mill.import_jobs") == [(0,)]


async def test_f043_week_columns_by_day_and_by_number(house: House) -> None:
    await imported(house, "yarn_inventory", STOCK + "Y1,0,0,0,60\n")
    header = "PO #,Desc,PO Order Amt,Rec'd,PO Bal,Past Due,This Week,{},Later\n"
    row = "P1,Y1,100,40,60,10,10,10,10,20\n"
    stored = "SELECT kind, due_date::text, quantity FROM mill.expected_receipts ORDER BY 1, 2"
    for first, second in (("9/12/2025", "2025-09-19"), ("Week 37", "Wk 38"), ("45912", "45919.0")):
        report = await imported(house, "expected_receipts", header.format(f"{first},{second}") + row)
        assert (report.status, told(report)) == ("done", [])
        assert [tuple(map(str, one)) for one in await house.sql(stored)] == [
            ("dated", "2025-09-05", "10.0000"), ("dated", "2025-09-12", "10.0000"),
            ("dated", "2025-09-19", "10.0000"), ("later", "None", "20.0000"), ("past_due", "None", "10.0000"),
        ]  # fmt: skip
    # 2020 has a week 53; its number means the one near the report's day.
    new_year = await imported(
        house, "expected_receipts", header.format("Week 53,Week 1") + row, snapshot_date="2020-12-22"
    )
    assert new_year.status == "done"
    assert [one[1] for one in await house.sql(stored)][:3] == ["2020-12-25", "2021-01-01", "2021-01-08"]


async def test_f049_the_demand_report_is_held_against_its_own_sums(house: House) -> None:
    await imported(house, "yarn_inventory", STOCK + "Y1,5000,0,0,0\n")
    above = ",,,,,,This Week,,,Week 37,,,Week 38,,,Later,,\n"
    header = (
        "Desc#,Monday Inventory,Total Demand,Total Receipt,Balance,Past Due Receipts"
        + ",Demand,Receipts,Balance" * 4
    )
    row = "Y1,5000,5700,2100,1400,800,1200,300,4100,2000,0,2100,2500,1000,600,0,0,600\n"
    report = await imported(house, "yarn_demand", above + header + "\n" + row, "strict")
    assert (report.status, report.errors, report.rows_read) == ("done", [], 1)
    rows = await house.sql(
        "SELECT kind, week_start::text, demand, receipts, balance FROM mill.yarn_demand ORDER BY 2, 1"
    )
    assert [(row[0], row[1], *map(str, row[2:])) for row in rows if row[0] == "week"] == [
        ("week", "2025-09-01", "1200.0000", "300.0000", "4100.0000"),
        ("week", "2025-09-08", "2000.0000", "0.0000", "2100.0000"),
        ("week", "2025-09-15", "2500.0000", "1000.0000", "600.0000"),
    ]  # fmt: skip
    bare = above.replace("Week ", "")
    assert (await imported(house, "yarn_demand", bare + header + "\n" + row, "strict")).status == "done"
    misnamed = await imported(
        house, "yarn_demand", above + header.replace("Total Demand", "Total") + "\n" + row
    )
    assert (misnamed.status, misnamed.rows_ok, misnamed.rows_rejected) == ("refused", 0, 0)
    wrong = await imported(
        house, "yarn_demand", above + header + "\n" + row.replace("4100", "4900").replace("5700", "5800")
    )
    assert told(wrong) == [
        (3, "Total Demand", "DEMAND_DIFFERS"), (3, "Balance", "DEMAND_DIFFERS"),
        (3, "This Week Balance", "DEMAND_DIFFERS"),
    ]  # fmt: skip


async def test_odd_rows(house: House) -> None:
    rows = (
        "Y1,100,0,0,0\nY2,1,234,0,0,0\n  y1 ,100,0,0,0\n"
        + "Z" * 101
        + ",1,0,0,0\nTotal,100,0,0,0\n,100,0,-5,5\nY3,7\n"
    )
    report = await imported(house, "yarn_inventory", STOCK + rows)
    assert told(report) == [
        (3, "Consumed", "CONSUMED_SIGN"), (3, None, "ROW_LONG"), (4, "Desc#", "KEY_DUP_SAME"), (5, "Desc#", "KEY_LONG"),
    ]  # fmt: skip
    assert (report.counts["ROW_TOTAL"], report.rows_read, report.rows_rejected) == (2, 7, 2)
    assert await house.sql("SELECT yarn_code FROM mill.yarns ORDER BY 1") == [("Y1",), ("Y3",)]
    sold = "Document,Invoice Date,fStyle#,Yds_ordered,UOM\nI1,09-01-25,F1,5,bolts\nI1,09-01-25,F1,5,each\n"
    assert (2, "UOM", "UNIT_UNKNOWN") in told(await imported(house, "sales", sold))
    ordered = "Style #,Order #,Qty Ordered (lbs),Quoted Date,Priority\nS1,O1,5,2025-09-11,urgent\nS1,O2,5,2025-09-11,high\n"
    assert (2, "Priority", "CODE_UNKNOWN") in told(await imported(house, "knit_orders", ordered))
    assert await house.sql("SELECT order_no, priority FROM mill.production_orders ORDER BY 1") == [
        ("O1", 3),
        ("O2", 2),
    ]


async def test_at_most_ten_thousand_messages_and_errors_before_others(house: House) -> None:
    rows = "".join(f"Y{n},$100,0,1,0\n" for n in range(6_000)) + "Y9999999,abc,0,0,0\n"
    report = await imported(house, "yarn_inventory", STOCK + rows)
    assert (report.messages, report.messages_kept, len(report.errors)) == (12_002, 10_000, 1_000)
    assert report.counts == {"ALLOC_SIGN": 6_000, "NUM_FORMAT": 1, "NUM_TEXT": 6_000, "TB_ONLY": 1}
    kept = await house.sql(
        "SELECT code, count(*), min(seq), max(seq) FROM mill.import_errors GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row[:2]) for row in kept] == [
        ("ALLOC_SIGN", 6_000),
        ("NUM_FORMAT", 1),
        ("NUM_TEXT", 3_998),
        ("TB_ONLY", 1),
    ]
    last = await house.sql(
        "SELECT row_no, code, original[1] FROM mill.import_errors ORDER BY seq DESC LIMIT 1"
    )
    assert last == [(6_002, "NUM_FORMAT", "Y9999999")]
