"""The data versions that rows of the desk stand on."""

from collections.abc import Iterable
from datetime import date
from typing import Final

EVERYWHERE: Final = "crew"
"""Who is at which station: what answers about all stations stand on besides the versions of each."""


def of_station(code: str) -> str:
    """Anything of a station: every applied day, profile, rule."""
    return f"crew/{code}"


def of_week(code: str, day: date) -> str:
    """The days of an ISO week at a station."""
    year, week, _ = day.isocalendar()
    return f"crew/{code}/{year}-W{week:02}"


def of_people(code: str) -> str:
    """Who is at a station, with roles, skills and contracts, and the rules of its appliances."""
    return f"crew/{code}/people"


def touched(code: str, days: Iterable[date], *, people: bool = False) -> list[str]:
    """What a change of these days of a station raises."""
    weeks = sorted({of_week(code, day) for day in days})
    return [of_station(code), *weeks, *([of_people(code), EVERYWHERE] if people else [])]
