"""Sessions in bulk, as devices send them after they were offline: each with its outcome, few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from service.access import audit
from service.children.door import Hidden, LevelTooLow, Standing, check
from service.children.play.going_on import feelings_of
from service.children.play.held import in_body, now, require_consent
from service.children.play.starting import differing, id_conflict, made_by, told_at_start
from service.children.queries import recorded
from service.children.queries.achievements import insert_earned
from service.children.queries.points import award
from service.children.queries.scopes import of_child, of_sessions
from service.children.queries.sessions import select_same
from service.children.rules.permissions import Action
from service.children.rules.points import points_of_session
from service.children.rules.sessions import (
    COUNTERS,
    duration_of,
    felt,
    inconsistencies,
    joined,
    long_pauses,
    out_of_time,
    quality_of,
)
from service.core.auth import Audited, Caller
from service.core.database import WriteConnection
from service.core.errors import Invalid, ServiceError, problem
from service.core.problems import validation_error
from service.core.problems.failures import failure_of
from service.core.telemetry import request_id
from service.schemas.children.play import SessionBatchAsk, SessionOutcome, SessionRecord, UnusableRecord
from service.schemas.children.words import Level

SENT: Final = "session.batch"
Key = tuple[int, UUID]


@dataclass(slots=True)
class Kept:
    """What became of a batch: outcomes in the order of the items, and the data versions it touches."""

    outcomes: list[SessionOutcome]
    scopes: list[str]


@dataclass(slots=True)
class _Sending:
    """A batch on its way: what is refused and what is there, by place."""

    caller: Caller
    instance: str
    outcomes: dict[int, SessionOutcome] = field(default_factory=dict)

    def refuse(self, index: int, error: ServiceError) -> None:
        """One item is rejected, with its problem."""
        told = problem(error, request_id=request_id(), instance=self.instance)
        self.outcomes[index] = SessionOutcome(index=index, status="rejected", error=told)


async def keep_all(
    conn: WriteConnection, caller: Caller, asked: SessionBatchAsk, policy: str, instance: str
) -> Kept:
    """Keep each of these sessions once; one that is refused leaves the others as they are."""
    sending = _Sending(caller, instance)
    records = _readable(sending, asked.items)
    await _let_in(conn, sending, records, policy)
    _check(sending, records)
    waiting = {index: record for index, record in records.items() if index not in sending.outcomes}
    made = await _insert(conn, sending, waiting)
    await _compare(conn, sending, waiting, made)
    children = sorted({row.child_id for row in made})
    if made:
        await _reward(conn, caller, made)
        await audit.record(conn, caller, SENT, "children", child_ids=children)
    outcomes = [sending.outcomes[index] for index in range(len(asked.items))]
    return Kept(outcomes, [scope for child in children for scope in (of_sessions(child), of_child(child))])


def _readable(sending: _Sending, items: Sequence[SessionRecord | UnusableRecord]) -> dict[int, SessionRecord]:
    records = {}
    for index, item in enumerate(items):
        if isinstance(item, SessionRecord):
            records[index] = item
            continue
        place = ("body", "items", index)
        entries = [{**finding, "loc": (*place, *finding["loc"])} for finding in item.findings]
        sending.refuse(index, validation_error(entries))
    return records


async def _let_in(
    conn: WriteConnection, sending: _Sending, records: Mapping[int, SessionRecord], policy: str
) -> None:
    """Reject what is of children that the caller may not do this at; each refusal goes into the audit."""
    children = sorted({record.child_id for record in records.values()})
    if not children:
        return
    standings = {row.id: row for row in await recorded.hold_children(conn, sending.caller, children)}
    hidden = [child for child in children if child not in standings]
    existing = await recorded.select_existing(conn, hidden) if hidden else set()
    refusals: dict[int, ServiceError] = {}
    for child in children:
        if child not in standings:
            refusals[child] = Hidden(sending.caller, SENT, child, exists=child in existing)
        elif (refusal := _refusal(sending.caller, standings[child], policy)) is not None:
            refusals[child] = refusal
    for index, record in records.items():
        if record.child_id in refusals:
            sending.refuse(index, refusals[record.child_id])
    await _audit_refusals(conn, sending.caller, refusals)


def _refusal(caller: Caller, row: Row[Any], policy: str) -> ServiceError | None:
    standing = Standing(row.id, cast(Level, row.level), row.is_active, row.restricted, row.timezone)
    try:
        check(caller, standing, Action.PLAY, SENT)
        require_consent(row.consented, policy)
    except ServiceError as refused:
        return refused
    return None


async def _audit_refusals(
    conn: WriteConnection, caller: Caller, refusals: Mapping[int, ServiceError]
) -> None:
    by_code: dict[str, list[int]] = {}
    for child, refusal in refusals.items():
        if isinstance(refusal, Hidden | LevelTooLow):
            by_code.setdefault(cast(Audited, refusal).deny_code, []).append(child)
    for code, children in sorted(by_code.items()):
        await audit.record(conn, caller, SENT, "children", child_ids=children, deny_code=code)


def _check(sending: _Sending, records: Mapping[int, SessionRecord]) -> None:
    moment = now()
    for index, record in records.items():
        counts = _counts(record)
        found = [
            *out_of_time(record.started_at, record.ended_at, moment),
            *inconsistencies(counts),
            *(
                long_pauses(counts["total_pause_seconds"], _duration(record))
                if record.ended_at >= record.started_at
                else ()
            ),
        ]
        if found and index not in sending.outcomes:
            fields = list(in_body(found, f"/body/items/{index}"))
            sending.refuse(index, Invalid("; ".join(one.detail for one in fields[:3]), errors=fields))


async def _insert(
    conn: WriteConnection, sending: _Sending, waiting: Mapping[int, SessionRecord]
) -> list[Row[Any]]:
    """All at once within a savepoint; where the database refuses one, by halves until that one is alone."""
    if not waiting:
        return []
    rows = [_row(sending.caller, record) for record in waiting.values()]
    try:
        async with conn.begin_nested():
            return list(await recorded.insert_records(conn, rows))
    except DBAPIError as refused:
        failure = failure_of(refused)
        if failure.status >= 500:
            raise
        if len(waiting) == 1:
            sending.refuse(next(iter(waiting)), failure)
            return []
    indexes = sorted(waiting)
    halves = indexes[: len(indexes) // 2], indexes[len(indexes) // 2 :]
    made = []
    for half in halves:
        made += await _insert(conn, sending, {index: waiting[index] for index in half})
    return made


async def _compare(
    conn: WriteConnection,
    sending: _Sending,
    waiting: Mapping[int, SessionRecord],
    made: Sequence[Row[Any]],
) -> None:
    """Say of each whether it was made, was there with this content, or is another's id."""
    new = {(row.child_id, row.client_session_id): row.id for row in made}
    again = {}
    for index, record in waiting.items():
        key = (record.child_id, record.client_session_id)
        if key in new:
            sending.outcomes[index] = SessionOutcome(index=index, status="created", id=new.pop(key))
        elif index not in sending.outcomes:
            again[index] = key
    if not again:
        return
    rows = await select_same(conn, sorted(set(again.values())))
    there = {(row.child_id, row.client_session_id): row for row in rows}
    for index, key in again.items():
        conflict = _difference(there[key], waiting[index])
        if conflict is None:
            sending.outcomes[index] = SessionOutcome(index=index, status="exists", id=there[key].id)
        else:
            sending.refuse(index, id_conflict(conflict))


