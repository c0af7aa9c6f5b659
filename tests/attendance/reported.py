"""Answers of the period reports, and their figures reckoned again from explanations alone."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import httpx

from service.attendance.rules.period.measures import Value, rounded
from service.attendance.rules.period.variants import VARIANTS, Variant

SUMMARY = "/reports/summary"


async def got(http: httpx.AsyncClient, path: str, **params: Any) -> dict[str, Any]:
    """The JSON of an answer that must be there; a path with a query of its own is asked as it is."""
    answer = await http.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def summary(http: httpx.AsyncClient, **params: Any) -> dict[str, dict[str, Any]]:
    """The rows of the summary by person."""
    return {row["person"]: row for row in (await got(http, SUMMARY, **params))["items"]}


def reckoned(explanation: Mapping[str, Any], figure: str, variant: Variant) -> Any:
    """A figure from the days its explanation names and the variant's formulas; no value of a step is read."""
    measures = {measure.name: measure for measure in VARIANTS[variant]}
    values: dict[str, Value] = {}
    for step in explanation["steps"]:
        name = step["figure"]
        if name in measures:
            values[name] = measures[name].of(values)
            if name == figure:
                seconds = measures[name].unit == "seconds"
                return values[name] if seconds else rounded(values[name], measures[name].places)
        else:
            total = sum((Fraction(str(given["value"])) for given in step["inputs"]), Fraction(0))
            values[name] = total if step["unit"] == "days" else int(total)
    value = values[figure]
    return rounded(value) if isinstance(value, Fraction) else value
