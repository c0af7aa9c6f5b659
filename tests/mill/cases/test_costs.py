"""Cases of cost (spec F.8), and their like."""

from decimal import Decimal

import pytest

from service.mill.rules.costing import (
    Cost,
    Overhead,
    StockValue,
    Variance,
    machine_cost_per_lb,
    moving_average,
    order_cost,
    per_unit,
    price_variance,
    stock_value,
    total_cost,
    usage_variance,
)
from service.mill.rules.former_score import former_score
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.rollup import cost_lines, rolled_up

D = Decimal
F58 = {
    "F1": [Line("G1", D(1), D("0.03"), is_yarn=False)],
    "G1": [Line("Y1", D("0.7"), D("0.02")), Line("Y2", D("0.3"), D("0.02"))],
    "G2": [Line("Y1", D("0.6")), Line("Y3", D("0.4"))],
}
COSTS = {"Y1": D("4.20"), "Y2": D("3.00"), "Y3": None}


def test_f069_named_costs_by_quantity() -> None:
    total = total_cost([D(500), D(120), D(80)])
    assert total.value == 700
    assert per_unit(total.value, D(100)) == Cost(D("7.00"))
    assert per_unit(total.value, D(0)) == Cost(None, "ZERO_QUANTITY")


def test_f069_a_cost_nobody_knows_is_not_zero() -> None:
    assert total_cost([D(500), None]) == Cost(None, "COST_MISSING")
    assert per_unit(None, D(100)) == Cost(None, "COST_MISSING")


def test_f071_stock_is_worth_what_is_there() -> None:
    assert stock_value(D("310.40"), D("4.25")) == StockValue(D("1319.20"), D(0))
    assert stock_value(D("-75.25"), D("2.00")) == StockValue(D(0), D("-150.50"))
    assert stock_value(D(100), D(0)) == StockValue(D(0), D(0))
    assert stock_value(D(100), None) == StockValue(None, None, "COST_MISSING")


@pytest.mark.parametrize(
    ("held", "cost", "received", "price", "average"),
    [
        (100, "4.00", 50, "5.50", Cost(D("4.50"))),
        (-30, "4.00", 50, "5.50", Cost(D("5.50"))),
        (-30, None, 50, "5.50", Cost(D("5.50"))),
        (100, "4.00", 0, None, Cost(D(4))),
        (100, None, 50, "5.50", Cost(None, "COST_MISSING")),
        (100, "4.00", 50, None, Cost(None, "COST_MISSING")),
        (-30, "4.00", 0, "5.50", Cost(None, "NO_STOCK")),
    ],
)
def test_f071_a_receipt_moves_the_average(
    held: int, cost: str | None, received: int, price: str | None, average: Cost
) -> None:
    found = moving_average(D(held), cost and D(cost), D(received), price and D(price))  # type: ignore[arg-type]
    assert found == average


def test_f072_an_unknown_yarn_leaves_the_style_without_a_cost() -> None:
    found = rolled_up(Recipes(F58), COSTS, {})["G2"]
    assert found.material_per_lb == D("2.520000")
    assert (found.missing_costs, found.missing) == (1, ("Y3",))
    assert (found.unit_cost, found.complete, found.reason) == (None, False, "COST_MISSING")


def test_f072_levels_add_material_and_each_styles_own_conversion() -> None:
    found = rolled_up(Recipes(F58), COSTS, {"F1": D("0.50"), "G1": D("0.80")})
    assert (found["G1"].material_per_lb, found["G1"].unit_cost) == (D("3.916800"), D("4.716800"))
    assert found["F1"].material_per_lb == D("4.034304")
    assert found["F1"].conversion_per_lb == D("1.324000")  # 0.50 + 1.03 x 0.80
    assert (found["F1"].unit_cost, found["F1"].complete) == (D("5.358304"), True)
    lines = list(cost_lines("F1", Recipes(F58), COSTS, {"F1": D("0.50"), "G1": D("0.80")}))
    assert [(line.level, line.path, line.component, line.pounds, line.amount) for line in lines] == [
        (0, ("F1",), "F1", 1, D("0.50")),
        (1, ("F1", "G1"), "G1", D("1.03"), D("0.824")),
        (2, ("F1", "G1"), "Y1", D("0.735420"), D("3.088764")),
        (2, ("F1", "G1"), "Y2", D("0.315180"), D("0.945540")),
    ]
    assert sum(line.amount for line in lines if line.amount is not None) == found["F1"].unit_cost
    unknown = [line.component for line in cost_lines("G2", Recipes(F58), COSTS, {}) if line.amount is None]
    assert unknown == ["G2", "Y3"]


