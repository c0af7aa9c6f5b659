"""Stores what the rules concluded: only what differs, by COPY and one merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from sqlalchemy import text

from service.attendance.rules.codes import CODES, OtherHalf, ScheduleSource, Status
from service.attendance.rules.columns import Ints
from service.attendance.rules.results import Days
from service.core.columns import copy_columns, copy_encoded, encode
from service.core.database import ReadConnection, WriteConnection

# Column of the table, its kind on the wire, the column of the rules' result.
_COLUMNS: Final = (
    ("person_id", "int4", "person"),
    ("work_date", "date", "work_date"),
    ("shift_seq", "int2", "shift_seq"),
    ("shift_type_id", "int4", "shift_type"),
    ("schedule_source", "int2", "schedule_source"),
    ("status", "int2", "status"),
    ("base_status", "int2", "base_status"),
    ("code", "int2", "code"),
    ("other_half", "int2", "other_half"),
    ("shift_start", "timestamp", "shift_start"),
    ("shift_end", "timestamp", "shift_end"),
    ("window_start", "timestamp", "window_start"),
    ("window_end", "timestamp", "window_end"),
    ("first_in", "timestamp", "first_in"),
    ("last_out", "timestamp", "last_out"),
    ("pending_reason", "int2", "pending_reason"),
    ("request_id", "int4", "request"),
    ("leave_id", "int4", "leave"),
    ("leave_type_id", "int4", "leave_type"),
    ("leave_hundredths", "int2", "leave_fraction"),
    ("holiday_id", "int4", "holiday"),
    ("punch_count", "int2", "punch_count"),
    ("hours_hundredths", "int4", "hours"),
    ("gross_seconds", "int4", "gross_seconds"),
    ("break_seconds", "int4", "break_seconds"),
    ("worked_seconds", "int4", "worked_seconds"),
    ("expected_seconds", "int4", "expected_seconds"),
    ("expected_net_seconds", "int4", "expected_net_seconds"),
    ("deducted_seconds", "int4", "deducted_seconds"),
    ("difference_seconds", "int4", "difference_seconds"),
    ("overtime_seconds", "int4", "overtime_seconds"),
    ("late", "bool", "late"),
    ("late_seconds", "int4", "late_seconds"),
    ("late_minutes", "int4", "late_minutes"),
    ("late_counted", "bool", "late_counted"),
    ("late_forgiven", "bool", "late_forgiven"),
    ("early", "bool", "early"),
    ("early_seconds", "int4", "early_seconds"),
    ("early_minutes", "int4", "early_minutes"),
    ("incidents", "int4", "incidents"),
    ("input_hash", "int8", "input_hash"),
)
_KINDS: Final = {name: kind for name, kind, _ in _COLUMNS}
_TYPES: Final = {"int2": "smallint", "int4": "int", "int8": "bigint", "bool": "boolean", "date": "date"}
# What stands for null on the wire: COPY in columns has none.
_NO_TIME: Final = np.datetime64("1900-01-01T00:00:00", "s")
_NULLABLE_IDS: Final = {"shift_type_id", "request_id", "leave_id", "leave_type_id", "holiday_id"}
_WORDS: Final = {
    "schedule_source": [member.name.lower() for member in ScheduleSource],
    "status": [member.name for member in Status],
    "base_status": [member.name for member in Status],
    "code": list(CODES),
    "other_half": [member.name.lower() for member in OtherHalf],
}


def _value(name: str, kind: str) -> str:
    """How a staged column becomes the table's."""
    if name in _WORDS:
        words = ", ".join(f"'{word}'" for word in _WORDS[name])
        word = f"(ARRAY[{words}])[{name} + 1]"
        return f"nullif({word}, 'none')" if name == "other_half" else word
    if name in _NULLABLE_IDS:
        return f"nullif({name}, -1)"
    return f"nullif({name}, '1900-01-01')" if kind == "timestamp" else name


