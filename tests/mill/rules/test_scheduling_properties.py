"""Finite schedules of any shop (spec F.10): no overlap, inside windows, never before the material."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.mill.rules.scheduling.calendars import Calendar, Shift, windows
from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.improvement import cost_of, improve
from service.mill.rules.scheduling.metrics import lateness_of_orders
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.rates import Rates
from service.mill.rules.scheduling.sequences import Timing, by_machine
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Operation, Plan, Shop
from service.mill.rules.scheduling.windows import Window, Windows, daily

HOURS = 0.25
"""All given figures are quarters of an hour, which float holds exactly."""
quarters = st.integers(0, 400).map(lambda at: at * HOURS)
SETUPS = Setups(1.0, 0.5, {"S1": "6", "S2": "6", "S3": "1"})
KINDS = ("always", "two shifts", "short", "once")


def windows_of(kind: str) -> Windows | None:
    """Of one kind; `once` ends."""
    if kind == "two shifts":
        return Windows(Window(a, b, 0.9 if a % 24 else 0.5) for a, b, _ in daily((0, 8), (8, 14.5), (20, 22)))
    if kind == "short":
        return Windows(daily((6, 7.25), (9, 10)))
    return Windows([Window(3, 90)]) if kind == "once" else None


machines = st.lists(
    st.builds(
        Machine,
        code=st.sampled_from([f"M{at}" for at in range(6)]),
        center=st.sampled_from(["W1", "W2"]),
        efficiency=st.sampled_from([1.0, 0.5]),
        style=st.sampled_from(["S1", None]),
        windows=st.sampled_from(KINDS).map(windows_of),
        free_from=quarters,
        usable=st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda machine: machine.code,
)
jobs = st.lists(
    st.builds(
        Job,
        order=st.integers(1, 40).map(lambda at: f"K{at}"),
        style=st.sampled_from(["S1", "S2", "S3"]),
        center=st.sampled_from(["W1", "W2", "W3", None]),
        pounds=st.integers(0, 30).map(lambda at: Decimal(at * 25)),
        priority=st.integers(1, 4),
        due=st.none() | quarters,
        ready=st.sampled_from([0.0, 0.0, 12.5, 60.25, None]),
        on_hold=st.sampled_from([False, False, False, True]),
    ),
    max_size=14,
    unique_by=lambda job: job.order,
)
options = st.builds(
    Options,
    rule=st.sampled_from(["PRIORITY_EDD", "EDD", "SPT", "CR", "SLACK", "ARRIVAL"]),
    direction=st.sampled_from(["forward", "backward"]),
    split=st.integers(1, 4),
    split_setup=st.booleans(),
    trials=st.sampled_from([0, 500]),
    now=st.sampled_from([0.0, 7.5]),
)


def shop_of(made: list[Machine]) -> Shop:
    rates = Rates(plant_per_day=Decimal(600), style_per_day={"S3": Decimal(1200)})
    return Shop(machines=made, rates=rates, setups=SETUPS, alternates={"S2": ["W2", "M0"]})


def frozen_of(made: list[Machine]) -> list[Operation]:
    """One operation on the first machine that may be moved by nothing."""
    times = {"setup_start": 10.0, "run_start": 10.5, "end": 30.0, "run_hours": 19.5, "earliest": 0.0}
    first = min(made, key=lambda machine: machine.code)
    return [
        Operation(
            order="K1", part=1, machine=first.code, center=first.center, style="S2", pounds=Decimal(100),
            priority=1, due=20.0, frozen=True, **times,
        )  # type: ignore[arg-type]
    ]  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(machines, jobs, options, st.booleans(), st.randoms(use_true_random=False))
def test_a_plan_keeps_to_machines_windows_and_material(made, orders, asked, keep, chance) -> None:
    shop, frozen = shop_of(made), frozen_of(made) if keep else []
    plan = finite_plan(orders, shop, asked, frozen)
    known = {machine.code: machine for machine in made}
    for operations in by_machine(plan.operations).values():
        assert all(one.end <= two.setup_start for one, two in pairwise(operations))
    for one in (one for one in plan.operations if not one.frozen):
        kept_to(known[one.machine], one, asked)
    assert all(one in plan.operations for one in frozen)
    nothing_is_lost(orders, frozen, plan)
    mixed, turned = chance.sample(orders, len(orders)), chance.sample(made, len(made))
    assert finite_plan(mixed, shop_of(turned), asked, frozen) == plan


def kept_to(machine: Machine, one: Operation, asked: Options) -> None:
    """An operation begins when it may, lies in windows, and has the hours that it needs."""
    assert one.setup_start >= max(one.earliest, asked.now, machine.free_from)
    assert one.setup_start <= one.run_start < one.end
    rate = (50 if one.style == "S3" else 25) * machine.efficiency
    assert one.run_hours == pytest.approx(float(one.pounds) / rate)
    if machine.windows is None:
        assert one.end - one.run_start == pytest.approx(one.run_hours)
        return
    assert machine.windows.work_between(one.run_start, one.end) == pytest.approx(one.run_hours)
    for at in (one.setup_start, one.run_start):
        assert machine.windows.open_between(at, at + HOURS / 100) > 0
    assert machine.windows.open_between(one.end - HOURS / 100, one.end) > 0
    setup = machine.windows.open_between(one.setup_start, one.run_start)
    assert min(abs(setup - hours) for hours in (0, 0.5, 1)) < 1e-6


def nothing_is_lost(orders: list[Job], frozen: list[Operation], plan: Plan) -> None:
    """Every order is placed with all its pounds, or has a reason."""
    refused = {one.order for one in plan.unscheduled}
    for job in orders:
        pounds = sum(one.pounds for one in plan.operations if one.order == job.order and not one.frozen)
        before = sum(one.pounds for one in frozen if one.order == job.order)
        assert (pounds > 0 or before > 0) != (job.order in refused) or (before > 0 and pounds == 0)
        assert pounds in (0, job.pounds - before)


@settings(max_examples=60, deadline=None)
@given(machines, jobs, st.integers(1, 4))
def test_improving_never_costs(made, orders, split) -> None:
    shop = shop_of(made)
    plan = finite_plan(orders, shop, Options(split=split))
    better = improve(plan, made, Timing(SETUPS, 0.0), 2_000)
    one, other = total(better), total(plan)
    assert one[0] < other[0] + 1e-6
    assert one[0] < other[0] - 1e-6 or one[1] <= other[1] + 1e-6


def total(plan: Plan) -> tuple[float, float]:
    """Weighted lateness of orders, and set-up hours."""
    priority = {one.order: one.priority for one in plan.operations}
    late = sum(
        (5 - priority[order]) * (hours or 0) for order, hours in lateness_of_orders(plan.operations).items()
    )
    return late, cost_of(plan.operations, {one.order: {} for one in plan.operations})[1]


@settings(max_examples=60, deadline=None)
@given(machines, jobs)
def test_a_backward_plan_is_late_by_no_more_and_begins_no_sooner(made, orders) -> None:
    shop = shop_of(made)
    forward = finite_plan(orders, shop, Options(rule="EDD"))
    backward = finite_plan(orders, shop, Options(rule="EDD", direction="backward"))
    starts = {(one.order, one.part): one for one in forward.operations}
    for one in backward.operations:
        sooner = starts[one.order, one.part]
        assert one.machine == sooner.machine
        assert one.setup_start >= sooner.setup_start
        assert (one.late or 0) <= (sooner.late or 0) + 1e-6


NEW_YORK = [
    Shift(day, datetime.min.time().replace(hour=22), datetime.min.time().replace(hour=6)) for day in range(7)
]


@given(st.integers(0, 500), st.integers(1, 300))
def test_windows_of_a_calendar_hold_the_hours_that_they_are_long(start: int, hours: int) -> None:
    made = windows(Calendar("America/New_York", NEW_YORK), datetime(2025, 10, 20, tzinfo=UTC))
    placed = made.place(start, 0, hours)
    assert placed is not None
    inside = made.inside(placed.run_start, placed.end)
    assert sum(end - begin for begin, end in inside) == pytest.approx(hours)
