"""A rule book: formulas in order, each with its name, source, inputs and thresholds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from service.attendance.rules.explain.trace import Step
from service.attendance.rules.explain.words import Wording, understood


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

    def apply(self, values: Mapping[str, Any]) -> Any:
        """The figure, from facts and earlier figures."""
        return self.formula(Values({name: values[name] for name in (*self.needs, *self.thresholds)}))

    def step(self, values: Mapping[str, Any], rule_version: str, wording: Wording) -> Step:
        """The record of the rule; the figure itself is among the values."""
        value = wording.shown(self.figure, values[self.figure])
        return Step(
            self.figure,
            " ".join((self.formula.__doc__ or "").split()),
            self.source,
            rule_version,
            {name: wording.shown(name, values[name]) for name in self.thresholds},
            {name: wording.shown(name, values[name]) for name in self.needs},
            value,
            self.unit,
            _outcome(value, self.unit),
        )

    def again(self, step: Step, figures: Mapping[str, Any]) -> Any:
        """The value from a step's own record, with earlier figures as recomputed."""
        recorded = step.inputs | step.threshold
        return self.formula(
            Values(
                {
                    name: figures[name] if name in figures else understood(name, value)
                    for name, value in recorded.items()
                }
            )
        )


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

    def apply(self, facts: Mapping[str, Any], rule_version: str, wording: Wording) -> tuple[Step, ...]:
        """Every rule in order; a figure is a fact for the rules after it."""
        values = dict(facts)
        for rule in self.rules.values():
            values[rule.figure] = rule.apply(values)
        return tuple(rule.step(values, rule_version, wording) for rule in self.rules.values())


def _outcome(shown: Any, unit: str) -> str:
    if shown is None or shown in ("", []):
        return "blank" if shown == "" else "none"
    if isinstance(shown, list):
        return ", ".join(shown)
    if isinstance(shown, bool):
        return "yes" if shown else "no"
    if unit == "seconds":
        return _clock(shown)
    if unit == "punch":
        return f"check-in {shown} of those that count"
    return str(shown).replace("T", " ") if unit in {"time", "wall clock"} else str(shown)


def _clock(seconds: int) -> str:
    sign, size = ("-" if seconds < 0 else ""), abs(seconds)
    return f"{sign}{size // 3600:02}:{size // 60 % 60:02}:{size % 60:02}"
