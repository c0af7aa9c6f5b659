"""A sync that ends in the middle: what was half done is known to be half done, and gone on with."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from service.attendance.queries.completeness import REQUIRED, select_complete_through
from service.attendance.queries.status import sync_status
from service.attendance.queries.watermarks import select_windows
from service.core.database import Database
from service.core.errors import UpstreamRefused
from service.simulators.frappe import FrappeServer, faults
from tests.attendance.mirroring import (
    CHECKIN,
    Recorder,
    add_person,
    add_punch,
    add_punches,
    dirty,
    fetch,
    gaps,
    punches,
    sync,
    there,
)
from tests.attendance.truth.losses import page_with

SMALL: dict[str, Any] = {"with_page": 10, "with_max_page": 10, "with_max_in_flight": 1}


async def is_complete(database: Database) -> bool:
    async with database.snapshot() as conn:
        through = await select_complete_through(conn)
        holes = await select_windows(conn, 1, states=("gap",))
    return all(through.get(doctype) for doctype in REQUIRED) and not holes


async def an_hour_later(database: Database) -> None:
    """What was tried lately is due again."""
    async with database.write() as conn:
        await conn.execute(text("UPDATE attendance.sync_window SET updated_at = now() - interval '2 hours'"))


async def broken_off_at(database: Database, server: FrappeServer, name: str) -> None:
    """A run that ends where the page with this check-in is read."""
    rule = server.faults.add(page_with(name, faults.credential_refused()), kind="list", doctype=CHECKIN)
    with pytest.raises(UpstreamRefused):
        await sync(database, server, **SMALL)
    server.faults.remove(rule)


async def test_a_person_who_comes_between_two_halves_of_a_first_load_gets_all_punches(
    database: Database, server: FrappeServer
) -> None:
    early = [
        add_punch(server.store, "GHOST", f"2025-07-01 0{hour}:00:00", name=f"AAA-{hour}") for hour in (7, 8)
    ]
    names = add_punches(server.store, 60, old=True)
    for name in early:
        stamp = {"modified": "2025-06-01 00:00:00.000000", "creation": "2025-06-01 00:00:00.000000"}
        server.store.raw_update(CHECKIN, name, stamp)
    await broken_off_at(database, server, names[40])
    assert 0 < len(await punches(database)) < 62
    add_person(server.store, "GHOST")
    await sync(database, server, **SMALL)
    assert await punches(database) == there(server.store)
    waiting = "SELECT count(*) FROM attendance.checkin WHERE person_id IS NULL"
    assert await fetch(database, waiting) == [(0,)]


async def test_going_live_adopts_what_an_earlier_version_left_behind(
    database: Database, server: FrappeServer
) -> None:
    names = add_punches(server.store, 60, old=True)
    await broken_off_at(database, server, names[40])
    async with database.write() as conn:
        lost = "UPDATE attendance.checkin SET person_id = NULL, unknown_person = 'e1'"
        await conn.execute(text(lost))
    await sync(database, server, **SMALL)
    assert await punches(database) == there(server.store)


async def test_a_gap_that_is_half_mended_is_still_a_gap(database: Database, server: FrappeServer) -> None:
    names = add_punches(server.store, 100, old=True)
    rules = [
        server.faults.add(page_with(names[at], faults.dropped_rows(1)), kind="list", doctype=CHECKIN)
        for at in (35, 75)
    ]
    await sync(database, server, **SMALL)
    assert [row[:2] for row in await gaps(database)] == [("", "")]
    server.faults.remove(rules[0])
    hole = server.faults.add(
        page_with(names[55], faults.server_failure()), kind="list", doctype=CHECKIN,
    )  # fmt: skip
    await an_hour_later(database)
    await broken_off_at(database, server, names[75])
    server.faults.remove(hole)
    await an_hour_later(database)
    await broken_off_at(database, server, names[75])
    missing = there(server.store).keys() - (await punches(database)).keys()
    assert missing
    assert not await is_complete(database)
    server.faults.remove(rules[1])
    await an_hour_later(database)
    await sync(database, server, **SMALL)
    assert await punches(database) == there(server.store)
    assert await is_complete(database)


async def test_reading_everything_again_forgets_no_hole_before_it_was_read(
    database: Database, server: FrappeServer
) -> None:
    names = add_punches(server.store, 100, old=True)
    rule = server.faults.add(page_with(names[35], faults.dropped_rows(1)), kind="list", doctype=CHECKIN)
    await sync(database, server, **SMALL)
    refused = server.faults.add(page_with(names[5], faults.credential_refused()), kind="list")
    with pytest.raises(UpstreamRefused):
        await sync(database, server, mode="full", **SMALL)
    assert not await is_complete(database)
    server.faults.remove(rule)
    server.faults.remove(refused)
    await sync(database, server, mode="full", **SMALL)
    assert await punches(database) == there(server.store)
    assert await is_complete(database)


async def test_a_stretch_being_read_is_no_gap_of_the_status(database: Database, server: FrappeServer) -> None:
    names = add_punches(server.store, 60, old=True)
    await broken_off_at(database, server, names[40])
    async with database.snapshot() as conn:
        status = await sync_status(conn, datetime.now(UTC))
    assert {row.doctype: (row.phase, row.open_gaps) for row in status.doctypes}[CHECKIN] == ("loading", 0)


async def test_a_week_left_as_a_gap_is_compared_again_by_the_next_sync(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 20, old=True)
    await sync(database, server)
    lost = server.store.rows(CHECKIN)[3]["name"]
    server.store.raw_update(CHECKIN, str(lost), {"skip_auto_attendance": 1})
    rule = server.faults.add(faults.dropped_rows(3), kind="list", doctype=CHECKIN)
    result = await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-03")
    assert result.partial
    server.faults.remove(rule)
    await sync(database, server)
    assert await gaps(database) == []
    assert await punches(database) == there(server.store)


async def test_a_week_that_fails_again_and_again_is_asked_for_ever_more_seldom(
    database: Database, server: FrappeServer
) -> None:
    add_punches(server.store, 20, old=True)
    await sync(database, server)
    by_week = server.faults.add(
        faults.dropped_rows(3), kind="list", doctype=CHECKIN, when=lambda call: '"time"' in str(call.params["filters"])
    )  # fmt: skip
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-03")
    await sync(database, server)
    asked = by_week.fired
    await sync(database, server)
    assert by_week.fired == asked
    await an_hour_later(database)
    await sync(database, server)
    assert by_week.fired > asked


async def test_a_log_of_deletions_that_fails_holds_the_watermarks_back(
    database: Database, server: FrappeServer
) -> None:
    names = add_punches(server.store, 20)
    await sync(database, server)
    through = "SELECT complete_through FROM attendance.sync_cursor WHERE doctype = :doctype"
    before = await fetch(database, through, doctype=CHECKIN)
    server.store.delete(CHECKIN, names[3])
    rule = server.faults.add(faults.server_failure(), kind="list", doctype="Deleted Document")
    result = await sync(database, server)
    assert result.partial
    assert await fetch(database, through, doctype=CHECKIN) == before
    server.faults.remove(rule)
    await sync(database, server)
    assert await fetch(database, through, doctype=CHECKIN) > before
    assert await punches(database) == there(server.store)


async def test_many_deletions_of_one_instant_are_all_followed(
    database: Database, server: FrappeServer
) -> None:
    names = add_punches(server.store, 70)
    await sync(database, server)
    for name in names[:55]:
        server.store.delete(CHECKIN, name)
    log = "Deleted Document"
    instant = str(server.store.rows(log)[0]["creation"])
    for entry in server.store.rows(log):
        server.store.raw_update(log, str(entry["name"]), {"creation": instant})
    await sync(database, server, **SMALL)
    assert await punches(database) == there(server.store)


async def test_marks_reach_the_neighbouring_month_and_so_does_its_version(
    database: Database, server: FrappeServer
) -> None:
    add_punch(server.store, "E1", "2025-07-15 08:00:00")
    await sync(database, server, Recorder())
    version = "SELECT version FROM muster.data_version WHERE scope = 'attendance/2025-07/Villas'"
    before = await fetch(database, version)
    punch = add_punch(server.store, "E1", "2025-08-01 00:10:00")
    await sync(database, server)
    marked = await fetch(database, version)
    assert ("E1", "2025-07-31") in await dirty(database)
    assert marked > before
    server.store.delete(CHECKIN, punch)
    await sync(database, server)
    assert await fetch(database, version) > marked
