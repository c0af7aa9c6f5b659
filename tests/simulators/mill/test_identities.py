"""The identities I1 to I9 of spec B.2, recomputed from the files of two sizes."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from service.simulators.mill import Mill, write_mill
from tests.simulators.mill.reading import cells, number, records

CENT = Decimal("0.01")


@pytest.fixture(scope="module", params=["tiny", "measured"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    mill: Mill = request.getfixturevalue(request.param)
    made = tmp_path_factory.mktemp(request.param)
    write_mill(mill, made, ("csv",))
    return made


def test_i1_i2_balances_are_the_sums_of_their_movements(folder: Path) -> None:
    rows = records(folder / "yarn_inventory.csv")
    for row in rows:
        moved = ("Beginning Balance", "Received", "Consumed", "Adjustments", "Misc")
        theoretical = sum(number(row[name]) for name in moved)
        assert number(row["Theoretical Balance"]) == theoretical
        planning = theoretical + number(row["Allocated"]) + number(row["On Order"])
        assert number(row["Planning Balance"]) == planning
        assert number(row["Consumed"]) <= 0
        assert number(row["Allocated"]) <= 0
        assert number(row["On Order"]) >= 0
        assert row["QS Cust"] or number(row["Cost/Pound"]) > 0


def test_i3_i4_what_is_on_order_is_what_comes(folder: Path) -> None:
    rows = cells(folder / "expected_receipts.csv")
    header = rows[0]
    first, last = header.index("Unscheduled or Past Due"), header.index("Later")
    coming: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows[1:]:
        balance = number(row[header.index("PO Bal")])
        assert balance == number(row[header.index("PO Order Amt")]) - number(row[header.index("Rec'd")])
        assert balance == sum(number(cell) for cell in row[first : last + 1])
        coming[row[header.index("Desc")]] += balance
    on_order = {row["Desc#"]: number(row["On Order"]) for row in records(folder / "yarn_inventory.csv")}
    assert {yarn: amount for yarn, amount in on_order.items() if amount} == coming
    bought = records(folder / "yarn_po.csv")
    assert sum(number(row["Balance"]) for row in bought) == sum(coming.values())


def test_i5_i6_i9_weeks_lead_from_the_stock_to_the_planning_balance(folder: Path) -> None:
    stock = {row["Desc#"]: row for row in records(folder / "yarn_inventory.csv")}
    rows = cells(folder / "yarn_demand.csv")
    assert len(rows) > 20
    for code, *values in rows[2:]:
        monday, demand, receipts, left, past_due, *weekly = map(number, values)
        assert monday == number(stock[code]["Theoretical Balance"])
        balance = monday
        for taken, came, written in zip(weekly[::3], weekly[1::3], weekly[2::3], strict=True):
            balance += came - taken
            assert written == balance
        assert demand == sum(weekly[::3])
        assert receipts == past_due + sum(weekly[1::3])
        assert left == monday - demand + receipts == balance + past_due
        assert left == number(stock[code]["Planning Balance"])
        assert number(stock[code]["Allocated"]) == -demand
    touched = {row[0] for row in rows[2:]}
    for code, row in stock.items():
        assert code in touched or number(row["Allocated"]) == number(row["On Order"]) == 0


def test_i7_balances_of_orders_have_their_seconds_added(folder: Path) -> None:
    for row in records(folder / "knit_orders.csv"):
        done = number(row["G00 (lbs)"]) + number(row["Shipped (lbs)"]) - number(row["Seconds (lbs)"])
        assert number(row["Balance (lbs)"]) == max(0, number(row["Qty Ordered (lbs)"]) - done)


def test_i8_each_order_takes_its_share_of_each_yarn(folder: Path) -> None:
    balances = {}
    for row in records(folder / "knit_orders.csv"):
        code = row["Order #"].removesuffix("</a>").rpartition(">")[2]
        balances[code] = number(row["Balance (lbs)"])
    by_yarn: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in records(folder / "yarn_demand_by_order.csv"):
        share = Decimal(row["Percentage"]) / 100
        total = (balances[row["Order #"]] * share).quantize(CENT, ROUND_HALF_UP)
        assert number(row["Total"]) == total
        by_yarn[row["Desc#"]] += total
    for row in records(folder / "yarn_inventory.csv"):
        assert number(row["Allocated"]) == -by_yarn[row["Desc#"]]


def test_greige_rolls_are_the_greige_pounds_of_the_orders(folder: Path) -> None:
    rolls = sum(number(row["Pounds"]) for row in records(folder / "stage_inventory_G00.csv"))
    orders = sum(number(row["G00 (lbs)"]) for row in records(folder / "knit_orders.csv"))
    assert rolls == orders > 0
