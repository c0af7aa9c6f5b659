"""What happened to the inputs of some people's days since an instant, and what their days stand on now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text

from service.attendance.queries.sheet import ChosenRuleSet
from service.core.database import ReadConnection

Rows = Sequence[Row[Any]]

# A punch's day: the one whose result holds it, else the one whose window covers it, else its date.
_OWNER = """
    LEFT JOIN LATERAL (
        SELECT r.work_date FROM attendance.day AS r
        WHERE r.rule_set_id = :rule_set AND r.person_id = {of}.person_id
          AND r.work_date BETWEEN {of}.local_time::date - 1 AND {of}.local_time::date + 1
          AND ({held} OR {of}.local_time BETWEEN r.window_start AND r.window_end)
        ORDER BY {held} DESC, r.work_date LIMIT 1
    ) AS owner ON true
"""
# Who decided last, and why: a correction is made once and revoked at most once.
_BY = """
    CASE WHEN {of}.revoked_at IS NULL THEN {of}.created_by ELSE {of}.revoked_by END AS by,
    CASE WHEN {of}.revoked_at IS NULL THEN {of}.reason ELSE {of}.revoked_reason END AS reason
"""
_CHECKINS = text(f"""
    SELECT c.person_id, c.upstream_name AS name, c.local_time, c.log_type, c.first_seen_at, c.deleted_at,
           coalesce(owner.work_date, c.local_time::date) AS work_date,
           k.id AS correction, {_BY.format(of="k")}
    FROM attendance.checkin AS c
    LEFT JOIN attendance.correction AS k ON k.checkin_id = c.id AND k.person_id = c.person_id
    {_OWNER.format(of="c", held="c.id = ANY(r.punches)")}
    WHERE c.person_id = ANY(:people)
      AND c.local_time >= CAST(:first AS date) - 1 AND c.local_time < CAST(:last AS date) + 2
      AND (c.first_seen_at >= :since) <> (c.deleted_at IS NOT NULL AND c.deleted_at >= :since)
    ORDER BY c.local_time, c.id
""")  # noqa: S608  built of the constants above only
# Both ends of an edit: whose day it was taken from, and whose it is now.
_CHECKIN_EDITS = text(f"""
    WITH touched AS (
        SELECT DISTINCT row_id FROM attendance.edit
        WHERE kind = 'checkin' AND at >= :since
          AND (person_id = ANY(:people) OR CAST(after->>'person_id' AS int) = ANY(:people))
    ), edited AS (
        SELECT t.row_id, e.before, e.at FROM touched AS t
        CROSS JOIN LATERAL (
            SELECT before, at FROM attendance.edit
            WHERE kind = 'checkin' AND row_id = t.row_id AND at >= :since ORDER BY id LIMIT 1
        ) AS e
    ), sides AS (
        SELECT row_id, CAST(before->>'person_id' AS int) AS person_id,
               CAST(before->>'local_time' AS timestamp) AS local_time, false AS now
        FROM edited
        UNION ALL
        SELECT c.id, c.person_id, c.local_time, true FROM edited JOIN attendance.checkin AS c ON c.id = row_id
        WHERE c.deleted_at IS NULL
    )
    SELECT s.person_id, c.upstream_name AS name, e.before, e.at, c.local_time, c.log_type, c.skip,
           c.person_id AS person_now, coalesce(owner.work_date, s.local_time::date) AS work_date
    FROM sides AS s JOIN edited AS e USING (row_id) JOIN attendance.checkin AS c ON c.id = s.row_id
    {_OWNER.format(of="s", held="(s.now AND s.row_id = ANY(r.punches))")}
    WHERE s.person_id = ANY(:people) AND c.first_seen_at < :since
    ORDER BY s.local_time, c.id
