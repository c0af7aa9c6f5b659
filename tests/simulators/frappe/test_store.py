"""Writes below the site's rules: stamps, raw SQL, late commits, deletions, renames."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from service.simulators.frappe import FrappeServer, Store
from service.simulators.frappe.clock import SiteClock
from tests.simulators.frappe.conftest import Caller

PUNCH = {"employee": "E1", "time": "2026-01-05 08:00:00"}


def modified(store: Store, name: str) -> str:
    document = store.get("Employee Checkin", name)
    assert document
    return str(document["modified"])


def test_every_write_has_its_own_later_stamp() -> None:
    frozen = datetime(2026, 1, 5, 12, tzinfo=UTC)
    store = Store(clock=SiteClock("America/Mexico_City", lambda: frozen))
    stamps = [modified(store, store.insert("Employee Checkin", PUNCH)) for _ in range(50)]
    assert stamps == sorted(set(stamps))
    assert stamps[0] == "2026-01-05 06:00:00"
    assert stamps[1] == "2026-01-05 06:00:00.000001"
    store.close()


def test_a_skewed_clock_and_the_repeated_hour() -> None:
    moments = [datetime(2026, 10, 25, 0, 59, tzinfo=UTC), datetime(2026, 10, 25, 1, 1, tzinfo=UTC)]
    clock = SiteClock("Europe/London", lambda: moments[0])
    before = clock.stamp()
    clock.skew = timedelta(minutes=-5)
    assert clock.stamp() < before
    clock.skew = timedelta(0)
    moments.pop(0)
    assert clock.stamp() == "2026-10-25 01:01:00"
    assert before == "2026-10-25 01:59:00"


def test_raw_updates_leave_modified(store: Store) -> None:
    name = store.insert("Employee Checkin", PUNCH)
    before = modified(store, name)
    store.raw_update("Employee Checkin", name, {"attendance": "HR-ATT-1", "skip_auto_attendance": 1})
    assert modified(store, name) == before
    assert store.update("Employee Checkin", name, {"log_type": "IN"}) == modified(store, name) > before


async def test_a_held_write_is_stamped_now_and_seen_later(site: FrappeServer, call: Caller) -> None:
    first = site.store.insert("Employee Checkin", PUNCH, held=True)
    second = site.store.insert("Employee Checkin", PUNCH | {"log_type": "IN"})
    assert await call.names() == [second]
    assert site.store.release() == 1
    assert await call.names(order_by="modified asc") == [first, second]


async def test_commit_delay_passes_by_itself(site: FrappeServer, call: Caller) -> None:
    passed = [0.0]
    site.store.clock.monotonic = lambda: passed[0]
    site.store.commit_delay = 300.0
    made = await call.post(employee="E1", time="2026-01-05 09:00:00")
    name = made.json()["data"]["name"]
    for seconds, visible in ((0.0, []), (299.0, []), (300.0, [name])):
        passed[0] = seconds
        assert await call.names() == visible
    late = site.store.get("Employee Checkin", name)
    assert late
    assert late["modified"] == late["creation"]


async def test_deletions_are_logged_unless_the_log_is_off(site: FrappeServer, call: Caller) -> None:
    names = [site.store.insert("Employee Checkin", PUNCH) for _ in range(3)]
    site.store.delete("Employee Checkin", names[0])
    site.store.log_deletions = False
    site.store.delete("Employee Checkin", names[1])
    site.store.delete("Employee Checkin", names[2], log=True)
    fields = ["deleted_doctype", "deleted_name", "restored", "data"]
    rows = await call.rows("Deleted Document", fields=fields, order_by="creation asc, name asc")
    assert [row["deleted_name"] for row in rows] == [names[0], names[2]]
    assert rows[0]["deleted_doctype"] == "Employee Checkin"
    assert '"employee": "E1"' in rows[0]["data"]


def test_renaming_changes_links_without_touching_their_modified(store: Store) -> None:
    values = {"name": "E1", "employee_name": "One", "date_of_joining": "2020-01-01"}
    store.insert("Employee", values)
    name = store.insert("Employee Checkin", PUNCH)
    before = modified(store, name)
    store.rename("Employee", "E1", "E9")
    assert [row["employee"] for row in store.rows("Employee", name="E9")] == ["E9"]
    assert store.rows("Employee Checkin", employee="E9")[0]["name"] == name
    assert modified(store, name) == before


def test_what_does_not_exist_cannot_be_changed(store: Store) -> None:
    for change in (
        lambda: store.update("Employee", "nobody", {"branch": "x"}),
        lambda: store.raw_update("Employee", "nobody", {"branch": "x"}),
        lambda: store.delete("Employee", "nobody"),
    ):
        with pytest.raises(KeyError, match="nobody"):
            change()
    with pytest.raises(ValueError, match="no field shoe_size"):
        store.insert("Employee", {"employee_name": "x", "shoe_size": 44})


def test_many_documents_are_added_all_or_none(store: Store) -> None:
    rows = [{"name": "A", "branch": "A"}, {"name": "B", "branch": "B"}, {"name": "A", "branch": "A"}]
    with pytest.raises(sqlite3.IntegrityError):
        store.insert_many("Branch", rows)
    assert store.count("Branch") == 0


def test_series_follow_the_month_of_insertion(store: Store) -> None:
    rows = [PUNCH | {"creation": f"2025-0{month}-01 08:00:00"} for month in (7, 7, 8)]
    assert store.insert_many("Employee Checkin", rows) == [
        "EMP-CKIN-07-2025-000001", "EMP-CKIN-07-2025-000002", "EMP-CKIN-08-2025-000001",
    ]  # fmt: skip
    day = {"employee": "E1", "attendance_date": "2025-07-01", "creation": "2025-07-02 01:00:00"}
    assert store.insert("Attendance", day) == "HR-ATT-2025-00001"


def test_children_are_replaced_with_their_parent(store: Store) -> None:
    span = {"holiday_list_name": "L", "from_date": "2026-01-01", "to_date": "2026-12-31"}
    store.insert("Holiday List", {**span, "holidays": [{"holiday_date": "2026-01-01"}]})
    before = (store.get("Holiday List", "L") or {})["modified"]
    days = [{"holiday_date": "2026-05-01"}, {"holiday_date": "2026-12-25"}]
    assert store.update("Holiday List", "L", {"holidays": days}) > str(before)
    assert [row["holiday_date"] for row in store.rows("Holiday", parent="L")] in (
        ["2026-05-01", "2026-12-25"], ["2026-12-25", "2026-05-01"],
    )  # fmt: skip
    store.delete("Holiday List", "L")
    assert store.count("Holiday") == 0
