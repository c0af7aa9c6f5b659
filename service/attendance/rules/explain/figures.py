"""The figures of a row from its explanation alone."""

from enum import IntEnum, IntFlag
from typing import Any, Final

from service.attendance.rules.explain import (
    canonical_statuses,
    canonical_times,
    upstream_statuses,
    upstream_times,
)
from service.attendance.rules.explain.rulebook import RuleBook
from service.attendance.rules.explain.trace import DayTrace

BOOKS: Final[dict[str, RuleBook]] = {
    "canonical": canonical_times.TIMES.then(canonical_statuses.STATUSES),
    "upstream": upstream_times.TIMES.then(upstream_statuses.STATUSES),
}
"""The rule books by a rule set's order."""

FIGURES: Final = (
    "status",
    "base_status",
    "code",
    "other_half",
    "pending_reason",
    "leave_fraction",
    "first_in",
    "last_out",
    "gross_seconds",
    "break_seconds",
    "worked_seconds",
    "expected_seconds",
    "deducted_seconds",
    "expected_net_seconds",
    "difference_seconds",
    "overtime_seconds",
    "hours",
    "late",
    "late_seconds",
    "late_minutes",
    "late_counted",
    "late_forgiven",
    "early",
    "early_seconds",
    "early_minutes",
    "incidents",
    "punch_count",
)
"""Columns of `Days` that a rule decides; every one has a step in both books."""


def figures_from(trace: DayTrace) -> dict[str, Any]:
    """Recomputes every figure from what the steps of a trace record; neither inputs nor database are read.

    Each formula is applied again to the recorded facts and thresholds and to the figures recomputed before
    it, never to a recorded figure. `first_in` and `last_out` are wall-clock seconds since 1970-01-01 or none.
    """
    rules = BOOKS[trace.order].rules
    values: dict[str, Any] = {}
    for step in trace.steps:
        values[step.figure] = rules[step.figure].again(step, values)
    return {name: _plain(values[name]) for name in FIGURES}


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, IntEnum | IntFlag) else value
