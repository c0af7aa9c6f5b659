"""The key figures of a person by variant: the recommended ones, the original's, and its statistics fix."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from service.attendance.rules.period import measures as kpi
from service.attendance.rules.period.measures import Measure, Value

Variant = Literal["recommended", "original", "statistics_fix"]
"""Which formulas the key figures follow (spec A.15, F.4)."""

NET: Final = Measure(
    name="net_expected_seconds",
    operands=("expected_seconds", "deducted_seconds"),
    formula=lambda expected, deducted: expected - deducted,
    rule="Expected less deducted by leave",
    source="spec A.13",
    unit="seconds",
)
DIFFERENCE: Final = Measure(
    name="difference_seconds",
    operands=("worked_seconds", "net_expected_seconds"),
    formula=lambda worked, net: worked - net,
    rule="Worked less net planned",
    source="spec A.13",
    unit="seconds",
)
BRADFORD: Final = Measure(
    name="bradford",
    operands=("absence_episodes", "absences"),
    formula=kpi.bradford,
    rule="Episodes² times days of unjustified absence",
    bands=kpi.BRADFORD_BANDS,
)
SCORE: Final = Measure(
    name="bradford_score",
    operands=("bradford",),
    formula=kpi.bradford_score,
    rule="100 less the Bradford factor, at least 0",
)
ABSENTEEISM: Final = Measure(
    name="absenteeism",
    operands=("absences", "scheduled_days"),
    formula=kpi.share_of,
    rule="Absent days of scheduled days in percent",
    source="spec F.4",
    unit="%",
    bands=kpi.ABSENTEEISM_BANDS,
)
PUNCTUALITY: Final = Measure(
    name="punctuality",
    operands=("on_time_days", "present_days"),
    formula=kpi.share_of,
    rule="On-time days of attended days in percent",
    source="spec F.4",
    unit="%",
    bands=kpi.PUNCTUALITY_BANDS,
)
EFFICIENCY: Final = Measure(
    name="hour_efficiency",
    operands=("worked_seconds", "expected_seconds", "deducted_seconds"),
    formula=kpi.hour_efficiency_if_planned,
    rule="Worked of net planned hours in percent, capped",
    unit="%",
    bands=kpi.EFFICIENCY_BANDS,
    threshold={"cap": kpi.EFFICIENCY_CAP},
)
SIC: Final = Measure(
    name="sic",
    operands=("punctuality", "hour_efficiency", "bradford_score"),
    formula=kpi.sic,
    rule="0.3 punctuality + 0.4 hour efficiency + 0.3 Bradford score",
    bands=kpi.SIC_BANDS,
    threshold=kpi.SIC_WEIGHTS,
)

VARIANTS: Final[Mapping[Variant, tuple[Measure, ...]]] = {
    "recommended": (NET, DIFFERENCE, BRADFORD, SCORE, ABSENTEEISM, PUNCTUALITY, EFFICIENCY, SIC),
    "original": (
        NET,
        DIFFERENCE,
        BRADFORD,
        SCORE,
        replace(
            ABSENTEEISM,
            operands=("absences",),
            formula=kpi.absenteeism_of_month,
            rule="Absent days of 22 working days in percent",
            source="spec A.15",
            threshold={"working_days": kpi.WORKING_DAYS},
        ),
        replace(
            PUNCTUALITY,
            operands=("lates", "early_exits"),
            formula=kpi.punctuality_index,
            rule="max(0, 100 − (2 lates + 1.5 early exits))",
            source="spec A.15",
            unit=None,
        ),
        replace(EFFICIENCY, formula=kpi.hour_efficiency),
        SIC,
    ),
    "statistics_fix": (
        NET,
        DIFFERENCE,
        replace(BRADFORD, operands=("zero_hour_episodes", "zero_hour_days")),
        replace(
            SCORE,
            formula=kpi.bradford_rescaled,
            rule="The Bradford factor on straight lines through the points given",
            threshold={"points": [list(point) for point in kpi.BRADFORD_POINTS]},
        ),
        replace(
            ABSENTEEISM,
            operands=("expected_seconds", "worked_seconds", "deducted_seconds"),
            formula=kpi.absenteeism_of_hours,
            rule="max(0, expected − worked − deducted) of expected hours in percent",
            source="spec A.15",
        ),
        replace(
            PUNCTUALITY,
            operands=("lates", "early_exits", "scheduled_days"),
            formula=kpi.punctuality_of_days,
            rule="max(0, 100 − 100 (2 lates + 1.5 early exits) / scheduled days)",
            source="spec A.15",
            unit=None,
        ),
        replace(EFFICIENCY, formula=kpi.fixed_efficiency, threshold={"cap": kpi.FIX_EFFICIENCY_CAP}),
        replace(SIC, formula=kpi.sic_clamped, places=1, threshold={**kpi.SIC_WEIGHTS, "min": 0, "max": 100}),
    ),
}
"""The measures of each variant, operands before what is made of them."""

KEY_FIGURES: Final = ("bradford", "absenteeism", "punctuality", "hour_efficiency", "sic")
"""The measures that have a band."""


def measured(variant: Variant, figures: Mapping[str, Value]) -> dict[str, Value]:
    """Every measure of a variant from a person's figures; nothing is rounded on the way."""
    values = dict(figures)
    made: dict[str, Value] = {}
    for measure in VARIANTS[variant]:
        made[measure.name] = values[measure.name] = measure.of(values)
    return made


def hours_state(difference_seconds: int) -> str:
    """`overtime` above one hour over, `incomplete` below half an hour short, else `complete` (spec A.14)."""
    if difference_seconds > 3600:
        return "overtime"
    return "incomplete" if difference_seconds < -1800 else "complete"


def needed(variant: Variant, name: str) -> list[str]:
    """The measure and everything it is made of, operands first, each once; figures of the period too."""
    known = {measure.name: measure for measure in VARIANTS[variant]}
    found: list[str] = []
    if name in known:
        for operand in known[name].operands:
            found += [one for one in needed(variant, operand) if one not in found]
    return [*found, name]
