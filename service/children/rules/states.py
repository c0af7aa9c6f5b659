"""How states change from before to after a session or activity (spec D7.8)."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from service.children.rules.rounding import mean, percent
from service.schemas.children.figures import Anxiety, Shifts, StateShare, Volatility

STEADY, VARIED = 2, 4
"""So many different states at most are of high, and of moderate stability."""
NONE: Final[Mapping[str, Any]] = {"recorded": 0, "tracked": 0, "states": {}}


def shifts_of(found: Mapping[str, Any] | None) -> Shifts:
    """The shifts of counts of sessions that finished, or of activities."""
    counts = found or NONE
    states: Mapping[str, int] = counts["states"]
    tracked, up, down = counts["tracked"], counts.get("improvements", 0), counts.get("deteriorations", 0)
    shares = _shares(states)
    return Shifts(
        recorded=counts["recorded"],
        tracked=tracked,
        improvements=up,
        deteriorations=down,
        stable=counts.get("stable", 0),
        improvement_rate=percent(up, tracked, 1),
        mean_shift=mean(counts.get("shift_sum"), tracked),
        direction=_direction(tracked, up, down),
        distribution=shares,
        most_common=shares[0].state if shares else None,
        stability=_stability(len(states)),
        completeness=percent(sum(states.values()), 2 * counts["recorded"]),
    )


def volatility_of(found: Mapping[str, Any] | None) -> Volatility:
    """Sessions by their transitions: none, one to three, more."""
    counts = found or {"very_stable": 0, "changing": 0, "volatile": 0}
    return Volatility(
        very_stable=counts["very_stable"], stable=counts["changing"], volatile=counts["volatile"]
    )


def anxiety_of(found: Mapping[str, Any] | None) -> Anxiety:
    """The reduction of anxiety over activities with a level before and after."""
    counts = found or {"n": 0, "reduction": None, "before": None}
    return Anxiety(
        n=counts["n"],
        mean_reduction=mean(counts["reduction"], counts["n"]),
        percent_reduction=percent(counts["reduction"], counts["before"]),
    )


def _shares(states: Mapping[str, int]) -> list[StateShare]:
    """The most common first, equal ones by name."""
    total = sum(states.values())
    return [
        StateShare.model_validate(
            {"state": state, "count": states[state], "percent": percent(states[state], total, 1)}
        )
        for state in sorted(states, key=lambda state: (-states[state], state))
    ]


def _direction(tracked: int, up: int, down: int) -> Literal["positive", "negative", "stable", "none"]:
    if tracked == 0:
        return "none"
    return "positive" if up > down else "negative" if up < down else "stable"


def _stability(distinct: int) -> Literal["high", "moderate", "low"] | None:
    if distinct == 0:
        return None
    return "high" if distinct <= STEADY else "moderate" if distinct <= VARIED else "low"
