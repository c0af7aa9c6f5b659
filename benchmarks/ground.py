"""What the benchmarks stand on: a cluster as in production, invented people and punches, turns of timing."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from service.core.database import Database
from service.core.embedded import EmbeddedPostgres
from service.core.migrations import migrate

ZONE = "America/Mexico_City"


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """An embedded cluster with fsync and checksums on, migrated and empty."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as home:
        server = EmbeddedPostgres()
        opened = Database(await server.start(Path(home)))
        await opened.open()
        try:
            await migrate(opened)
            yield opened
        finally:
            await opened.close()
            await server.stop()


async def make_firm(db: Database, people: int, start: str, days: int, punches: int = 4) -> None:
    """People on a default shift Mon-Sat with `punches` a working day; some late, some absent, all known."""
    async with db.write(timeout=600) as conn:
        for statement in _FIRM:
            filled = statement.format(people=people, start=start, days=days, punches=punches, zone=ZONE)
            await conn.exec_driver_sql(filled)
        for name in ("checkin", "person", "holiday", "day"):
            await conn.execute(text(f"ANALYZE attendance.{name}"))


_FIRM = (
    "INSERT INTO attendance.source (kind, base_url, time_zone) VALUES ('frappe', 'http://bench', '{zone}')",
    """INSERT INTO attendance.site (source_id, upstream_name, name)
       SELECT 1, s, s FROM unnest(ARRAY['A','B']) s""",
    "INSERT INTO attendance.holiday_list (source_id, upstream_name, name) VALUES (1, 'H', 'H')",
    """INSERT INTO attendance.holiday (holiday_list_id, day, description, weekly_off)
       SELECT 1, d::date, 'Sunday', true
       FROM generate_series(date '{start}' - 10, date '{start}' + {days} + 10,
                            interval '1 day') d
       WHERE extract(isodow FROM d) = 7""",
    """INSERT INTO attendance.shift_type (source_id, upstream_name, name, start_time, end_time)
       VALUES (1, 'Day', 'Day', '08:00', '17:00')""",
    """INSERT INTO attendance.person
         (source_id, upstream_name, name, site_id, holiday_list_id, default_shift_type_id, joined_on)
       SELECT 1, 'E' || lpad(n::text, 6, '0'), 'Person ' || n, 1 + n % 2, 1, 1, '2020-01-01'
       FROM generate_series(1, {people}) n""",
    """INSERT INTO attendance.checkin (source_id, upstream_name, person_id, local_time, day, at)
       SELECT 1, 'C' || p.id || '-' || d::date || '-' || k, p.id, t, t::date, t AT TIME ZONE 'UTC'
       FROM attendance.person p,
            generate_series(date '{start}', date '{start}' + {days} - 1,
                            interval '1 day') d,
            generate_series(1, {punches}) k,
            LATERAL (SELECT (d + (ARRAY['8 hours', '12 hours', '13 hours', '17 hours'])[k]::interval
                     + ((p.id * 7 + extract(day FROM d)::int * 13 + k * 3) % 41 - 10) * interval '1 minute'
                     + (p.id % 60) * interval '1 second')::timestamp(0) AS t) AS clock
       WHERE extract(isodow FROM d) < 7 AND (p.id * 31 + extract(day FROM d)::int * 17) % 29 <> 0""",
    """INSERT INTO attendance.sync_cursor (source_id, doctype, phase, complete_through)
       SELECT 1, d, 'live', timestamptz '2099-01-01' FROM unnest(ARRAY['Employee', 'Employee Checkin',
       'Shift Type', 'Shift Assignment', 'Holiday List', 'Leave Application']) d""",
)


async def interleaved(
    works: dict[str, Callable[[], Awaitable[object]]], rounds: int, warm_up: int = 1
) -> dict[str, list[float]]:
    """Seconds of each work, taken in turn A B A B …, after warm-up rounds that do not count."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds + warm_up):
        for name, work in works.items():
            started = time.perf_counter()
            await work()
            if number >= warm_up:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def run(work: Awaitable[None]) -> None:
    """Run one benchmark's coroutine."""

    async def main() -> None:
        await work

    asyncio.run(main())
