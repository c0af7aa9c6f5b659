"""A small mill through its four files."""

from tests.mill.imports.ground import imported, told
from tests.support.house import House

INVENTORY = """Desc#,QS Cust,Supplier,Description,Color,Beginning Balance,Received,Consumed,Adjustments,Theoretical Balance,Misc,On Order,Allocated,Planning Balance,Reconcile Date,Cost/Pound,Total Cost
90001,,SUP-A,1/150/36 POLY SEMI-DULL  ,NATURAL,"6,400.50",,"(3,950.25)",,"2,450.25",,"1,200.00","(800.00)","2,850.25",2025-08-25,$4.25 ,"$10,413.56"
90002,,SUP-B,30/1 COMBED COTTON,WHITE,310.40,0,0,0,310.40,,0,-245.15,65.25,8/25/2025,2.80,869.12
90003,CUST-X,CUST-X,2/70/34 NYLON,BLACK,-75.25,,,,-75.25,,50,-10,-35.25,,0,0
"""
BOM = """Style#,Desc#,BOM_Percentage,unit
GK1001/1 ,90001,0.6,lbs
GK1001/1,90002,0.4,lbs
GK1002,,,
GK1003/2,90001,0.985,lbs
GK1003/2,90003,0.015,lbs
"""
ORDERS = """Style #,Order #,Start Date,Quoted Date,Qty Ordered (lbs),G00 (lbs),Shipped (lbs),Balance (lbs),Seconds (lbs),BKI #s,Machine,PO#,Modified
GK1001/1,KO-700001,2025-08-18,2025-09-11,"1,800.00",260.5,940,662,62.5,,161,,2025-08-27
GK1003/2,"<a href=""/ko/2"">KO-700002</a>",,,500,,,500,,,,,
"""
RECEIPTS = """PO Date,PO #,Purchased From,Desc,Price,INVEN,PO Order Amt,Rec'd,PO Bal,Unscheduled or Past Due,This Week,9/12/2025,9/19/2025,9/26/2025,10/3/2025,10/10/2025,10/17/2025,10/24/2025,10/31/2025,Later,Type,Ply,Size,Filament,Color,Blend
7/14/2025,PO-5001,SUP-A,90001,4.25,0,"3,000","1,800","1,200",300,0,500,0,0,0,0,0,0,0,400,POLY,1,150,36,NATURAL,100% POLY
"""


async def test_the_sample_files_of_the_specification(house: House) -> None:
    stock = await imported(house, "yarn_inventory", INVENTORY, "strict")
    assert (stock.status, stock.rows_read, told(stock)) == (
        "done", 3, [(4, "Theoretical Balance", "TB_NEGATIVE")],
    )  # fmt: skip
    assert stock.totals == {"theoretical_balance": "2685.4000", "planning_balance": "2880.2500"}
    recipes = await imported(house, "bom", BOM + "GK1004,0,0,\n", "strict")
    assert (recipes.status, recipes.errors, recipes.counts["BOM_PLACEHOLDER"]) == ("done", [], 2)
    orders = await imported(house, "knit_orders", ORDERS)
    assert told(orders) == [(3, "Order #", "KO_HTML"), (3, "Quoted Date", "KO_NO_DATES")]
    assert orders.counts["MACHINE_UNKNOWN"] == 1
    receipts = await imported(house, "expected_receipts", RECEIPTS)
    assert (receipts.status, told(receipts)) == ("done", [(0, "PO Bal", "PO_SUM")])
    rows = await house.sql("SELECT kind, due_date::text, quantity FROM mill.expected_receipts ORDER BY kind")
    assert [(row[0], row[1], str(row[2])) for row in rows] == [
        ("dated", "2025-09-12", "500.0000"), ("later", None, "400.0000"), ("past_due", None, "300.0000"),
    ]  # fmt: skip
    rows = await house.sql("SELECT order_no, status, balance FROM mill.production_orders ORDER BY 1")
    assert [tuple(map(str, row)) for row in rows] == [
        ("KO-700001", "in_progress", "662.0000"), ("KO-700002", "pending", "500.0000"),
    ]  # fmt: skip
