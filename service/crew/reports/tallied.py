"""Figures of a tally as rows show them, and as explanations recompute them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from service.crew.answers.appliances import Known
from service.crew.reports.words import reason_word
from service.crew.rules.attribution import Piece, Tally, joined
from service.reporting.columns import Column
from service.schemas.envelope import ExplanationInput, ExplanationStep

_HUNDREDTH: Final = Decimal("0.01")
RULES: Final[Mapping[str, str]] = {
    "period_seconds": "The local days of the period, in elapsed seconds: 23 or 25 hours where clocks change.",
    "on_the_run_seconds": "Time in which the grid has the appliance on the run and the enforced rule holds.",
    "off_seconds": "Time in which the grid has it off the run, or the crew does not meet the enforced rule.",
    "unknown_seconds": "Time of which no grid was read, or whose grid does not say whether it is on the run.",
    "known_seconds": "on_the_run_seconds + off_seconds",
    "on_the_run_percent": "100 × on_the_run_seconds / known_seconds, two decimals, half up.",
    "off_percent": "100 × off_seconds / known_seconds, two decimals, half up.",
    "by_reason": "Time off the run in which this was wrong, alone or with others.",
}
_KINDS: Final = {
    "period_seconds": ("on", "off", "unknown"),
    "on_the_run_seconds": ("on",),
    "off_seconds": ("off",),
    "unknown_seconds": ("unknown",),
    "known_seconds": ("on", "off"),
    "by_reason": ("off",),
}
_PARTS: Final = {
    "on_the_run_percent": ("on_the_run_seconds", "known_seconds"),
    "off_percent": ("off_seconds", "known_seconds"),
}


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent with two decimals, half up; None of nothing."""
    return None if not whole else (Decimal(100 * part) / whole).quantize(_HUNDREDTH, ROUND_HALF_UP)


def figures(tally: Tally) -> dict[str, Any]:
    """All figures of a tally."""
    by_reason = tally.by_reason
    combined = sorted(tally.by_combination.items(), key=lambda one: (-one[1], one[0]))
    return {
        "period_seconds": tally.known + tally.unknown,
        "on_the_run_seconds": tally.on,
        "off_seconds": tally.off,
        "unknown_seconds": tally.unknown,
        "known_seconds": tally.known,
        "on_the_run_percent": percent(tally.on, tally.known),
        "off_percent": percent(tally.off, tally.known),
        "by_reason": by_reason,
        "percent_by_reason": {reason: percent(spent, tally.known) for reason, spent in by_reason.items()},
        "by_combination": {joined(reasons): spent for reasons, spent in combined},
    }


def inputs_of(
    figure: str, found: Sequence[Piece], shown: Mapping[str, Any], reason: str | None
) -> list[ExplanationInput]:
    """What a figure is made of: stretches that sum to it, or the two figures that it is a share of."""
    if figure in _PARTS:
        return [ExplanationInput(name=name, value=shown[name], unit="seconds") for name in _PARTS[figure]]
    kinds = _KINDS[figure]
    kept = [one for one in found if one.kind in kinds and (figure != "by_reason" or reason in one.reasons)]
    return [ExplanationInput(name=_named(one), value=one.seconds, unit="seconds") for one in kept]


def rule_steps(known: Known, appliance_id: int) -> list[ExplanationStep]:
    """The rules that are enforced for an appliance, each with what it asks for."""
    return [
        ExplanationStep(
            rule=f"tier {rule.tier}: {rule.name} ({rule.mode})",
            source="crew spec D.6",
            threshold={one.code: one.min_count for one in rule.requirements},
            outcome="decides whether the crew is enough"
            if not at
            else "a degraded level; decides nothing here",
            inputs=[
                ExplanationInput(name=one.code, value=one.as_json(), unit="people")
                for one in rule.requirements
            ],
        )
        for at, rule in enumerate(known.ruling_of(appliance_id).enforced)
    ]


def reason_columns(rows: Sequence[Mapping[str, Any]], locale: str) -> list[Column]:
    """A column for each reason that the rows have."""
    codes = dict.fromkeys(code for row in rows for code in row.get("by_reason") or {})
    return [_reason_column(code, locale) for code in codes]


def _reason_column(code: str, locale: str) -> Column:
    return Column(
        key=f"by_reason.{code}",
        label=reason_word(code, locale),
        kind="duration",
        pick=lambda row: None if row.get("by_reason") is None else row["by_reason"].get(code, 0),
        explain={"figure": "by_reason", "reason": code},
    )


def combination_column(label: str) -> Column:
    """Everything that was wrong at once, with the hours of each, as text."""
    return Column(key="by_combination", label=label, pick=_combinations)


def _combinations(row: Mapping[str, Any]) -> str | None:
    found = row.get("by_combination")
    return None if found is None else "; ".join(f"{word} {_hours(spent)} h" for word, spent in found.items())


def _hours(spent: int) -> str:
    return f"{Decimal(spent) / 3600:.2f}"


def _named(one: Piece) -> str:
    what = {"on": "on the run", "unknown": "not known"}.get(one.kind, joined(one.reasons))
    return f"{written(one.start)} – {written(one.end)}: {what}"


def written(instant: datetime) -> str:
    """RFC 3339 in UTC, with `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
