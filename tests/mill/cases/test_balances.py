"""Balances, risk and cover: cases F-01, F-02, F-04 to F-06 and F-09 to F-17, and what is like them."""

from decimal import Decimal

import pytest

from service.mill.rules.balances import (
    COVERS_HORIZON,
    NO_DEMAND,
    Mismatch,
    Stock,
    WeeklyDemand,
    balance_score,
    criticality,
    days_to_stock_out,
    forecast_shortage,
    health,
    mismatches,
    outflow,
    predecessor_order,
    risk,
    short_yarns,
    urgency,
    weekly_demand,
    weeks_of_supply,
)
from service.mill.rules.numbers import number
from service.mill.rules.parameters import DEFAULTS, Parameters
from service.mill.rules.quantities import ZERO, rounded

D = Decimal
TOLERANCE = DEFAULTS.balance_tolerance_lb
HUNDRED = WeeklyDemand(D(430), D("4.3"), "consumed")


def stock(**values: str | int) -> Stock:
    return Stock(**{name: D(value) for name, value in values.items()})


def test_f001_planning_balance_and_what_is_free() -> None:
    one = stock(beginning=1000, allocated=-200, on_order=300)
    assert (one.planning, one.available_now) == (1100, 800)


def test_f002_allocated_is_not_added_back() -> None:
    assert stock(beginning="310.40", allocated="-245.15").planning == D("65.25")


def test_f003_texts_of_a_file_become_balances() -> None:
    read = Stock(
        beginning=number("6,400.50") or ZERO,
        consumed=outflow(number("(3,950.25)") or ZERO),
        allocated=outflow(number("(800.00)") or ZERO),
        on_order=number("1,200.00") or ZERO,
    )
    assert (read.theoretical, read.planning) == (D("2450.25"), D("2850.25"))


def test_f004_a_negative_stock_is_kept() -> None:
    one = stock(beginning="-75.25", allocated=-10, on_order=50)
    assert (one.planning, risk(one.planning), one.theoretical) == (D("-35.25"), "MEDIUM", D("-75.25"))


def test_f005_a_positive_allocation_is_turned() -> None:
    assert outflow(D(200)) == outflow(D(-200)) == -200
    assert stock(beginning=1000, on_order=300, allocated=int(outflow(D(200)))).planning == 1100
    assert str(outflow(D("-0"))) == "0"


@pytest.mark.parametrize(("stated", "told"), [("1100.01", False), ("1099.99", False), ("1100.02", True)])
def test_f006_a_cent_of_difference_is_none(stated: str, told: bool) -> None:
    one = stock(beginning=1000, allocated=-200, on_order=300)
    found = mismatches(one, None, D(stated), TOLERANCE)
    assert found == ([Mismatch("PB_MISMATCH", D(stated), D(1100))] if told else [])


def test_a_theoretical_balance_that_does_not_add_up_is_told_first() -> None:
    one = stock(beginning=1000)
    assert [each.code for each in mismatches(one, D(9), D(9), TOLERANCE)] == ["TB_MISMATCH", "PB_MISMATCH"]


def test_f009_short_is_strictly_below() -> None:
    rows = {"A": (120, 200), "B": (200, 200), "C": (-5, 0), "D": (50, 0)}
    found = short_yarns((code, stock(beginning=has, min_stock=least)) for code, (has, least) in rows.items())
    assert [(code, one.planning, one.shortage) for code, one in found] == [("C", -5, 5), ("A", 120, 80)]


@pytest.mark.parametrize(
    ("planning", "level"),
    [
        ("-1000.01", "CRITICAL"),
        ("-1000", "HIGH"),
        ("-100.01", "HIGH"),
        ("-100", "MEDIUM"),
        ("-0.01", "MEDIUM"),
        ("0", "LOW"),
    ],
)
def test_f010_risk_has_strict_limits(planning: str, level: str) -> None:
    assert risk(D(planning)) == level


@pytest.mark.parametrize(
    ("planning", "score"), [("-4250", "42.5"), ("-12000", "100"), ("5", "0"), ("-1276", "12.76")]
)
def test_f011_balance_score(planning: str, score: str) -> None:
    assert balance_score(D(planning)) == D(score)


