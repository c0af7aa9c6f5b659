"""Reads what the rules need: masters as rows, check-ins as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import text

from service.attendance.rules.codes import (
    ExpectedPolicy,
    Half,
    HalfMonth,
    HoursMode,
    Pairing,
    PersonStatus,
    RequestReason,
    Status,
)
from service.attendance.rules.columns import Ints
from service.attendance.rules.inputs import (
    LOOKAROUND_DAYS,
    Assignments,
    HolidayListAssignments,
    Holidays,
    Inputs,
    Leaves,
    LeaveTypes,
    Overrides,
    People,
    Punches,
    Requests,
    ShiftTypes,
    WeeklySchedules,
)
from service.core.columns import copy_columns
from service.core.database import ReadConnection

_PAIRING = {"alternating": int(Pairing.ALTERNATING), "strict": int(Pairing.STRICT)}
_HOURS = {"first_last": int(HoursMode.FIRST_LAST), "every_valid": int(HoursMode.EVERY_VALID)}
_HALF = {None: int(Half.UNKNOWN), "first": int(Half.FIRST), "second": int(Half.SECOND)}
_MONTH_HALF = {member.name.lower(): int(member) for member in HalfMonth}
_REASON = {"Work From Home": int(RequestReason.WFH), "On Duty": int(RequestReason.ON_DUTY)}
# A leave's effect is the unpaid flag's unless the type says otherwise by hand (spec F.2).
_POLICY = {
    "zero": int(ExpectedPolicy.BY_TYPE),
    "keep": int(ExpectedPolicy.KEEP),
    "prorate": int(ExpectedPolicy.PRORATE),
}

_SHIFT_TYPES = text("""
    SELECT id, name,
           extract(epoch FROM start_time)::int AS start_s, extract(epoch FROM end_time)::int AS end_s,
           before_minutes AS before_min, after_minutes AS after_min, late_marking,
           late_grace_minutes AS late_grace_min, early_marking, early_grace_minutes AS early_grace_min,
           half_day_threshold_hours AS half_day_hours, absent_threshold_hours AS absent_hours,
           pairing_mode AS pairing, hours_mode, coalesce(holiday_list_id, -1) AS holiday_list,
           mark_on_holidays, auto_attendance AS auto, process_after, last_sync
    FROM attendance.shift_type ORDER BY id
""")
_PEOPLE = text("""
    SELECT p.id, joined_on AS joined, left_on AS "left", created_on AS created, p.status,
           coalesce(default_shift_type_id, -1) AS default_shift,
           coalesce(p.holiday_list_id, -1) AS holiday_list,
           coalesce(c.holiday_list_id, -1) AS company_holiday_list, coalesce(p.company_id, -1) AS company
    FROM attendance.person p LEFT JOIN attendance.company c ON c.id = p.company_id
    WHERE p.id = ANY(:people) ORDER BY p.id
""")
# All dates: the upstream marks nobody absent on a default shift who has any assignment (spec D.5 step 7).
_ASSIGNMENTS = text("""
    SELECT person_id AS person, shift_type_id AS shift_type, start_date AS start, end_date AS "end"
    FROM attendance.shift_assignment
    WHERE person_id = ANY(:people) AND deleted_at IS NULL AND docstatus = 1 AND status = 'Active'
    ORDER BY id
""")
_WEEKLY = text("""
    SELECT person_id AS person, shift_type_id AS shift_type, weekday, half, priority, valid_from AS start,
           valid_to AS "end"
    FROM attendance.weekly_schedule
    WHERE person_id = ANY(:people) AND valid_from <= :last AND coalesce(valid_to, :last) >= :first ORDER BY id
""")
_OVERRIDES = text("""
    SELECT id, person_id AS person, work_date AS date, status, coalesce(shift_seq, -1) AS shift_seq
    FROM attendance.correction
    WHERE person_id = ANY(:people) AND work_date BETWEEN :first AND :last
      AND kind = 'status' AND revoked_at IS NULL
    ORDER BY id
""")
_HOLIDAYS = text("""
    SELECT id, holiday_list_id AS holiday_list, day AS date, weekly_off, half_day, description
    FROM attendance.holiday WHERE day BETWEEN :first AND :last ORDER BY id
""")
_HOLIDAY_LISTS = text("""
    SELECT holiday_list_id AS holiday_list, from_date AS start, coalesce(person_id, -1) AS person,
           coalesce(company_id, -1) AS company
    FROM attendance.holiday_list_assignment
    WHERE deleted_at IS NULL AND docstatus = 1 AND (person_id IS NULL OR person_id = ANY(:people)) ORDER BY id
""")
_LEAVE_TYPES = text("""
    SELECT id, name, unpaid, include_holiday, expected_hours AS policy FROM attendance.leave_type ORDER BY id
