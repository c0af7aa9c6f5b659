"""Reads for the exceptions report: days with incidents, punches of nobody, clocks of nowhere."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import JSONB

from service.core.database import ReadConnection

_INCIDENTS = text("""
    SELECT p.upstream_name AS number, p.name, s.name AS site, d.work_date, d.status, d.incidents,
           t.name AS shift, d.window_start, d.window_end, d.first_in, d.last_out, d.leave_type_id,
           (SELECT array_agg(to_char(c.local_time, 'YYYY-MM-DD HH24:MI:SS') || ' (' || c.upstream_name || ')'
                             ORDER BY c.local_time, c.upstream_name)
            FROM attendance.checkin c
            WHERE c.id = ANY(d.punches[d.punch_count + 1:])) AS set_aside,
           d.shift_start, d.shift_end,
           EXISTS (SELECT FROM attendance.checkin c WHERE c.person_id = d.person_id
                   AND c.local_time = d.shift_start AND c.deleted_at IS NULL) AS start_taken,
           EXISTS (SELECT FROM attendance.checkin c WHERE c.person_id = d.person_id
                   AND c.local_time = d.shift_end AND c.deleted_at IS NULL) AS end_taken,
           (SELECT jsonb_object_agg(c.incident, jsonb_build_object(
                       'by', c.created_by, 'at', c.created_at, 'reason', c.reason, 'correction', c.id)
                   ORDER BY c.id)
            FROM attendance.correction c
            WHERE c.person_id = d.person_id AND c.work_date = d.work_date AND c.kind = 'dismissal'
              AND c.revoked_at IS NULL) AS dismissed
    FROM attendance.day d
    JOIN attendance.person p ON p.id = d.person_id
    LEFT JOIN attendance.site s ON s.id = p.site_id
    LEFT JOIN attendance.shift_type t ON t.id = d.shift_type_id
    WHERE d.rule_set_id = :rule_set AND d.work_date BETWEEN :start AND :end AND d.person_id = ANY(:people)
      AND (d.incidents <> 0 OR d.status IN ('MISSING_IN', 'MISSING_OUT'))
    ORDER BY d.work_date, p.upstream_name COLLATE "C", d.shift_seq
""").columns(dismissed=JSONB)
_UNKNOWN_PEOPLE = text("""
    SELECT c.unknown_person, c.day, v.name AS device, count(*) AS punches
    FROM attendance.checkin c LEFT JOIN attendance.device v ON v.id = c.device_id
    WHERE c.person_id IS NULL AND c.deleted_at IS NULL AND c.local_time >= :start AND c.local_time < :after
    GROUP BY c.unknown_person, c.day, v.name ORDER BY c.day, c.unknown_person, v.name
""")
_UNMAPPED_DEVICES = text("""
    WITH used AS (
        SELECT v.name, c.person_id, min(c.day) AS day, count(*) AS punches
        FROM attendance.device v JOIN attendance.checkin c ON c.device_id = v.id
        WHERE v.site_id IS NULL AND c.deleted_at IS NULL AND c.local_time >= :start AND c.local_time < :after
        GROUP BY v.name, c.person_id
    ), belonging AS (
        SELECT u.name, s.name AS site, count(*) AS most,
               row_number() OVER (PARTITION BY u.name ORDER BY count(*) DESC, s.name) AS place
        FROM used u JOIN attendance.person p ON p.id = u.person_id
        JOIN attendance.site s ON s.id = p.site_id AND s.deleted_at IS NULL
        GROUP BY u.name, s.name
    )
    SELECT u.name, min(u.day) AS day, sum(u.punches)::bigint AS punches, count(u.person_id) AS people,
           b.site, b.most
    FROM used u LEFT JOIN belonging b ON b.name = u.name AND b.place = 1
    GROUP BY u.name, b.site, b.most ORDER BY u.name
""")


async def select_incidents(
    conn: ReadConnection, rule_set_id: int, start: date, end: date, people: Sequence[int]
) -> Sequence[Row[Any]]:
    """Days with something to look at, the punches set aside, and by incident who dismissed it and why."""
    values = {"rule_set": rule_set_id, "start": start, "end": end, "people": list(people)}
    return (await conn.execute(_INCIDENTS, values)).all()


async def select_unknown_people(conn: ReadConnection, start: date, after: date) -> Sequence[Row[Any]]:
    """Punches whose number is no person we know, by number, day and device."""
    return (await conn.execute(_UNKNOWN_PEOPLE, {"start": start, "after": after})).all()


async def select_unmapped_devices(conn: ReadConnection, start: date, after: date) -> Sequence[Row[Any]]:
    """Devices in use that belong to no site, with their first day and the site of most of their people."""
    return (await conn.execute(_UNMAPPED_DEVICES, {"start": start, "after": after})).all()
