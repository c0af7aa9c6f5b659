"""What the sync may not see, cannot read or is not told: rights, zones, bulk updates, gaps."""

from datetime import UTC, datetime, timedelta

import pytest

from service.attendance.queries.watermarks import open_gaps
from service.attendance.upstream import documents
from service.core.database import Database
from service.core.errors import UpstreamRefused
from service.simulators.frappe import (
    ApiKey,
    FrappeConfig,
    FrappeServer,
)
from tests.attendance.mirroring import (
    CHECKIN,
    Recorder,
    add_person,
    add_punch,
    add_punches,
    clean,
    dirty,
    fetch,
    gaps,
    punches,
    site,
    sync,
    there,
)


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
