"""Cases of section F that are about files: F-01 to F-07, F-20, F-28, F-76, F-83, and C.1.5 in F-73."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.mill.imports.ground import as_csv, imported, told
from tests.support.house import House, open_house

STOCK = (
    "Desc#", "Beginning Balance", "Received", "Consumed", "Adjustments", "Theoretical Balance", "On Order",
    "Allocated", "Planning Balance",
)  # fmt: skip
F03 = ["90001", "6,400.50", "", "(3,950.25)", "", "", "1,200.00", "(800.00)", ""]
F02 = ["90002", "310.40", "", "0", "", "", "0", "-245.15", ""]
F76 = [
    STOCK,
    F03,
    F02,
    ["90004", "100", "", "0", "", "", "0", "200", ""],
    ["90005", "100", "", "0", "", "", "1.234,50", "0", ""],
    ["90006", "350", "", "0", "", "", "145.15", "0", "900"],
    ["", "10", "", "0", "", "", "0", "0", ""],
]
E8 = [
    {"row": 4, "column": "Allocated", "code": "ALLOC_SIGN", "severity": "warning", "raw": "200", "used": "-200",
     "action": "repaired", "message": "Allocated must be zero or negative; sign reversed"},
    {"row": 5, "column": "On Order", "code": "NUM_FORMAT", "severity": "error", "raw": "1.234,50", "used": None,
     "action": "rejected", "message": "Not a number (use 1,234.50)"},
    {"row": 6, "column": "Planning Balance", "code": "PB_MISMATCH", "severity": "warning", "raw": "900",
     "used": "495.1500", "action": "repaired",
     "message": "File value differs from theoretical + allocated + on order"},
    {"row": 7, "column": "Desc#", "code": "KEY_MISSING", "severity": "error", "raw": "", "used": None,
     "action": "rejected", "message": "Yarn code is empty"},
]  # fmt: skip


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(database_url, home=tmp_path) as opened:
        yield opened


async def balances(house: House) -> dict[str, tuple[Decimal, Decimal]]:
    rows = await house.sql(
        "SELECT y.yarn_code, s.theoretical_balance, s.planning_balance FROM mill.yarn_inventory s"
        " JOIN mill.yarns y ON y.id = s.yarn_id ORDER BY 1"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def recipe(house: House, style: str) -> list[tuple[str, Decimal]]:
    rows = await house.sql(
        "SELECT y.yarn_code, b.quantity_per FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id"
        " JOIN mill.yarns y ON y.id = b.yarn_id WHERE s.style_code = :style ORDER BY 1",
        style=style,
    )
    return [(row[0], row[1].normalize()) for row in rows]


async def status_of(house: House, style: str) -> str:
    rows = await house.sql("SELECT bom_status FROM mill.styles WHERE style_code = :style", style=style)
    return str(rows[0][0])


def stock(*rows: Sequence[Any]) -> bytes:
    return as_csv([STOCK, *rows])


def bom(*rows: Sequence[Any]) -> bytes:
    return as_csv([("Style#", "Desc#", "BOM_Percentage", "unit"), *((*row, "lbs") for row in rows)])


async def test_f001_to_f004_balances_of_files(house: House) -> None:
    f01 = ["F01", "1000", "", "0", "", "", "300", "-200", "1100"]
    f04 = ["F04", "-75.25", "", "", "", "-75.25", "50", "-10", "-35.25"]
    report = await imported(house, "yarn_inventory", stock(f01, F02, F03, f04), "strict")
    assert (report.status, report.rows_ok, report.rows_repaired) == ("done", 3, 1)
    assert told(report) == [(5, "Theoretical Balance", "TB_NEGATIVE")]
    assert set(report.counts) == {"NUM_TEXT", "NUM_BLANK", "TB_NEGATIVE"}
    assert await balances(house) == {
        "F01": (1000, 1100),
        "90002": (Decimal("310.40"), Decimal("65.25")),
        "90001": (Decimal("2450.25"), Decimal("2850.25")),
        "F04": (Decimal("-75.25"), Decimal("-35.25")),
    }


async def test_f005_a_positive_allocation_is_turned_or_refuses_the_file(house: House) -> None:
    row = ["Y1", "1000", "", "0", "", "", "300", "200", ""]
    strict = await imported(house, "yarn_inventory", stock(row), "strict")
    assert (strict.status, told(strict), await balances(house)) == (
        "refused",
        [(2, "Allocated", "ALLOC_SIGN")],
        {},
    )
    assert (strict.errors[0].severity, strict.errors[0].action, strict.errors[0].used) == (
        "error",
        "rejected",
        None,
    )
    lenient = await imported(house, "yarn_inventory", stock(row))
    assert told(lenient) == [(2, "Allocated", "ALLOC_SIGN")]
    rows = await house.sql("SELECT allocated, planning_balance FROM mill.yarn_inventory")
    assert rows == [(-200, 1100)]


async def test_f006_a_file_may_be_off_by_a_cent(house: House) -> None:
    row = ["Y1", "1000", "", "0", "", "", "300", "-200"]
    well = await imported(house, "yarn_inventory", stock([*row, "1,100.01"]), "strict")
    assert (well.status, well.errors) == ("done", [])
    off = await imported(house, "yarn_inventory", stock([*row, "1,100.02"]))
    assert told(off) == [(2, "Planning Balance", "PB_MISMATCH")]
    assert (off.errors[0].raw, off.errors[0].used) == ("1,100.02", "1100.0000")
    assert await balances(house) == {"Y1": (1000, 1100)}


@pytest.mark.parametrize("text", ["1,23", "1.234,50", "12..3", "5.", "$", "abc", "1e5", "(-5)", "(5)-"])
async def test_f007_what_is_no_number_rejects_its_row(house: House, text: str) -> None:
    report = await imported(house, "yarn_inventory", stock(["Y1", text, "", "0", "", "", "0", "0", ""], F02))
    assert told(report)[0] == (2, "Beginning Balance", "NUM_FORMAT")
    assert (report.errors[0].raw, report.rows_rejected, set(await balances(house))) == (text, 1, {"90002"})


async def test_f020_percentages_are_divided_once_for_the_file(house: House) -> None:
    whole = bom(("S1", "Y1", 60), ("S1", "Y2", 25), ("S1", "Y3", 15))
    report = await imported(house, "bom", whole)
    assert report.counts["BOM_SCALE_PERCENT"] == 1
    assert await recipe(house, "S1") == [
        ("Y1", Decimal("0.6")),
        ("Y2", Decimal("0.25")),
        ("Y3", Decimal("0.15")),
    ]
    mixed = bom(("S1", "Y1", 60), ("S1", "Y2", 40), ("S2", "Y1", "0.6"), ("S2", "Y2", 40))
    report = await imported(house, "bom", mixed)
    assert [one for one in told(report) if one[2] == "BOM_SCALE_MIXED"] == [
        (4, "BOM_Percentage", "BOM_SCALE_MIXED"), (5, "BOM_Percentage", "BOM_SCALE_MIXED"),
    ]  # fmt: skip
    assert (report.rows_rejected, await recipe(house, "S2"), await status_of(house, "S2")) == (
        2,
        [],
        "rejected",
    )


@pytest.mark.parametrize(
    ("parts", "code", "status", "stored"),
    [
        ([("Y1", "0.6005"), ("Y2", "0.4")], None, "ok", {"Y1": "0.6005", "Y2": "0.4"}),
        ([("Y1", "0.585"), ("Y2", "0.4")], "BOM_SUM_NEAR", "near", {"Y1": "0.585", "Y2": "0.4"}),
        ([("Y1", "0.5"), ("Y2", "0.4")], "BOM_SUM_OFF", "incomplete", {"Y1": "0.5", "Y2": "0.4"}),
        ([("Y1", "0.6"), ("Y1", "0.6"), ("Y2", "0.4")], "BOM_DUP_SAME", "ok", {"Y1": "0.6", "Y2": "0.4"}),
        ([("Y1", "0.3"), ("Y1", "0.3"), ("Y2", "0.4")], "BOM_DUP_SUMMED", "ok", {"Y1": "0.6", "Y2": "0.4"}),
        ([("Y1", "0.5"), ("Y1", "0.1"), ("Y2", "0.4")], "BOM_DUP_SUMMED", "ok", {"Y1": "0.6", "Y2": "0.4"}),
        ([("Y1", "0.5"), ("Y1", "0.2"), ("Y2", "0.4")], "BOM_DUP_DIFF", "rejected", {}),
        (
            [("Y1", "0.2"), ("Y1", "0.2"), ("Y2", "0.4")],
            "BOM_SUM_OFF",
            "incomplete",
            {"Y1": "0.2", "Y2": "0.4"},
        ),
    ],
)
async def test_f028_sums_and_repeated_yarns(
    house: House, parts: list[tuple[str, str]], code: str | None, status: str, stored: dict[str, str]
) -> None:
    report = await imported(house, "bom", bom(*(("S1", yarn, part) for yarn, part in parts)))
    codes = {one for one in report.counts if one.startswith("BOM_")}
    assert codes == (
        set() if code is None else {code} | (codes & {"BOM_DUP_DIFF"} if code == "BOM_SUM_OFF" else set())
    )
    assert await status_of(house, "S1") == status
    assert await recipe(house, "S1") == [(yarn, Decimal(part)) for yarn, part in stored.items()]


async def test_f073_seconds_are_added_and_overshipping_is_told(house: House) -> None:
    rows = [
        (
            "Style #",
            "Order #",
            "Quoted Date",
            "Qty Ordered (lbs)",
            "G00 (lbs)",
            "Shipped (lbs)",
            "Seconds (lbs)",
        ),
        ("S1", "O1", "2025-09-11", "1,800.00", "260.5", "940", "62.5"),
        ("S1", "O2", "2025-09-11", "1000", "", "1080", ""),
        ("S1", "O3", "2025-09-11", "1000", "", "1050", ""),
    ]
    report = await imported(house, "knit_orders", as_csv(rows))
    assert [one for one in told(report) if one[2] != "STYLE_UNKNOWN"] == [(3, "Shipped (lbs)", "KO_OVERSHIP")]
    assert [one.message for one in report.errors if one.code == "KO_OVERSHIP"] == [
        "Shipped 8 % more than ordered"
    ]
    rows = await house.sql("SELECT order_no, balance FROM mill.production_orders ORDER BY 1")
    assert rows == [("O1", 662), ("O2", 0), ("O3", 0)]


async def test_f076_the_report_of_six_rows(house: House) -> None:
    strict = await imported(house, "yarn_inventory", as_csv(F76), "strict")
    assert (strict.status, await balances(house)) == ("refused", {})
    report = await imported(house, "yarn_inventory", as_csv(F76))
    assert (report.rows_read, report.rows_ok, report.rows_repaired, report.rows_rejected) == (6, 2, 2, 2)
    assert report.totals == {"theoretical_balance": "3210.6500", "planning_balance": "3310.6500"}
    assert [one.model_dump() for one in report.errors] == E8
    assert set(await balances(house)) == {"90001", "90002", "90004", "90006"}
    dry = await imported(house, "yarn_inventory", as_csv(F76), "dry_run")
    assert (dry.status, dry.in_force, dry.stored, dry.rows_read) == ("done", False, {}, 6)
    assert len(await balances(house)) == 4


async def test_f083_the_same_file_writes_nothing_and_a_cut_one_is_refused(house: House) -> None:
    ten = [[f"Y{n}", "100", "", "0", "", "", "0", "0", ""] for n in range(10)]
    first = await imported(house, "yarn_inventory", stock(*ten), "strict")
    version = house.runtime.versions.known(["mill/stock", "mill/imports"])
    again = await imported(house, "yarn_inventory", stock(*ten), "strict")
    assert (again.job_id, again.repeated, first.repeated) == (first.job_id, True, False)
    assert house.runtime.versions.known(["mill/stock", "mill/imports"]) == version
    assert await house.sql("SELECT count(*) FROM mill.import_jobs") == [(1,)]
    cut = await imported(house, "yarn_inventory", stock(*ten[:7]))
    assert (cut.status, cut.errors[-1].code, cut.counts) == (
        "refused", "SHRUNK", {**cut.counts, "SHRUNK": 1, "ROW_VANISHED": 3},
    )  # fmt: skip
    assert len([one for one in (await balances(house)).values() if one[0]]) == 10
    taken = await imported(house, "yarn_inventory", stock(*ten[:7]), allow_shrink=True)
    assert (taken.status, taken.counts["ROW_VANISHED"], taken.in_force) == ("done", 3, True)
    assert len([one for one in (await balances(house)).values() if one[0]]) == 7
    # What a later file replaced may be read again; 20 % exactly are not too many.
    back = await imported(house, "yarn_inventory", stock(*ten), "strict")
    assert (back.repeated, back.status, back.job_id > taken.job_id) == (False, "done", True)
    assert (await imported(house, "yarn_inventory", stock(*ten[:8]))).status == "done"
