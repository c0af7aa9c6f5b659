"""How a figure of a plan came to be: the parts that every explanation is made of.

The rule of an explanation says how its value follows from its inputs, which it holds whole: the figure can be
recomputed from it alone.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from service.core.errors import unknown_value
from service.mill.answers.comparing import value_shown
from service.mill.answers.plans import MadePlan
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep

LB = "lb"
Rule = tuple[str, str]
"""What an explanation's value is of its inputs, and where that is laid down."""


def given(name: str, value: Any, unit: str | None = LB, link: str | None = None) -> ExplanationInput:
    """A value that went into a figure."""
    shown = value_shown(value)
    return ExplanationInput(
        name=name, value=shown, unit=unit if isinstance(value, Decimal) else None, link=link
    )


def explained(
    made: MadePlan,
    subject: str,
    value: Any,
    rule: Rule,
    inputs: Iterable[ExplanationInput],
    steps: Iterable[ExplanationStep] = (),
    *,
    threshold: Any = None,
    unit: str | None = LB,
) -> Explanation:
    """An explanation of a figure of a plan."""
    shown = value_shown(value)
    told, source = rule
    head = ExplanationStep(
        rule=told, source=source, threshold=value_shown(threshold), outcome=str(shown), value=shown,
        unit=unit if isinstance(value, Decimal) else None,
    )  # fmt: skip
    return Explanation(
        subject=f"plan {made.number}: {subject}",
        value=shown,
        unit=head.unit,
        rule=told,
        rule_version=made.data["rules_version"] or "mill-parameters/defaults",
        threshold=head.threshold,
        inputs=list(inputs),
        steps=[*steps, head],
    )


def part_link(made: MadePlan, part: str, **filters: str | int) -> str:
    """Where rows that went into a figure can be seen."""
    query = urlencode(filters, quote_via=quote)
    return f"/v1/mill/plan-runs/{made.number}/{part}" + (f"?{query}" if query else "")


def no_figure(figure: str, known: Iterable[str]) -> Exception:
    """The 422 for a figure that there is not."""
    return unknown_value("/query/figure", "figure", figure, known)
