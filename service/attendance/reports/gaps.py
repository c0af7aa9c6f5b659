"""What needs somebody today: stretches that were not read, punches that are missing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.attendance.queries.completeness import select_mirror_state
from service.attendance.queries.exceptions import select_incidents
from service.attendance.queries.sheet import select_absent_sites, select_people, select_rule_set
from service.attendance.reports.exceptions import EXCEPTIONS, day_exceptions
from service.attendance.reports.periods import DEFAULT_RULE_SET
from service.attendance.reports.standing import gap_of
from service.attendance.rules.zones import site_clock, site_instant
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Report
from service.schemas.attendance.reports import ExceptionsParams
from service.schemas.envelope import Ask, Gap

# A pay period and what is mended after it; older days are in the exceptions report.
DAYS = 35
CODES = ("missing_punch", "site_not_known", "upstream_window_unread")
"""Every kind of gap that `open_gaps` may find."""


async def open_gaps(conn: ReadConnection, context: BuildContext) -> Sequence[Gap]:
    """Sites of the caller that are not here, unread stretches of the last weeks, and missing punches."""
    today = context.now.date()
    state = await select_mirror_state(conn, today - timedelta(days=DAYS), today)
    absent = await _absent_sites(conn, context)
    if state.zone is None:
        return absent
    zone = ZoneInfo(state.zone)
    end = site_clock(context.now, state.zone).date()
    start = end - timedelta(days=DAYS)
    return [
        *absent,
        *(gap_of(window, zone) for window in state.gaps),
        *await _missing_punches(conn, context, start, end, zone),
    ]


def needs(context: BuildContext) -> tuple[Report[Any, Any], Ask]:
    """The exceptions of the same days, as the site's calendar counts them."""
    zone = ZoneInfo(context.settings.upstream.frappe.time_zone or "UTC")
    today = context.now.astimezone(zone).date()
    return EXCEPTIONS, ExceptionsParams(from_=today - timedelta(days=DAYS), to=today)


async def _absent_sites(conn: ReadConnection, context: BuildContext) -> list[Gap]:
    return [
        Gap(
            code="site_not_known",
            need=f"a site {name!r}, to which this key is limited",
            have="no site of that name here",
            reasons=["it was mistyped, is not synced or imported yet, or is no more"],
            remedies=["ask whoever gave you the key for one of a site that is here"],
            subject=name,
        )
        for name in await select_absent_sites(conn, context.caller.sites or ())
    ]


async def _missing_punches(
    conn: ReadConnection, context: BuildContext, start: date, end: date, zone: ZoneInfo
) -> list[Gap]:
    sites = context.caller.sites_for(None)
    people = await select_people(conn, sites=None if sites is None else sorted(sites))
    rule_set = await select_rule_set(conn, DEFAULT_RULE_SET)
    if rule_set is None:
        return []
    days = await select_incidents(conn, rule_set.id, start, end, [person.id for person in people])
    now = site_clock(context.now, zone.key)
    return [gap for day in days for gap in _of_day(day, now, zone)]


def _of_day(day: Row[Any], now: datetime, zone: ZoneInfo) -> Iterator[Gap]:
    for row in day_exceptions(day, now):
        if row["kind"] == "missing_punch" and row["dismissed"] is None:
            yield Gap(
                code="missing_punch",
                need=row["need"],
                have=row["have"],
                from_=site_instant(day.window_start, zone),
                to=site_instant(day.window_end, zone),
                reasons=[row["reason"]],
                remedies=row["remedies"],
                subject=f"{row['person_name']} ({row['person']}), {row['subject']}",
                link=row["link"],
            )
