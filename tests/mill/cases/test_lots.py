"""Planning records, lot sizes and releases: cases F-33 to F-39 and F-48, and what is like them."""

from datetime import date
from decimal import Decimal

import pytest

from service.mill.rules.levels import Terms, net_levels
from service.mill.rules.lots import (
    MAX_BELOW_LEAST,
    Lead,
    Lot,
    LotRule,
    Release,
    WorkingDays,
    economic_quantity,
    lead_time,
    lot_rule,
    release,
    reorder_point,
    safety_stock,
    working_days,
)
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.record import consume_forecast, planning_record

D = Decimal


def pounds(*values: float | str) -> list[Decimal]:
    return [D(str(value)) for value in values]


def lot(moq: int = 0, multiple: int = 0, maximum: int = 0) -> Lot:
    return Lot(D(moq), D(multiple), D(maximum))


def test_f033_the_record_of_four_weeks() -> None:
    rows = planning_record(D(50), D(20), pounds(40, 30, 60, 20), pounds(0, 50, 0, 0), lead_weeks=2)
    assert [
        (row.projected, row.net, row.planned, row.available, row.release, row.weeks_late) for row in rows
    ] == [
        (10, 10, 10, 20, -2, 2),
        (40, 0, 0, 40, None, 0),
        (-20, 40, 40, 20, 0, 0),
        (0, 20, 20, 20, 1, 0),
    ]


def test_f034_a_yarn_under_two_parents_is_netted_once() -> None:
    (row,) = planning_record(D(100), ZERO, [D(80) + D(60)], pounds(0))
    assert (row.gross, row.net) == (140, 40)


def test_f034_the_same_from_the_recipes() -> None:
    components = {
        "TOP": [("SUB1", D(1)), ("SUB2", D(1))],
        "SUB1": [("Y1", D("0.8"))],
        "SUB2": [("Y1", D("0.6"))],
    }
    records = net_levels(
        ["TOP", "SUB1", "SUB2", "Y1"], {"TOP": pounds(100)}, components, {"Y1": Terms(on_hand=D(100))}, 1
    )
    (yarn,) = records["Y1"]
    assert (yarn.gross, yarn.net) == (140, 40)


def test_components_are_wanted_when_their_parent_is_released() -> None:
    terms = {"G1": Terms(on_hand=D(30), lead_weeks=2), "Y1": Terms(on_hand=D(5), lead_weeks=1)}
    demand = {"G1": pounds(40, 0, 0, 50), "Y1": pounds(0, 7, 0, 0)}
    records = net_levels(["G1", "Y1"], demand, {"G1": [("Y1", D("1.02"))]}, terms, 4)
    assert [week.planned for week in records["G1"]] == [10, 0, 0, 50]
    assert [week.gross for week in records["Y1"]] == [D("10.20"), D("58.00"), 0, 0]
    assert [week.planned for week in records["Y1"]] == [D("5.20"), D("58.00"), 0, 0]


def test_f035_the_least_order_counts_once_a_week() -> None:
    (row,) = planning_record(ZERO, ZERO, [sum(pounds(20, 20, 20))], pounds(0), rule=LotRule(lot=lot(moq=100)))
    assert (row.net, row.orders, row.available) == (60, (100,), 40)


def test_f036_safety_stock_reorder_point_and_economic_quantity() -> None:
    safety = safety_stock(D(100), D(20), D(14), ZERO, D("2.05"))
    assert rounded(safety, 2) == D("153.41")
    assert rounded(reorder_point(D(100), D(14), safety), 2) == D("1553.41")
    assert rounded(safety_stock(D(100), D(15), D(21), D(5), D("2.05")), 2) == D("1034.64")
    quantity = economic_quantity(D(52_000), D(75), D("1.00"))
    assert quantity is not None
    assert rounded(quantity, 2) == D("2792.85")
    assert economic_quantity(D(52_000), D(75), ZERO) is None


def test_f037_a_firm_planned_order_is_a_receipt() -> None:
    (with_firm,) = planning_record(D(12), D(10), pounds(5), pounds(0), firm=pounds(3))
    assert (with_firm.available, with_firm.orders) == (10, ())
    (without,) = planning_record(D(12), D(10), pounds(5), pounds(0))
    assert without.orders == (3,)


def test_a_negative_stock_is_not_clamped() -> None:
    (row,) = planning_record(D("-75.25"), ZERO, pounds(10), pounds(0))
    assert row.net == D("85.25")


@pytest.mark.parametrize(
    ("need", "moq", "multiple", "maximum", "orders"),
    [
        (10, 100, 50, 0, (100,)), (101, 100, 50, 0, (150,)), (250, 100, 50, 0, (250,)), (0, 100, 50, 0, ()),
        (60, 0, 0, 0, (60,)), ("12.5", 0, 5, 0, (15,)), (1050, 100, 50, 400, (400, 400, 250)),
        (430, 100, 0, 400, (400, 100)), (-3, 100, 0, 0, ()), (400, 0, 0, 400, (400,)), (801, 0, 0, 400, (400, 400, 1)),
        (430, 100, 30, 400, (390, 120)),
    ],
)  # fmt: skip
def test_f039_lot_sizes(
    need: str | int, moq: int, multiple: int, maximum: int, orders: tuple[int, ...]
) -> None:
    assert lot(moq, multiple, maximum).sizes(D(need)) == orders


