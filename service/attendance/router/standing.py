"""How far a list that stands on synced data can be trusted: its `meta`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.attendance.queries.browse import Asking, Listed, count_dirty, count_undecided
from service.attendance.queries.completeness import OPTIONAL, REQUIRED, select_complete_through, select_zone
from service.attendance.queries.sheet import select_absent_sites
from service.attendance.queries.watermarks import open_gaps
from service.attendance.reports.standing import day_reasons, gap_of, site_reasons, source_reasons
from service.core.database import ReadConnection
from service.core.versions import token
from service.reporting.snapshots import Snapshot
from service.schemas.attendance import DaysAsk, WindowAsk
from service.schemas.envelope import Meta


@dataclass(frozen=True, slots=True)
class Sources:
    """The document types a list stands on; the optional ones only where they are read at all."""

    required: Sequence[str]
    optional: Sequence[str] = ()


CHECKINS: Final = Sources(("Employee", "Employee Checkin"))
DAYS: Final = Sources(REQUIRED, OPTIONAL)
UPSTREAM_ATTENDANCE: Final = Sources(("Employee", "Attendance"))


async def with_meta(seen: Snapshot, asking: Asking, ask: WindowAsk, listed: Listed, sources: Sources) -> Meta:
    """What the snapshot knows of the window's completeness, for a list of it."""
    zone = await select_zone(seen.conn)
    through = await select_complete_through(seen.conn, sources.required, sources.optional)
    instants = [instant for instant in through.values() if instant is not None]
    as_of = min(instants) if len(instants) == len(through) else None
    start, end = _local_ends(ask)
    # A shift across midnight takes punches of the day before and the day after.
    around = (start - timedelta(days=1), end + timedelta(days=1)) if sources is DAYS else (start, end)
    windows = await open_gaps(seen.conn, *around, [*sources.required, *sources.optional])
    absent = await select_absent_sites(seen.conn, asking.caller.sites or ())
    reasons = [
        *site_reasons(absent),
        *source_reasons(zone, through, end),
        *await _waiting(seen.conn, asking, ask),
    ]
    return Meta(
        as_of=as_of,
        complete_through=through,
        complete=not reasons and not windows,
        incomplete_reasons=reasons,
        gaps=[gap_of(window, ZoneInfo(zone or "UTC")) for window in windows],
        timezone=zone or "UTC",
        rules_version=listed.rules_version,
        data_version=token(seen.versions),
        generated_at=seen.raised_at,
    )


def _local_ends(ask: WindowAsk) -> tuple[datetime, datetime]:
    assert ask.from_ is not None
    assert ask.to is not None
    return datetime.combine(ask.from_, time()), datetime.combine(ask.to, time()) + timedelta(days=1)


async def _waiting(conn: ReadConnection, asking: Asking, ask: WindowAsk) -> Sequence[str]:
    if not isinstance(ask, DaysAsk):
        return []
    return day_reasons(await count_dirty(conn, asking, ask), *await count_undecided(conn, asking, ask))
