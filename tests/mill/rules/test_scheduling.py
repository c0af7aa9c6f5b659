"""Material, eligibility, freezing, backward plans, improvement, figures and loads of a finite schedule."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.engine import Options, schedule
from service.mill.rules.scheduling.freezing import frozen
from service.mill.rules.scheduling.loads import Load, loads, planned_hours, required_hours
from service.mill.rules.scheduling.metrics import metrics
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.rates import Rates, RateSource, center_medians
from service.mill.rules.scheduling.shop import Machine, Shop
from service.mill.rules.scheduling.splitting import parts_of
from service.mill.rules.scheduling.windows import Windows, daily
from tests.mill.shop import job, machines, placed, refused, shop

BACKWARD = Options(direction="backward")


def test_work_waits_for_its_material() -> None:
    plan = schedule([job("A", 100, ready=10.0), job("B", 100, priority=4)], shop(machines(1)))
    assert placed(plan) == {"A": ("M1", 10, 14), "B": ("M1", 14, 18)}
    first, second = (one.choice for one in plan.operations)
    assert first is not None
    assert second is not None
    assert (first.waited_for, second.waited_for) == ("material", "machine")


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (job("A", 100, ready=None), "NO_MATERIAL"),
        (job("A", 100, on_hold=True), "ON_HOLD"),
        (job("A", 0), "NO_QUANTITY"),
        (job("A", 100, center=None), "NO_ELIGIBLE_MACHINE"),
        (job("A", 100, machine="M7"), "NO_ELIGIBLE_MACHINE"),
    ],
)
def test_an_order_without_a_place_has_a_reason(order, reason) -> None:
    assert refused(schedule([order], shop())) == {"A": reason}


def test_a_machine_that_is_down_knits_nothing() -> None:
    down, up = machines(2)
    plan = schedule([job("A", 100), job("B", 100)], shop([replace(down, usable=False), up]))
    assert {one.machine for one in plan.operations} == {"M2"}


def test_alternates_of_a_style_and_fixed_machines() -> None:
    made = [*machines(1), Machine(code="M8", center="W2"), Machine(code="M9", center="W3")]
    mill = shop(made, alternates={"S": ["W2", "M9"]})
    orders = [job(name, 100, style="S") for name in "ABC"] + [job("D", 100, machine="M9")]
    assert placed(schedule(orders, mill)) == {
        "A": ("M1", 0, 4), "B": ("M8", 0, 4), "C": ("M9", 0, 4), "D": ("M9", 4, 8)
    }  # fmt: skip


def test_the_best_known_rate_is_taken_and_estimates_are_marked() -> None:
    rates = Rates(
        machine_style={("M1", "A"): Decimal(40)},
        center_style={("W1", "A"): Decimal(30), ("W1", "B"): Decimal(30)},
        style_per_day={"A": Decimal(480), "C": Decimal(480)},
        center_median_per_day=center_medians(
            [("W1", Decimal(240)), ("W1", Decimal(-5)), ("W1", Decimal(720))]
        ),
    )
    found = {style: rates.of("M1", "W1", style) for style in "ABCD"} | {"E": rates.of("M1", "W2", "E")}
    told = {
        style: (round(one.pounds_per_hour, 4), one.source, one.source.estimated)
        for style, one in found.items()
        if one
    }
    assert told == {
        "A": (40, RateSource.MACHINE_STYLE, False),
        "B": (30, RateSource.CENTER_STYLE, False),
        "C": (20, RateSource.STYLE, False),
        "D": (20, RateSource.CENTER_MEDIAN, True),
        "E": (25.6667, RateSource.PLANT, True),
    }
    assert Rates(plant_per_day=None).of("M1", "W1", "A") is None


def test_what_would_take_more_than_ten_years_has_no_place() -> None:
    rates = Rates(style_per_day={"S-A": Decimal("0.0001"), "S-B": Decimal(600)})
    assert refused(schedule([job("A", 100), job("B", 100)], shop(rates=rates))) == {"A": "NO_WORKING_TIME"}


def test_a_day_of_the_rate_file_is_as_long_as_the_mill_says() -> None:
    rate = Rates(style_per_day={"S": Decimal(600)}, day_hours=Decimal(8)).of("M1", "W1", "S")
    assert rate is not None
    assert rate.pounds_per_hour == 75


def test_what_is_frozen_is_not_moved_and_not_knitted_twice() -> None:
    before = schedule([job("A", 600), job("B", 600), job("C", 600)], shop())
    kept = frozen(before.operations, now=12, freeze_hours=6)
    assert sorted(one.order for one in kept) == ["A", "B"]
    urgent = [job("U", 100, priority=1), job("A", 300), job("B", 700), job("C", 600)]
    after = schedule(urgent, shop(), Options(now=12), kept)
    shown = [
        (one.order, one.part, one.machine, one.setup_start, one.end, one.frozen) for one in after.operations
    ]
    assert shown == [
        ("A", 1, "M1", 0, 24, True), ("B", 1, "M2", 0, 24, True), ("U", 1, "M1", 24, 28, False),
        ("B", 2, "M2", 24, 28, False), ("C", 1, "M1", 28, 52, False),
    ]  # fmt: skip
    assert not after.unscheduled


def test_how_long_an_order_runs_is_told_of_what_is_not_frozen() -> None:
    [kept] = frozen(schedule([job("A", 900)], shop(machines(1))).operations, now=0, freeze_hours=1)
    plan = schedule([job("A", 1000), job("B", 200)], shop(machines(1)), Options(rule="SPT"), [kept])
    # 100 lb of A are left, less than B's 200.
    assert [(one.order, one.setup_start) for one in plan.operations] == [("A", 0), ("A", 36), ("B", 40)]


def test_what_is_over_and_what_begins_behind_the_window_is_planned_anew() -> None:
    before = schedule([job("A", 100), job("B", 100), job("C", 100)], shop(machines(1)))
    assert [one.order for one in frozen(before.operations, now=4, freeze_hours=4)] == ["B"]


def test_frozen_operations_that_overlap_are_refused() -> None:
    [one] = schedule([job("A", 100)], shop()).operations
    with pytest.raises(ValueError, match="overlap"):
        schedule([], shop(), frozen=[one, replace(one, order="B", setup_start=3, run_start=3, end=9)])
    with pytest.raises(ValueError, match="two jobs"):
        schedule([job("A", 100), job("A", 200)], shop())


def test_a_backward_plan_begins_when_it_must() -> None:
    plan = finite_plan([job("A", 600, 72), job("B", 600, 12), job("C", 100)], shop(machines(3)), BACKWARD)
    assert placed(plan) == {"A": ("M2", 48, 72), "B": ("M1", 0, 24), "C": ("M3", 0, 4)}
    [moved] = [one for one in plan.operations if one.order == "A"]
    assert moved.choice is not None
    assert (moved.choice.waited_for, moved.late) == ("due_date", 0)


def test_a_backward_plan_overlaps_by_not_even_a_hair() -> None:
    # 34.6 + 0.1 + 9.2 is 43.900000000000006 in floats, and B begins at 43.9.
    plan = finite_plan([job("A", 230, 48), job("B", 100, 48)], shop(machines(1), setup=0.1), BACKWARD)
    first, second = sorted(plan.operations, key=lambda one: one.setup_start)
    assert (first.order, first.end) == ("A", second.setup_start)


def test_a_backward_plan_keeps_to_windows() -> None:
    made = machines(1, daily((6, 22)))
    plan = finite_plan([job("A", 450, 96), job("B", 100, 120)], shop(made, setup=1), BACKWARD)
    assert placed(plan) == {"B": ("M1", 113, 118), "A": ("M1", 67, 94)}


def test_improvement_serves_the_urgent_order_first() -> None:
    orders = [job("J1", 100, 10), job("J2", 50, 4), job("J3", 150, 9)]
    late = Options(rule="CR", trials=1000)
    plan = finite_plan(orders, shop(machines(1)), late)
    assert " ".join(one.order for one in plan.operations) == "J2 J3 J1"


def test_improvement_puts_equal_styles_side_by_side_where_nothing_gets_late() -> None:
    orders = [
        job(name, 100, 90 + at, style=style)
        for at, (name, style) in enumerate(zip("ABCD", "STST", strict=True))
    ]
    mill = shop(machines(1), setup=1)
    plan = finite_plan(orders, mill, Options(trials=1000))
    assert metrics(finite_plan(orders, mill), mill.machines).setup_hours == 4
    assert metrics(plan, mill.machines).setup_hours == 2
    assert {one.style for one in plan.operations[:2]} in ({"S"}, {"T"})


def test_figures_that_nobody_knows_are_none() -> None:
    mill = shop(machines(1))
    assert metrics(schedule([job("A", 100)], mill), mill.machines).on_time_percent is None
    assert [one.share for one in metrics(schedule([], mill), mill.machines).utilisation] == [None]


def test_split_orders_are_late_once() -> None:
    mill = shop()
    found = metrics(schedule([job("A", 1800, 30)], mill, Options(split=4)), mill.machines)
    assert (found.orders, found.total_late) == (1, 6)


def test_what_ends_at_its_due_time_by_a_hair_of_float_arithmetic_is_on_time() -> None:
    # Five times 4.8 h at 1,000 lb a day end at 24.000000000000004.
    orders = [job(name, 200, 24) for name in "ABCDE"]
    mill = shop(machines(1), rates=Rates(plant_per_day=Decimal(1000)))
    found = metrics(schedule(orders, mill), mill.machines)
    assert (found.on_time, found.max_late) == (5, 0)


@pytest.mark.parametrize(
    ("hours", "level"),
    [
        (142.8, "OK"),
        (142.81, "WARNING"),
        (159.6, "WARNING"),
        (159.61, "CRITICAL"),
        (168, "CRITICAL"),
        (168.01, "OVERLOAD"),
    ],
)
def test_limits_of_a_load_are_strict(hours: float, level: str) -> None:
    """85, 95 and 100 % of a week round the clock: 142.8 / 168 is 0.8500000000000001 as a float."""
    week = Clock(datetime(2025, 9, 1, tzinfo=ZoneInfo("America/New_York")), "America/New_York").weeks(1)[0]
    assert Load("W1", week, 1, hours, 168).level == level


def test_load_of_a_work_centre_by_week() -> None:
    zone = "America/New_York"
    clock = Clock(datetime(2025, 9, 1, tzinfo=ZoneInfo(zone)), zone)
    made = [
        Machine(code=f"M{at}", center="W1", efficiency=0.5, windows=Windows(daily((6, 16)))) for at in (1, 2)
    ]
    orders = [
        job("A", 2000, clock.end_of(clock.today)),
        job("B", 100),
        job("C", 100, 1e6),
        job("D", 100, center="W2"),
    ]
    mill: Shop = shop(made)
    weeks = clock.weeks(2)
    required = loads(required_hours(orders, mill, weeks), made, weeks, 0)
    assert [(one.center, one.week.name, one.load_hours, one.capacity_hours, one.level) for one in required] == [
        ("W1", "2025-W36", 80, 70, "OVERLOAD"), ("W1", "2025-W37", 4, 70, "OK"),
        ("W2", "2025-W36", 0, 0, "OK"), ("W2", "2025-W37", 4, 0, "OVERLOAD"),
    ]  # fmt: skip
    plan = schedule(orders[:2], mill)
    planned = loads(planned_hours(plan.operations, made, weeks, 0), made, weeks, 0)
    # Of A's 80 hours the machine does 35 in each of these weeks; the other 10 lie behind them.
    assert sum(one.load_hours for one in planned) == pytest.approx(74)
    assert all(one.share is not None and one.share <= 1 for one in planned)
    # From Thursday noon: 4 hours of that day and three days of 10, two machines at half efficiency.
    assert next(one.capacity_hours for one in loads({}, made, weeks, 84)) == pytest.approx(34)


def test_parts_add_to_the_whole() -> None:
    assert parts_of(Decimal(1000), 3) == (Decimal("333.3334"), Decimal("333.3333"), Decimal("333.3333"))
    assert parts_of(Decimal(1000), 5) == ()
    assert parts_of(Decimal(200), 2) == (100, 100)
    assert parts_of(Decimal("199.9999"), 2) == ()
