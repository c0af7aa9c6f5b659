"""The made-up mill has the shapes that were measured (spec B.1, G.1), the same ones for the same seed."""

import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from python_calamine import CalamineWorkbook

from service.simulators.mill import SIZES, Mill, Plan, generate, tables, write_mill
from service.simulators.mill.files import write_table
from service.simulators.mill.weeks import Weeks
from tests.simulators.mill.reading import cells

DAY = date(2025, 9, 3)
BETWEEN = {
    "yarns with a negative stock": (0.008, 0.013),
    "yarns with a negative planning balance": (0.02, 0.03),
    "yarns allocated": (0.11, 0.16),
    "yarns on order": (0.05, 0.065),
    "yarns that cost nothing": (0.2, 0.3),
    "orders without a machine": (0.12, 0.28),
    "orders without a recipe": (0.12, 0.28),
    "orders without a quoted day": (0.55, 0.75),
    "orders shipped too much": (0.07, 0.18),
    "recipes that do not add up": (0.02, 0.04),
}


def shares(mill: Mill) -> dict[str, float]:
    yarns, count, orders = range(len(mill.stock)), len(mill.stock), mill.orders
    recipes = mill.styles.recipes
    found = {
        "yarns with a negative stock": sum(one.balance < 0 for one in mill.stock) / count,
        "yarns with a negative planning balance": sum(mill.planning_balance(one) < 0 for one in yarns)
        / count,
        "yarns allocated": sum(one in mill.needed for one in yarns) / count,
        "yarns on order": sum(one in mill.on_order for one in yarns) / count,
        "yarns that cost nothing": sum(mill.masters.yarns[one].cost == 0 for one in yarns) / count,
    }
    counted = Counter[str]()
    for order in orders:
        counted["orders without a machine"] += order.machine is None
        counted["orders without a recipe"] += order.style >= len(recipes)
        counted["orders without a quoted day"] += order.quoted is None
        counted["orders shipped too much"] += order.shipped > order.ordered * Decimal("1.05")
    found |= {name: number / len(orders) for name, number in counted.items()}
    partial = sum(sum(line.parts for line in recipe) == 630 for recipe in recipes)
    return {**found, "recipes that do not add up": partial / len(recipes)}


def test_the_shares_are_those_that_were_measured(measured: Mill) -> None:
    found = shares(measured)
    assert found.keys() == BETWEEN.keys()
    outside = {
        name: share for name, share in found.items() if not BETWEEN[name][0] <= share <= BETWEEN[name][1]
    }
    assert outside == {}


def test_recipes_use_few_yarns_for_most_of_their_lines(measured: Mill) -> None:
    used = Counter(line.yarn for recipe in measured.styles.recipes for line in recipe)
    lines = [len(recipe) for recipe in measured.styles.recipes]
    assert len(used) == 1_676
    assert set(lines) == set(range(1, 9))
    assert sum(lines) / len(lines) == pytest.approx(3.34, abs=0.1)
    top = sum(count for _, count in used.most_common(len(used) // 5))
    assert top / sum(lines) == pytest.approx(0.8, abs=0.05)
    assert all(len({line.yarn for line in recipe}) == len(recipe) for recipe in measured.styles.recipes)
    assert {sum(line.parts for line in recipe) for recipe in measured.styles.recipes} == {1_000, 630}
    assert min(line.parts for recipe in measured.styles.recipes for line in recipe) >= 10


def test_orders_and_rates_are_log_normal(measured: Mill) -> None:
    sizes = [order.ordered for order in measured.orders]
    assert 1_300 <= median(sizes) <= 2_300
    assert max(sizes) <= 37_600
    rates = sorted(measured.styles.rates.tolist())
    assert rates[len(rates) // 2] == pytest.approx(544, rel=0.05)
    assert rates[len(rates) * 95 // 100] == pytest.approx(1_341, rel=0.07)
    below = [
        balance for yarn in range(len(measured.stock)) if (balance := measured.planning_balance(yarn)) < 0
    ]
    assert sum(balance < -1_000 for balance in below) == 5
    assert sum(-1_000 <= balance < -100 for balance in below) == pytest.approx(17, abs=4)


def test_files_have_as_many_rows_as_were_counted(measured: Mill) -> None:
    rows = {table.name: sum(1 for _ in table.rows()) for table in tables(measured)}
    counted = {
        "yarn_inventory": 1_200, "bom": 28_653, "knit_orders": 195, "expected_receipts": 79, "yarn_po": 79,
        "sales": 10_338, "sales_open": 133, "style_map": 11_416, "machines": 285, "rates": 6_151,
        "suppliers": 37, "stage_inventory_F01": 10_177, "stage_inventory_I01": 323,
    }  # fmt: skip
    assert {name: rows[name] for name in counted} == counted
    codes = [row[0] for table in tables(measured) if table.name == "machines" for row in table.rows()]
    assert len(set(codes)) == 93
    assert len({str(code).strip() for code in codes}) == 91


def test_the_same_seed_makes_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    write_mill(generate(Plan(as_of=DAY)), tmp_path / "one")
    write_mill(generate(Plan(as_of=DAY)), tmp_path / "again")
    write_mill(generate(Plan(as_of=DAY, seed=8)), tmp_path / "other", ("csv",))
    first, again, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "again", "other")
    )
    assert first == again
    assert {name for name in other if first[name] == other[name]} <= {"machines.csv"}


def test_a_workbook_says_what_the_text_says(tiny: Mill, tmp_path: Path) -> None:
    write_mill(tiny, tmp_path)
    for name in ("yarn_demand", "bom", "knit_orders"):
        sheet = CalamineWorkbook.from_path(tmp_path / f"{name}.xlsx").get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
        text = cells(tmp_path / f"{name}.csv")
        assert len(rows) == len(text)
        assert [str(cell) for cell in rows[0]] == text[0]
    stock = CalamineWorkbook.from_path(tmp_path / "yarn_inventory.xlsx").get_sheet_by_index(0).to_python()
    assert stock[1][0] == "90001"
    assert stock[1][9] == float(tiny.stock[0].balance)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 12, 28), DAY])
