"""Recompute: only what is dirty, only what differs, the same rows whatever the order; nothing lost when killed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.attendance.queries.dirty import wait_for_turn
from service.attendance.recompute import Recompute, batched
from service.attendance.rules.ruleset import BUILT_IN
from service.core.compute import Compute
from service.core.database import Database, copy_rows

ZONE = "America/Mexico_City"
EXTENT = (date(2025, 7, 7), date(2025, 7, 14))
NOW = datetime(2025, 7, 16, 18, 0, tzinfo=UTC)
EVERYTHING_KNOWN = datetime(2025, 7, 15, 6, 0, tzinfo=UTC)  # midnight of the 15th at the site


@pytest.fixture
async def compute() -> AsyncIterator[Compute]:
    made = Compute()
    yield made
    made.close()


@pytest.fixture
async def firm(database: Database) -> Database:
    """Two people on a Mon-Fri 08:00-17:00 default shift, weekends off by list, one week of punches."""
    async with database.write() as conn:
        for statement in (
            f"INSERT INTO attendance.source (kind, base_url, time_zone) VALUES ('frappe', 'http://x', '{ZONE}')",
            "INSERT INTO attendance.site (source_id, upstream_name, name) VALUES (1, 'Villas', 'Villas')",
            "INSERT INTO attendance.holiday_list (source_id, upstream_name, name) VALUES (1, 'H', 'H')",
            """INSERT INTO attendance.holiday (holiday_list_id, day, description, weekly_off)
               SELECT 1, d::date, 'weekend', true FROM generate_series(date '2025-06-01', '2025-08-31', '1 day') d
               WHERE extract(isodow FROM d) > 5""",
            """INSERT INTO attendance.shift_type (source_id, upstream_name, name, start_time, end_time)
               VALUES (1, 'Day', 'Day', '08:00', '17:00')""",
            """INSERT INTO attendance.person
                 (source_id, upstream_name, name, site_id, holiday_list_id, default_shift_type_id, joined_on)
               VALUES (1, 'E1', 'Ana', 1, 1, 1, '2020-01-01'), (1, 'E2', 'Ben', 1, 1, 1, '2020-01-01')""",
            """INSERT INTO attendance.sync_cursor (source_id, doctype, phase, complete_through)
               SELECT 1, d, 'live', timestamptz '2025-07-15 06:00+00' FROM unnest(ARRAY['Employee',
               'Employee Checkin', 'Shift Type', 'Shift Assignment', 'Holiday List', 'Leave Application']) d""",
        ):
            await conn.execute(text(statement))
        await punch(conn, 1, "2025-07-07 08:00:00", "2025-07-07 17:00:00", "2025-07-08 08:20:00")
        await punch(conn, 2, "2025-07-07 08:05:00", "2025-07-07 17:00:00")
    return database


async def punch(conn: Any, person: int, *times: str) -> None:
    moments = [datetime.fromisoformat(moment) for moment in times]
    rows = [
        (1, f"{person}-{moment.isoformat()}", person, moment, moment.date(), moment.replace(tzinfo=UTC))
        for moment in moments
    ]
    columns = ["source_id", "upstream_name", "person_id", "local_time", "day", "at"]
    await copy_rows(conn, "checkin", columns, rows, schema="attendance")


async def statuses(database: Database, rule_set: str = "recommended") -> dict[tuple[int, str], str]:
    async with database.read() as conn:
        rows = await conn.execute(
            text("""
                SELECT person_id, work_date::text AS day, status FROM attendance.day d
                JOIN attendance.rule_set r ON r.id = d.rule_set_id WHERE r.name = :name
                ORDER BY person_id, work_date
            """),
            {"name": rule_set},
        )
        return {(row.person_id, row.day): row.status for row in rows}


async def whole_table(database: Database) -> list[Any]:
    async with database.read() as conn:
        rows = await conn.execute(text("SELECT to_jsonb(d) - 'computed_at' FROM attendance.day d ORDER BY 1"))
        return list(rows.scalars())


async def test_every_person_has_every_day_from_the_first_check_in_to_today(
    firm: Database, compute: Compute
) -> None:
    counts = await Recompute(firm, None, compute).run(now=NOW)
    found = await statuses(firm)
    assert len(found) == 2 * 10
    assert found[1, "2025-07-07"] == "PRESENT"
    assert found[1, "2025-07-08"] == "MISSING_OUT"
    assert found[2, "2025-07-08"] == "ABSENT"
    assert found[2, "2025-07-12"] in {"REST", "HOLIDAY"}
    assert found[2, "2025-07-15"] == "PENDING"
    assert counts["days_written"] == len(BUILT_IN) * 2 * 10
    again = await Recompute(firm, None, compute).run(now=NOW)
    assert again["days_written"] == again["days_removed"] == again["person_days"] == 0


async def test_q04_a_late_punch_a_deleted_one_and_a_full_run_from_nothing_agree(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.write() as conn:
        await punch(conn, 2, "2025-07-09 08:00:00", "2025-07-09 17:30:00")
        await conn.execute(
            text(
                "UPDATE attendance.checkin SET deleted_at = now() WHERE local_time = '2025-07-07 17:00' AND person_id = 1"
            )
        )
        await conn.execute(
            text("""INSERT INTO attendance.dirty_day (person_id, work_date, cause) VALUES
                    (2, '2025-07-08', 'checkin'), (2, '2025-07-09', 'checkin'), (2, '2025-07-10', 'checkin'),
                    (1, '2025-07-06', 'checkin'), (1, '2025-07-07', 'checkin'), (1, '2025-07-08', 'checkin')""")
        )
    counts = await Recompute(firm, None, compute).run(now=NOW)
    assert counts["days_written"] == len(BUILT_IN) * 2  # two days
    found = await statuses(firm)
    assert (found[2, "2025-07-09"], found[1, "2025-07-07"]) == ("PRESENT", "MISSING_OUT")
    incremental = await whole_table(firm)
    async with firm.write() as conn:
        await conn.execute(text("TRUNCATE attendance.day"))
    await Recompute(firm, None, compute).run(now=NOW)
    assert await whole_table(firm) == incremental


async def test_a_pending_day_is_decided_once_the_watermark_has_passed_it(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.write() as conn:
        await conn.execute(text("UPDATE attendance.sync_cursor SET complete_through = '2025-07-16 17:00+00'"))
    await Recompute(firm, None, compute).run(now=NOW)
    found = await statuses(firm)
    assert found[2, "2025-07-15"] == "ABSENT"
    assert found[2, "2025-07-16"] == "PENDING"


async def test_nothing_is_stated_before_the_first_load_is_complete(firm: Database, compute: Compute) -> None:
    async with firm.write() as conn:
        await conn.execute(text("DELETE FROM attendance.sync_cursor WHERE doctype = 'Leave Application'"))
    await Recompute(firm, None, compute).run(now=NOW)
    assert set((await statuses(firm)).values()) == {"PENDING"}


async def test_a_new_person_gets_all_days_and_a_stray_clock_makes_no_years(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.write() as conn:
        await conn.execute(
            text("""INSERT INTO attendance.person (source_id, upstream_name, name, default_shift_type_id, joined_on)
                    VALUES (1, 'E3', 'Cid', 1, '2025-07-10')""")
        )
        await punch(conn, 1, "1970-01-01 00:00:00")
        await conn.execute(
            text(
                "INSERT INTO attendance.dirty_day (person_id, work_date, cause) VALUES (1, '1970-01-01', 'checkin')"
            )
        )
    await Recompute(firm, None, compute).run(now=NOW)
    found = await statuses(firm)
    assert found[3, "2025-07-07"] == "NOT_EMPLOYED"
    assert found[3, "2025-07-11"] == "ABSENT"
    assert min(day for _, day in found) == "2025-07-07"


async def test_older_check_ins_that_come_to_light_bring_everybodys_older_days(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.write() as conn:
        await punch(conn, 1, "2025-06-30 08:00:00", "2025-06-30 17:00:00", "2025-07-01 08:00:00")
        await conn.execute(
            text(
                "INSERT INTO attendance.dirty_day (person_id, work_date, cause) VALUES (1, '2025-06-30', 'checkin')"
            )
        )
    await Recompute(firm, None, compute).run(now=NOW)
    found = await statuses(firm)
    assert (found[1, "2025-06-30"], found[2, "2025-06-30"]) == ("PRESENT", "ABSENT")
    assert found[1, "2025-07-01"] == "MISSING_OUT"
    assert len(found) == 2 * 17


async def test_an_asked_for_range_is_looked_at_and_unchanged_rows_are_not_written(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    counts = await Recompute(firm, None, compute).run(
        now=NOW, extent=(date(2025, 7, 7), date(2025, 7, 9)), people=[2]
    )
    assert counts["person_days"] == 3
    assert (counts["days_written"], counts["days_unchanged"]) == (0, 3 * len(BUILT_IN))


async def test_g_f_4_7_every_punch_is_in_exactly_one_result(firm: Database, compute: Compute) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.read() as conn:
        rows = await conn.execute(
            text("""
                SELECT rule_set_id, array_agg(punch ORDER BY punch) AS punches
                FROM attendance.day, unnest(punches) AS punch GROUP BY rule_set_id
            """)
        )
        everything = list(
            (await conn.execute(text("SELECT id FROM attendance.checkin ORDER BY id"))).scalars()
        )
        assert [row.punches for row in rows] == [everything] * len(BUILT_IN)


async def test_two_recomputes_take_turns_so_that_none_writes_older_results(
    firm: Database, compute: Compute
) -> None:
    await Recompute(firm, None, compute).run(now=NOW)
    async with firm.write() as holder:
        await wait_for_turn(holder)
        await holder.execute(text("DELETE FROM attendance.day"))
        second = asyncio.create_task(Recompute(firm, None, compute).run(now=NOW, extent=EXTENT))
        await asyncio.sleep(0.3)
        assert not second.done()
        await punch(holder, 2, "2025-07-09 08:00:00", "2025-07-09 17:30:00")
    await second
    assert (await statuses(firm))[2, "2025-07-09"] == "PRESENT"


def test_spans_are_cut_at_months_and_people_shared_out() -> None:
    batches = batched([(1, date(2025, 6, 29), date(2025, 7, 2)), (2, date(2025, 7, 1), date(2025, 7, 1))])
    assert [(batch.people, str(batch.start), str(batch.end)) for batch in batches] == [
        ((1,), "2025-06-29", "2025-06-30"),
        ((1, 2), "2025-07-01", "2025-07-02"),
    ]
    assert sum(batch.person_days for batch in batches) == 6
    assert (
        batched([(person, date(2025, 7, 1), date(2025, 7, 1) + timedelta(days=1)) for person in range(1200)])[
            2
        ].people[-1]
        == 1199
    )
