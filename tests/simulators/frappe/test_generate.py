"""The generated firm: reproducible, complete in its oddities, true to the rules where it claims to be."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from service.simulators.frappe import GeneratorConfig, Store, bulk_checkins, generate
from service.simulators.frappe.shifts import ShiftTimes

UNTIL = date(2026, 3, 31)
ZONE = "America/Mexico_City"
Row = dict[str, object]


def firm(**settings: object) -> Store:
    store = Store(zone=ZONE)
    generate(store, GeneratorConfig(until=UNTIL, **settings))  # type: ignore[arg-type]
    return store


@pytest.fixture(scope="module")
def demo() -> Iterator[Store]:
    """The data set of the demo: 250 people, four sites, 92 days."""
    store = firm()
    yield store
    store.close()


@pytest.fixture(scope="module")
def punches(demo: Store) -> list[Row]:
    return demo.rows("Employee Checkin")


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = (
        "Employee",
        "Shift Assignment",
        "Leave Application",
        "Attendance",
        "Employee Checkin",
        "Holiday",
    )
    return {name: store.database.all(f'SELECT * FROM "tab{name}" ORDER BY name') for name in tables}


def test_equal_settings_give_equal_rows_and_another_seed_others() -> None:
    stores = [firm(people=20, days=20, seed=seed) for seed in (1, 1, 2)]
    first, same, other = map(contents, stores)
    for store in stores:
        store.close()
    assert first == same
    assert first["Employee Checkin"] != other["Employee Checkin"]


def test_people_sites_and_devices(demo: Store, punches: list[Row]) -> None:
    people = demo.rows("Employee")
    assert len(people) == 250
    assert len({person["employee_name"] for person in people}) == 250
    assert {person["branch"] for person in people} == {"31pte", "Nave", "Villas", "Rio Blanco"}
    assert {"Active", "Left", "Inactive"} <= {person["status"] for person in people}
    assert all((person["status"] == "Left") == bool(person["relieving_date"]) for person in people)
    devices = {str(punch["device_id"]) for punch in punches}
    assert {"villas-1", "villas-2", "Rio Blanco 1", "old-gate 9"} <= devices
    villas = {p["employee"] for p in punches if "villas" in str(p["device_id"]).lower()}
    elsewhere = {person["name"] for person in people if person["branch"] != "Villas"}
    assert villas
    assert not villas & elsewhere


def test_every_shift_is_worked_and_every_person_has_one(demo: Store, punches: list[Row]) -> None:
    shifts = {str(shift["name"]): ShiftTimes.of(shift) for shift in demo.rows("Shift Type")}
    assert len(shifts) == 9
    assert {punch["shift"] for punch in punches} == {*shifts, None}
    assigned = Counter(row["employee"] for row in demo.rows("Shift Assignment", docstatus=1))
    split = [person for person, count in assigned.items() if count == 2]
    assert split
    assert all(assigned[p["name"]] or p["default_shift"] for p in demo.rows("Employee"))
    changes = [row for row in demo.rows("Shift Assignment") if row["end_date"]]
    assert changes


def test_each_punch_lies_in_its_window_or_has_none(punches: list[Row]) -> None:
    for punch in punches:
        if punch["offshift"]:
            assert punch["shift"] is punch["shift_start"] is None
        else:
            assert str(punch["shift_actual_start"]) <= str(punch["time"]) <= str(punch["shift_actual_end"])


def test_names_follow_the_order_of_arrival(punches: list[Row]) -> None:
    by_month: dict[str, list[Row]] = {}
    for punch in punches:
        by_month.setdefault(str(punch["name"])[:16], []).append(punch)
    assert len(by_month) == 4  # 30 December to 31 March
    for rows in by_month.values():
        arrivals = [str(row["creation"])[:19] for row in rows]
        assert arrivals == sorted(arrivals)
    assert max(str(punch["creation"]) for punch in punches) < "2026-04-01"


def test_the_oddities_are_there(demo: Store, punches: list[Row]) -> None:
    def moment(row: Row, field: str) -> datetime:
        return datetime.fromisoformat(str(row[field]))

    late = [p for p in punches if moment(p, "creation") - moment(p, "time") > timedelta(days=1)]
    assert {"Rio Blanco 1"} < {p["device_id"] for p in late}
    known = {person["name"] for person in demo.rows("Employee")}
    strangers = [p for p in punches if p["employee"] not in known]
    assert strangers
    assert all(p["employee_name"] is None and p["offshift"] == 1 for p in strangers)
    assert any(p["modified"] != p["creation"] for p in punches)
    assert {p["log_type"] for p in punches} == {"", "IN", "OUT"}
    ahead = [p for p in punches if p["device_id"] == "nave-2" and moment(p, "time") > moment(p, "creation")]
    assert ahead
    assert any(p["skip_auto_attendance"] for p in punches)
    seconds = Counter((p["employee"], p["time"]) for p in punches)
    assert max(seconds.values()) == 2
    assert len({(p["employee"], p["time"], p["log_type"]) for p in punches}) == len(punches)


def test_leaves_of_every_fate_and_requests(demo: Store) -> None:
    fates = Counter((leave["status"], leave["docstatus"]) for leave in demo.rows("Leave Application"))
    assert set(fates) == {("Approved", 1), ("Cancelled", 2), ("Open", 0), ("Rejected", 1)}
    halves = [leave for leave in demo.rows("Leave Application") if leave["half_day"]]
    assert any(leave["from_date"] != leave["to_date"] for leave in halves)
    assert {row["reason"] for row in demo.rows("Attendance Request")} == {"Work From Home", "On Duty"}
    unpaid = {row["name"] for row in demo.rows("Leave Type") if row["is_lwp"]}
    assert unpaid & {leave["leave_type"] for leave in demo.rows("Leave Application")}


def test_attendance_is_one_row_a_person_day_and_shift(demo: Store) -> None:
    rows = demo.rows("Attendance")
    keys = Counter((row["employee"], row["attendance_date"], row["shift"]) for row in rows)
    assert max(keys.values()) == 1
    assert {row["status"] for row in rows} == {"Present", "Absent", "Half Day", "On Leave", "Work From Home"}
    by_hand = [row for row in rows if row["owner"] == "hr@example.com"]
    assert by_hand
    assert all(row["status"] == "Present" and row["in_time"] is None for row in by_hand)
    assert all(row["shift"] is None for row in rows if row["status"] == "On Leave")
    nights = [row for row in rows if row["shift"] == "Night 22-06"]
    assert max(str(row["attendance_date"]) for row in nights) == "2026-03-30"  # the last night is not over


def test_present_days_follow_from_their_linked_punches(demo: Store, punches: list[Row]) -> None:
    linked: dict[object, list[str]] = {}
    for punch in punches:
        if punch["attendance"]:
            linked.setdefault(punch["attendance"], []).append(str(punch["time"]))
    alternating = [
        row for row in demo.rows("Attendance") if row["shift"] == "Day 08-17" and row["name"] in linked
    ]
    assert len(alternating) > 1_000
    for row in alternating:
        times = sorted(linked[row["name"]])
        assert row["in_time"] == times[0]
        assert row["out_time"] == (times[-1] if len(times) > 1 else None)
        worked = datetime.fromisoformat(times[-1]) - datetime.fromisoformat(times[0])
        assert row["working_hours"] == round(worked.total_seconds() / 3600, 2)


def test_holidays_are_kept(demo: Store) -> None:
    lists: dict[object, set[object]] = {}
    for holiday in demo.rows("Holiday"):
        lists.setdefault(holiday["parent"], set()).add(holiday["holiday_date"])
    own = {person["name"]: person["holiday_list"] for person in demo.rows("Employee")}
    marked = demo.rows("Attendance")
    assert not [row for row in marked if row["attendance_date"] in lists[own[row["employee"]]]]
    assert "2026-03-16" in lists[own["HR-EMP-00001"]]  # third Monday of March


def test_what_cannot_be_generated_is_refused(demo: Store) -> None:
    with pytest.raises(ValueError, match="empty one"):
        generate(demo, GeneratorConfig(until=UNTIL))
    with pytest.raises(ValueError, match="Asia/Kolkata"):
        generate(Store(zone="Asia/Kolkata"), GeneratorConfig(until=UNTIL))
    with pytest.raises(ValueError, match="at least 1"):
        generate(Store(zone=ZONE), GeneratorConfig(until=UNTIL, days=0))


def test_one_day_of_one_person() -> None:
    store = firm(people=1, sites=1, days=1, attendance=False)
    assert store.count("Employee") == 1
    assert store.count("Attendance") == 0
    store.close()


def test_mass_data_is_gapless_and_distinct() -> None:
    store = Store()
    assert bulk_checkins(store, 12_345, people=100) == 12_345
    rows = store.rows("Employee Checkin")
    assert [row["name"] for row in rows] == [f"EMP-CKIN-01-2025-{n:06d}" for n in range(1, 12_346)]
    assert len({row["modified"] for row in rows}) == 12_345
    assert len({(row["employee"], row["time"]) for row in rows}) == 12_345
    assert Counter(str(row["log_type"]) for row in rows) == {"IN": 6_173, "OUT": 6_172}
    assert {row["employee"] for row in rows} == {row["name"] for row in store.rows("Employee")}
    store.close()
