"""The data versions that rows of the desk stand on, by what a transaction touched."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from service.attendance.queries.punches import Touched
from service.attendance.rules.dates import beside

MASTERS: Final = "attendance/masters"
"""People, sites, devices, shift types, holiday lists and leaves."""
COMPLETENESS: Final = "attendance/completeness"
"""Watermarks and gaps."""


def month_scopes(days: Iterable[tuple[date, str | None]]) -> set[str]:
    """The data versions of days at sites: month and site, and the month over all sites."""
    scopes: set[str] = set()
    for day, site in days:
        scopes |= {f"attendance/{day:%Y-%m}/{site or '-'}", f"attendance/{day:%Y-%m}"}
    return scopes


def scopes_around(days: Iterable[tuple[date, str | None]]) -> set[str]:
    """The data versions of days and of both their neighbours, which a punch puts in doubt as well."""
    return month_scopes((beside(day, step), site) for day, site in set(days) for step in (-1, 0, 1))


def scopes_of(touched: Iterable[Touched], site_of: Mapping[int, str]) -> set[str]:
    """The data versions that rows of a merge stand on, as they are and as they were."""
    days: set[tuple[date, str | None]] = set()
    for row in touched:
        days.add((row.day, site_of.get(row.person_id or 0)))
        if row.was_day is not None:
            days.add((row.was_day, site_of.get(row.was_person_id or 0)))
    return scopes_around(days)
