"""A month for the period reports, their answers, and figures reckoned again from explanations alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import httpx
from sqlalchemy import text

from service.attendance.recompute import Recompute
from service.attendance.rules.period.measures import Value, rounded
from service.attendance.rules.period.variants import VARIANTS, Variant
from tests.attendance.house import House
from tests.attendance.make import Firm, firm, judged, leave

SUMMARY = "/reports/summary"
ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in (1, 2, 3, 4))
MONTH = {"month": "2026-09"}
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
LATE_DAYS = (3, 4, 8, 9, 17)


async def fill(made: Firm) -> None:
    """September 2026, 1 to 18: Ana late five times and otherwise there, Carla on leave, Ben once there and half."""
    for number in (ANA, BEN, CARLA):
        await made.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE upstream_name = :number"),
            {"shift": made.ids["Day"], "number": number},
        )
    for day in range(1, 19):
        minute = 25 if day in LATE_DAYS else 0
        await made.punch(ANA, f"2026-09-{day:02} 08:{minute:02}:00", "villas-gate-1")
        await made.punch(ANA, f"2026-09-{day:02} 17:00:00", "villas-gate-1")
    await made.punch(BEN, "2026-09-01 08:03:00", "villas-gate-1")
    await leave(made, CARLA, date(2026, 9, 7), date(2026, 9, 8))
    await leave(
        made, CARLA, date(2026, 9, 9), date(2026, 9, 9), half_day=True, half_day_date=date(2026, 9, 9)
    )
    times: dict[str, Any] = {"shift_name": "Day", "hours": 9}
    await judged(made, ANA, date(2026, 9, 1), **times)
    await judged(made, ANA, date(2026, 9, 2), "Absent", **times)
    await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))


async def september_of(house: House) -> House:
    """The month, recomputed as of 2 October."""
    async with house.runtime.database.write() as conn:
        await fill(await firm(conn))
    work = Recompute(house.runtime.database, house.runtime.versions, house.runtime.compute)
    await work.run(now=NOW)
    return house


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
