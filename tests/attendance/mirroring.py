"""A simulated site, a sync against it, and what the mirror holds afterwards: for the tests of the sync."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from service.attendance.sync import SyncParams, SyncResult, synchronise
from service.attendance.upstream.client import FrappeClient
from service.core.database import Database
from service.core.outbound import Breaker, Outbound
from service.core.retries import RetryPolicy
from service.core.settings import FrappeSettings
from service.simulators.frappe import FrappeConfig, FrappeServer, Store

CHECKIN = "Employee Checkin"
ZONE = "America/Mexico_City"
QUICK = RetryPolicy(attempts=4, base=0.01, cap=0.05)


class Recorder:
    """A run's reporter that keeps what it was told."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.events: list[tuple[str, str]] = []

    async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
        """Nobody watches."""

    async def event(self, kind: str, message: str, **data: Any) -> None:
        self.events.append((kind, message))


def settings_of(server: FrappeServer, **changed: Any) -> FrappeSettings:
    given = {"url": server.url, "key": "demo", "secret": "demo", "time_zone": ZONE} | changed
    return FrappeSettings.model_validate(given)


def client_of(server: FrappeServer, policy: RetryPolicy = QUICK, **changed: Any) -> FrappeClient:
    settings = settings_of(server, **changed)
    breaker = Breaker(threshold=20, cool_down=0.05, ceiling=0.2)
    return FrappeClient(settings, outbound=Outbound("frappe", settings, policy=policy, breaker=breaker))


async def sync(
    database: Database, server: FrappeServer, recorder: Recorder | None = None, **params: Any
) -> SyncResult:
    """One run with a client of its own; settings by `with_…`, parameters of the run by their names."""
    changed = {
        name.removeprefix("with_"): params.pop(name) for name in list(params) if name.startswith("with_")
    }
    async with client_of(server, **changed) as client:
        return await synchronise(database, client, SyncParams(**params), recorder or Recorder())


@asynccontextmanager
async def site(config: FrappeConfig | None = None, zone: str = ZONE) -> AsyncIterator[FrappeServer]:
    """An empty simulated site with a company, a holiday list, a branch and one shift type."""
    store = Store(zone=zone)
    store.insert("Holiday List", {
        "name": "Feasts", "holiday_list_name": "Feasts", "from_date": "2025-01-01", "to_date": "2026-12-31",
        "holidays": [{"holiday_date": "2025-09-16", "description": "Independence", "weekly_off": 0}],
    })  # fmt: skip
    store.insert("Company", {"name": "Works", "company_name": "Works", "default_holiday_list": "Feasts"})
    store.insert("Branch", {"name": "Villas", "branch": "Villas"})
    store.insert("Leave Type", {"name": "Casual Leave", "leave_type_name": "Casual Leave"})
    store.insert("Shift Type", {
        "name": "Day", "start_time": "08:00:00", "end_time": "17:00:00",
        "determine_check_in_and_check_out": "Alternating entries as IN and OUT during the same shift",
        "working_hours_calculation_based_on": "First Check-in and Last Check-out",
        "begin_check_in_before_shift_start_time": 60, "allow_check_out_after_shift_end_time": 60,
    })  # fmt: skip
    try:
        async with FrappeServer(store, config) as server:
            yield server
    finally:
        store.close()


def add_person(store: Store, name: str, **values: Any) -> str:
    given = {
        "name": name, "employee_name": f"Person {name}", "date_of_joining": "2020-01-01", "company": "Works",
        "branch": "Villas", "default_shift": "Day", "status": "Active",
    } | values  # fmt: skip
    return store.insert("Employee", given)


def add_punch(store: Store, employee: str, time: str, **values: Any) -> str:
    given = {"employee": employee, "time": time, "device_id": "villas-1"} | values
    return store.insert("Employee Checkin", given)


