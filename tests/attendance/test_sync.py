"""The sync: first load, following changes, repeating, reconciling; each outcome read back from the mirror."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from service.attendance.sync import SyncParams, synchronise
from service.core.database import Database
from service.core.errors import Conflict, Invalid
from service.core.versions import read_versions
from service.simulators.frappe import (
    FrappeConfig,
    FrappeServer,
    GeneratorConfig,
    Store,
    bulk_checkins,
    generate,
)
from tests.attendance.mirroring import (
    CHECKIN,
    ZONE,
    Recorder,
    add_person,
    add_punch,
    add_punches,
    client_of,
    cursors,
    dirty,
    fetch,
    mirror_of,
    punches,
    site,
    sync,
    there,
)


@pytest.fixture
async def firm() -> AsyncIterator[FrappeServer]:
    """A generated firm of forty people, a month of punches."""
    store = Store(zone=ZONE)
    generate(store, GeneratorConfig(people=40, days=31, until=datetime.now(UTC).date() - timedelta(days=1)))
    async with FrappeServer(store) as opened:
        yield opened
    store.close()


async def test_a_whole_firm_is_mirrored_and_repeating_changes_nothing(
    database: Database, firm: FrappeServer
) -> None:
    await sync(database, firm)
    assert await punches(database) == there(firm.store)
    for table, doctype in (("person", "Employee"), ("leave", "Leave Application"), ("site", "Branch"),
                           ("shift_assignment", "Shift Assignment"), ("upstream_attendance", "Attendance")):  # fmt: skip
        assert (await fetch(database, f"SELECT count(*) FROM attendance.{table}"))[0][0] == firm.store.count(
            doctype
        )
    before = await mirror_of(database)
    for mode in ("auto", "incremental", "full", "reconcile"):
        recorder = Recorder()
        await sync(database, firm, recorder, mode=mode)
        assert (recorder.counts["inserted"], recorder.counts["updated"], recorder.counts["deleted"]) == (
            0,
            0,
            0,
        )
    assert await mirror_of(database) == before
    assert await dirty(database) == set()


async def test_what_a_shift_type_says_arrives(database: Database, server: FrappeServer) -> None:
    server.store.insert("Shift Type", {
        "name": "Night", "start_time": "22:00:00", "end_time": "6:00:00", "holiday_list": "Feasts",
        "determine_check_in_and_check_out": "Strictly based on Log Type in Employee Checkin",
        "working_hours_calculation_based_on": "Every Valid Check-in and Check-out",
        "begin_check_in_before_shift_start_time": 90, "allow_check_out_after_shift_end_time": 120,
        "enable_late_entry_marking": 1, "late_entry_grace_period": 15, "enable_auto_attendance": 1,
        "working_hours_threshold_for_half_day": 6.5, "working_hours_threshold_for_absent": 4,
        "process_attendance_after": "2025-01-01", "last_sync_of_checkin": "2025-07-01 12:00:00",
    })  # fmt: skip
    await sync(database, server)
    rows = await fetch(database, """
        SELECT start_time::text, end_time::text, pairing_mode, hours_mode, before_minutes, after_minutes,
               late_marking, late_grace_minutes, half_day_threshold_hours::float, process_after, last_sync,
               auto_attendance, l.name
        FROM attendance.shift_type t JOIN attendance.holiday_list l ON l.id = t.holiday_list_id
        WHERE t.name = 'Night'
    """)  # fmt: skip
    assert rows == [(
        "22:00:00", "06:00:00", "strict", "every_valid", 90, 120, True, 15, 6.5, date(2025, 1, 1),
        datetime(2025, 7, 1, 12), True, "Feasts",
    )]  # fmt: skip


async def test_holidays_follow_their_list(database: Database, server: FrappeServer) -> None:
    await sync(database, server)
    assert await fetch(database, "SELECT day, description FROM attendance.holiday") == [
        (date(2025, 9, 16), "Independence")
    ]
    server.store.update("Holiday List", "Feasts", {
        "holidays": [{"holiday_date": "2025-12-25", "description": "Christmas"}],
    })  # fmt: skip
    await sync(database, server)
    assert await fetch(database, "SELECT day, description FROM attendance.holiday") == [
        (date(2025, 12, 25), "Christmas")
    ]


@pytest.mark.parametrize("rows", [0, 1, 99, 100, 101, 2345])
async def test_q10_the_exact_set_each_time(database: Database, server: FrappeServer, rows: int) -> None:
    add_punches(server.store, rows)
    result = await sync(database, server, with_max_page=100)
    assert await punches(database) == there(server.store)
    assert not result.partial


@pytest.mark.prove
@pytest.mark.parametrize("rows", [12_345, 1_000_000])
async def test_q10_full_size(database: Database, rows: int) -> None:
    if not os.environ.get("MUSTER_PROVE"):
        rows = min(rows, 12_345)
    store = Store(zone=ZONE)
    bulk_checkins(store, rows)
    async with FrappeServer(store) as server:
        await sync(database, server)
    counted = await fetch(database, "SELECT count(*), count(DISTINCT upstream_name) FROM attendance.checkin")
    assert counted == [(rows, rows)]
    store.close()


async def test_several_streams_read_disjoint_ranges_and_keep_within_the_limit(database: Database) -> None:
    store = Store(zone=ZONE)
    bulk_checkins(store, 6000, people=50)
    async with FrappeServer(store, FrappeConfig(latency=0.01)) as server:
        await sync(database, server, with_page=50, with_max_page=50, with_max_in_flight=4)
        assert await punches(database) == there(store)
        assert 1 < server.requests.peak_in_flight <= 4
        pages = [e for e in server.requests.select(CHECKIN) if e.params["order_by"] == "name asc"]
        assert sum(e.rows or 0 for e in pages) == 6000 + len(
            [e for e in pages if e.params.get("limit_start")]
        )
    store.close()


async def test_watermarks_are_the_start_less_the_overlap(database: Database, server: FrappeServer) -> None:
    add_punches(server.store, 3)
    before = datetime.now(UTC)
    await sync(database, server, with_overlap_seconds=600)
    after = datetime.now(UTC)
    for doctype, row in (await cursors(database)).items():
        if row[0] == "live":
            assert before - timedelta(seconds=602) <= row[2] <= after - timedelta(seconds=599), doctype


async def test_versions_are_raised_with_what_changed_and_only_then(
    database: Database, server: FrappeServer
) -> None:
    add_punch(server.store, "E1", "2025-07-01 08:00:00")
    scopes = ["attendance/masters", "attendance/2025-07/Villas", "attendance/2025-07", "attendance/2025-05"]

    async def versions() -> dict[str, int]:
        async with database.snapshot() as conn:
            return (await read_versions(conn, scopes))[0]

    await sync(database, server)
    first = await versions()
    assert [version > 0 for version in first.values()] == [True, True, True, False]
    await sync(database, server)
    assert await versions() == first
    add_punch(server.store, "E1", "2025-07-02 08:00:00")
    await sync(database, server)
    second = await versions()
    assert [second[scope] > first[scope] for scope in scopes] == [False, True, True, False]


async def test_punches_of_an_unknown_employee_wait_for_that_employee(
    database: Database, server: FrappeServer
) -> None:
    add_punch(server.store, "GHOST", "2025-07-01 08:00:00")
    await sync(database, server)
    assert [row[0] for row in (await punches(database)).values()] == ["GHOST"]
    add_person(server.store, "GHOST")
    await sync(database, server)
    assert await fetch(database, "SELECT person_id IS NOT NULL, unknown_person FROM attendance.checkin") == [
        (True, None)
    ]
    assert ("GHOST", "2025-07-01") in await dirty(database)


async def test_a_renamed_employee_stays_the_same_person(database: Database, server: FrappeServer) -> None:
    add_punch(server.store, "E1", "2025-07-01 08:00:00")
    await sync(database, server)
    before = await fetch(database, "SELECT id FROM attendance.person WHERE upstream_name = 'E1'")
    server.store.rename("Employee", "E1", "HR-0001")
    add_punch(server.store, "HR-0001", "2025-07-02 08:00:00")
    await sync(database, server)
    after = await fetch(database, "SELECT id FROM attendance.person WHERE upstream_name = 'HR-0001'")
    assert after == before
    assert {row[0] for row in (await punches(database)).values()} == {"HR-0001"}
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-02")
    assert await punches(database) == there(server.store)


async def test_two_runs_of_one_source_never_overlap(database: Database, server: FrappeServer) -> None:
    add_punches(server.store, 200)

    class Second(Recorder):
        refused = False

        async def progress(self, done: int, total: int | None, unit: str = "rows", message: str = "") -> None:
            if not self.refused:
                with pytest.raises(Conflict):
                    await sync(database, server)
                self.refused = True

    second = Second()
    await sync(database, server, second)
    assert second.refused


async def test_unknown_document_type_is_refused_with_a_hint(database: Database, server: FrappeServer) -> None:
    with pytest.raises(Invalid, match="Employee Checkin"):
        await sync(database, server, doctypes=("Employee Checkins",))


async def test_only_the_chosen_document_types(database: Database, server: FrappeServer) -> None:
    add_punches(server.store, 3)
    await sync(database, server)
    add_punch(server.store, "E2", "2025-07-01 08:00:00")
    server.requests.clear()
    async with client_of(server) as client:
        await synchronise(database, client, SyncParams(doctypes=(CHECKIN,)), Recorder())
    assert await punches(database) == there(server.store)
    assert {entry.doctype for entry in server.requests.entries if entry.kind == "list"} == {CHECKIN}


async def test_holiday_list_assignments_of_release_16(database: Database) -> None:
    async with site(FrappeConfig(profile="v16")) as server:
        add_person(server.store, "E1")
        for kind, target in (("Employee", "E1"), ("Company", "Works")):
            server.store.insert("Holiday List Assignment", {
                "applicable_for": kind, "assigned_to": target, "holiday_list": "Feasts",
                "from_date": "2025-01-01", "docstatus": 1,
            })  # fmt: skip
        await sync(database, server)
    rows = await fetch(
        database, "SELECT person_id IS NULL, company_id IS NULL FROM attendance.holiday_list_assignment"
    )
    assert sorted(rows) == [(False, True), (True, False)]
