"""The cases F-59 … F-68 of the spec: finite scheduling."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from service.mill.rules.parameters import DispatchRule
from service.mill.rules.scheduling.baseline import Queued, cumulative_hours
from service.mill.rules.scheduling.clock import days_until_due
from service.mill.rules.scheduling.engine import Options, schedule
from service.mill.rules.scheduling.metrics import metrics
from service.mill.rules.scheduling.rates import Knitting, Rates, RateSource
from service.mill.rules.scheduling.setups import Setups
from service.mill.rules.scheduling.windows import Windows, daily
from tests.mill.shop import job, lates, machines, placed, refused, shop

F59 = (
    job("A", 1200, 72, 1),
    job("B", 600, 48, 1),
    job("C", 1800, 120, 2),
    job("D", 300, 24, 3),
    job("E", 100, None, 1, center="W9"),
)


def test_f059_orders_go_to_the_machine_that_ends_them_first() -> None:
    plan = schedule(F59, shop())
    assert placed(plan) == {
        "B": ("M1", 0, 24), "A": ("M2", 0, 48), "C": ("M1", 24, 96), "D": ("M2", 48, 60)
    }  # fmt: skip
    assert [(one.order, one.late) for one in lates(plan)] == [("D", 36)]


def test_f059_an_unknown_work_centre_is_told_as_the_reason() -> None:
    assert refused(schedule(F59, shop())) == {"E": "NO_ELIGIBLE_MACHINE"}


def test_f059_an_operation_tells_what_it_waited_for() -> None:
    last = schedule(F59, shop()).operations[-1]
    assert last.choice is not None
    assert (last.order, last.choice.waited_for, last.choice.alternatives) == ("D", "machine", 2)
    assert last.choice.runner_up == ("M1", 108)


def test_f059_figures_of_a_plan() -> None:
    mill = shop()
    found = metrics(schedule(F59, mill), mill.machines)
    assert (found.on_time, found.with_due, found.on_time_percent) == (3, 4, 75)
    assert (found.total_late, found.max_late, found.makespan, found.setup_hours) == (36, 36, 96, 0)
    assert {one.machine: one.share for one in found.utilisation} == {"M1": 1.0, "M2": 0.625}
    assert (found.orders, found.unscheduled, found.estimated_rates) == (4, 1, 4)


def test_f060_a_set_up_precedes_each_other_style() -> None:
    plan = schedule(F59, shop(setup=1))
    assert placed(plan) == {
        "B": ("M1", 0, 25), "A": ("M2", 0, 49), "C": ("M1", 25, 98), "D": ("M2", 49, 62)
    }  # fmt: skip
    assert [(one.order, one.late) for one in lates(plan)] == [("D", 38)]


def test_f060_the_same_style_needs_no_set_up() -> None:
    orders = [job("P", 250, 1, style="S"), job("Q", 250, 2, style="S"), job("R", 250, 3, style="T")]
    plan = schedule(orders, shop(machines(1), setup=2))
    assert placed(plan) == {"P": ("M1", 0, 12), "Q": ("M1", 12, 22), "R": ("M1", 22, 34)}


def test_f060_the_first_set_up_rule_that_applies_counts() -> None:
    setups = Setups(2.0, 0.5, {"S": "6", "T": "6", "U": "1"}, {("S", "V"): 3.0})
    assert [setups.hours("S", to) for to in "STUV"] == [0, 0.5, 2, 3]
    assert setups.hours(None, "S") == 2


def test_f061_work_pauses_outside_of_windows() -> None:
    plan = schedule([job("A", 600)], shop(machines(1, daily((6, 22)))))
    assert placed(plan) == {"A": ("M1", 6, 38)}
    assert plan.operations[0].choice is not None
    assert plan.operations[0].choice.waited_for == "calendar"


def test_f061_a_set_up_stays_with_the_first_run_hour() -> None:
    windows = Windows(daily((6, 22)))
    assert windows.place(20.5, 1, 4) == (30, 31, 35)
    assert windows.place(20, 1, 4) == (20, 21, 33)
    assert windows.place(20.5, 1, 4, split_setup=True) == (20.5, 21.5, 33.5)
    assert windows.place(20.6, 1, 0.4) == (20.6, 21.6, 22)


RULES: list[tuple[DispatchRule, str, float, float]] = [
    ("EDD", "J2 J3 J1", 2, 2),
    ("SPT", "J2 J1 J3", 3, 3),
    ("CR", "J3 J2 J1", 6, 4),
    ("ARRIVAL", "J1 J2 J3", 5, 3),
    ("SLACK", "J2 J3 J1", 2, 2),
]


@pytest.mark.parametrize(("rule", "order", "total", "most"), RULES, ids=[rule[0] for rule in RULES])
def test_f063_dispatch_rules(rule: DispatchRule, order: str, total: float, most: float) -> None:
    jobs = [job("J1", 100, 10), job("J2", 50, 4), job("J3", 150, 9)]
    plan = schedule(jobs, shop(machines(1)), Options(rule=rule))
    assert " ".join(one.order for one in plan.operations) == order
    late = [one.late or 0 for one in plan.operations]
    assert (sum(late), max(late)) == (total, most)


def test_f065_a_rate_from_the_machine_s_data() -> None:
    knitting = Knitting(diameter=30, cut=28, feeders=90, rpm=25, stitch_mm=2.8, tex=19.7, efficiency=0.85)
    assert round(knitting.needles, 2) == 2638.94
    assert round(knitting.kg_per_hour, 4) == 16.7034
    assert round(knitting.pounds_per_hour, 4) == 36.8248
    assert round(knitting.pounds_per_hour * 24, 2) == 883.80
    rate = Rates(knitting={("M1", "S"): knitting}).of("M1", "W1", "S")
    assert rate is not None
    assert rate.source is RateSource.MACHINE_DATA
    assert rate.source.estimated


def test_f066_due_today_is_not_overdue() -> None:
    zone = "America/New_York"
    now = datetime(2025, 9, 10, 10, tzinfo=ZoneInfo(zone))
    assert days_until_due(date(2025, 9, 10), now, zone) == 0
    assert days_until_due(date(2025, 9, 9), now, zone) == -1
    late_evening = now.replace(hour=23, minute=59).astimezone(UTC)
    assert days_until_due(date(2025, 9, 10), late_evening, zone) == 0


def test_f067_the_predecessor_s_flag_adds_hours_up() -> None:
    orders = [Queued(str(at), "W1", Decimal(pounds)) for at, pounds in enumerate((500, 300, 400))]
    flags = cumulative_hours(orders, {"W1": Decimal(10)})
    assert [one.hours for one in flags] == [5, 3, 4]
    assert [one.cumulative for one in flags] == [5, 8, 12]
    assert [one.fits for one in flags] == [True, True, False]


def test_f067_a_rate_of_nothing_is_no_rate() -> None:
    [flag] = cumulative_hours([Queued("1", "W1", Decimal(500), Decimal(0))], {"W1": Decimal(10)})
    assert (flag.reason, flag.hours) == ("NO_RATE", None)
    rates = Rates(style_per_day={"S-A": Decimal(0)})
    assert refused(schedule([job("A", 500)], shop(rates=rates))) == {"A": "NO_RATE"}


def test_f067_an_unknown_work_centre_is_not_called_too_small() -> None:
    [flag] = cumulative_hours([Queued("1", "W9", Decimal(500))], {"W1": Decimal(10)})
    assert (flag.fits, flag.reason) == (None, "NO_ELIGIBLE_MACHINE")


def test_f068_an_order_is_divided_over_free_machines() -> None:
    plan = schedule([job("A", 1800)], shop(), Options(split=2))
    assert [(one.machine, one.part, one.pounds, one.setup_start, one.end) for one in plan.operations] == [
        ("M1", 1, 900, 0, 36), ("M2", 2, 900, 0, 36)
    ]  # fmt: skip


def test_f068_a_part_is_never_smaller_than_the_minimum_batch() -> None:
    plan = schedule([job("A", 150)], shop(), Options(split=2))
    assert placed(plan) == {"A": ("M1", 0, 6)}


def test_f068_each_part_runs_as_long_as_its_own_pounds() -> None:
    plan = schedule([job("A", 1000)], shop(machines(3)), Options(split=4))
    assert sum(one.pounds for one in plan.operations) == 1000
    assert [one.end for one in plan.operations] == [
        pytest.approx(float(one.pounds) / 25, abs=1e-9) for one in plan.operations
    ]
