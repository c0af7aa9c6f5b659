"""B4: recompute 2,000 people x 31 days against one set-based SQL statement of the same rules, and x1, x4.

The peer writes the same table (same columns that these rules fill, same indexes) in one INSERT … SELECT:
calendar days, default shift, holidays, punches in order, 60-second bursts, breaks, lateness, statuses. Both
ways must agree on every row before anything is timed. The slope is taken from a quarter of the people to four
times as many. `python -m benchmarks b4`; B4_PEOPLE and B4_ROUNDS make it smaller.
"""

import os
from datetime import UTC, datetime

import uvloop
from sqlalchemy import text

from benchmarks.ground import database, interleaved, make_firm
from benchmarks.printing import heading, judge, note, tell
from service.attendance.recompute import Recompute
from service.core.compute import Compute
from service.core.database import Database

PEOPLE = int(os.environ.get("B4_PEOPLE", "2000"))
ROUNDS = int(os.environ.get("B4_ROUNDS", "5"))
ISSUE_GOAL = 2
"""At first; 1.5 is where it is to end."""
LINEAR = 1.15
"""16 times the people at most this much more than 16 times the time."""
START, DAYS = "2026-10-01", 31
NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # half past midnight there: one day more for us

SQL = text("""
WITH grid AS (
    SELECT p.id AS person_id, d::date AS work_date, t.id AS shift_type_id,
           d + t.start_time AS shift_start, d + t.end_time AS shift_end, h.id AS holiday_id
    FROM attendance.person p
    CROSS JOIN generate_series(CAST(:start AS text)::date, CAST(:start AS text)::date
                               + CAST(:days AS int) - 1, interval '1 day') d
    JOIN attendance.shift_type t ON t.id = p.default_shift_type_id
    LEFT JOIN attendance.holiday h ON h.holiday_list_id = p.holiday_list_id AND h.day = d::date
), ordered AS (
    SELECT person_id, day, id, local_time,
           local_time - lag(local_time) OVER w <= interval '60 seconds' AS repeats
    FROM attendance.checkin
    WHERE deleted_at IS NULL AND NOT skip AND person_id IS NOT NULL
      AND local_time >= CAST(:start AS text)::date
      AND local_time < CAST(:start AS text)::date + CAST(:days AS int)
    WINDOW w AS (PARTITION BY person_id, day ORDER BY local_time, upstream_name)
), kept AS (
    SELECT person_id, day, id, local_time,
           row_number() OVER w AS place, count(*) OVER (PARTITION BY person_id, day) AS total,
           lead(local_time) OVER w - local_time AS pause
    FROM ordered WHERE repeats IS NOT TRUE
    WINDOW w AS (PARTITION BY person_id, day ORDER BY local_time, id)
), punched AS (
    SELECT person_id, day, min(local_time) AS first_in, max(local_time) AS last_out, count(*) AS punches,
           array_agg(id ORDER BY local_time, id) AS ids,
           coalesce(sum(extract(epoch FROM pause)) FILTER (
               WHERE total >= 4 AND place % 2 = 0 AND place < total - 1 + total % 2
                 AND pause > interval '300 seconds'), 0)::int AS break_s
    FROM kept GROUP BY person_id, day
), figures AS (
    SELECT g.*, u.first_in, CASE WHEN u.punches > 1 THEN u.last_out END AS last_out,
           coalesce(u.punches, 0) AS punches, coalesce(u.ids, '{}') AS ids, coalesce(u.break_s, 0) AS break_s,
           CASE WHEN u.punches > 1 THEN extract(epoch FROM u.last_out - u.first_in)::int ELSE 0 END AS worked,
           CASE WHEN g.holiday_id IS NULL THEN extract(epoch FROM shift_end - shift_start)::int ELSE 0 END
               AS due,
           greatest(0, extract(epoch FROM u.first_in - shift_start)::int) AS late_s,
           CASE WHEN u.punches > 1 THEN greatest(0, extract(epoch FROM shift_end - u.last_out)::int)
               ELSE 0 END AS early_s
    FROM grid g LEFT JOIN punched u ON u.person_id = g.person_id AND u.day = g.work_date
), judged AS (
    SELECT *, holiday_id IS NULL AND punches > 0 AND late_s / 60 > 15 AS late,
           holiday_id IS NULL AND punches > 1 AND early_s / 60 > 15 AS early FROM figures
)
INSERT INTO day_peer (rule_set_id, person_id, work_date, shift_seq, shift_type_id, schedule_source, status,
    base_status, code, shift_start, shift_end, first_in, last_out, holiday_id, punch_count, punches,
    hours_hundredths, gross_seconds, break_seconds, worked_seconds, expected_seconds, expected_net_seconds,
    difference_seconds, overtime_seconds, late, late_seconds, late_minutes, late_forgiven, early,
    early_seconds, early_minutes, input_hash)
SELECT :rule_set, person_id, work_date, 0, shift_type_id, 'default', status, status,
       CASE WHEN status = 'REST' THEN 'WO' WHEN status = 'ABSENT' THEN 'A' ELSE 'P' END,
       shift_start, shift_end, first_in, last_out, holiday_id, punches, ids, round(worked / 36.0),
       worked, break_s, worked, due, due, worked - due, greatest(0, worked - due), late,
       CASE WHEN holiday_id IS NULL AND punches > 0 THEN late_s ELSE 0 END,
       CASE WHEN holiday_id IS NULL AND punches > 0 THEN late_s / 60 ELSE 0 END,
       late AND late_s / 60 <= 60 AND worked >= due, early,
       CASE WHEN holiday_id IS NULL THEN early_s ELSE 0 END,
       CASE WHEN holiday_id IS NULL THEN early_s / 60 ELSE 0 END,
       hashtextextended(ROW(shift_start, shift_end, holiday_id, ids, first_in, last_out)::text, 0)
FROM judged, LATERAL (SELECT CASE
    WHEN holiday_id IS NOT NULL THEN CASE WHEN punches > 0 THEN 'REST_WORKED' ELSE 'REST' END
    WHEN punches = 0 THEN 'ABSENT' WHEN punches = 1 THEN 'MISSING_OUT'
    WHEN NOT late THEN 'PRESENT' WHEN late_s / 60 > 60 THEN 'SEVERE_LATE'
    WHEN worked >= due THEN 'LATE_FORGIVEN' ELSE 'LATE' END AS status) AS s
""")