def add_punches(
    store: Store, count: int, employee: str = "E1", first: str = "2025-07-01 08:00:00", *, old: bool = False
) -> list[str]:
    """Many punches a minute apart in one transaction; `old`: stamped when they were made, not just now."""
    begin = datetime.fromisoformat(first)
    times = [str(begin + timedelta(minutes=n)) for n in range(count)]
    rows = [{"employee": employee, "time": time} for time in times]
    if old:
        rows = [{**row, "creation": f"{row['time']}.000007"} for row in rows]
    return store.insert_many("Employee Checkin", rows)


async def fetch(database: Database, statement: str, **values: Any) -> list[Any]:
    """Rows of any statement, as tuples."""
    async with database.read() as conn:
        return [tuple(row) for row in await conn.execute(text(statement), values)]


async def punches(database: Database) -> dict[str, tuple[Any, ...]]:
    """Live check-ins by upstream name: employee, local time, log type, skip."""
    rows = await fetch(database, """
        SELECT c.upstream_name, coalesce(p.upstream_name, c.unknown_person), c.local_time::text, c.log_type, c.skip
        FROM attendance.checkin c LEFT JOIN attendance.person p ON p.id = c.person_id
        WHERE c.deleted_at IS NULL
    """)  # fmt: skip
    return {row[0]: row[1:] for row in rows}


def there(store: Store) -> dict[str, tuple[Any, ...]]:
    """The site's check-ins in the form of `punches`."""
    return {
        str(row["name"]): (
            row["employee"], str(row["time"])[:19], row["log_type"] or None, bool(row["skip_auto_attendance"]),
        )
        for row in store.rows("Employee Checkin")
    }  # fmt: skip


_LINKS = {
    "person_id": "person", "site_id": "site", "company_id": "company", "holiday_list_id": "holiday_list",
    "default_shift_type_id": "shift_type", "shift_type_id": "shift_type", "leave_type_id": "leave_type",
    "device_id": "device",
}  # fmt: skip
_MIRRORED = (
    "person", "site", "company", "holiday_list", "shift_type", "leave_type", "shift_assignment", "leave",
    "attendance_request", "checkin", "upstream_attendance", "device",
)  # fmt: skip
_PASSING = ("id", "first_seen_at", "source_id")


async def mirror_of(database: Database) -> dict[str, dict[str, Any]]:
    """Everything mirrored by table and upstream name, links as names, without when it came."""
    rows = {
        table: [row[0] for row in await fetch(database, f"SELECT to_jsonb(t) FROM attendance.{table} t")]
        for table in _MIRRORED
    }
    names = {t: {row["id"]: row.get("upstream_name") or row["name"] for row in of} for t, of in rows.items()}
    return {
        table: {
            names[table][row["id"]]: {
                key: names[_LINKS[key]].get(value) if key in _LINKS else value
                for key, value in row.items()
                if key not in _PASSING
            }
            for row in of
        }
        for table, of in rows.items()
    }


async def dirty(database: Database) -> set[tuple[str, str]]:
    """Marked days: (employee, date)."""
    rows = await fetch(database, """
        SELECT p.upstream_name, d.work_date::text FROM attendance.dirty_day d
        JOIN attendance.person p ON p.id = d.person_id
    """)  # fmt: skip
    return set(rows)


async def clean(database: Database) -> None:
    """Take all marks away, as a recompute does."""
    async with database.write() as conn:
        await conn.execute(text("DELETE FROM attendance.dirty_day"))


async def cursors(database: Database) -> dict[str, tuple[Any, ...]]:
    rows = await fetch(
        database, "SELECT doctype, phase, modified, complete_through FROM attendance.sync_cursor"
    )
    return {row[0]: row[1:] for row in rows}


async def gaps(database: Database, doctype: str = "Employee Checkin") -> list[tuple[Any, ...]]:
    return await fetch(
        database,
        "SELECT lower, upper, reason FROM attendance.sync_window WHERE state = 'gap' AND doctype = :doctype",
        doctype=doctype,
    )
