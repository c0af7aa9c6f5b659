"""What would make a late order punctual, and what a machine could knit next: in hours, without a database."""

from decimal import Decimal

from service.mill.rules.scheduling.engine import Options
from service.mill.rules.scheduling.planner import finite_plan
from service.mill.rules.scheduling.remedies import remedies
from service.mill.rules.scheduling.shop import Job, Shop
from service.mill.rules.scheduling.suggestions import suggestions
from service.mill.rules.scheduling.windows import Window, daily
from tests.mill.shop import job, machines, shop


def helping(
    jobs: list[Job], mill: Shop, options: Options | None = None
) -> dict[str, dict[str, tuple[float, bool]]]:
    """End and punctuality of each remedy of each late order."""
    asked = options or Options()
    plan = finite_plan(jobs, mill, asked)
    found = remedies(plan.operations, {one.order: one for one in jobs}, mill, asked)
    return {order: {one.kind: (one.end, one.punctual) for one in of} for order, of in found.items()}


def test_an_order_that_waits_for_its_yarn_is_punctual_with_it() -> None:
    late = helping([job("A", 600, 24, ready=10.0)], shop(machines(1)))
    assert late == {"A": {"YARN_AT_ONCE": (24, True), "FIRST_WITH_YARN": (24, True)}}


def test_an_order_behind_others_is_punctual_when_it_is_served_first() -> None:
    late = helping([job("A", 600, None, 1), job("B", 250, 24, 2)], shop(machines(1)))
    assert late == {"B": {"SERVED_FIRST": (10, True)}}


def test_what_no_turn_can_save_is_divided_or_worked_through() -> None:
    mill = shop(machines(2, list_of_days()))
    assert helping([job("A", 600, 20)], mill) == {
        "A": {"DIVIDED": (18, True), "WITHOUT_PAUSES": (24, False)}
    }  # fmt: skip


def list_of_days() -> list[Window]:
    """Windows from 6 to 22 h of ten days."""
    return [window for window, _ in zip(daily((6, 22)), range(10), strict=False)]


def test_an_order_in_time_needs_no_remedy() -> None:
    assert helping([job("A", 600, 24)], shop(machines(1))) == {}


def test_who_could_be_next_is_ranked_by_yarn_rule_and_number() -> None:
    jobs = [
        job("A", 250, 48, 1, ready=None), job("B", 250, 48, 2, ready=30.0), job("C", 250, 48, 3),
        job("D", 250, 12, 3, style="S"), job("E", 250, 48, 1, center="W9"), job("F", 250, machine="M2"),
    ]  # fmt: skip
    found = suggestions(jobs, "M1", shop(setup=2), "PRIORITY_EDD", 10.0, "S")
    assert [(one.job.order, one.start, one.end, one.why[0]) for one in found] == [
        ("D", 10, 20, "YARN_THERE"), ("C", 10, 22, "YARN_THERE"), ("B", 30, 42, "YARN_COMES"),
        ("A", 10, 22, "YARN_NOT_KNOWN"),
    ]  # fmt: skip
    assert (found[0].why, found[0].late) == (("YARN_THERE", "SAME_STYLE"), 8)
    assert suggestions(jobs, "M9", shop(), "EDD", 0.0, None) == []


def test_a_remedy_keeps_the_least_batch() -> None:
    late = helping([job("A", 150, 5)], shop(machines(2)), Options(min_batch=Decimal(100)))
    assert late == {"A": {}}
