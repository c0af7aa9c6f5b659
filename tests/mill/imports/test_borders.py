"""Where the rules of files end: zeros, noise, signs, codes that a sheet or an export changed, what comes back."""

import csv
import io
import os
from decimal import Decimal

import pytest

from service.mill.files.reading import MOST_ROWS
from service.mill.rules.numbers import Read, read_code
from tests.mill.imports.ground import ended, imported, told
from tests.mill.imports.test_formats import STOCK
from tests.support.house import House

FULL = bool(os.environ.get("MUSTER_PROVE"))
BOM = "Style#,Desc#,BOM_Percentage\n"
KO = "Style #,Order #,Qty Ordered (lbs),Quoted Date\n"
PURCHASES = "PO #,Desc,PO Order Amt,Rec'd,PO Bal,Past Due,This Week,9/12/2025,Later\n"


async def test_a_placeholder_may_be_zeros_and_a_blank_part_rejects_its_style(house: House) -> None:
    await imported(house, "yarn_inventory", STOCK + "Y1,0,0,0,0\nY2,0,0,0,0\n")
    rows = "S1,Y1,60\nS1,Y2,40\nS2,0,0\nS3,0,\nS4,,0\nS5,Y1,60\nS5,Y2,\n"
    report = await imported(house, "bom", BOM + rows)
    assert report.counts == {"BOM_PLACEHOLDER": 3, "BOM_SCALE_PERCENT": 1, "BOM_RANGE": 2, "NUM_BLANK": 2}
    assert [(one.row, one.raw) for one in report.errors if one.code == "BOM_RANGE"] == [(7, "60"), (8, "0")]
    stored = "SELECT s.style_code FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id ORDER BY 1"
    assert await house.sql(stored) == [("S1",), ("S1",)]


async def test_f076_a_row_without_its_code_is_no_total_unless_it_may_be_one(house: House) -> None:
    header = "Desc#,Beginning Balance,Consumed,Theoretical Balance,Allocated,On Order,Planning Balance\n"
    rows = "Y1,400,-50,350,-5,,345\n,10,,10,,,10\nY2,100,,100,,7,107\n,500,-50,450,-5,7,452\n"
    report = await imported(house, "yarn_inventory", header + rows)
    assert (told(report), report.counts["ROW_TOTAL"]) == ([(3, "Desc#", "KEY_MISSING")], 1)


async def test_noise_of_a_computed_number_decides_no_threshold(house: House) -> None:
    rows = "S1,Y1,0.979999999999\nS2,Y1,1.0000000000000002\nS3,Y1,0.3\nS3,Y1,0.30000000000000004\nS3,Y2,0.7\n"
    report = await imported(house, "bom", BOM + rows)
    assert {code for code in report.counts if code.startswith("BOM")} == {"BOM_SUM_NEAR", "BOM_DUP_SAME"}
    header = "Desc#,Beginning Balance,Consumed,Allocated,On Order,Planning Balance\n"
    report = await imported(house, "yarn_inventory", header + "Y1,1000,0,-200,300,1100.0100000000002\n")
    assert told(report) == []


async def test_f029_pounds_lost_at_a_set_up_come_with_the_recipe(house: House) -> None:
    header = "Style#,Desc#,BOM_Percentage,Loss,Setup (lbs)\n"
    rows = "S1,Y1,0.6,0.02,5\nS1,Y2,0.2,,1\nS1,Y2,0.2,,2\nS2,Y1,1,,-1\n"
    report = await imported(house, "bom", header + rows)
    assert [(one.row, one.code) for one in report.errors if one.severity == "error"] == [(5, "NUM_RANGE")]
    stored = await house.sql(
        "SELECT y.yarn_code, b.quantity_per, b.setup_lb FROM mill.bom b JOIN mill.yarns y ON y.id = b.yarn_id"
        " ORDER BY 1"
    )
    assert stored == [("Y1", Decimal("0.6"), 5), ("Y2", Decimal("0.4"), 3)]


async def test_i4_what_comes_is_what_is_open_and_what_was_not_received(house: House) -> None:
    rows = "P1,Y1,1000,1100,-100,0,0,0,0\nP2,Y1,3000,1900,1200,0,0,1200,0\nP3,Y1,100,0,100.01,0,0,100,0\n"
    report = await imported(house, "expected_receipts", PURCHASES + rows)
    assert [(one.row, one.code) for one in report.errors if one.severity == "error"] == [(3, "PO_BUCKETS")]
    assert report.totals["open_qty"] == "100.0000"


