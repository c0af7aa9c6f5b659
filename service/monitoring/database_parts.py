"""Statements and pools as plain data, and those of several workers added up."""

from collections.abc import Sequence
from typing import Any

from service.core.database import Database
from service.core.telemetry import Distribution

Plain = dict[str, dict[str, Any]]
"""Figures by fingerprint, or by name of the pool."""


def statements(database: Database) -> Plain:
    """Every kind of statement of this process."""
    return {
        one.fingerprint: {
            "text": one.text,
            "rows": one.rows,
            "errors": one.errors,
            "slow": one.slow,
            "times": one.times.to_list(),
        }
        for one in database.statements
    }


def pools(database: Database) -> Plain:
    """The pools of this process: how they stand, and what happened since the start."""
    return {
        pool.name: {
            "size": pool.size,
            "capacity": pool.size + pool.max_overflow,
            "in_use": pool.in_use,
            "idle": pool.idle,
            "waiting": pool.waiting,
            "timeouts": pool.total.timeouts,
            "times": pool.total.waits.to_list(),
        }
        for pool in database.pools()
    }


def merged(several: Sequence[Plain]) -> Plain:
    """Numbers are summed, times merged, words kept."""
    together: Plain = {}
    for told in several:
        for name, figures in told.items():
            before = together.get(name)
            together[name] = figures if before is None else _joined(before, figures)
    return together


def counts_of_pools(told: Plain) -> Plain:
    """What outlives a process: its counts; of its connections none is left."""
    return {
        name: {key: value if key in ("timeouts", "times") else 0 for key, value in figures.items()}
        for name, figures in told.items()
    }


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    times = Distribution.from_list(one["times"])
    times.merge(Distribution.from_list(other["times"]))
    sums = {name: value if isinstance(value, str) else value + other[name] for name, value in one.items()}
    return {**sums, "times": times.to_list()}
