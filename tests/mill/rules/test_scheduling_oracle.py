"""The engine against a scheduler that walks through time a quarter of an hour at a time and tries every start."""

import random
from collections.abc import Sequence
from decimal import Decimal
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.mill.rules.scheduling.engine import schedule
from service.mill.rules.scheduling.rates import Rates
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.shop import Job, Machine, Plan, Shop
from service.mill.rules.scheduling.windows import Windows, daily

STEP = 0.25
QUARTER_LB = 6
"""What 24 lb/h knit in a quarter of an hour: every end falls on one."""
SETUP = 4
"""Quarters: an hour."""
Shifts = Sequence[tuple[float, float]]
Slow = dict[str, tuple[str, float, float, float]]
ALWAYS: Shifts = ((0, 24),)
shifts = st.sampled_from([ALWAYS, ((6, 22),), ((0, 3), (3, 7.5), (9, 10)), ((5.25, 8.25), (20, 24))])


def slowly(jobs: Sequence[Job], machines: Sequence[tuple[str, str]], hours: Shifts) -> Slow:
    """The plan by trying: machine, set-up start, run start and end of each order."""
    free = {code: 0 for code, _ in machines}
    style: dict[str, str] = {}
    plan: Slow = {}
    for job in sorted(jobs, key=lambda job: (job.priority, inf if job.due is None else job.due, job.order)):
        run = int(job.pounds) // QUARTER_LB
        tried = []
        for code, center in machines:
            if center == job.center:
                setup = 0 if style.get(code) == job.style else SETUP
                start, begin, end = first_start(
                    max(free[code], int((job.ready or 0) / STEP)), setup, run, hours
                )
                tried.append((end, setup, start, code, begin))
        if tried:
            end, _, start, code, begin = min(tried)
            free[code], style[code] = end, job.style
            plan[job.order] = (code, start * STEP, begin * STEP, end * STEP)
    return plan


def first_start(at: int, setup: int, run: int, hours: Shifts) -> tuple[int, int, int]:
    """The first quarter at which set-up and first run hour have no pause; then the run takes what is open."""
    while True:
        whole = setup + min(run, 4) if setup else 1
        if all(is_open(at + ahead, hours) for ahead in range(whole)):
            quarters = []
            ahead = at
            while len(quarters) < setup + run:
                quarters += [ahead] if is_open(ahead, hours) else []
                ahead += 1
            return at, quarters[setup], quarters[-1] + 1
        at += 1


def is_open(quarter: int, hours: Shifts) -> bool:
    return any(start <= quarter * STEP % 24 < end for start, end in hours)


def told(plan: Plan) -> Slow:
    return {one.order: (one.machine, one.setup_start, one.run_start, one.end) for one in plan.operations}


def mill(machines: Sequence[tuple[str, str]], hours: Shifts) -> Shop:
    windows = None if hours is ALWAYS else Windows(daily(*hours))
    made = [Machine(code=code, center=center, windows=windows) for code, center in machines]
    return Shop(machines=made, rates=Rates(plant_per_day=Decimal(24 * 24)), setups=Setups(SETUP * STEP))


jobs = st.lists(
    st.builds(
        Job,
        order=st.integers(1, 60).map(lambda at: f"K{at}"),
        style=st.sampled_from("STU"),
        center=st.sampled_from(["W1", "W2", "W9"]),
        pounds=st.integers(1, 120).map(lambda at: Decimal(at * QUARTER_LB)),
        priority=st.integers(1, 3),
        due=st.none() | st.integers(0, 50).map(float),
        ready=st.integers(0, 120).map(lambda at: at * STEP),
    ),
    max_size=12,
    unique_by=lambda job: job.order,
)


@settings(max_examples=150, deadline=None)
@given(jobs, shifts)
def test_a_plan_is_that_of_trying_every_start(orders: list[Job], hours: Shifts) -> None:
    machines = [("M1", "W1"), ("M2", "W1"), ("M3", "W2"), ("M10", "W1")]
    assert told(schedule(orders, mill(machines, hours))) == slowly(orders, machines, hours)


def at_once(jobs: Sequence[Job], machines: Sequence[tuple[str, str]]) -> Slow:
    """The same of machines that never stop, as a plain loop over all of them."""
    free = {code: 0.0 for code, _ in machines}
    style: dict[str, str] = {}
    plan: Slow = {}
    for job in sorted(jobs, key=lambda job: (job.priority, inf if job.due is None else job.due, job.order)):
        tried = []
        for code, center in machines:
            if center == job.center:
                start = max(free[code], job.ready or 0.0)
                setup = 0.0 if style.get(code) == job.style else SETUP * STEP
                tried.append((start + setup + float(job.pounds) / 24, setup, start, code))
        end, setup, start, code = min(tried)
        free[code], style[code] = end, job.style
        plan[job.order] = (code, start, start + setup, end)
    return plan


@pytest.mark.parametrize("count", [300, pytest.param(50_000, marks=pytest.mark.prove)])
def test_a_whole_mill_is_planned_as_by_a_plain_loop(count: int) -> None:
    chance = random.Random(7)
    machines = [(f"{at:03}", f"W{at % 91}") for at in range(285)]
    orders = [
        Job(
            order=f"K{at:06}", style=f"S{chance.randrange(500)}", center=f"W{chance.randrange(91)}",
            pounds=Decimal(chance.randrange(1, 1500) * QUARTER_LB), priority=chance.randrange(1, 5),
            due=float(chance.randrange(90) * 24), ready=chance.randrange(200) * STEP,
        )
        for at in range(count)
    ]  # fmt: skip
    plan = schedule(orders, mill(machines, ALWAYS))
    assert told(plan) == at_once(orders, machines)