async def test_sums_may_differ_as_the_parameter_in_force_says(house: House) -> None:
    stock = (
        "Desc#,Beginning Balance,Consumed,Theoretical Balance,Allocated,On Order,Planning Balance\n"
        "Y1,1000,0,1000.4,-0.4,100,1100\nY2,0,0,0,0,50.4,50.4\nY3,10,0,10,-0.4,0,9.6\n"
    )
    purchases = PURCHASES + "P1,Y1,100.4,0,100.4,0,0,100,0\nP2,Y2,50,0,50,0,0,50,0\n"
    demand = "Desc#,Monday Inventory,Total Demand,Total Receipt,Balance,Past Due Receipts\nY1,10,0.4,0,10,0\n"
    files = {"yarn_inventory": stock, "expected_receipts": purchases, "yarn_demand": demand}
    told_of, agrees = [], []
    for tolerance in ("0.3999", "0.4"):
        await house.sql(
            "INSERT INTO mill.planning_params (name, valid_from, value, set_by)"
            " VALUES ('balance_tolerance_lb', clock_timestamp(), to_jsonb(CAST(:value AS text)), 'test')",
            value=tolerance,
        )
        await imported(house, "yarn_inventory", stock)
        reports = [await imported(house, kind, content, "dry_run") for kind, content in files.items()]
        told_of.append([sorted(one.code for one in report.errors) for report in reports])
        agrees.append((await house.get("/v1/mill/yarns/Y3/timeline"))["check"]["agrees"])
    assert told_of == [
        [["PB_MISMATCH", "TB_MISMATCH"], ["PO_BUCKETS", "PO_SUM", "PO_SUM"], ["DEMAND_DIFFERS"] * 2],
        [[], [], []],
    ]
    assert agrees == [False, True]


async def test_a_purchase_line_that_comes_back_is_open_again(house: House) -> None:
    rows = [f"P{number},Y1,100,0,100,0,0,100,0\n" for number in (1, 2)]
    stored = "SELECT po_no, status FROM mill.purchase_order_lines ORDER BY 1"
    for count, status in ((2, "open"), (1, "closed"), (2, "open")):
        await imported(house, "expected_receipts", PURCHASES + "".join(rows[:count]), allow_shrink=True)
        assert await house.sql(stored) == [("P1", "open"), ("P2", status)]


@pytest.mark.parametrize("kind", ["styles", "rates"])
async def test_a_rate_that_is_not_above_zero_is_told_wherever_it_stands(house: House, kind: str) -> None:
    await imported(house, "styles", "Style#,Lbs/Day\nG1,500\nG2,500\nG3,500\n")
    report = await imported(house, kind, "Style#,Lbs/Day\nG1,0\nG2,-12\nG3,616.5\n", "strict")
    assert (report.status, told(report)) == (
        "done", [(2, "Lbs/Day", "RATE_NEG"), (3, "Lbs/Day", "RATE_NEG")],
    )  # fmt: skip
    stored = await house.sql("SELECT rate_lb_per_day FROM mill.styles ORDER BY style_code")
    assert stored == [(None,), (None,), (Decimal("616.5"),)]


async def test_how_a_style_loses_comes_with_its_file_and_goes_out_again(house: House) -> None:
    header = "Style#,Stage,Loss Mode\n"
    report = await imported(house, "styles", header + "G1,finished,Yield\nG2,,add-on\nG3,,\n", "strict")
    assert (report.status, told(report)) == ("done", [])
    # A blank and a word that nobody knows leave what the style has.
    later = await imported(house, "styles", header + "G1,,\nG2,dyed,waste\n")
    assert told(later) == [(3, "Stage", "CODE_UNKNOWN"), (3, "Loss Mode", "CODE_UNKNOWN")]
    exported = (await house.ask("GET", "/v1/mill/export/styles")).text
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [(row["Style#"], row["Stage"], row["Loss Mode"]) for row in rows] == [
        ("G1", "finished", "yield"), ("G2", "greige", "add_on"), ("G3", "greige", "add_on"),
    ]  # fmt: skip
    assert told(await imported(house, "styles", exported, "strict")) == []


