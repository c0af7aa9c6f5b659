"""A rule book: formulas in order, each with its name, source, inputs and thresholds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np

from service.attendance.rules.explain.trace import Step


class Values:
    """Facts and figures of one row as attributes."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


Formula: TypeAlias = Callable[[Values], Any]


@dataclass(frozen=True)
class Rule:
    """A formula with what it reads; its docstring is the rule in a sentence."""

    figure: str
    unit: str
    source: str
    needs: tuple[str, ...]
    thresholds: tuple[str, ...]
    formula: Formula

    def apply(self, values: Mapping[str, Any], rule_version: str) -> Step:
        """The rule applied to facts and earlier figures."""
        inputs = {name: values[name] for name in self.needs}
        threshold = {name: values[name] for name in self.thresholds}
        value = self.formula(Values(inputs | threshold))
        sentence = " ".join((self.formula.__doc__ or "").split())
        return Step(
            self.figure,
            sentence,
            self.source,
            rule_version,
            threshold,
            inputs,
            value,
            self.unit,
            _in_words(value, self.unit),
        )

    def again(self, step: Step, figures: Mapping[str, Any]) -> Any:
        """The value from a step's own record, with earlier figures as recomputed."""
        inputs = {name: figures.get(name, value) for name, value in step.inputs.items()}
        return self.formula(Values(inputs | step.threshold))


@dataclass
class RuleBook:
    """Rules in the order they are applied."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def rule(
        self, figure: str, unit: str, source: str, needs: str = "", thresholds: str = ""
    ) -> Callable[[Formula], Formula]:
        """Adds the decorated formula; needs and thresholds are names separated by spaces."""

        def add(formula: Formula) -> Formula:
            self.rules[figure] = Rule(
                figure, unit, source, tuple(needs.split()), tuple(thresholds.split()), formula
            )
            return formula

        return add

    def then(self, other: "RuleBook") -> "RuleBook":
        """These rules, then the other's."""
        return RuleBook(self.rules | other.rules)

    def apply(self, facts: Mapping[str, Any], rule_version: str) -> tuple[Step, ...]:
        """Every rule in order; a figure is a fact for the rules after it."""
        values, steps = dict(facts), []
        for rule in self.rules.values():
            step = rule.apply(values, rule_version)
            values[rule.figure] = step.value
            steps.append(step)
        return tuple(steps)


def _in_words(value: Any, unit: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, IntEnum):
        return value.name
    if isinstance(value, bool):
        return "yes" if value else "no"
    if unit == "seconds":
        sign, size = ("-" if value < 0 else ""), abs(value)
        return f"{sign}{size // 3600:02}:{size // 60 % 60:02}:{size % 60:02}"
    if unit in {"time", "wall clock"}:
        shown = str(np.datetime64(int(value), "s")).replace("T", " ")
        return shown if unit == "wall clock" else f"{shown} as the rules measure time"
    return f"{value / 100:.2f}" if unit.startswith("hundredths") else str(value)
