"""Knit orders: cases F-66, F-73 and F-78, and what is like them."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.orders import (
    NO_DUE_DATE,
    BadMove,
    KitLine,
    OrderRisk,
    Progress,
    Status,
    check_move,
    days_until,
    kit,
    order_risk,
)
from service.mill.rules.quantities import rounded

AS_OF = date(2025, 9, 10)
D = Decimal
HALF_WAY = Progress(D(1800), D("260.5"), D(940), D("62.5"))
DONE = Progress(D(1000), D(0), D(1000))
UNTOUCHED = Progress(D(1000))


def test_f066_due_today_is_not_overdue() -> None:
    assert days_until(date(2025, 9, 10), AS_OF) == 0
    assert days_until(date(2025, 9, 9), AS_OF) == -1
    assert days_until(None, AS_OF) is None


def test_f073_rejects_are_knitted_again() -> None:
    assert HALF_WAY.balance == D("662.00")
    assert HALF_WAY.completion is not None
    assert rounded(HALF_WAY.completion, 2) == D("66.69")
    assert Progress(D(0)).completion is None


@pytest.mark.parametrize(
    ("shipped", "pct"), [("1080", "8"), ("1050", None), ("1050.01", "5.001"), ("900", None)]
)
def test_f073_over_shipping(shipped: str, pct: str | None) -> None:
    order = Progress(D(1000), shipped=D(shipped))
    assert order.over_shipped() == (None if pct is None else D(pct))
    assert order.balance == max(0, 1000 - D(shipped))


@pytest.mark.parametrize(("stated", "differs"), [("662.50", False), ("662.51", True), (None, False)])
def test_a_file_s_own_balance(stated: str | None, differs: bool) -> None:
    assert HALF_WAY.differs_from(None if stated is None else D(stated)) is differs


def test_f078_ten_days_late_and_not_started() -> None:
    found = order_risk(-10, D(2500), started=False, has_recipe=False)
    assert found.score is not None
    assert found.delivery is not None
    assert (rounded(found.delivery, 2), found.quantity, found.production, found.material) == (
        D("33.33"),
        20,
        20,
        10,
    )
    assert (rounded(found.score, 2), found.level) == (D("83.33"), "CRITICAL")


def test_f078_ten_days_late_and_started() -> None:
    assert order_risk(-10, D(2500), started=True, has_recipe=True) == OrderRisk(
        D(40), "MEDIUM", D(10), 20, 10, 0
    )


@pytest.mark.parametrize(
    ("days", "started", "points"),
    [
        (-31, False, "40"),
        (-31, True, "15"),
        (-30, False, "40"),
        (-30, True, "10"),
        (0, False, "20"),
        (6, True, "20"),
        (7, False, "16.5"),
        (40, False, "0"),
        (90, False, "0"),
    ],
)
def test_points_of_delivery(days: int, started: bool, points: str) -> None:
    assert order_risk(days, D(100), started=started, has_recipe=True).delivery == D(points)


@pytest.mark.parametrize(
    ("remaining", "quantity", "production"),
    [("24.99", 0, 0), ("25", 10, 20), ("2000", 10, 20), ("5000", 20, 20), ("5000.01", 30, 20)],
)
def test_points_of_quantity(remaining: str, quantity: int, production: int) -> None:
    found = order_risk(90, D(remaining), started=False, has_recipe=True)
    assert (found.quantity, found.production) == (quantity, production)


def test_the_risk_of_an_order_without_a_date_is_not_known() -> None:
    assert order_risk(None, D(100), started=False, has_recipe=True) == OrderRisk(
        None, None, None, 10, 20, 0, NO_DUE_DATE
    )


ALLOWED = {
    ("pending", "assigned"), ("pending", "on_hold"), ("pending", "cancelled"), ("assigned", "in_progress"),
    ("assigned", "on_hold"), ("assigned", "cancelled"), ("in_progress", "completed"), ("in_progress", "on_hold"),
    ("in_progress", "cancelled"), ("on_hold", "pending"), ("on_hold", "assigned"), ("on_hold", "in_progress"),
    ("on_hold", "cancelled"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "to"), sorted(ALLOWED))
def test_an_order_goes_where_its_course_leads(now: Status, to: Status) -> None:
    check_move(now, to, DONE, has_machine=True)


@pytest.mark.parametrize(("now", "to"), sorted(set(product(get_args(Status), repeat=2)) - ALLOWED))
def test_an_order_goes_nowhere_else(now: Status, to: Status) -> None:
    with pytest.raises(BadMove) as refused:
        check_move(now, to, DONE, has_machine=True, reason="whatever")
    assert refused.value.code == "STATUS_MOVE"


@pytest.mark.parametrize(
    ("now", "to", "progress", "has_machine", "reason", "code"),
    [
        ("pending", "assigned", UNTOUCHED, False, None, "NO_MACHINE"),
        ("assigned", "in_progress", UNTOUCHED, True, None, "NOT_STARTED"),
        ("in_progress", "completed", HALF_WAY, True, " ", "BALANCE_LEFT"),
    ],
)
def test_a_move_has_its_conditions(
    now: Status, to: Status, progress: Progress, has_machine: bool, reason: str | None, code: str
) -> None:
    with pytest.raises(BadMove) as refused:
        check_move(now, to, progress, has_machine=has_machine, reason=reason)
    assert refused.value.code == code


def test_an_order_is_closed_with_a_reason() -> None:
    check_move("in_progress", "completed", HALF_WAY, has_machine=True, reason="customer took less")


def line(
    yarn: str, required: str, allocated: str = "0", expected: str = "0", on: int | None = None
) -> KitLine:
    return KitLine(yarn, D(required), D(allocated), D(expected), None if on is None else date(2025, 9, on))


def test_a_kit_is_ready_within_a_hundredth_of_a_pound() -> None:
    found = kit([line("Y1", "100", "99.99"), line("Y2", "50", "50"), line("Y3", "0")], D(150), AS_OF)
    assert found is not None
    assert (found.status, found.coverage, found.producible, found.ready_on) == ("READY", 1, 150, AS_OF)


def test_a_kit_is_as_far_as_its_scarcest_yarn() -> None:
    found = kit([line("Y1", "100", "100"), line("Y2", "100", "40")], D(200), AS_OF)
    assert found is not None
    assert (found.status, found.coverage, found.producible, found.missing) == (
        "PARTIAL",
        D("0.4"),
        80,
        ("Y2",),
    )
    assert found.ready_on is None


def test_a_partial_kit_knows_when_its_rest_comes() -> None:
    found = kit([line("Y1", "150", "100", "50", 12)], D(150), AS_OF)
    assert found is not None
    assert (found.status, found.ready_on, found.missing) == ("PARTIAL", date(2025, 9, 12), ())


def test_a_kit_waits_for_the_latest_receipt() -> None:
    rows = [line("Y1", "100", "0", "100", 14), line("Y2", "50", "20", "30", 18), line("Y3", "9", "9")]
    found = kit(rows, D(159), AS_OF)
    assert found is not None
    assert (found.status, found.ready_on, found.producible) == ("WAITING", date(2025, 9, 18), 0)


def test_a_kit_that_nobody_brings_is_short() -> None:
    found = kit([line("Y1", "100", "0", "60", 14), line("Y2", "50", "50")], D(150), AS_OF)
    assert found is not None
    assert (found.status, found.missing, found.ready_on) == ("SHORT", ("Y1",), None)
    assert kit([], D(10), AS_OF) is None


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=4)
)
def test_more_yarn_never_makes_less_fabric(rows: list[tuple[int, int, int]]) -> None:
    lines = [
        line(f"Y{at}", str(need), str(min(need, has)), str(more), 20)
        for at, (need, has, more) in enumerate(rows)
    ]
    richer = [
        KitLine(one.yarn, one.required, min(one.required, one.allocated + 1), one.expected, one.expected_on)
        for one in lines
    ]
    found, better = kit(lines, D(100), AS_OF), kit(richer, D(100), AS_OF)
    assert found is not None
    assert better is not None
    assert 0 <= found.producible <= better.producible <= 100
    assert (found.status == "READY") == (found.coverage == 1)
