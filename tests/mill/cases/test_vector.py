"""The numbered cases that the table operations share with the rules, on each kind of frame (mill spec F)."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from service.mill.vector import (
    aggregate,
    allocate,
    compact,
    cost,
    dates,
    explode,
    planning_balance,
    schedule,
    shortages,
)
from tests.mill.vector.kinds import KINDS, plain, rows

AS_OF = date(2025, 9, 3)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param]


def balances(kind: Any, *cells: tuple[Any, Any, Any]) -> Any:
    return kind(
        dict(
            zip(
                ("theoretical_balance", "allocated", "on_order"),
                map(list, zip(*cells, strict=True)),
                strict=True,
            )
        )
    )


def test_f001_f002_f004_a_planning_balance_adds_what_is_stored_negative(kind: Any) -> None:
    frame = balances(kind, (1000, -200, 300), ("310.40", "-245.15", "0"), (Decimal("-75.25"), -10, 50))
    found = planning_balance(frame)
    assert type(found.frame) is kind
    assert plain(found.frame["planning_balance"]) == [
        Decimal("1100.0000"),
        Decimal("65.2500"),
        Decimal("-35.2500"),
    ]
    assert found.errors == ()


def test_f003_brackets_commas_and_blanks_are_read(kind: Any) -> None:
    found = planning_balance(balances(kind, ("2,450.25", "(800.00)", "1,200.00"), (None, "-", "N/A")))
    assert plain(found.frame["planning_balance"]) == [Decimal("2850.2500"), Decimal("0.0000")]
    assert found.errors == ()


def test_f005_a_positive_allocation_is_told_and_never_added(kind: Any) -> None:
    found = planning_balance(balances(kind, (1000, "200", 300), (1000, -200, -1)))
    assert plain(found.frame["planning_balance"]) == [None, None]
    assert [(one.row, one.column, one.code) for one in found.errors] == [
        (0, "allocated", "ALLOC_SIGN"),
        (1, "on_order", "ON_ORDER_NEG"),
    ]


def test_f007_a_text_that_is_no_number_is_listed_and_never_zero(kind: Any) -> None:
    frame = balances(kind, ("1.234,50", 0, 0), ("1e5", 0, 0), (float("nan"), 0, 5), (float("inf"), 0, 0))
    found = planning_balance(frame)
    assert plain(found.frame["planning_balance"]) == [None, None, Decimal("5.0000"), None]
    assert [(one.row, one.raw, one.code) for one in found.errors] == [
        (0, "1.234,50", "NUM_FORMAT"),
        (1, "1e5", "NUM_FORMAT"),
        (3, float("inf"), "NUM_RANGE"),
    ]


def test_f008_ten_thousand_tenths_are_a_thousand(kind: Any) -> None:
    frame = kind({"yarn": np.repeat("Y", 10_000), "lb": np.full(10_000, 0.1)})
    found = aggregate(frame, "yarn", {"lb": "sum"}).frame
    assert rows(found, "yarn", "lb_sum") == [("Y", Decimal("1000.0000"))]


def test_f008_float32_and_int8_lose_nothing_in_a_compact_frame(kind: Any) -> None:
    frame = compact(kind({"money": np.array([1_234_567.89, 0.5]), "lb": np.array([100, 100])})).frame
    assert plain(frame["money"]) == [1_234_567.89, 0.5]
    small = np.asarray(frame["lb"])
    assert small.itemsize < 8
    assert (small + small).tolist() == [200, 200]


def test_f009_equal_is_not_short_and_the_lowest_comes_first(kind: Any) -> None:
    frame = kind({"planning_balance": [120, 200, -5, 50], "min_stock": [200, 200, 0, None]})
    found = shortages(frame)
    assert rows(found.frame, "planning_balance", "shortage_amount") == [(-5, Decimal(5)), (120, Decimal(80))]
    assert rows(shortages(frame, 51).frame, "planning_balance", "shortage_amount") == [
        (-5, Decimal(56)),
        (50, Decimal(1)),
    ]


def bom(kind: Any, *lines: tuple[Any, ...]) -> Any:
    styles, yarns, shares, losses = zip(*lines, strict=True)
    return kind(
        {"style_id": list(styles), "yarn_id": list(yarns), "quantity_per": list(shares), "loss": list(losses)}
    )


def orders(kind: Any, *some: tuple[str, Any]) -> Any:
    styles, amounts = zip(*some, strict=True)
    numbers = [f"O{n}" for n in range(1, len(some) + 1)]
    return kind({"order_no": numbers, "style_id": list(styles), "quantity": list(amounts)})


def test_f018_a_pound_of_fabric_is_its_fractions_of_yarn(kind: Any) -> None:
    recipe = bom(kind, ("S", "Y1", 0.60, 0), ("S", "Y2", 0.25, 0), ("S", "Y3", 0.15, 0))
    found = explode(orders(kind, ("S", 1000), ("s ", 10)), recipe)
    assert rows(found.frame, "order_no", "yarn_id", "required_quantity") == [
        *(("O1", yarn, lb) for yarn, lb in (("Y1", 600), ("Y2", 250), ("Y3", 150))),
        *(("O2", yarn, lb) for yarn, lb in (("Y1", 6), ("Y2", Decimal("2.5")), ("Y3", Decimal("1.5")))),
    ]
    assert rows(found.totals, "yarn_id", "required_quantity") == [
        ("Y1", 606),
        ("Y2", Decimal("252.5")),
        ("Y3", Decimal("151.5")),
    ]


def test_f023_losses_are_added_on_level_by_level(kind: Any) -> None:
    recipe = bom(kind, ("F1", "G1", 1, "0.03"), ("G1", "Y1", ".7", ".02"), ("G1", "Y2", ".3", ".02"))
    found = explode(orders(kind, ("F1", 500)), recipe, loss="loss")
    assert rows(found.frame, "yarn_id", "required_quantity") == [
        ("Y1", Decimal("367.71")),
        ("Y2", Decimal("157.59")),
    ]


def test_f025_circles_are_told_once_and_their_orders_left_out(kind: Any) -> None:
    recipe = bom(kind, ("X", "Z", 1, 0), ("Z", "X", 1, 0), ("V", "X", 1, 0), ("F", "Y", 1, 0))
    found = explode(orders(kind, ("X", 7), ("V", 2), ("F", 500), ("N", 1)), recipe)
    assert rows(found.frame, "order_no", "required_quantity") == [("O3", 500)]
    assert found.recipe.cycles == (("X", "Z", "X"),)
    assert [(one.row, one.reason) for one in found.unplanned] == [
        (0, "BOM_CYCLE"),
        (1, "BOM_CYCLE"),
        (3, "NO_BOM"),
    ]


def test_f026_a_part_reached_twice_is_needed_twice(kind: Any) -> None:
    recipe = bom(kind, ("P", "Q", 1, 0), ("P", "R", 2, 0), ("Q", "R", 3, 0), ("R", "Y", 1, 0))
    found = explode(orders(kind, ("P", 1), ("R", 10)), recipe)
    assert rows(found.totals, "yarn_id", "required_quantity") == [("Y", 15)]


def stock_of(kind: Any, *yarns: tuple[str, Any]) -> Any:
    names, amounts = zip(*yarns, strict=True)
    return kind({"yarn_id": list(names), "available_quantity": list(amounts)})


def needs(kind: Any, *some: tuple[str, str, int, str | None, Any]) -> Any:
    names = ("order_no", "yarn_id", "priority", "due_date", "required_quantity")
    return kind({name: list(column) for name, column in zip(names, zip(*some, strict=True), strict=True)})


def test_f050_stock_goes_by_priority_then_date_then_number(kind: Any) -> None:
    wanted = needs(
        kind,
        ("O1", "Y", 1, "2025-09-11", 600),
        ("O2", "Y", 1, "2025-09-06", 300),
        ("O3", "Y", 2, "2025-09-02", 400),
    )
    found = allocate(wanted, stock_of(kind, ("Y", 1000)))
    assert rows(found.frame, "order_no", "allocated", "short", "can_fulfill", "allocation_reason") == [
        ("O2", 300, 0, True, None),
        ("O1", 600, 0, True, None),
        ("O3", 100, 300, False, "SHORT"),
    ]


def test_f051_stock_below_zero_gives_nothing_and_a_missing_row_says_so(kind: Any) -> None:
    wanted = needs(kind, ("O1", "Y1", 1, None, 50), ("O2", "Y2", 1, "2025-09-06", 50))
    found = allocate(wanted, stock_of(kind, ("Y1", -20)))
    assert rows(found.frame, "order_no", "allocated", "short", "allocation_reason") == [
        ("O2", 0, 50, "NO_STOCK_ROW"),
        ("O1", 0, 50, "SHORT"),
    ]


def test_f052_each_yarn_is_given_by_itself(kind: Any) -> None:
    wanted = needs(kind, ("O1", "Y1", 1, None, 100), ("O1", "Y2", 1, None, 100), ("O2", "Y1", 2, None, 60))
    found = allocate(wanted, stock_of(kind, ("Y1", 100), ("Y2", 40)))
    assert rows(found.frame, "order_no", "yarn_id", "allocated") == [
        ("O1", "Y1", 100),
        ("O1", "Y2", 40),
        ("O2", "Y1", 0),
    ]


@pytest.mark.parametrize(("due", "left", "late"), [("2025-09-10", 0, False), ("2025-09-09", -1, True)])
def test_f066_due_today_is_not_overdue(kind: Any, due: str, left: int, late: bool) -> None:
    found = dates(kind({"due_date": [due, None]}), date(2025, 9, 10), ["due_date"])
    assert rows(found.frame, "days_until_due", "is_overdue") == [(left, late), (None, None)]


def test_f067_hours_add_up_in_a_work_centre(kind: Any) -> None:
    wanted = kind(
        {
            "order_no": ["O1", "O2", "O3", "O4", "O5"],
            "quantity": [500, 300, 400, 10, 10],
            "production_rate": [None, None, None, 0, 100],
            "work_center_id": ["6.30.28.F"] * 4 + ["9.9.9.X"],
            "priority": [1] * 5,
            "due_date": [None] * 5,
        }
    )
    found = schedule(wanted, kind({"work_center_id": ["6.30.28.f "], "available_hours": [10]}))
    assert rows(
        found.frame, "production_hours", "start_hour", "end_hour", "can_schedule", "schedule_reason"
    ) == [
        (5, 0, 5, True, None),
        (3, 5, 8, True, None),
        (4, 8, 12, False, "OVER_CAPACITY"),
        (None, None, None, False, "NO_RATE"),
        (None, None, None, False, "UNKNOWN_WORK_CENTER"),
    ]
    assert plain(found.frame["rate_assumed"]) == [True, True, True, False, False]


def test_f069_nothing_made_has_no_unit_cost_but_a_reason(kind: Any) -> None:
    frame = kind(
        {
            "material_cost": [500, 500],
            "labor_cost": [120, 120],
            "overhead_cost": [80, 80],
            "quantity": [100, 0],
        }
    )
    found = cost(frame).frame
    assert rows(found, "total_cost", "cost_per_unit", "cost_reason") == [
        (700, 7, None),
        (700, None, "ZERO_QUANTITY"),
    ]
    assert rows(cost(found).frame, "total_cost") == [(700,), (700,)], "a second pass adds nothing"