@pytest.mark.parametrize(
    ("shortage", "weeks", "on_order", "weekly", "parts", "level"),
    [
        ("5200", "0.8", 0, 5200, (30, 30, 20, 10), "CRITICAL"),
        ("1500", "3", 500, 400, (20, 10, 0, 0), "MEDIUM"),
        ("10000", "1.0", 0, 5000, (30, 20, 20, 0), "CRITICAL"),
        ("0", "25", 0, 10, (0, 0, 0, 0), "LOW"),
    ],
)
def test_f012_enhanced_criticality(
    shortage: str, weeks: str, on_order: int, weekly: int, parts: tuple[int, ...], level: str
) -> None:
    found = criticality(D(shortage), D(weeks), D(on_order), D(weekly))
    assert (found.score, found.level, found.parts, found.listed) == (sum(parts), level, parts, True)


def test_f012_what_is_not_known_gives_no_points() -> None:
    assert criticality(ZERO, None, ZERO, None).listed is False
    assert criticality(D(1), None, ZERO, None).parts == (10, 0, 20, 0)


@pytest.mark.parametrize(
    ("has", "consumed", "allocated", "value", "method"),
    [
        (800, -430, 0, "8.00", "consumed"),
        (800, 0, -800, "8.00", "allocated"),
        (-5, -430, 0, "0.00", "consumed"),
    ],
)
def test_f013_weeks_of_supply_without_dated_demand(
    has: int, consumed: int, allocated: int, value: str, method: str
) -> None:
    weekly = weekly_demand([], stock(consumed=consumed, allocated=allocated))
    cover = weeks_of_supply(D(has), [], weekly)
    assert cover.value is not None
    assert (str(rounded(cover.value, 2)), cover.method, cover.reason) == (value, method, None)


def test_f013_without_any_demand_cover_is_not_known() -> None:
    assert weekly_demand([], stock(beginning=50)) is None
    cover = weeks_of_supply(D(50), [], None)
    assert (cover.value, cover.reason) == (None, NO_DEMAND)
    assert weeks_of_supply(D(-5), [], None).value == 0


@pytest.mark.parametrize("behind", [0, 11])
def test_forward_cover_counts_full_weeks_and_the_part_of_the_next(behind: int) -> None:
    dated = [D(600), D(700), *[ZERO] * behind]
    cover = weeks_of_supply(D(1000), dated, weekly_demand(dated, Stock()))
    assert cover.value is not None
    assert cover.mean is not None
    assert (rounded(cover.value, 2), rounded(cover.mean, 2)) == (D("1.57"), D("1.54"))
    assert (cover.method, cover.reason) == ("dated_demand", None)


def test_cover_beyond_the_dated_weeks_says_so() -> None:
    dated = [D(600), D(0), D(700)]
    cover = weeks_of_supply(D(1300), dated, weekly_demand(dated, Stock()))
    assert (cover.value, cover.reason) == (3, COVERS_HORIZON)


def test_weekly_demand_is_read_where_the_parameters_say() -> None:
    one = stock(consumed=-430, allocated=-800)
    first = Parameters.from_values({"weekly_demand_source": {"order": ["allocated"]}})
    assert weekly_demand([D(1300)] * 20, one) == WeeklyDemand(D(16900), D(13), "dated_demand")
    assert weekly_demand([D(1300)], one, first) == WeeklyDemand(D(800), D(8), "allocated")


@pytest.mark.parametrize(
    ("has", "days", "level"),
    [
        (90, 6, "CRITICAL"),
        (250, 17, "HIGH"),
        (300, 21, "MEDIUM"),
        (642, 44, "MEDIUM"),
        (643, 45, "LOW"),
        (-5, 0, "CRITICAL"),
    ],
)
def test_f014_days_to_stock_out(has: int, days: int, level: str) -> None:
    assert days_to_stock_out(D(has), HUNDRED) == days
    assert urgency(days) == level


def test_f014_a_whole_day_is_not_lost_to_division() -> None:
    assert days_to_stock_out(D(100), WeeklyDemand(D(100), D(13), "dated_demand")) == 91
    assert urgency(days_to_stock_out(D(100), None)) is None


@pytest.mark.parametrize(
    ("yarns", "state"), [(51, "CRITICAL"), (50, "WARNING"), (21, "WARNING"), (20, "GOOD")]
)
def test_f015_health(yarns: int, state: str) -> None:
    assert health(yarns) == state


def test_f016_forecast_shortage() -> None:
    found = forecast_shortage(stock(beginning=250, on_order=250), HUNDRED)
    assert (found.requirement, found.net_position, found.shortage) == (1300, -800, 800)
    assert (found.stock_out_day, found.week, found.urgency) == (17, 3, "HIGH")


@pytest.mark.parametrize(("pending", "order"), [(300, 660), (1200, 0)])
def test_f017_the_predecessor_s_order(pending: int, order: int) -> None:
    assert predecessor_order(D(200), D(500), D(pending)) == order