def _difference(row: Row[Any], record: SessionRecord) -> str | None:
    if row.deleted_at is not None:
        return "it was voided"
    others = differing(row, {**told_at_start(record), **_told_at_end(record)})
    return f"it differs in {', '.join(others)}" if others else None


async def _reward(conn: WriteConnection, caller: Caller, made: Sequence[Row[Any]]) -> None:
    completed = [row for row in made if row.completion_status == "completed"]
    if not completed:
        return
    awards = [(row.child_id, row.id, points_of_session(row.score)) for row in completed]
    await award(conn, "session", awards, actor=caller.person)
    await insert_earned(conn, [row.child_id for row in completed])


def _told_at_end(record: SessionRecord) -> dict[str, Any]:
    return {
        **_counts(record),
        "completion_status": record.completion_status,
        "ended_at": record.ended_at,
        "exit_reason": _exit_reason(record),
        "final_state": record.final_state,
        "summary_note": record.summary_note,
    }


def _row(caller: Caller, record: SessionRecord) -> dict[str, Any]:
    return {
        **told_at_start(record),
        **_told_at_end(record),
        "child_id": record.child_id,
        "duration_seconds": _duration(record),
        "emotional_data": felt({}, feelings_of(record)),
        "interaction_patterns": record.interaction_patterns,
        "achievements_unlocked": joined([], record.achievements_unlocked),
        "progress_markers": joined([], record.progress_markers),
        "session_data_quality": quality_of(_counts(record)),
        **made_by(caller),
    }


def _counts(record: SessionRecord) -> dict[str, int]:
    return {name: getattr(record, name) or 0 for name in COUNTERS}


def _duration(record: SessionRecord) -> int:
    return duration_of(record.started_at, record.ended_at)


def _exit_reason(record: SessionRecord) -> str | None:
    return record.exit_reason or ("completed" if record.completion_status == "completed" else None)
