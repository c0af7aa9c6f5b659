"""Weekly schedules: a change is a new row from a date on, so that the past keeps what held then (C.26)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.access import audit
from service.attendance.models import ShiftType
from service.attendance.queries import corrections, doubts, marks, schedules
from service.attendance.queries.browse import find_schedules, require_person, visible_to
from service.attendance.queries.scopes import MASTERS
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, Invalid, NotFound
from service.core.versions import raise_versions
from service.reporting.named import require_ids
from service.schemas.attendance.decisions import ScheduleAsk

Raised = Mapping[str, int]
"""The data versions that a write raised."""


async def add_schedule(
    conn: WriteConnection, caller: Caller, ask: ScheduleAsk
) -> tuple[list[Mapping[str, Any]], Raised]:
    """A row for each weekday; all or none.

    Raises `Invalid` for an unknown person or shift type, `Conflict` where a row stands already.
    """
    visible = await visible_to(conn, caller)
    person = (await require_person(conn, visible, ask.person, pointer="/body/person"))[0]
    table = ShiftType.__table__.c
    shift_types = await require_ids(
        conn, table.id, table.name, ask.shift_type, pointer="/body/shift_type", what="shift type"
    )
    known = {
        "person_id": person,
        "shift_type_id": shift_types[0],
        "half": ask.half,
        "priority": ask.priority,
        "valid_from": ask.valid_from,
        "valid_to": ask.valid_to,
        "created_by": caller.id,
    }
    made = []
    for weekday in sorted(set(ask.weekdays)):
        row = await schedules.insert_schedule(conn, {**known, "weekday": weekday})
        if row is None:
            raise Conflict(f"weekday {weekday} of this schedule stands already", code="schedule_exists")
        made.append(row)
    shown = await find_schedules(conn, visible, made)
    await audit.record(conn, caller, "schedule.added", f"person:{person}", after={"rows": made})
    return shown, await _doubted(conn, doubts.of_schedule(person, ask.valid_from, ask.valid_to))


async def end_schedule(
    conn: WriteConnection, caller: Caller, schedule_id: int, valid_to: date
) -> tuple[Mapping[str, Any], Raised]:
    """Let a row end on a date; what held until then stays.

    Raises `NotFound`, or `Invalid` for an end before the beginning.
    """
    visible = await visible_to(conn, caller)
    if not await find_schedules(conn, visible, [schedule_id]):
        raise NotFound(f"there is no weekly schedule {schedule_id}")
    changed = await schedules.end_schedule(conn, schedule_id, valid_to)
    if changed is None:
        raise Invalid(f"{valid_to} is before the schedule begins")
    (shown,) = await find_schedules(conn, visible, [schedule_id])
    await audit.record(
        conn,
        caller,
        "schedule.ended",
        f"schedule:{schedule_id}",
        before={"valid_to": changed.was_to and changed.was_to.isoformat()},
        after={"valid_to": valid_to.isoformat()},
    )
    return shown, await _doubted(conn, doubts.of_schedule_end(changed.person_id, changed.was_to, valid_to))


async def _doubted(conn: WriteConnection, span: marks.Span) -> Raised:
    whose = await corrections.select_whose(conn, span.person_id)
    today = datetime.now(ZoneInfo(whose.zone)).date()
    await marks.mark_spans(conn, [span], today)
    # Months of any length may be touched; recomputing raises the versions of those whose days change.
    return await raise_versions(conn, [MASTERS])