def test_any_day_has_what_is_past_due_near_and_far(day: date) -> None:
    mill = generate(Plan(as_of=day))
    columns = {mill.weeks.column(one.day) for line in mill.purchases for one in line.deliveries}
    assert {-1, 0, 9} < columns
    quoted = [order.quoted for order in mill.orders if order.quoted is not None and order.balance > 0]
    assert min(quoted) < day < max(quoted)
    assert max(quoted) > day + timedelta(days=60)
    assert any(mill.planning_balance(yarn) < 0 for yarn in mill.needed if yarn < len(mill.stock))


@pytest.mark.parametrize(
    ("day", "friday", "labels"),
    [
        (date(2025, 9, 3), date(2025, 9, 12), ["Week 37", "Week 44"]),
        (date(2026, 12, 28), date(2027, 1, 8), ["Week 1", "Week 8"]),
    ],
)
def test_weeks_end_on_fridays_and_are_numbered_by_iso(day: date, friday: date, labels: list[str]) -> None:
    weeks = Weeks.of(day)
    assert weeks.friday(1) == friday
    assert [weeks.labels()[1], weeks.labels()[8]] == labels
    assert [weeks.labels()[0], weeks.labels()[9]] == ["This Week", "Later"]
    assert [weeks.column(one) for one in (friday, friday - timedelta(days=14), None)] == [1, -1, 9]


def test_what_a_strict_import_refuses_can_be_left_out(tiny: Mill) -> None:
    whole = generate(replace(tiny.plan, whole=True))
    assert all(sum(line.parts for line in recipe) == 1_000 for recipe in whole.styles.recipes)
    used = {line.yarn for recipe in whole.styles.recipes for line in recipe}
    assert max(used) < len(whole.stock)
    usual = {line.yarn for recipe in tiny.styles.recipes for line in recipe}
    assert max(usual) >= len(tiny.stock)


def test_an_unknown_size_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no size 'XL'; there are tiny, S, M, L"):
        generate(Plan(as_of=DAY, size="XL"))


def test_finished_styles_lead_down_to_yarns_in_as_many_steps_as_the_size_says(measured: Mill) -> None:
    table = next(one for one in tables(measured) if one.name == "bom_levels")
    parents: dict[str, list[str]] = {}
    for style, component, *_ in table.rows():
        parents.setdefault(str(style), []).append(str(component))

    def depth(style: str) -> int:
        return 1 + max((depth(one) for one in parents.get(style, [])), default=0)

    assert {depth(style) for style in parents if "-" not in style} == {SIZES["S"].levels}
    assert any(len(components) == 2 for components in parents.values())


@pytest.mark.prove
@pytest.mark.parametrize("size", ["M", "L"])
def test_large_mills_have_the_same_shapes(size: str) -> None:
    mill = generate(Plan(as_of=DAY, size=size))
    found = shares(mill)
    loose = {name: (low * 0.8, high * 1.2) for name, (low, high) in BETWEEN.items()}
    assert {name: one for name, one in found.items() if not loose[name][0] <= one <= loose[name][1]} == {}
    rows = {table.name: sum(1 for _ in table.rows()) for table in tables(mill)}
    sold = [count for name, count in rows.items() if name in {"sales", "sales_1", "sales_2", "sales_3"}]
    assert (sum(sold), rows["bom"]) == (SIZES[size].sales, SIZES[size].bom_lines)
    assert max(rows.values()) <= 500_000  # an import takes no more (spec E.8)
    left = sum((mill.planning_balance(yarn) for yarn in range(len(mill.stock))), Decimal(0))
    demand = next(table for table in tables(mill) if table.name == "yarn_demand")
    codes = {yarn.code: number for number, yarn in enumerate(mill.masters.yarns)}
    for row in demand.rows():
        assert row[4] == mill.planning_balance(codes[str(row[0])])
    assert left > 0


@pytest.mark.prove
def test_a_hundred_thousand_lines_of_sales_are_written_without_being_held(tmp_path: Path) -> None:
    mill = generate(Plan(as_of=DAY, size="M"))
    sales = next(table for table in tables(mill) if table.name == "sales")
    tracemalloc.start()
    write_table(sales, tmp_path, ("csv",))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with (tmp_path / "sales.csv").open(encoding="utf-8") as file:
        assert sum(1 for _ in file) == 100_001
    # They are drawn by ten thousand, whose numbers take 4 MB; all of them would be 40 MB.
    assert peak < 12_000_000
