"""How bands and states of the key figures look on pages: their colour, and the word beside it (spec A.14)."""

from collections.abc import Mapping
from typing import Final

from service.attendance.reports.statistics_words import said
from service.reporting.columns import Light

_MARKS: Final[Mapping[str, str]] = {
    "excellent": "good",
    "green": "good",
    "complete": "good",
    "good": "good",
    "acceptable": "late",
    "regular": "late",
    "yellow": "late",
    "orange": "late",
    "incomplete": "late",
    "high": "absent",
    "critical": "absent",
    "red": "absent",
}


def light_of(band: str, locale: str) -> Light:
    """A band in a language; overtime has a word and no colour, for it is neither good nor bad."""
    return Light(_MARKS.get(band, ""), said(band, locale))
