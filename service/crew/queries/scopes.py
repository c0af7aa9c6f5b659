"""The data versions that rows of the desk stand on."""

from collections.abc import Iterable
from datetime import date
from typing import Final

ANY: Final = "*"
"""Stands for all stations: no station is called so."""


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
    """What a change of these days of a station raises: its own, and what stands for all stations."""
    weeks = sorted({of_week(one, day) for day in days for one in (ANY, code)})
    return [of_station(code), *weeks, *([of_people(ANY), of_people(code)] if people else [])]
