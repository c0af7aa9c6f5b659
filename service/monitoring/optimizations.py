"""What the optimisations did, as plain data, and over several workers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.monitoring.monitor import Monitor

Plain = dict[str, dict[str, Any]]
"""By name: times, saved (None: not measured), unit, basis; empty where nothing counts it."""


def written(monitor: "Monitor") -> Plain:
    """Every optimisation of this process."""
    return {
        one.name: {}
        if one.acted is None
        else {
            "times": one.acted.times,
            "saved": one.acted.saved,
            "unit": one.acted.unit,
            "basis": one.acted.basis,
        }
        for one in monitor.runtime.flags.optimizations()
    }


def merged(several: Sequence[Plain]) -> Plain:
    """Times and savings summed, as far as they were measured."""
    together: Plain = {}
    for told in several:
        for name, acted in told.items():
            before = together.get(name)
            together[name] = _joined(before, acted) if before and acted else acted or before or {}
    return together


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    measured = [acted["saved"] for acted in (one, other) if acted["saved"] is not None]
    return {**one, "times": one["times"] + other["times"], "saved": sum(measured) if measured else None}
