"""What is past its time (spec D.3, retention): each statement works on all stations at once."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text

from service.core.database import WriteConnection

_OLD_DAYS: Final = text("""
    SELECT DISTINCT s.code, v.local_date AS day
    FROM crew.day_version v JOIN crew.station s ON s.id = v.station_id WHERE v.local_date < :before
""")
_OF_DAYS: Final = tuple(
    text(f"DELETE FROM crew.{table} WHERE local_date < :before")  # noqa: S608  words of this file
    for table in (
        "crew_availability", "crew_availability_past", "appliance_availability",
        "appliance_availability_past", "grid_count", "state_change", "day_version",
    )
)  # fmt: skip
_LOOKS: Final = text("""
    DELETE FROM crew.day_snapshot s WHERE s.id IN (
        SELECT old.id FROM crew.day_snapshot old WHERE old.fetched_at < :before
          AND NOT EXISTS (SELECT FROM crew.day_version v WHERE v.snapshot_id = old.id)
        ORDER BY old.id LIMIT :most)
""")
_PAGES: Final = text("DELETE FROM crew.day_page WHERE expires_at < :now")
_WARNED: Final = text("DELETE FROM crew.warned WHERE ends_at < :before")
# Unseen counts from the newest look at the station: where nobody looked, nobody was missing.
_UNSEEN: Final = text("""
    WITH looked AS (
        SELECT station_id, max(fetched_at) AS at FROM crew.day_version WHERE known_to IS NULL
        GROUP BY station_id
    ), gone AS (
        SELECT m.* FROM crew.crew_member m JOIN looked USING (station_id)
        WHERE m.active AND m.last_seen_at < looked.at - CAST(:unseen AS interval)
    ), kept AS (
        INSERT INTO crew.crew_member_past
            (crew_id, known_from, known_to, role, skills, contract_hours, booked_hours, active)
        SELECT id, known_from, :now, role, skills, contract_hours, booked_hours, active FROM gone
        WHERE known_from < :now ON CONFLICT DO NOTHING
    )
    UPDATE crew.crew_member m SET active = false, known_from = :now FROM crew.station s
    WHERE m.id IN (SELECT id FROM gone) AND s.id = m.station_id RETURNING s.code
""")


async def select_old_days(conn: WriteConnection, before: date) -> list[tuple[str, date]]:
    """The days before a date that are still there, by station."""
    return [(row.code, row.day) for row in await conn.execute(_OLD_DAYS, {"before": before})]


async def delete_days(conn: WriteConnection, before: date) -> int:
    """Everything that days before a date say; how many rows."""
    return sum([(await conn.execute(one, {"before": before})).rowcount for one in _OF_DAYS])


async def delete_looks(conn: WriteConnection, before: datetime, most: int) -> int:
    """The oldest looks made before an instant, never one that is or was in force; at most so many."""
    return int((await conn.execute(_LOOKS, {"before": before, "most": most})).rowcount)


async def delete_pages(conn: WriteConnection, now: datetime) -> int:
    """Raw pages that have expired."""
    return int((await conn.execute(_PAGES, {"now": now})).rowcount)


async def delete_warned(conn: WriteConnection, before: datetime) -> int:
    """Who was told of gaps that ended before an instant."""
    return int((await conn.execute(_WARNED, {"before": before})).rowcount)


async def retire_unseen(conn: WriteConnection, now: datetime, unseen: timedelta) -> list[str]:
    """Members that no look at their station has shown for so long are inactive; of which stations."""
    rows = await conn.execute(_UNSEEN, {"now": now, "unseen": unseen})
    return [row.code for row in rows]
