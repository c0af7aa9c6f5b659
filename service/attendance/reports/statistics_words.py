"""The words of the workbook's statistics: bands with their limits, formulas, in each language (spec A.15)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from service.attendance.rules.period.measures import Measure
from service.attendance.rules.period.variants import KEY_FIGURES, VARIANTS, Variant

LIMITS: Final[Mapping[str, Sequence[str]]] = {
    "bradford": ("≤ 25", "≤ 50", "≤ 100", "> 100"),
    "absenteeism": ("< 5", "≤ 10", "> 10"),
    "punctuality": ("> 95", "≥ 85", "≥ 70", "< 70"),
    "hour_efficiency": ("> 100", "≥ 95", "≥ 85", "< 85"),
    "sic": ("≥ 85", "≥ 70", "≥ 50", "< 50"),
}
"""The limits of each measure's bands, in their order."""
_SPANISH: Final[Mapping[str, str]] = {
    "excellent": "excelente",
    "good": "bueno",
    "acceptable": "aceptable",
    "regular": "regular",
    "high": "alto",
    "critical": "crítico",
    "green": "verde",
    "yellow": "amarillo",
    "orange": "naranja",
    "red": "rojo",
    "overtime": "tiempo extra",
    "complete": "completo",
    "incomplete": "incompleto",
    "Episodes² times days of unjustified absence": "Episodios² × días de falta injustificada",
    "100 less the Bradford factor, at least 0": "100 − factor de Bradford, al menos 0",
    "The Bradford factor on straight lines through the points given": "Factor de Bradford interpolado",
    "Absent days of scheduled days in percent": "Días de falta entre días programados × 100",
    "Absent days of 22 working days in percent": "Días de falta entre 22 días laborables × 100",
    "max(0, expected − worked − deducted) of expected hours in percent": (
        "máx(0, esperadas − trabajadas − descontadas) entre horas esperadas × 100"
    ),
    "On-time days of attended days in percent": "Días puntuales entre días asistidos × 100",
    "max(0, 100 − (2 lates + 1.5 early exits))": "máx(0, 100 − (2 retardos + 1.5 salidas anticipadas))",
    "max(0, 100 − 100 (2 lates + 1.5 early exits) / scheduled days)": (
        "máx(0, 100 − 100 (2 retardos + 1.5 salidas anticipadas) / días programados)"
    ),
    "Worked of net planned hours in percent, capped": "Horas trabajadas entre horas netas × 100, con tope",
    "0.3 punctuality + 0.4 hour efficiency + 0.3 Bradford score": (
        "0.3 puntualidad + 0.4 eficiencia de horas + 0.3 puntaje de Bradford"
    ),
    "Bradford score": "Puntaje de Bradford",
    "worked of net planned hours": "horas trabajadas entre horas netas planeadas",
    "worked of expected hours, leave not taken off": "horas trabajadas entre esperadas, sin restar permisos",
    "mean of |worked − net planned| of who had hours planned": (
        "media de |trabajadas − netas| de quienes tenían horas planeadas"
    ),
    "people without a late among those who worked": "personas sin retardos entre quienes trabajaron",
    "days of absence of scheduled days": "días de falta entre días programados",
    "days of absence of the Monday to Friday days of everybody in the period": (
        "días de falta entre los días de lunes a viernes de todo el personal"
    ),
}


def said(word: str, locale: str) -> str:
    """A band, a state or a rule of the key figures in a language; in English it is as it travels."""
    return _SPANISH[word] if locale == "es" else word


def key_measures(variant: Variant) -> Iterator[Measure]:
    """What the legend explains: the measures that have a band, and the score that the last is made of."""
    return (one for one in VARIANTS[variant] if one.name in {*KEY_FIGURES, "bradford_score"})


def bands_of(measure: Measure, locale: str) -> list[tuple[str, str]]:
    """The bands of a measure, each with its limit in words."""
    words = [word for _, word in measure.bands]
    limits = LIMITS.get(measure.name, ())
    return [(word, f"{limit} {said(word, locale)}") for word, limit in zip(words, limits, strict=True)]


def formula_of(measure: Measure, locale: str) -> str:
    """The rule of a measure in words, with the number that caps it."""
    cap = measure.threshold.get("cap")
    return said(measure.rule, locale) + (f" ({cap} %)" if cap else "")