def test_limits_that_contradict_each_other_are_told() -> None:
    assert lot(moq=500, maximum=400).conflict == MAX_BELOW_LEAST
    assert lot(moq=500, maximum=400).sizes(D(700)) == (500, 500)
    assert lot(multiple=50, maximum=30).sizes(D(90)) == (50, 50)
    assert lot(100, 50, 400).conflict is None


@pytest.mark.parametrize(
    ("rule", "orders"),
    [
        (LotRule(), [(60,), (60,), (60,), (60,)]),
        (LotRule("fixed_quantity", quantity=D(50)), [(50, 50), (50,), (50,), (50,)]),
        (LotRule("eoq", quantity=D(150)), [(150,), (), (150,), ()]),
        (LotRule("period_of_supply", weeks=2), [(120,), (), (120,), ()]),
        (LotRule("period_of_supply", lot(multiple=50), weeks=4), [(250,), (), (), ()]),
        (LotRule("min_max", up_to=D(90)), [(150,), (), (120,), ()]),
    ],
)
def test_each_policy_of_lots(rule: LotRule, orders: list[tuple[int, ...]]) -> None:
    rows = planning_record(ZERO, ZERO, pounds(60, 60, 60, 60), pounds(0, 0, 0, 0), rule=rule)
    assert [row.orders for row in rows] == orders


def test_f048_release_before_the_lead_time() -> None:
    need, working = date(2025, 10, 6), WorkingDays()
    assert release(need, 21, date(2025, 9, 3), working) == Release(date(2025, 9, 15), need, 0)
    assert release(need, 21, date(2025, 9, 20), working) == Release(date(2025, 9, 20), date(2025, 10, 11), 5)


def test_a_release_moves_to_the_working_day_before() -> None:
    closed = working_days(Parameters.from_values({"holidays": ["2025-09-12"]}))
    found = release(date(2025, 10, 5), 21, date(2025, 9, 3), closed)
    assert found == Release(date(2025, 9, 11), date(2025, 10, 2), 0)
    assert WorkingDays(weekdays=frozenset()).last_by(date(2025, 9, 14)) == date(2025, 9, 14)


def test_the_lead_time_is_the_yarn_s_then_the_supplier_s_then_a_default() -> None:
    assert lead_time(0, 9, "domestic") == Lead(0, "yarn", estimated=False)
    assert lead_time(None, 9, "domestic") == Lead(9, "supplier", estimated=False)
    assert lead_time(None, None, "international") == Lead(35, "default", estimated=True)
    assert lead_time(None, None, "unknown").days == 21


@pytest.mark.parametrize(
    ("orders", "forecast", "window", "left"),
    [
        ((30, 0), (50, 50), 0, (20, 50)),
        ((80, 0), (50, 50), 0, (0, 50)),
        ((0, 80, 0), (20, 50, 50), 1, (0, 0, 40)),
        ((0, 80, 40), (20, 50, 50), 1, (0, 0, 0)),
        ((0, 0, 200), (60, 60, 50), 1, (60, 0, 0)),
        ((0, 0, 200), (60, 60, 50), 2, (0, 0, 0)),
    ],
)
def test_orders_use_up_the_forecast(
    orders: tuple[int, ...], forecast: tuple[int, ...], window: int, left: tuple[int, ...]
) -> None:
    demand = consume_forecast(pounds(*orders), pounds(*forecast), window)
    assert demand.forecast == left
    assert demand.total == tuple(order + rest for order, rest in zip(orders, left, strict=True))


@pytest.mark.parametrize(
    ("values", "weekly", "cost", "rule", "reason"),
    [
        ({}, None, None, LotRule(), None),
        ({"lot_policy": "period_of_supply"}, None, None, LotRule("period_of_supply", weeks=4), None),
        (
            {"lot_policy": "fixed_quantity", "lot_fixed_lb": 500},
            None,
            None,
            LotRule("fixed_quantity", quantity=D(500)),
            None,
        ),
        ({"lot_policy": "fixed_quantity"}, 1000, "4", LotRule(), "NO_LOT_QUANTITY"),
        ({"lot_policy": "min_max"}, 1000, None, LotRule("min_max", up_to=D(4020)), None),
        ({"lot_policy": "min_max"}, None, None, LotRule(), "NO_DEMAND"),
        ({"lot_policy": "eoq"}, 1000, "4.00", LotRule("eoq", quantity=D("2792.8480")), None),
        ({"lot_policy": "eoq"}, 1000, None, LotRule(), "NO_COST"),
        ({"lot_policy": "eoq"}, 1000, "0", LotRule(), "NO_COST"),
    ],
)
def test_a_policy_whose_values_are_not_known_is_told(
    values: dict[str, object], weekly: int | None, cost: str | None, rule: LotRule, reason: str | None
) -> None:
    parameters = Parameters.from_values(values)
    known = None if weekly is None else D(weekly)
    found = lot_rule(Lot(), known, None if cost is None else D(cost), D(20), parameters)
    assert found == (rule, reason)


def test_less_than_a_pound_is_a_need_too() -> None:
    assert Lot().sizes(Decimal("0.5")) == (Decimal("0.5"),)
    assert Lot().sizes(Decimal(0)) == ()