def test_f072_no_recipe_and_a_circle_have_no_cost_either() -> None:
    lines = {
        "P": [Line("Q", D(1), is_yarn=False)],
        "X": [Line("Z", D(1), is_yarn=False)],
        "Z": [Line("X", D(1), is_yarn=False), Line("Y1", D(1))],
        "G": [Line("Y1", D(1))],
    }
    found = rolled_up(Recipes(lines), {"Y1": D(0)}, {"Q": D(1), "N": D(2), "G": D(0)})
    assert {style: (one.unit_cost, one.reason) for style, one in found.items()} == {
        "G": (0, None),
        "N": (None, "NO_BOM"),
        "P": (None, "NO_BOM"),
        "Q": (None, "NO_BOM"),
        "X": (None, "BOM_CYCLE"),
        "Z": (None, "BOM_CYCLE"),
    }
    assert list(cost_lines("X", Recipes(lines), {}, {})) == []


def test_f072_a_conversion_nobody_stated_is_not_zero_either() -> None:
    found = rolled_up(Recipes(F58), COSTS, {"F1": D("0.50"), "G1": None})["F1"]
    assert (found.conversion_per_lb, found.missing_conversion) == (D("0.500000"), ("G1",))
    assert (found.unit_cost, found.complete, found.reason) == (None, False, "CONVERSION_MISSING")


def test_f072_where_nothing_is_known_there_is_no_zero() -> None:
    lines = {**F58, "G4": [Line("Y3", D(1))], "F4": [Line("G4", D(1), is_yarn=False)]}
    found = rolled_up(Recipes(lines), {**COSTS, "Y2": D(0)}, {"F4": None, "N": D("0.50")})
    assert (found["F4"].material_per_lb, found["F4"].conversion_per_lb) == (None, None)
    assert (found["N"].material_per_lb, found["N"].conversion_per_lb) == (None, D("0.500000"))
    assert rolled_up(Recipes({"G5": [Line("Y2", D(1))]}), {"Y2": D(0)}, {})["G5"].material_per_lb == 0


def test_f080_the_predecessors_score() -> None:
    assert former_score(D(400), 12, shipped=False, sales_order=True, vip=True) == 278
    assert former_score(D(400), 12, shipped=True, sales_order=True, vip=True) == 1278
    assert former_score(D(9000), 120, shipped=False, sales_order=False, vip=False) == 50


def test_f081_variances() -> None:
    assert price_variance(D("4.50"), D("4.25"), D(1000)) == Variance(D("250.00"), "unfavourable")
    assert usage_variance(D(1000), D(980), D("4.25")) == Variance(D("85.00"), "unfavourable")
    assert price_variance(D("4.00"), D("4.25"), D(1000)) == Variance(D("250.00"), "favourable")
    assert usage_variance(D(980), D(980), D("4.25")) == Variance(D("0.00"), "none")


def test_machine_overhead_and_order() -> None:
    assert machine_cost_per_lb(D(50), D("36.8248")) == Cost(D("1.3578"))
    assert machine_cost_per_lb(D(50), D(0)) == Cost(None, "NO_RATE")
    assert machine_cost_per_lb(None, D(25)) == Cost(None, "COST_MISSING")
    assert Overhead("of_conversion", D("0.15")).per_lb(D("1.324")) == D("0.198600")
    assert Overhead("per_lb", D("0.15")).per_lb(D("1.324")) == D("0.150000")
    assert order_cost(D("5.358304"), D(500), D(2), D(40)) == Cost(D("2759.15"))
    assert order_cost(D("5.358304"), D(500), D(0), None) == Cost(D("2679.15"))
    assert (
        order_cost(None, D(500), D(2), D(40))
        == order_cost(D(5), D(500), D(2), None)
        == Cost(None, "COST_MISSING")
    )
