"""What a later file changes: vanished rows, orders that shrink, receipts that go, styles that get a name."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from service.core.errors import Invalid
from service.core.settings import MillSettings
from service.mill.files.inspection import require_come
from service.mill.rules.weeks import day_in
from tests.mill.imports.ground import ended, imported, told
from tests.mill.imports.test_four_files import BOM, INVENTORY, ORDERS, RECEIPTS
from tests.support.house import House

KO = "Style #,Order #,Qty Ordered (lbs),Shipped (lbs),Quoted Date\n"


async def allocate(
    house: House, kind: str, quantity: int, receipt: int | None = None, order: str = "KO-1"
) -> None:
    await house.sql(
        "INSERT INTO mill.allocations (order_id, yarn_id, kind, required_lb, quantity_lb, expected_receipt_id,"
        " created_by) SELECT o.id, y.id, :kind, 600, :quantity, :receipt, 'test'"
        " FROM mill.production_orders o, mill.yarns y WHERE o.order_no = :order AND y.yarn_code = '90001'",
        order=order, kind=kind, quantity=Decimal(quantity), receipt=receipt,
    )  # fmt: skip


async def live(house: House) -> list[tuple[str, Decimal]]:
    rows = await house.sql(
        "SELECT kind, quantity_lb FROM mill.allocations WHERE released_at IS NULL ORDER BY kind"
    )
    return [tuple(row) for row in rows]


async def test_f055_orders_that_shrink_or_end_release_their_yarn_at_once(house: House) -> None:
    await imported(house, "yarn_inventory", INVENTORY)
    await imported(house, "bom", BOM)
    await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,0,2025-09-11\n")
    await imported(house, "expected_receipts", RECEIPTS)
    [coming] = await house.sql("SELECT id FROM mill.expected_receipts WHERE kind = 'dated'")
    await allocate(house, "hard", 100)
    await allocate(house, "soft", 300)
    await allocate(house, "expected", 200, receipt=coming.id)
    # Half is left: 300 of 600 stay, the hard 100 whole, what is only promised goes first.
    half = await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,500,2025-09-11\n")
    assert (half.stored["released"], await live(house)) == (2, [("hard", 100), ("soft", 200)])
    more = await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,400,2025-09-11\n")
    assert (more.stored["released"], await live(house)) == (0, [("hard", 100), ("soft", 200)])
    done = await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,1000,2025-09-11\n")
    assert (done.stored["released"], await live(house)) == (2, [])
    reasons = await house.sql("SELECT DISTINCT release_reason FROM mill.allocations ORDER BY 1")
    assert reasons == [("order completed",), ("order reduced",)]


async def test_open_orders_that_a_file_lacks_stay_open_unless_it_is_said(house: House) -> None:
    await imported(house, "bom", BOM)
    rows = [f"GK1001/1,KO-{number},100,0,2025-09-11\n" for number in range(1, 7)]
    await imported(house, "knit_orders", KO + "".join(rows))
    kept = await imported(house, "knit_orders", KO + "".join(rows[1:]))
    assert [(one.row, one.code, one.raw, one.action) for one in kept.errors] == [
        (0, "ROW_VANISHED", "KO-1", "kept")
    ]
    closed = await imported(house, "knit_orders", KO + "".join(rows[1:]), close_missing=True)
    assert closed.stored["completed"] == 1
    assert await house.sql(
        "SELECT status, closed_reason FROM mill.production_orders WHERE order_no = 'KO-1'"
    ) == [("completed", "not in the file of 2025-09-03")]
    cut = await imported(house, "knit_orders", KO + "".join(rows[3:]), close_missing=True)
    assert (cut.status, cut.counts["SHRUNK"]) == ("refused", 1)


async def test_what_a_planner_decided_stays(house: House) -> None:
    await imported(house, "bom", BOM)
    await imported(
        house, "knit_orders", KO + "GK1001/1,KO-1,100,0,2025-09-11\nGK1001/1,KO-2,100,0,2025-09-11\n"
    )
    await house.sql(
        "UPDATE mill.production_orders SET status = 'on_hold', priority = 1 WHERE order_no = 'KO-1'"
    )
    await imported(
        house, "knit_orders", KO + "GK1001/1,KO-1,120,5,2025-09-11\nGK1001/1,KO-2,100,5,2025-09-11\n"
    )
    rows = await house.sql("SELECT status, priority, balance FROM mill.production_orders ORDER BY order_no")
    assert rows == [("on_hold", 1, 115), ("in_progress", 3, 95)]


async def test_receipts_keep_their_numbers_and_promises_on_gone_ones_are_released(house: House) -> None:
    await imported(house, "yarn_inventory", INVENTORY)
    await imported(house, "bom", BOM)
    await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,0,2025-09-11\n")
    await imported(house, "expected_receipts", RECEIPTS)
    before = await house.sql("SELECT kind, id, quantity FROM mill.expected_receipts ORDER BY 1")
    await allocate(house, "expected", 250, receipt=before[0].id)
    # Past due has come, the dated 500 stand as they were, and what comes later is more.
    later = RECEIPTS.replace('"1,800","1,200",300,0,500', '"2,000","1,000",0,0,500').replace(
        "0,400,POLY", "0,500,POLY"
    )
    report = await imported(house, "expected_receipts", later)
    assert report.status == "done", report.errors
    after = await house.sql("SELECT kind, id, quantity FROM mill.expected_receipts ORDER BY 1")
    assert after == [before[0], ("later", before[1].id, 500)]
    assert await live(house) == [("expected", 250)]
    gone = later.replace("0,0,500,0", "500,0,0,0")
    assert (await imported(house, "expected_receipts", gone)).stored["released"] == 1
    assert await live(house) == []


async def test_a_smaller_receipt_takes_back_what_was_served_last_and_in_part(house: House) -> None:
    await imported(house, "yarn_inventory", INVENTORY)
    await imported(house, "bom", BOM)
    orders = "".join(f"GK1001/1,KO-{number},1000,0,2025-09-1{number}\n" for number in (1, 2, 3))
    await imported(house, "knit_orders", KO + orders)
    await imported(house, "expected_receipts", RECEIPTS)
    [coming] = await house.sql("SELECT id FROM mill.expected_receipts WHERE kind = 'dated'")
    for order, quantity in (("KO-2", 200), ("KO-3", 100), ("KO-1", 200)):
        await allocate(house, "expected", quantity, coming.id, order)
    less = RECEIPTS.replace("300,0,500", "300,0,250").replace("0,400,POLY", "0,650,POLY")
    assert (await imported(house, "expected_receipts", less)).stored["released"] == 2
    assert await house.sql(
        "SELECT o.order_no, a.quantity_lb, a.release_reason FROM mill.allocations a"
        " JOIN mill.production_orders o ON o.id = a.order_id ORDER BY 1"
    ) == [("KO-1", 200, None), ("KO-2", 50, None), ("KO-3", 100, "receipt reduced")]


async def test_names_of_styles_are_looked_up_in_their_order(house: House) -> None:
    recipes = "Style#,Desc#,BOM_Percentage\n" + "".join(
        f"{code},Y1,1\n" for code in ("GA/1", "GB", "FX", "GC")
    )
    await imported(house, "bom", recipes)
    orders = KO + "".join(f"{code},{number},10,0,2025-09-11\n" for number, code in enumerate(
        ("GA/1", "GB/7", "GC-2", "FX", "NO/1"), 1))  # fmt: skip
    first = await imported(house, "knit_orders", orders)
    assert told(first) == [(6, "Style #", "STYLE_UNKNOWN")]
    meant = (
        "SELECT s.style_code FROM mill.production_orders o JOIN mill.styles s ON s.id = o.style_id"
        " ORDER BY o.order_no"
    )
    assert [row[0] for row in await house.sql(meant)] == ["GA/1", "GB", "GC", "FX", "NO/1"]
    # A mapping goes before a style of the same code, and its newest version before older ones.
    mapped = "fStyle,style,fVersion,gBase,gVer\nFX,GB,9,,\nFX,,10,GA,1\n"
    assert (await imported(house, "style_map", mapped)).status == "done"
    await imported(house, "knit_orders", orders + "\n", allow_shrink=True)
    assert [row[0] for row in await house.sql(meant)] == ["GA/1", "GB", "GC", "GA/1", "NO/1"]
    sold = "Document,Line,Invoice Date,Customer,fStyle#,Yds_ordered,UOM,Unit Price\nI1,1,08-25-25,C,FZ,10,yds,$4.25 (yds)\n"
    assert told(await imported(house, "sales", sold)) == [(2, "fStyle#", "STYLE_UNKNOWN")]
    await imported(house, "style_map", mapped + "FZ,GC,1,,\n")
    rows = await house.sql(
        "SELECT s.style_code, a.uom, a.unit_price FROM mill.sales_activity a JOIN mill.styles s ON s.id = a.style_id"
    )
    assert rows == [("GC", "yd", Decimal("4.25"))]


async def test_a_name_means_what_the_newest_file_says(house: House) -> None:
    await imported(house, "bom", "Style#,Desc#,BOM_Percentage\nGA,Y1,1\nGB,Y1,1\n")
    header = "fStyle,style,fVersion,cFBase\n"
    several = await imported(house, "style_map", header + "FX,GB,1,C1\nFX,GA,2,C2\nFX,GA,3,C1\nFY,GA,,\n")
    assert (several.rows_rejected, several.rows_ok) == (0, 4)
    await imported(house, "style_map", header + "FY,GB,,\n")
    rows = await house.sql(
        "SELECT a.alias_code, s.style_code FROM mill.style_aliases a JOIN mill.styles s ON s.id = a.style_id"
        " WHERE a.kind = 'fstyle' ORDER BY 1, 2"
    )
    assert rows == [("FX", "GA"), ("FX", "GB"), ("FY", "GB")]
    for style in ("GA", "GB"):
        await imported(house, "style_map", f"fStyle,style,fVersion,cFBase\nFZ,{style},,CZ\n")
    bases = await house.sql(
        "SELECT s.style_code FROM mill.style_aliases a JOIN mill.styles s ON s.id = a.style_id"
        " WHERE a.alias_code = 'CZ'"
    )
    assert bases == [("GB",)]


async def test_f025_a_circle_is_cut_where_it_closes(house: House) -> None:
    header = "Style#,Component Style,Desc#,BOM_Percentage,Loss\n"
    rows = "X,Z,,1,\nZ,X,,1,\nV,X,,1,\nF1,G1,,1,0.03\nG1,,Y1,0.7,0.02\nG1,,Y2,0.3,0.02\n"
    report = await imported(house, "bom", header + rows)
    assert [(one.row, one.code, one.message) for one in report.errors if one.code == "BOM_CYCLE"] == [
        (3, "BOM_CYCLE", "The style would contain itself: Z > X > Z")
    ]
    edges = await house.sql(
        "SELECT s.style_code, c.style_code FROM mill.bom b JOIN mill.styles s ON s.id = b.style_id"
        " JOIN mill.styles c ON c.id = b.component_style_id ORDER BY 1"
    )
    assert edges == [("F1", "G1"), ("V", "X"), ("X", "Z")]
    # A later file that would close it again meets the recipes in force.
    again = await imported(house, "bom", header + "Z,V,,1,\n")
    assert [one.message for one in again.errors] == ["The style would contain itself: Z > V > X > Z"]


async def test_f027_a_line_holds_until_the_next_of_its_yarn(house: House) -> None:
    rows = "Style#,Desc#,BOM_Percentage,Valid From\nS,Y1,0.60,\nS,Y1,0.55,2025-10-01\nS,Y2,0.40,\nS,Y2,0.45,2025-10-01\n"
    report = await imported(house, "bom", rows)
    assert [code for code in report.counts if code.startswith("BOM")] == []
    stored = await house.sql(
        "SELECT quantity_per, valid_from::text, valid_to::text FROM mill.bom b JOIN mill.yarns y ON y.id = b.yarn_id"
        " WHERE y.yarn_code = 'Y1' ORDER BY 2"
    )
    assert [(str(row[0].normalize()), *row[1:]) for row in stored] == [
        ("0.6", "1900-01-01", "2025-10-01"), ("0.55", "2025-10-01", "9999-12-31"),
    ]  # fmt: skip


async def test_f028_each_version_of_a_recipe_is_judged_by_itself(house: House) -> None:
    rows = (
        "Style#,Desc#,BOM_Percentage,Valid From\nS,Y1,60,\nS,Y2,39,\nS,Y3,1,\n"
        "S,Y1,30,2025-10-01\nS,Y1,30,2025-10-01\nS,Y2,39,2025-10-01\nT,Y1,60,\nT,Y2,40,\n"
    )
    report = await imported(house, "bom", rows)
    codes = {code: number for code, number in report.counts.items() if code.startswith("BOM")}
    assert codes == {"BOM_SCALE_PERCENT": 1, "BOM_DUP_SUMMED": 1}
    stored = await house.sql(
        "SELECT quantity_per FROM mill.bom b JOIN mill.yarns y ON y.id = b.yarn_id"
        " JOIN mill.styles s ON s.id = b.style_id WHERE y.yarn_code = 'Y1' AND s.style_code = 'S'"
        " ORDER BY b.valid_from"
    )
    assert [str(row[0].normalize()) for row in stored] == ["0.6", "0.6"]


async def test_f077_sizes_of_files_are_kept_and_yarns_alike_found_by_them(house: House) -> None:
    rows = (
        "Desc#,Description,Color,Beginning Balance,Consumed,Allocated,On Order\n"
        "A,1/150/36 POLY SEMI-DULL,ECRU,9,0,0,0\nB,1/135/36 POLY,NATURAL,9,0,0,0\nC,1-Jun,ECRU,9,0,0,0\n"
    )
    await imported(house, "yarn_inventory", rows)
    details = "PO#,Desc#,Qty,Size\nPO-1,C,10,28/1\n"
    await imported(house, "yarn_po", details)
    assert await house.sql("SELECT yarn_code, ply, filaments, tex, fibre_form FROM mill.yarns ORDER BY 1") == [
        ("A", 1, 36, Decimal("16.6667"), "filament"), ("B", 1, 36, Decimal("15.0000"), "filament"),
        ("C", 1, None, Decimal("21.0893"), "spun"),
    ]  # fmt: skip
    unknown = await house.get("/v1/mill/substitutes/A")
    assert (unknown["items"], unknown["data"]["reasons"][-1:]) == (
        [], ["1 yarns of about this weight cannot be compared: colour or blend is not known"],
    )  # fmt: skip
    await house.sql("UPDATE mill.yarns SET blend = '100% POLY'")
    # .3 + .4 + .3 x (1 - 0.1): exactly at the tolerance of 10 %, and at the least score that is asked for.
    alike = await house.get("/v1/mill/substitutes/A", min_score="0.97")
    assert [(one["yarn_code"], one["score"]) for one in alike["items"]] == [("B", "0.9700")]
    assert (await house.get("/v1/mill/substitutes/A", min_score="0.9701"))["items"] == []


async def test_what_an_order_is_for_is_stored(house: House) -> None:
    await imported(house, "bom", BOM)
    header = "Style #,Order #,Qty Ordered (lbs),Quoted Date,PO#,Customer\n"
    await imported(house, "knit_orders", header + "GK1001/1,KO-1,100,2025-09-11,SO-7,ACME\n")
    stored = await house.sql("SELECT sales_order_ref, customer_ref FROM mill.production_orders")
    assert stored == [("SO-7", "ACME")]


async def test_what_a_schedule_placed_stays_while_the_file_has_no_machine(house: House) -> None:
    await imported(house, "bom", BOM)
    await imported(house, "machines", "WC,MACH\n6.30.28.F,161\n6.30.28.F,162\n")
    header = "Style #,Order #,Qty Ordered (lbs),Quoted Date,Machine\n"
    rows = [f"GK1001/1,KO-{number},100,2025-09-11,161\n" for number in (1, 2)]
    await imported(house, "knit_orders", header + "".join(rows))
    await house.sql("UPDATE mill.production_orders SET scheduled_date = '2025-09-04' WHERE order_no = 'KO-1'")
    stored = (
        "SELECT o.order_no, o.status, m.machine_code FROM mill.production_orders o"
        " LEFT JOIN mill.machines m ON m.id = o.machine_id ORDER BY 1"
    )
    await imported(house, "knit_orders", KO + "".join(f"GK1001/1,KO-{n},100,0,2025-09-11\n" for n in (1, 2)))
    assert await house.sql(stored) == [("KO-1", "assigned", "161"), ("KO-2", "assigned", "161")]
    await imported(house, "knit_orders", header + "".join(rows).replace(",161", ","))
    assert await house.sql(stored) == [("KO-1", "assigned", "161"), ("KO-2", "pending", None)]
    await imported(house, "knit_orders", header + "".join(rows).replace(",161", ",162"))
    assert await house.sql(stored) == [("KO-1", "assigned", "162"), ("KO-2", "assigned", "162")]


async def test_open_sales_that_a_file_lacks_are_delivered_line_by_line(house: House) -> None:
    await imported(house, "bom", BOM)
    header = "SO #,On Hold,Customer,fStyle#,Ordered,UOM\n"
    rows = [f"SO-{number},,C,GK1001/1,{100 + line},lb\n" for number in (1, 2, 3) for line in (1, 2)]
    await imported(house, "sales", header + "".join(rows))
    one_gone = await imported(house, "sales", header + "".join(rows[:5]))
    assert [(one.row, one.code, one.raw) for one in one_gone.errors] == [(0, "ROW_VANISHED", "1")]
    opened = "SELECT document_no, line_no, quantity FROM mill.sales_activity WHERE open ORDER BY 1, 2"
    assert [(row[0], row[1]) for row in await house.sql(opened)] == [
        ("SO-1", 1), ("SO-1", 2), ("SO-2", 1), ("SO-2", 2), ("SO-3", 1),
    ]  # fmt: skip
    cut = await imported(house, "sales", header + rows[0])
    assert (cut.status, cut.counts["SHRUNK"]) == ("refused", 1)
    taken = await imported(house, "sales", header + rows[0], allow_shrink=True)
    assert (taken.status, len(await house.sql(opened))) == ("done", 1)


async def test_an_older_snapshot_is_told_and_refused_strictly(house: House) -> None:
    header = "Desc#,Beginning Balance,Consumed,Allocated,On Order\n"
    await imported(house, "yarn_inventory", header + "Y1,100,0,0,0\n", snapshot_date="2025-09-03")
    older = header + "Y1,70,0,0,0\n"
    strictly = await imported(house, "yarn_inventory", older, "strict", snapshot_date="2025-09-02")
    assert (strictly.status, told(strictly)) == ("refused", [(1, None, "SNAPSHOT_OLDER")])
    taken = await imported(house, "yarn_inventory", older, snapshot_date="2025-09-02")
    assert (taken.status, told(taken)) == ("done", [(1, None, "SNAPSHOT_OLDER")])
    same_day = await imported(house, "yarn_inventory", older, "strict", snapshot_date="2025-09-03")
    assert (same_day.status, told(same_day)) == ("done", [])


async def test_a_snapshot_of_a_day_that_has_not_come_at_the_mill_is_refused(house: House) -> None:
    stock = "Desc#,Theoretical Balance,Consumed,Allocated,On Order\nY1,100,0,0,0\n"
    run = await ended(house, "yarn_inventory", stock, snapshot_date="2199-01-01")
    assert (run.state, run.error["code"]) == ("failed", "snapshot_ahead")
    # Twenty-five hours apart: what is today at one mill is to come at the other.
    east, west = (MillSettings(time_zone=f"Pacific/{name}") for name in ("Kiritimati", "Pago_Pago"))
    today = day_in(east.time_zone, datetime.now(UTC))
    require_come(east, today)
    with pytest.raises(Invalid, match="has not come at the mill"):
        require_come(west, today)


async def test_a_balance_without_a_beginning_is_a_rule_of_the_whole_file(house: House) -> None:
    both = "Desc#,Beginning Balance,Consumed,Theoretical Balance,Allocated,On Order\nY1,,,100,0,0\n"
    report = await imported(house, "yarn_inventory", both)
    assert (told(report), report.totals["theoretical_balance"]) == (
        [(2, "Theoretical Balance", "TB_MISMATCH")],
        "0.0000",
    )
    only = "Desc#,Consumed,Theoretical Balance,Allocated,On Order\nY1,-430,800,0,0\nY2,-5,,0,0\n"
    report = await imported(house, "yarn_inventory", only)
    assert (told(report), report.counts["TB_ONLY"]) == ([], 1)
    stored = await house.sql(
        "SELECT beginning_balance, consumed, theoretical_balance FROM mill.yarn_inventory ORDER BY yarn_id"
    )
    assert stored == [(1230, -430, 800), (5, -5, 0)]


async def test_history_and_the_first_snapshot_of_a_yarn_in_a_recipe(house: House) -> None:
    await imported(house, "bom", BOM)
    assert await house.sql("SELECT yarn_code, active FROM mill.yarns ORDER BY 1") == [
        ("90001", False), ("90002", False), ("90003", False),
    ]  # fmt: skip
    await imported(house, "yarn_inventory", INVENTORY)
    assert await house.sql("SELECT count(*) FROM mill.yarns WHERE active") == [(3,)]
    await imported(house, "yarn_inventory", INVENTORY.replace("310.40,0,0,0,310.40", "300.40,0,0,0,300.40"),
                   snapshot_date="2025-09-04")  # fmt: skip
    rows = await house.sql(
        "SELECT h.snapshot_date::text, h.theoretical_balance FROM mill.yarn_inventory_history h"
        " JOIN mill.yarns y ON y.id = h.yarn_id WHERE y.yarn_code = '90002' ORDER BY 1"
    )
    assert rows == [("2025-09-03", Decimal("310.40")), ("2025-09-04", Decimal("300.40"))]
    assert (await imported(house, "knit_orders", ORDERS)).status == "done"


async def test_stock_that_a_new_file_counts_lower_gives_promises_back(house: House) -> None:
    await imported(house, "yarn_inventory", INVENTORY)
    await imported(house, "bom", BOM)
    await imported(house, "knit_orders", KO + "GK1001/1,KO-1,1000,0,2025-09-11\n")
    await allocate(house, "soft", 300)
    less = (
        INVENTORY.replace('"6,400.50"', '"4,150.50"')
        .replace('"2,450.25"', "200.25")
        .replace('"2,850.25"', "600.25")
    )
    report = await imported(house, "yarn_inventory", less)
    assert (report.status, report.stored["released"]) == ("done", 1)
    assert await live(house) == [("soft", Decimal("200.25"))]