""")  # noqa: S608  built of the constants above only
# What was another's is found by whose it was; an assignment may also be, or have been, a company's.
_DOCUMENTS = text("""
    WITH moved AS (
        SELECT kind, row_id FROM attendance.edit
        WHERE person_id = ANY(:people) AND at >= :since AND kind <> 'checkin'
          AND (before->>'person_id', before->>'day') IS DISTINCT FROM (after->>'person_id', after->>'day')
    ), document AS (
        SELECT 'leave' AS kind, id, upstream_name, person_id, NULL::int AS company_id, from_date AS first,
               to_date AS last, first_seen_at, deleted_at, docstatus = 1 AND status = 'Approved' AS counts
        FROM attendance.leave
        WHERE person_id = ANY(:people) OR id = ANY(ARRAY(SELECT row_id FROM moved WHERE kind = 'leave'))
        UNION ALL
        SELECT 'attendance_request', id, upstream_name, person_id, NULL, from_date, to_date,
               first_seen_at, deleted_at, docstatus = 1
        FROM attendance.attendance_request
        WHERE person_id = ANY(:people)
           OR id = ANY(ARRAY(SELECT row_id FROM moved WHERE kind = 'attendance_request'))
        UNION ALL
        SELECT 'shift_assignment', id, upstream_name, person_id, NULL, start_date, end_date,
               first_seen_at, deleted_at, docstatus = 1 AND status = 'Active'
        FROM attendance.shift_assignment
        WHERE person_id = ANY(:people)
           OR id = ANY(ARRAY(SELECT row_id FROM moved WHERE kind = 'shift_assignment'))
        UNION ALL
        SELECT 'holiday_list_assignment', id, upstream_name, person_id, company_id, from_date, NULL,
               first_seen_at, deleted_at, docstatus = 1
        FROM attendance.holiday_list_assignment
        WHERE person_id = ANY(:people) OR company_id IS NOT NULL OR id = ANY(ARRAY(
            SELECT row_id FROM attendance.edit WHERE kind = 'holiday_list_assignment' AND at >= :since
        ))
        UNION ALL
        SELECT 'upstream_attendance', id, upstream_name, person_id, NULL, day, day,
               first_seen_at, deleted_at, docstatus = 1
        FROM attendance.upstream_attendance
        WHERE (person_id = ANY(:people) AND day BETWEEN :first AND :last)
           OR id = ANY(ARRAY(SELECT row_id FROM moved WHERE kind = 'upstream_attendance'))
    )
    SELECT d.*, e.before, e.at FROM document AS d
    LEFT JOIN LATERAL (
        SELECT before, at FROM attendance.edit
        WHERE kind = d.kind AND row_id = d.id AND at >= :since ORDER BY id LIMIT 1
    ) AS e ON true
    WHERE e.at IS NOT NULL
       OR (d.first_seen_at >= :since) <> (d.deleted_at IS NOT NULL AND d.deleted_at >= :since)
    ORDER BY d.kind, d.id
""")
_DECIDED = text(f"""
    SELECT kind, id, person_id, work_date AS first, work_date AS last, coalesce(status, incident) AS what,
           {_BY.format(of="k")}, created_at, revoked_at
    FROM attendance.correction AS k
    WHERE kind IN ('status', 'dismissal') AND person_id = ANY(:people)
      AND work_date BETWEEN :first AND :last
      AND (created_at >= :since) <> (revoked_at IS NOT NULL AND revoked_at >= :since)
    UNION ALL
    SELECT 'weekly_schedule', w.id, person_id, valid_from, CASE WHEN ended_at IS NULL THEN valid_to END,
           t.name, NULL, NULL, created_at, ended_at
    FROM attendance.weekly_schedule AS w JOIN attendance.shift_type AS t ON t.id = w.shift_type_id
    WHERE person_id = ANY(:people) AND (created_at >= :since OR ended_at >= :since)
    ORDER BY kind, id
