"""Netting by stage from a shared pool: cases F-30 to F-32, and what is like them."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.netting import (
    NO_STAGE_LEAD,
    NOTHING_IN_STOCK,
    Demand,
    Netted,
    NetWeek,
    net,
    net_by_week,
    planned_orders,
)
from service.mill.rules.parameters import Parameters, Stage
from service.mill.rules.quantities import ZERO

TODAY = date(2025, 9, 3)
D = Decimal
ALL: dict[Stage, Decimal] = {"F01": D(100), "I01": D(50), "G00": D(200), "G02": D(150), "KO": D(300)}
PREDECESSOR = Parameters(stage_order=("F01", "I01", "G00", "G02", "KO"))


def one(pounds: int, stock: dict[Stage, Decimal], parameters: Parameters = Parameters()) -> Netted:  # noqa: B008
    (line,) = net([Demand("S1", "GK1", D(pounds))], {"GK1": stock}, parameters).lines
    return line


def test_f030_stages_in_the_order_of_the_flow() -> None:
    line = one(400, ALL)
    assert line.used == {"F01": 100, "I01": 50, "G02": 150, "G00": 100}
    assert (line.net, line.coverage) == (0, 100)


def test_f030_the_predecessor_s_order_can_be_set() -> None:
    assert one(400, ALL, PREDECESSOR).used == {"F01": 100, "I01": 50, "G00": 200, "G02": 50}


@pytest.mark.parametrize(
    ("pounds", "stock", "missing", "coverage"),
    [(1000, ALL, 200, 80), (-100, ALL, 0, None), (500, {}, 500, 0), (50, {"F01": D(-20)}, 50, 0)],
)
def test_f031_what_stock_does_not_cover(
    pounds: int, stock: dict[Stage, Decimal], missing: int, coverage: int | None
) -> None:
    line = one(pounds, stock)
    assert (line.net, line.coverage) == (missing, coverage)


def test_f031_the_first_day_it_can_be_had() -> None:
    assert one(50, ALL).first_available(TODAY) == (TODAY, None)
    assert one(50, {"F01": ZERO, "I01": D(100)}).first_available(TODAY) == (date(2025, 9, 5), None)
    assert one(50, {"G00": D(100)}).first_available(TODAY) == (date(2025, 9, 18), None)
    assert one(50, {"G02": D(100)}).first_available(TODAY) == (None, NO_STAGE_LEAD)
    assert one(50, {}).first_available(TODAY) == (None, NOTHING_IN_STOCK)


def test_f032_stock_of_a_style_is_used_once() -> None:
    demands = [
        Demand("S1", "GK1", D(80), priority=2, due=date(2025, 9, 10)),
        Demand("S2", "GK1", D(80), priority=1, due=date(2025, 9, 20)),
        Demand("S3", "GK1", D(80), priority=2),
    ]
    pool: dict[str, dict[Stage, Decimal]] = {"GK1": {"F01": D(100)}}
    for orders in permutations(demands):
        found = net(orders, pool)
        assert [(line.demand.order_no, line.used, line.net) for line in found.lines] == [
            ("S2", {"F01": 80}, 0), ("S1", {"F01": 20}, 60), ("S3", {}, 80),
        ]  # fmt: skip
        assert (found.demanded, found.net, found.used["F01"], found.left["GK1"]["F01"]) == (240, 140, 100, 0)
    assert pool["GK1"]["F01"] == 100


def test_net_requirements_by_week() -> None:
    demands = [
        Demand("S1", "GK1", D(80), due=date(2025, 8, 1)),
        Demand("S2", "GK1", D(40), due=date(2025, 9, 12)),
        Demand("S3", "GK1", D(10), due=date(2025, 9, 8)),
        Demand("S4", "GK1", D(5)),
    ]
    found = net_by_week(net(demands, {"GK1": {"F01": D(100)}}), TODAY, 4)
    assert found == [
        NetWeek("GK1", date(2025, 9, 1), D(80), ZERO),
        NetWeek("GK1", date(2025, 9, 8), D(50), D(30)),
        NetWeek("GK1", None, D(5), D(5)),
    ]


def test_what_is_missing_becomes_knit_orders_of_a_batch() -> None:
    demands = [
        Demand("S1", "GK2", D(150), due=date(2025, 8, 1)),
        Demand("S2", "GK1", D(40), due=date(2025, 9, 12)),
        Demand("S3", "GK1", D(10), priority=1, due=date(2025, 9, 8)),
        Demand("S4", "GK1", D(5)),
        Demand("S5", "GK1", D(30), priority=1, due=date(2025, 9, 2)),
    ]
    found = planned_orders(net(demands, {"GK1": {"F01": D(30)}}), TODAY, 4)
    # Of the batch of GK1 50 lb are over: S4 needs 5 of them, and no batch of its own.
    assert [(one.style, one.pounds, one.week, one.due, one.priority, one.serves) for one in found] == [
        ("GK1", D(100), date(2025, 9, 8), date(2025, 9, 8), 1, ("S3", "S2")),
        ("GK2", D(150), date(2025, 9, 1), date(2025, 8, 1), 3, ("S1",)),
    ]


def test_what_a_batch_has_to_spare_serves_the_weeks_behind_it_first_come_first() -> None:
    demands = [
        Demand("S1", "GK1", D(20), due=date(2025, 9, 3)),
        Demand("S2", "GK1", D(60), due=date(2025, 9, 10)),
        Demand("S3", "GK1", D(50), due=date(2025, 9, 17)),
    ]
    found = planned_orders(net(demands, {}), TODAY, 4)
    assert [(one.pounds, one.week, [(part.line.demand.order_no, part.pounds) for part in one.parts])
            for one in found] == [
        (D(100), date(2025, 9, 1), [("S1", D(20))]),
        (D(100), date(2025, 9, 15), [("S3", D(30))]),
    ]  # fmt: skip


styles = st.sampled_from(["A", "B"])
amounts = st.integers(-5, 50).map(Decimal)
wishes = st.lists(st.tuples(styles, amounts, st.integers(1, 4)), max_size=6)
stocks = st.dictionaries(
    styles, st.dictionaries(st.sampled_from(["F01", "I01", "G02", "G00", "KO"]), amounts)
)


@given(wishes, stocks)
def test_what_is_used_and_what_is_missing_is_what_was_asked(
    rows: list[tuple[str, Decimal, int]], pool: dict[str, dict[Stage, Decimal]]
) -> None:
    demands = [Demand(f"S{at}", style, pounds, priority) for at, (style, pounds, priority) in enumerate(rows)]
    found = net(demands, pool)
    assert found == net(reversed(demands), pool)
    assert found.demanded == found.net + sum(found.used.values())
    for style, stages in pool.items():
        for stage, pounds in stages.items():
            taken = sum(line.used.get(stage, ZERO) for line in found.lines if line.demand.style == style)
            assert taken + found.left[style][stage] == max(ZERO, pounds)
