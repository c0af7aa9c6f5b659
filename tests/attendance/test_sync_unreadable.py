"""One record that cannot be read: counted, kept aside as a gap, and everything else is served."""

from typing import Any

import pytest

from service.core.database import Database
from service.simulators.frappe import FrappeServer, faults
from service.simulators.serving.faults import on_body
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
    sync,
    there,
)


def garbling(server: FrappeServer, doctype: str, name: str, **values: Any) -> Any:
    """From now on the site shows this document with these values; gives what heals it."""

    def change(rows: list[dict[str, Any]]) -> object:
        return [
            row | values if row.get("name") == name and values.keys() <= row.keys() else row for row in rows
        ]

    rule = server.faults.add(faults.edited(change), kind="list", doctype=doctype)
    return lambda: server.faults.remove(rule)


async def test_a_new_person_with_an_impossible_date(database: Database, server: FrappeServer) -> None:
    await sync(database, server)
    add_person(server.store, "E9")
    heal = garbling(server, "Employee", "E9", date_of_joining="31/02/2025")
    add_punches(server.store, 3)
    recorder = Recorder()
    result = await sync(database, server, recorder)
    assert (result.partial, recorder.counts["unreadable"]) == (True, 1)
    assert await punches(database) == there(server.store)
    assert [row[:2] for row in await gaps(database, "Employee")] == [("E9", "E9")]
    heal()
    server.store.update("Employee", "E9", {"employee_name": "Person Nine"})
    await sync(database, server)
    assert await gaps(database, "Employee") == []


@pytest.mark.parametrize("mode", ["auto", "full"])
async def test_a_check_in_without_a_readable_stamp(
    database: Database, server: FrappeServer, mode: str
) -> None:
    names = add_punches(server.store, 30, old=True)
    heals = [garbling(server, CHECKIN, name, modified="yesterday") for name in (names[12], names[29])]
    recorder = Recorder()
    await sync(database, server, recorder, mode=mode, with_page=10, with_max_page=10)
    late = add_punch(server.store, "E1", "2025-08-01 08:00:00")
    await sync(database, server, recorder, with_page=10, with_max_page=10)
    assert recorder.counts["unreadable"] >= 2
    assert there(server.store).keys() - (await punches(database)).keys() == {names[12], names[29]}
    assert late in await punches(database)
    assert {row[0] for row in await gaps(database)} == {names[12], names[29]}
    for heal in heals:
        heal()
    await sync(database, server, mode="full")
    assert await gaps(database) == []
    assert await punches(database) == there(server.store)


@pytest.mark.parametrize("wrong", [(b"2025-05-01", b"2025-02-31"), (b"2025-11-30", b"2025-11-31")])
async def test_a_holiday_list_that_cannot_be_read(
    database: Database, server: FrappeServer, wrong: tuple[bytes, bytes]
) -> None:
    store = server.store
    store.insert("Holiday List", {
        "name": "Odd", "holiday_list_name": "Odd", "from_date": "2025-01-01", "to_date": "2025-11-30",
        "holidays": [{"holiday_date": "2025-05-01", "description": "Labour"}],
    })  # fmt: skip
    garbling(server, "Holiday List", "Odd", modified="yesterday")
    await sync(database, server)
    assert await fetch(database, "SELECT name FROM attendance.holiday_list ORDER BY name") == [
        ("Feasts",), ("Odd",),
    ]  # fmt: skip
    server.faults.add(
        on_body(lambda body: body.replace(*wrong), "wrong date"),
        kind="document",
        doctype="Holiday List",
    )
    store.insert("Leave Type", {"name": "Sick Leave", "leave_type_name": "Sick Leave"})
    recorder = Recorder()
    result = await sync(database, server, recorder)
    assert (result.partial, recorder.counts["unreadable"]) == (True, 1)
    assert "Odd cannot be read" in str(await gaps(database, "Holiday List"))
    assert len(await fetch(database, "SELECT name FROM attendance.leave_type")) == 2


async def test_a_leave_to_the_end_of_the_calendar(database: Database, server: FrappeServer) -> None:
    await sync(database, server)
    server.store.insert("Leave Application", {
        "employee": "E1", "leave_type": "Casual Leave", "from_date": "2025-07-01", "to_date": "9999-12-31",
        "status": "Approved", "docstatus": 1,
    })  # fmt: skip
    server.store.insert("Shift Assignment", {
        "employee": "E1", "shift_type": "Day", "start_date": "2025-07-01", "end_date": "9999-12-31",
        "docstatus": 1, "status": "Active",
    })  # fmt: skip
    await sync(database, server)
    today = "SELECT count(*) FROM attendance.{} WHERE {} > '9999-01-01'"
    assert await fetch(database, today.format("leave", "to_date")) == [(1,)]
    assert await fetch(database, today.format("shift_assignment", "end_date")) == [(1,)]
    again = Recorder()
    await sync(database, server, again)
    assert again.counts["updated"] == 0


async def test_a_punch_of_no_possible_year(database: Database, server: FrappeServer) -> None:
    add_punches(server.store, 3)
    bad = add_punch(server.store, "E1", "2025-07-01 12:00:00")
    server.store.raw_update(CHECKIN, bad, {"time": "0001-01-01 00:00:00"})
    result = await sync(database, server)
    assert result.partial
    assert there(server.store).keys() - (await punches(database)).keys() == {bad}


async def test_a_deletion_whose_instant_cannot_be_read(database: Database, server: FrappeServer) -> None:
    names = add_punches(server.store, 4)
    await sync(database, server)
    await clean(database)
    for name in names[:2]:
        server.store.delete(CHECKIN, name)
    entry = next(row for row in server.store.rows("Deleted Document") if row["deleted_name"] == names[0])
    garbling(server, "Deleted Document", str(entry["name"]), creation="just now")
    await sync(database, server)
    assert (await punches(database)).keys() == set(names) - {names[1]}
    assert await dirty(database)
    await sync(database, server, mode="reconcile", from_="2025-07-01", to="2025-07-01")
    assert await punches(database) == there(server.store)


async def test_nul_characters_of_a_device_do_not_stop_the_page(
    database: Database, server: FrappeServer
) -> None:
    add_punch(server.store, "E1", "2025-07-01 08:00:00", device_id="gate\0\0-1")
    add_punch(server.store, "E1", "2025-07-01 17:00:00", device_id="back\\u0000slash")
    await sync(database, server)
    names = await fetch(database, "SELECT name FROM attendance.device ORDER BY name")
    assert [name for (name,) in names] == ["back\\u0000slash", "gate-1"]
