"""Which order is served first (spec E.7, step 1): the dispatch rules, every one with a last word on ties."""

from collections.abc import Callable
from math import inf
from typing import Final, TypeAlias

from service.mill.rules.parameter_parts import DispatchRule
from service.mill.rules.scheduling.shop import Job

NEEDS_HOURS: Final[frozenset[DispatchRule]] = frozenset({"SPT", "CR", "SLACK"})
"""Rules that look at how long an order runs."""
SortKey: TypeAlias = tuple[float | int | str, ...]


def due_of(job: Job) -> float:
    """When it is due; without a date after all others."""
    return inf if job.due is None else job.due


def _critical_ratio(job: Job, hours: float, now: float) -> float:
    return (due_of(job) - now) / hours if hours > 0 else inf


_FIRST: Final[dict[DispatchRule, Callable[[Job, float, float], float]]] = {
    "PRIORITY_EDD": lambda job, _hours, _now: job.priority,
    "EDD": lambda job, _hours, _now: due_of(job),
    "SPT": lambda _job, hours, _now: hours,
    "CR": _critical_ratio,
    "SLACK": lambda job, hours, now: due_of(job) - now - hours,
    "ARRIVAL": lambda job, _hours, _now: inf if job.ready is None else job.ready,
}


def sort_key(rule: DispatchRule, job: Job, hours: float, now: float) -> SortKey:
    """Lower is served first: the rule's figure, then priority, due date, order number (R10).

    `hours` are those of the run on its fastest machine, where the rule needs them: SLACK is due - now -
    hours, CR is (due - now) / hours. ARRIVAL serves as the material comes, then by order number alone: the
    yardstick of F-63.
    """
    first = _FIRST[rule](job, hours, now)
    return (first, job.order) if rule == "ARRIVAL" else (first, job.priority, due_of(job), job.order)