DIFFERENCES = text("""
    SELECT count(*) FROM attendance.day d FULL JOIN day_peer p USING (person_id, work_date, shift_seq)
    WHERE work_date < CAST(:start AS text)::date + CAST(:days AS int) AND (
        d.rule_set_id IS DISTINCT FROM :rule_set OR
        (d.status, d.code, d.first_in, d.last_out, d.punch_count, d.worked_seconds, d.break_seconds,
         d.expected_seconds, d.late, d.late_minutes, d.early, d.early_minutes)
        IS DISTINCT FROM
        (p.status, p.code, p.first_in, p.last_out, p.punch_count, p.worked_seconds, p.break_seconds,
         p.expected_seconds, p.late, p.late_minutes, p.early, p.early_minutes))
""")


async def prepare(db: Database, people: int) -> int:
    """Data, one active rule set, and the peer's table with the same indexes; answers the rule set's id."""
    await make_firm(db, people, START, DAYS)
    async with db.write() as conn:
        await conn.execute(text("UPDATE attendance.rule_set SET active = (name = 'recommended')"))
        await conn.execute(text("CREATE TABLE day_peer (LIKE attendance.day INCLUDING ALL)"))
        return int(await conn.scalar(text("SELECT id FROM attendance.rule_set WHERE active")) or 0)


async def ours(db: Database, compute: Compute) -> None:
    """Everything from nothing."""
    async with db.write() as conn:
        await conn.execute(text("TRUNCATE attendance.day"))
    await Recompute(db, None, compute).run(now=NOW)


async def peer(db: Database, rule_set: int) -> None:
    """The one statement."""
    async with db.write(timeout=300) as conn:
        await conn.execute(text("TRUNCATE day_peer"))
        await conn.execute(SQL, {"start": START, "days": DAYS, "rule_set": rule_set})


async def measure(people: int) -> float:
    """One size, checked for agreement first; answers the least seconds of a recompute."""
    async with database() as db:
        compute, rule_set = Compute(), await prepare(db, people)
        await ours(db, compute)
        await peer(db, rule_set)
        async with db.read() as conn:
            differences = await conn.scalar(DIFFERENCES, {"rule_set": rule_set, "start": START, "days": DAYS})
        seconds = await interleaved(
            {"recompute": lambda: ours(db, compute), "one statement": lambda: peer(db, rule_set)}, ROUNDS
        )
        compute.close()
    tell(
        f"B4, {people} people x {DAYS} days, 4 punches a day",
        seconds,
        "recompute",
        "one statement",
        ISSUE_GOAL,
    )
    judge("rows that differ from the statement's", float(differences or 0), 0)
    return min(seconds["recompute"])  # sizes cannot take turns: the least disturbed round of each counts


def main() -> None:
    """A quarter, all, four times as many."""
    sizes = (PEOPLE // 4, PEOPLE, PEOPLE * 4)
    found = [uvloop.run(measure(people)) for people in sizes]
    heading(f"B4, slope from {sizes[0]} to {sizes[-1]} people")
    for people, seconds in zip(sizes, found, strict=True):
        note(f"{people:6} people  {seconds / people * 1e6:6.0f} us a person")
    judge("time / people, from first to last", found[-1] / found[0] / (sizes[-1] / sizes[0]), LINEAR)


if __name__ == "__main__":
    main()