async def test_a_style_that_only_an_order_named_does_not_hide_the_one_that_is_meant(house: House) -> None:
    await imported(house, "knit_orders", KO + "G1/2,O1,10,2025-09-11\nG9,O2,10,2025-09-11\n")
    exported = await house.ask("GET", "/v1/mill/export/styles")
    assert len(exported.text.splitlines()) == 1, "the mill has no such style"
    await imported(house, "bom", BOM + "G1,Y1,1\nG9,Y1,1\n")
    report = await imported(
        house, "knit_orders", KO + "G1/2,O1,11,2025-09-11\nG9,O2,11,2025-09-11\n", "strict"
    )
    assert (report.status, told(report)) == ("done", [])
    meant = await house.sql(
        "SELECT s.style_code, s.status FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id"
        " ORDER BY o.order_no"
    )
    assert meant == [("G1", "active"), ("G9", "active")]


async def test_codes_that_look_like_formulas_or_tags_or_numbers(house: House) -> None:
    await imported(house, "yarn_inventory", STOCK + "-A1,1,0,0,0\n@B,1,0,0,0\n")
    written = await house.ask("GET", "/v1/mill/export/yarn_inventory")
    assert "\r\n'-A1," in written.text
    assert (await imported(house, "yarn_inventory", written.content)).counts.get("ROW_VANISHED") is None
    rows = "S,&lt;b&gt;O1&lt;/b&gt;,1,2025-09-11\nS,O&amp;2,1,2025-09-11\nS,O&3,1,2025-09-11\n"
    report = await imported(house, "knit_orders", KO + rows)
    assert report.counts["KO_HTML"] == 2
    stored = await house.sql("SELECT order_no FROM mill.production_orders ORDER BY 1")
    assert stored == [("O&2",), ("O&3",), ("O1",)]
    # A sheet knows no other numbers than these: fifteen digits of one are its code.
    assert read_code(123456789012345.0) == Read("123456789012345")


async def test_rolls_of_one_stage_say_it_by_the_name_of_their_file(house: House) -> None:
    rolls = "style,order,roll,yards,pounds,location,date\nS,O1,R1,10,5,A,2025-09-01\n"
    nameless = await imported(house, "stage_inventory", rolls, name="rolls F01 and G00.csv")
    assert (nameless.status, told(nameless)[0]) == ("refused", (1, "Stage", "HEADER_MISSING"))
    for stage in ("F01", "G00"):
        report = await imported(house, "stage_inventory", rolls, name=f"eFab_{stage.lower()}_rolls.csv")
        assert (report.status, report.repeated) == ("done", False)
    stored = await house.sql("SELECT stage, roll_no, lb FROM mill.stage_inventory ORDER BY 1")
    assert stored == [("F01", "R1", 5), ("G00", "R1", 5)]
    # That none is left is said by the name as well, and is under the shrink guard.
    header, gone = rolls.splitlines()[0] + "\n", "eFab_g00_rolls.csv"
    cut = await imported(house, "stage_inventory", header, name=gone)
    assert cut.status == "refused"
    await imported(house, "stage_inventory", header, name=gone, allow_shrink=True)
    assert await house.sql("SELECT stage FROM mill.stage_inventory") == [("F01",)]


async def test_i8_demand_by_order_on_another_scale_is_told(house: House) -> None:
    await imported(house, "knit_orders", KO + "S,O1,500,2025-09-11\n")
    header = "Style#,Order #,Desc#,Percentage,This Week,9/12/2025,Later,Total\n"
    well = await imported(house, "yarn_demand", header + "S,O1,Y1,60,300,0,0,300\nS,O1,Y2,40,0,200,0,200\n")
    assert "DEMAND_DIFFERS" not in well.counts
    off = await imported(house, "yarn_demand", header + "S,O1,Y1,0.6,300,0,0,300\nS,O1,Y2,0.4,0,200,0,200\n")
    assert [(one.row, one.column, one.raw) for one in off.errors if one.code == "DEMAND_DIFFERS"] == [
        (1, "Percentage", "100.0000")
    ]


@pytest.mark.skipif(not FULL, reason="half a million rows: MUSTER_PROVE=1")
async def test_a_file_has_half_a_million_rows_at_most(house: House) -> None:
    most = "WC,MACH\n" + "Total,\n" * MOST_ROWS
    assert (await imported(house, "machines", most)).rows_read == MOST_ROWS
    run = await ended(house, "machines", most + "Total,\n", mode="lenient")
    assert (run.state, run.error["code"]) == ("failed", "file_too_long")
