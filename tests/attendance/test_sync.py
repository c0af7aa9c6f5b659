"""The sync: first load, following changes, repeating, reconciling; each outcome read back from the mirror."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from service.attendance.queries.watermarks import open_gaps
from service.attendance.sync import SyncParams, synchronise
from service.attendance.upstream import documents
from service.core.database import Database
from service.core.errors import Conflict, Invalid, UpstreamRefused
from service.core.versions import read_versions
from service.simulators.frappe import (
    ApiKey,
    FrappeConfig,
    FrappeServer,
    GeneratorConfig,
    Store,
    bulk_checkins,
    generate,
)
from tests.attendance.mirroring import (
    ZONE,
    Recorder,
    add_person,
    add_punch,
    add_punches,
    clean,
    client_of,
    cursors,
    dirty,
    fetch,
    gaps,
    mirror_of,
    punches,
    site,
    sync,
    there,
)

CHECKIN = "Employee Checkin"


@pytest.fixture
async def server() -> AsyncIterator[FrappeServer]:
    async with site() as opened:
        add_person(opened.store, "E1")
        add_person(opened.store, "E2")
        yield opened


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
    scopes = ["attendance/masters", "attendance/2025-07/Villas", "attendance/2025-07", "attendance/2025-06"]

    async def versions() -> dict[str, int]:
        async with database.snapshot() as conn:
            return await read_versions(conn, scopes)

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


async def test_bulk_updates_without_a_stamp_are_found_by_reconciling(
    database: Database, server: FrappeServer
) -> None:
    names = add_punches(server.store, 3)
    await sync(database, server)
    await clean(database)
    server.store.raw_update(CHECKIN, names[0], {"skip_auto_attendance": 1})
    server.store.raw_update(CHECKIN, names[1], {"time": "2025-07-20 09:00:00"})
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-06")
    assert await punches(database) == there(server.store)
    assert {day for _, day in await dirty(database)} == {
        "2025-06-30", "2025-07-01", "2025-07-02", "2025-07-19", "2025-07-20", "2025-07-21",
    }  # fmt: skip


async def test_a_right_taken_away_is_a_gap_not_a_thousand_deletions(database: Database) -> None:
    keys = (ApiKey("demo", "demo"), ApiKey("less", "demo", employees=frozenset({"E2"})))
    async with site(FrappeConfig(keys=keys)) as server:
        add_person(server.store, "E1")
        add_person(server.store, "E2")
        add_punches(server.store, 20)
        await sync(database, server)
        result = await sync(
            database, server, mode="reconcile", from_="2025-07-01", to="2025-07-01", with_key="less"
        )
        assert len(await punches(database)) == 20
    assert result.partial
    assert "User Permissions" in str(await gaps(database))


async def test_a_missing_right_is_one_sentence_and_the_rest_is_served(database: Database) -> None:
    readable = frozenset(d.name for d in documents.ALL) - {"Leave Application", "Deleted Document", "Branch"}
    async with site(FrappeConfig(keys=(ApiKey("demo", "demo", readable=readable),))) as server:
        add_person(server.store, "E1")
        add_punches(server.store, 5)
        result = await sync(database, server)
        assert await punches(database) == there(server.store)
        assert await fetch(database, "SELECT name FROM attendance.site") == [("Villas",)]
    assert result.partial
    assert "may not read Leave Application" in str(await gaps(database, "Leave Application"))


async def test_without_check_ins_to_read_there_is_nothing_to_serve(database: Database) -> None:
    readable = frozenset(d.name for d in documents.ALL) - {CHECKIN}
    async with site(FrappeConfig(keys=(ApiKey("demo", "demo", readable=readable),))) as server:
        with pytest.raises(UpstreamRefused, match="may not read Employee Checkin"):
            await sync(database, server)


async def test_a_corrected_zone_reads_everything_again(database: Database) -> None:
    async with site(zone="Asia/Kolkata") as server:
        add_person(server.store, "E1")
        add_punches(server.store, 3, first="2025-07-01 08:00:00")
        await sync(database, server, with_time_zone="Asia/Kolkata")
        server.site.store.clock.zone = __import__("zoneinfo").ZoneInfo("Asia/Karachi")
        await sync(database, server, with_time_zone="Asia/Karachi")
    rows = await fetch(database, "SELECT min(at), count(*) FROM attendance.checkin")
    assert rows == [(datetime(2025, 7, 1, 3, tzinfo=UTC), 3)]


async def test_a_document_that_cannot_be_read_is_a_gap_until_it_can(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 3)
    bad = add_punch(server.store, "E1", "2025-07-01 12:00:00")
    server.store.raw_update(CHECKIN, bad, {"time": None})
    recorder = Recorder()
    result = await sync(database, server, recorder)
    assert recorder.counts["unreadable"] >= 1
    assert result.partial
    assert bad not in await punches(database)
    found = await gaps(database)
    assert [row[:2] for row in found] == [(bad, bad)]
    assert "it has no time" in found[0][2]
    server.store.update(CHECKIN, bad, {"time": "2025-07-01 12:00:00"})
    await sync(database, server)
    assert await gaps(database) == []
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


async def test_the_hour_that_the_clock_repeats_is_looked_at_again(database: Database) -> None:
    moment = datetime(2025, 10, 26, 0, 50, tzinfo=UTC)  # 01:50 in London, summer time ends at 01:00 UTC
    async with site(zone="Europe/London") as server:
        server.store.clock.now = lambda: moment
        add_person(server.store, "E1")
        add_punch(server.store, "E1", "2025-10-26 01:50:00")
        await sync(database, server, with_time_zone="Europe/London", with_overlap_seconds=60)
        moment = datetime(2025, 10, 26, 1, 5, tzinfo=UTC)  # 01:05 once more: stamped before the cursor
        late = add_punch(server.store, "E1", "2025-10-26 01:05:00")
        await sync(database, server, with_time_zone="Europe/London", with_overlap_seconds=60)
    assert late in await punches(database)


async def test_gaps_are_known_by_the_dates_they_may_touch(database: Database, server: FrappeServer) -> None:
    from service.simulators.frappe import faults

    add_punches(server.store, 20)
    await sync(database, server)
    rule = server.faults.add(faults.dropped_rows(3), kind="list", doctype=CHECKIN)
    result = await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-03")
    assert result.partial

    async def known(day: str) -> int:
        start = datetime.fromisoformat(day)
        async with database.read() as conn:
            return len(await open_gaps(conn, start, start + timedelta(days=1), (CHECKIN,)))

    assert (await known("2025-07-02"), await known("2025-07-20")) == (1, 0)
    server.faults.remove(rule)
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-03")
    assert await known("2025-07-02") == 0


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
