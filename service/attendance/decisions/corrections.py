"""Corrections: a status for a day, a forgotten check-in, an incident that needs nothing more (F.1)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from service.access import audit
from service.attendance.queries import corrections, marks, mirror
from service.attendance.queries.browse import find_correction, require_person, visible_to
from service.attendance.queries.corrections import MANUAL, Whose
from service.attendance.queries.scopes import scopes_around
from service.attendance.rules.codes import SETTABLE, Incident
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, FieldError, Invalid, ServiceError, problem, unknown_value
from service.core.telemetry import request_id
from service.core.versions import raise_versions
from service.schemas.attendance.decisions import CorrectionAsk

# A shift starts on its work date; its punches lie at most this far around it.
AROUND: Final = timedelta(days=1)


async def correct_each(
    conn: WriteConnection, caller: Caller, asked: Sequence[CorrectionAsk], instance: str
) -> tuple[list[dict[str, Any]], Mapping[str, int]]:
    """Make each correction by itself; outcomes in the same order, a refused one with its problem.

    Also the data versions that this raised.
    """
    outcomes: list[dict[str, Any]] = []
    touched: set[str] = set()
    await corrections.take_turns(conn)
    for index, ask in enumerate(asked):
        try:
            async with conn.begin_nested():
                made, scopes = await _correct(conn, caller, ask, f"/body/items/{index}")
            touched |= scopes
            outcomes.append({"index": index, "status": 201, "correction": made, "problem": None})
        except ServiceError as error:
            told = problem(error, request_id=request_id(), instance=instance).model_dump(mode="json")
            outcomes.append({"index": index, "status": error.status, "correction": None, "problem": told})
    return outcomes, await raise_versions(conn, sorted(touched))


async def _correct(
    conn: WriteConnection, caller: Caller, ask: CorrectionAsk, place: str
) -> tuple[Mapping[str, Any], set[str]]:
    """Make one correction and put its days in doubt; with the data versions that it touches.

    Raises `Invalid` for an unknown person, status or incident, `Conflict` where it stands already.
    """
    visible = await visible_to(conn, caller)
    person_id = (await require_person(conn, visible, ask.person, pointer=f"{place}/person"))[0]
    whose = await corrections.select_whose(conn, person_id)
    values: dict[str, Any] = {
        "person_id": person_id,
        "work_date": ask.day,
        "kind": ask.kind,
        "reason": ask.reason,
        "created_by": caller.id,
    }
    days = {ask.day}
    if ask.kind == "status":
        values |= await _status(conn, person_id, ask, place)
    elif ask.kind == "checkin":
        values |= await _checkin(conn, whose, ask, place)
        days.add(values["local_time"].date())
    else:
        values["incident"] = _known(
            ask.incident, [one.name for one in Incident if one.name], place, "incident"
        )
    made = await corrections.insert_correction(conn, values)
    await audit.record(conn, caller, "correction.made", f"correction:{made}", after={"kind": ask.kind})
    return await find_correction(conn, visible, made), await _doubted(conn, whose, days)


async def revoke(
    conn: WriteConnection, caller: Caller, correction_id: int, reason: str
) -> tuple[Mapping[str, Any], Mapping[str, int]]:
    """Revoke a correction; what it did is undone, what it said stays on record. Also the versions raised.

    Raises `NotFound`, or `Conflict` where it was revoked before.
    """
    visible = await visible_to(conn, caller)
    await find_correction(conn, visible, correction_id)
    revoked = await corrections.revoke_correction(conn, correction_id, caller.id, reason)
    if revoked is None:
        raise Conflict(f"correction {correction_id} was revoked before", code="already_revoked")
    whose = await corrections.select_whose(conn, revoked.person_id)
    days = {day for day in (revoked.work_date, revoked.punched_day) if day is not None}
    touched = await _doubted(conn, whose, days)
    await audit.record(conn, caller, "correction.revoked", f"correction:{correction_id}")
    raised = await raise_versions(conn, sorted(touched))
    return await find_correction(conn, visible, correction_id), raised


async def _status(conn: WriteConnection, person_id: int, ask: CorrectionAsk, place: str) -> dict[str, Any]:
    status = _known(ask.status, [one.name for one in SETTABLE], place, "status")
    before = await corrections.select_status(conn, person_id, ask.day, ask.shift)
    # A shift that the day does not have would be corrected without any effect.
    if ask.shift and before is None and await corrections.select_status(conn, person_id, ask.day, None):
        detail = f"{ask.day} has no shift {ask.shift}; shifts count from 0"
        raise Invalid(detail, errors=[FieldError(f"{place}/shift", "unknown_shift", detail)])
    return {"status": status, "shift_seq": ask.shift, "status_before": before}


async def _checkin(conn: WriteConnection, whose: Whose, ask: CorrectionAsk, place: str) -> dict[str, Any]:
    assert ask.time is not None
    if abs(ask.time.date() - ask.day) > AROUND:
        detail = f"{ask.time} is more than a day away from {ask.day}: the check-in would be another day's"
        raise Invalid(detail, errors=[FieldError(f"{place}/time", "other_day", detail)])
    source, _ = await mirror.find_source(
        conn, kind=MANUAL, base_url=f"{MANUAL}:", time_zone=whose.zone, api_flavour=None
    )
    at = ask.time.replace(tzinfo=ZoneInfo(whose.zone)).astimezone(UTC)
    if at > datetime.now(UTC):
        detail = f"{ask.time} ({whose.zone}) has not come yet"
        raise Invalid(detail, errors=[FieldError(f"{place}/time", "future", detail)])
    values = {
        "person": whose.id,
        "local_time": ask.time,
        "day": ask.time.date(),
        "at": at,
        "log_type": ask.log_type,
    }
    made = await corrections.insert_checkin(conn, source, f"{MANUAL}:{uuid4()}", values)
    if made is None:
        raise Conflict(f"there is a check-in at {ask.time} already", code="checkin_exists")
    return {"checkin_id": made, "local_time": ask.time, "log_type": ask.log_type}


async def _doubted(conn: WriteConnection, whose: Whose, days: set[date]) -> set[str]:
    await marks.mark_around(conn, [(whose.id, day) for day in days], "correction")
    return scopes_around((day, whose.site) for day in days)


def _known(word: str | None, words: Sequence[str], place: str, what: str) -> str:
    if word is None or word not in words:
        raise unknown_value(f"{place}/{what}", what, str(word), words)
    return word