""")  # noqa: S608  built of the constants above only
_MASTERS = text("""
    SELECT kind, min(row_id) AS row_id, min(at) AS at, (array_agg(before ORDER BY id))[1] AS before,
           (array_agg(after ORDER BY id DESC))[1] AS after
    FROM attendance.edit
    WHERE at >= :since AND kind IN ('person', 'company', 'shift_type', 'leave_type', 'holiday')
      AND (kind <> 'person' OR person_id = ANY(:people))
    GROUP BY kind, CASE WHEN kind = 'holiday' THEN
        concat(coalesce(before, after)->>'holiday_list_id', ' ', coalesce(before, after)->>'day')
        ELSE row_id::text END
    ORDER BY kind, row_id
""")
_PEOPLE = text("""
    SELECT p.id, p.upstream_name AS number, p.first_seen_at, p.deleted_at, p.default_shift_type_id,
           p.company_id, p.holiday_list_id, c.holiday_list_id AS company_holiday_list_id,
           ARRAY(
               SELECT a.holiday_list_id FROM attendance.holiday_list_assignment AS a
               WHERE a.person_id = p.id OR a.company_id = p.company_id
           ) AS assigned_lists
    FROM attendance.person AS p LEFT JOIN attendance.company AS c ON c.id = p.company_id
    WHERE p.upstream_name = ANY(:numbers)
""")
_DAYS = text("""
    SELECT r.person_id, r.work_date, r.shift_type_id, r.leave_type_id, r.computed_at, r.input_hash,
           t.holiday_list_id
    FROM attendance.day AS r LEFT JOIN attendance.shift_type AS t ON t.id = r.shift_type_id
    WHERE r.rule_set_id = :rule_set AND r.person_id = ANY(:people) AND r.work_date BETWEEN :first AND :last
""")


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to check-ins, to documents with dates, to masters: each row's first and last state.

    `decided` is what people here decided; the check-ins they add stand among the check-ins.
    """

    checkins: Rows
    checkin_edits: Rows
    documents: Rows
    decided: Rows
    masters: Rows


async def select_since(
    conn: ReadConnection, rule_set_id: int, people: Sequence[int], first: date, last: date, since: datetime
) -> Since:
    """Everything that became known from `since` on and can touch these people's days of these dates."""
    asked = {
        "rule_set": rule_set_id, "people": list(people), "first": first, "last": last, "since": since,
    }  # fmt: skip
    checkins = await conn.execute(_CHECKINS, asked)
    edits = await conn.execute(_CHECKIN_EDITS, _only(asked, "rule_set", "people", "since"))
    documents = await conn.execute(_DOCUMENTS, _only(asked, "people", "first", "last", "since"))
    decided = await conn.execute(_DECIDED, _only(asked, "people", "first", "last", "since"))
    masters = await conn.execute(_MASTERS, _only(asked, "people", "since"))
    return Since(checkins.all(), edits.all(), documents.all(), decided.all(), masters.all())


async def select_concerned(conn: ReadConnection, numbers: Sequence[str]) -> Rows:
    """People by their numbers, those deleted upstream too, with the calendars that may be theirs."""
    return (await conn.execute(_PEOPLE, {"numbers": list(numbers)})).all()


async def select_standing_on(
    conn: ReadConnection, rule_set_id: int, people: Sequence[int], first: date, last: date
) -> Rows:
    """What the stored days of these people stand on: shift types, leave types, calendars, input hashes."""
    asked = {"rule_set": rule_set_id, "people": list(people), "first": first, "last": last}
    return (await conn.execute(_DAYS, asked)).all()


async def select_rule_set_version(conn: ReadConnection, key: str) -> ChosenRuleSet | None:
    """A rule set by `name/version`, active or not; a version never changes."""
    name, _, version = key.rpartition("/")
    query = text("""
        SELECT id, name, version, parameters FROM attendance.rule_set
        WHERE name = :name AND version = :version
    """)
    if not version.isdigit():
        return None
    row = (await conn.execute(query, {"name": name, "version": int(version)})).one_or_none()
    return None if row is None else ChosenRuleSet(*row)


def _only(asked: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: asked[name] for name in names}