""")
_LEAVES = text("""
    SELECT id, person_id AS person, leave_type_id AS leave_type, from_date AS start, to_date AS "end",
           CASE WHEN half_day THEN coalesce(half_day_date, CASE WHEN from_date = to_date THEN from_date END)
           END AS half_day_date, half
    FROM attendance.leave
    WHERE person_id = ANY(:people) AND deleted_at IS NULL AND docstatus = 1 AND status = 'Approved'
      AND from_date <= :last AND to_date >= :first
    ORDER BY id
""")
_REQUESTS = text("""
    SELECT id, person_id AS person, from_date AS start, to_date AS "end", reason,
           CASE WHEN half_day THEN half_day_date END AS half_day_date, include_holidays
    FROM attendance.attendance_request
    WHERE person_id = ANY(:people) AND deleted_at IS NULL AND docstatus = 1
      AND from_date <= :last AND to_date >= :first
    ORDER BY id
""")
# Equal times are told apart by the upstream's name: the order of rows gives the rank.
_PUNCHES = """
    SELECT id, person_id, local_time,
           CASE log_type WHEN 'IN' THEN 1 WHEN 'OUT' THEN -1 ELSE 0 END::int2, skip
    FROM attendance.checkin
    WHERE person_id = ANY($1) AND local_time >= $2 AND local_time < $3 AND deleted_at IS NULL
    ORDER BY person_id, local_time, upstream_name COLLATE "C"
"""
_PUNCH_KINDS = {"id": "int8", "person": "int4", "time": "timestamp", "log_type": "int2", "skip": "bool"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The inputs of a batch, and which holiday row each of their holidays is."""

    inputs: Inputs
    holiday_ids: Ints


async def load_inputs(conn: ReadConnection, people: Sequence[int], start: date, end: date) -> Loaded:
    """Everything the rules read for these people and days, with the days around them."""
    span = {
        "people": list(people),
        "first": start - timedelta(days=LOOKAROUND_DAYS),
        "last": end + timedelta(days=LOOKAROUND_DAYS),
    }
    holidays = await _rows(conn, _HOLIDAYS, span)
    holiday_ids = np.array([row.pop("id") for row in holidays], dtype=np.int64)
    inputs = Inputs(
        people=People.from_rows(
            [row | {"status": _person_status(row["status"])} for row in await _rows(conn, _PEOPLE, span)]
        ),
        shift_types=ShiftTypes.from_rows([_shift_type(row) for row in await _rows(conn, _SHIFT_TYPES, {})]),
        punches=await _punches(conn, span),
        assignments=Assignments.from_rows(await _rows(conn, _ASSIGNMENTS, span)),
        weekly_schedules=WeeklySchedules.from_rows(
            [row | {"half": _MONTH_HALF[row["half"]]} for row in await _rows(conn, _WEEKLY, span)]
        ),
        holidays=Holidays.from_rows(holidays),
        holiday_list_assignments=HolidayListAssignments.from_rows(await _rows(conn, _HOLIDAY_LISTS, span)),
        leave_types=LeaveTypes.from_rows(
            [row | {"policy": _POLICY[row["policy"]]} for row in await _rows(conn, _LEAVE_TYPES, {})]
        ),
        leaves=Leaves.from_rows(
            [row | {"half": _HALF[row["half"]]} for row in await _rows(conn, _LEAVES, span)]
        ),
        requests=Requests.from_rows(
            [
                row | {"reason": _REASON[row["reason"]]}
                for row in await _rows(conn, _REQUESTS, span)
                if row["reason"] in _REASON
            ]
        ),
        overrides=Overrides.from_rows(
            [row | {"status": int(Status[row["status"]])} for row in await _rows(conn, _OVERRIDES, span)]
        ),
    )
    return Loaded(inputs, holiday_ids)


async def _rows(conn: ReadConnection, statement: Any, span: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in (await conn.execute(statement, span)).mappings()]


async def _punches(conn: ReadConnection, span: dict[str, Any]) -> Punches:
    columns = await copy_columns(
        conn, _PUNCHES, _PUNCH_KINDS, span["people"], span["first"], span["last"] + timedelta(days=1)
    )
    return Punches(**columns, rank=_place_among_equals(columns["person"], columns["time"]))


def _place_among_equals(people: Ints, times: np.ndarray[Any, Any]) -> Ints:
    """0, 1, … among the punches of one person at one second: the same whatever else was read."""
    at = np.arange(len(people))
    begins = np.ones(len(people), dtype=np.bool_)
    begins[1:] = (people[1:] != people[:-1]) | (times[1:] != times[:-1])
    return at - np.maximum.accumulate(np.where(begins, at, 0))


def _shift_type(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "pairing": _PAIRING[row["pairing"]],
        "hours_mode": _HOURS[row["hours_mode"]],
        "half_day_hours": float(row["half_day_hours"]),
        "absent_hours": float(row["absent_hours"]),
    }


def _person_status(status: str) -> int:
    known = {"Active": PersonStatus.ACTIVE, "Inactive": PersonStatus.INACTIVE, "Left": PersonStatus.LEFT}
    return int(known.get(status, PersonStatus.SUSPENDED))
