"""Figures of a row that explain themselves: a rule and the values it was applied to, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.schemas.envelope import Explanation, ExplanationInput


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure follows from. `of` are facts of the row by name; no rule of ours: it is stored so.

    `threshold` is a planning parameter by name.
    """

    rule: str
    of: tuple[str, ...] = ()
    threshold: str | None = None


def explanation(
    figures: Mapping[str, Figure],
    figure: str,
    subject: str,
    facts: Mapping[str, Any],
    parameters: Mapping[str, Any],
    version: str,
    link: str | None = None,
) -> Explanation:
    """Why a figure of a row is what it is; it can be recomputed from the inputs and the threshold."""
    known = figures[figure]
    inputs = [
        ExplanationInput(name=name, value=facts[name], unit=unit_of(name), link=link) for name in known.of
    ]
    if not inputs:
        inputs = [ExplanationInput(name="stored", value=facts[figure], unit=unit_of(figure), link=link)]
    return Explanation(
        subject=subject,
        value=facts[figure],
        unit=unit_of(figure),
        rule=known.rule,
        rule_version=version,
        threshold=None if known.threshold is None else parameters[known.threshold],
        inputs=inputs,
    )


def unit_of(name: str) -> str | None:
    """By the ending of a figure's name."""
    ends = {"_lb": "lb", "_percent": "%", "_days": "days", "_weeks": "weeks", "_per_lb": "money/lb"}
    return next((unit for end, unit in reversed(ends.items()) if name.endswith(end)), None)
