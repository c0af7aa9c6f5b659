"""Reads for judging the clocks of devices: punches against shifts, and against their upload."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Row, text

from service.attendance.rules.clock_skew import Readings
from service.core.columns import copy_columns
from service.core.database import ReadConnection

_FRAME: Final = """
    d.rule_set_id = $1 AND d.work_date BETWEEN $2 AND $3 AND d.person_id = ANY($4)
    AND d.status <> 'PENDING' AND d.shift_start IS NOT NULL AND c.device_id IS NOT NULL
"""
_READINGS: Final = f"""
    SELECT d.person_id, d.work_date, c.device_id,
           extract(epoch FROM c.local_time - d.shift_start)::int4, false
    FROM attendance.day d JOIN attendance.checkin c ON c.id = d.punches[1]
    WHERE {_FRAME} AND d.punch_count > 0
    UNION ALL
    SELECT d.person_id, d.work_date, c.device_id,
           extract(epoch FROM c.local_time - d.shift_end)::int4, true
    FROM attendance.day d JOIN attendance.checkin c ON c.id = d.punches[d.punch_count]
    WHERE {_FRAME} AND d.punch_count > 1
"""  # noqa: S608  constants of this page
_KINDS: Final = {"person": "int4", "day": "date", "device": "int4", "seconds": "int4", "last": "bool"}
_EARLY_UPLOADS = text("""
    SELECT device_id, day, count(*) AS punches,
           extract(epoch FROM max(local_time - upstream_modified))::int4 AS lead_seconds
    FROM attendance.checkin
    WHERE local_time >= :start AND local_time < :after AND deleted_at IS NULL AND device_id IS NOT NULL
      AND upstream_modified < local_time - make_interval(secs => :lead) AND person_id = ANY(:people)
    GROUP BY device_id, day ORDER BY device_id, day
""")


async def copy_readings(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Readings:
    """First and last counted punches of decided days against their shifts; `day` counts from 1970-01-01."""
    columns = await copy_columns(conn, _READINGS, _KINDS, rule_set_id, start, end, list(people))
    return Readings(
        person=columns["person"],
        device=columns["device"],
        day=columns["day"].astype(np.int64),
        seconds=columns["seconds"],
        last=columns["last"],
    )


async def select_early_uploads(
    conn: ReadConnection, start: date, end: date, people: Sequence[int], lead_seconds: int
) -> Sequence[Row[Any]]:
    """Devices and days with punches that the upstream stored more than so long before their time."""
    after = end + timedelta(days=1)
    values = {"start": start, "after": after, "people": list(people), "lead": float(lead_seconds)}
    return (await conn.execute(_EARLY_UPLOADS, values)).all()


async def select_devices(conn: ReadConnection) -> Sequence[Row[Any]]:
    """All devices with their sites."""
    statement = text("""
        SELECT v.id, v.name, s.name AS site
        FROM attendance.device v LEFT JOIN attendance.site s ON s.id = v.site_id
    """)
    return (await conn.execute(statement)).all()