_STAGE: Final = (
    "CREATE TEMP TABLE day_in ("
    + ", ".join(f"{name} {_TYPES.get(kind, kind)}" for name, kind, _ in _COLUMNS)
    + ", punches bigint[]) ON COMMIT DROP"
)
_MERGE: Final = text(
    f"""
    INSERT INTO attendance.day (rule_set_id, {", ".join(_KINDS)}, punches)
    SELECT :rule_set, {", ".join(_value(name, kind) for name, kind, _ in _COLUMNS)}, punches FROM day_in
    ON CONFLICT (rule_set_id, person_id, work_date, shift_seq) DO UPDATE
    SET computed_at = now(), punches = excluded.punches,
        {", ".join(f"{name} = excluded.{name}" for name in list(_KINDS)[3:])}
    """  # noqa: S608  # built of the constants above only
)
_STORED = """
    SELECT person_id, work_date, shift_seq, input_hash FROM attendance.day
    WHERE rule_set_id = $1 AND person_id = ANY($2) AND work_date BETWEEN $3 AND $4
"""
_STORED_KINDS = {"person": "int4", "work_date": "date", "shift_seq": "int2", "input_hash": "int8"}
_DELETE = text("""
    DELETE FROM attendance.day USING unnest(
        CAST(:people AS int[]), CAST(:dates AS date[]), CAST(:sequences AS smallint[])
    ) AS gone (person, work_date, shift_seq)
    WHERE day.rule_set_id = :rule_set AND day.person_id = gone.person
      AND day.work_date = gone.work_date AND day.shift_seq = gone.shift_seq
""")


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a batch changed: rows, and whose days on which dates."""

    written: int
    removed: int
    unchanged: int
    people: Ints
    dates: np.ndarray[Any, Any]


async def store_days(
    conn: WriteConnection,
    rule_set_id: int,
    days: Days,
    holiday_ids: Ints,
    people: Sequence[int],
    start: date,
    end: date,
) -> Stored:
    """Make the stored days of these people and dates equal to `days`, writing only what differs."""
    before = await copy_columns(conn, _STORED, _STORED_KINDS, rule_set_id, list(people), start, end)
    hashes = days.input_hash.view(np.int64)
    old = _keys(before["person"], before["work_date"], before["shift_seq"])
    new = _keys(days.person, days.work_date, days.shift_seq)
    order = np.argsort(old)
    place = np.searchsorted(old, new, sorter=order)
    known = place < len(old)
    match = order[np.minimum(place, len(old) - 1)] if len(old) else np.zeros(len(new), dtype=np.int64)
    same = np.zeros(len(new), dtype=np.bool_)
    if len(old):
        known &= old[match] == new
        same = known & (before["input_hash"][match] == hashes)
    changed = np.flatnonzero(~same)
    gone = np.flatnonzero(~np.isin(old, new))
    await _delete(conn, rule_set_id, before, gone)
    await _write(conn, rule_set_id, days, holiday_ids, changed)
    return Stored(
        written=len(changed),
        removed=len(gone),
        unchanged=int(same.sum()),
        people=np.concatenate([days.person[changed], before["person"][gone]]),
        dates=np.concatenate([days.work_date[changed], before["work_date"][gone]]),
    )


def _keys(people: Ints, dates: np.ndarray[Any, Any], sequences: Ints) -> Ints:
    """Person, date and sequence as one number each: 2^31 people, 2^20 days, 2^12 shifts a day."""
    numbers = dates.astype("datetime64[D]").astype(np.int64) + (1 << 19)
    return (people << 32) | (numbers << 12) | sequences


async def _delete(conn: WriteConnection, rule_set_id: int, before: dict[str, Any], gone: Ints) -> None:
    if not len(gone):
        return
    keys = {
        "people": before["person"][gone].tolist(),
        "dates": before["work_date"][gone].tolist(),
        "sequences": before["shift_seq"][gone].tolist(),
    }
    await conn.execute(_DELETE, keys | {"rule_set": rule_set_id})


async def _write(
    conn: WriteConnection, rule_set_id: int, days: Days, holiday_ids: Ints, changed: Ints
) -> None:
    if not len(changed):
        return
    columns = {name: _wire(days, name, source)[changed] for name, _, source in _COLUMNS}
    columns["holiday_id"] = _holiday_ids(days.holiday[changed], holiday_ids)
    offsets, punches = _punches(days, changed)
    data = encode(columns | {"punches": punches}, _KINDS, "punches", offsets)
    await conn.exec_driver_sql("DROP TABLE IF EXISTS pg_temp.day_in")
    await conn.exec_driver_sql(_STAGE)
    await copy_encoded(conn, "day_in", [*_KINDS, "punches"], data)
    await conn.execute(_MERGE, {"rule_set": rule_set_id})


def _wire(days: Days, name: str, source: str) -> np.ndarray[Any, Any]:
    values: np.ndarray[Any, Any] = getattr(days, source)
    if _KINDS[name] == "timestamp":
        return np.where(np.isnat(values), _NO_TIME, values.astype("datetime64[s]"))
    return values.view(np.int64) if values.dtype == np.uint64 else values


def _holiday_ids(rows: Ints, holiday_ids: Ints) -> Ints:
    if not len(holiday_ids):
        return np.full(len(rows), -1, dtype=np.int64)
    return np.where(rows < 0, -1, holiday_ids[np.maximum(rows, 0)])


def _punches(days: Days, rows: Ints) -> tuple[Ints, Ints]:
    """Offsets and check-in ids of these rows, those that count before those set aside."""
    totals = days.punch_total[rows]
    offsets = np.concatenate([[0], np.cumsum(totals)])
    at = np.repeat(days.punch_start[rows] - offsets[:-1], totals) + np.arange(offsets[-1])
    return offsets, days.punch_index[at]


async def select_input_hash(
    conn: ReadConnection, rule_set_id: int, person_id: int, day: date, shift_seq: int
) -> int | None:
    """What the stored result of a shift was computed from; None where there is none."""
    found = await conn.scalar(
        text("""
            SELECT input_hash FROM attendance.day
            WHERE rule_set_id = :rule_set AND person_id = :person
              AND work_date = :day AND shift_seq = :sequence
        """),
        {"rule_set": rule_set_id, "person": person_id, "day": day, "sequence": shift_seq},
    )
    return None if found is None else int(found)
