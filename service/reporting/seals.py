"""What later reports show of statements over the same days, and the data versions that tell of new ones."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Row

from service.core import queries
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.reporting.report import Report
from service.schemas.envelope import Ask, Seal

MOST: Final = 50
"""Statements that an answer names, newest first."""
_DAYS: Final = frozenset({"month", "half", "week", "period", "cut", "from", "to"})
"""Parameters that name days, which are compared as days: October is the same as a month or as a range."""


def params_of(params: Ask) -> dict[str, Any]:
    """Parameters as JSON values under their wire names, absent ones left out."""
    return params.model_dump(mode="json", by_alias=True, exclude_none=True)


def period_of(report: Report[Any, Any], params: Ask) -> tuple[date, date] | None:
    """First and last day of a report, where it is about days."""
    return None if report.period is None else report.period(params)


def seal_scopes(desk: str, report: Report[Any, Any], params: Ask) -> list[str]:
    """The data versions that sealing such a report raises."""
    return scopes_of_period(desk, report.name, period_of(report, params))


def scopes_of_period(desk: str, report: str, period: tuple[date, date] | None) -> list[str]:
    """One for each month that the statement is about: a seal of October does not void what is kept of May."""
    name = f"{desk}/statements/{report}"
    if period is None:
        return [name]
    scopes = []
    month, end = period[0].replace(day=1), period[1]
    while month <= end:
        scopes.append(f"{name}/{month:%Y-%m}")
        month = (month + timedelta(days=32)).replace(day=1)
    return scopes


async def seals_of(
    conn: ReadConnection,
    desk: str,
    report: Report[Any, Any],
    params: Ask,
    caller: Caller,
    subjects: Sequence[int] | None = None,
) -> list[Seal]:
    """The newest statements of this report that share days with an answer and may speak of its figures.

    What both name (a site, a person, the rules) is equal; one may ask for a part of the other. `subjects`:
    whom the answer is about, and so whom the caller may see.
    """
    seen = queries.StatementsSeen(
        desks=[desk],
        sites=None if caller.sites is None else sorted(caller.sites),
        subjects={} if subjects is None else {desk: list(subjects)},
    )
    period, asked = period_of(report, params), params_of(params)
    if report.period is not None:
        asked = {name: value for name, value in asked.items() if name not in _DAYS}
    found = await queries.select_seals(conn, seen, report.name, period, orjson.dumps(asked).decode(), MOST)
    return [seal_of(row) for row in found]


def seal_of(row: Row[Any]) -> Seal:
    """A statement as later reports name it."""
    return Seal(
        id=str(row.id),
        report=row.report,
        sealed_at=row.sealed_at,
        sealed_by=row.sealed_by,
        sha256=row.sha256,
        link=f"/v1/statements/{row.id}",
    )
