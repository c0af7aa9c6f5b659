"""The documents a generated firm stands on: company, sites, shifts, holidays, people, assignments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from service.simulators.frappe.generate.patterns import (
    COMPANY,
    JOBS,
    LEAVE_TYPES,
    PATTERNS,
    REST_DAYS,
    holiday_list_name,
    holiday_rows,
)
from service.simulators.frappe.generate.people import Person, site_names
from service.simulators.frappe.store import Store


def store_masters(store: Store, sites: int, first: date, last: date) -> dict[str, frozenset[date]]:
    """Everything but people; answers the days off by kind of holiday list."""
    created = f"{first - timedelta(days=200)} 09:00:00.000000"
    year_first, year_last = date(first.year, 1, 1), date(last.year, 12, 31)
    off = {}
    for kind in REST_DAYS:
        rows = holiday_rows(kind, year_first, year_last)
        off[kind] = frozenset(row["holiday_date"] for row in rows if isinstance(row["holiday_date"], date))
        name = holiday_list_name(kind, year_first, year_last)
        values = {"name": name, "holiday_list_name": name, "from_date": year_first, "to_date": year_last}
        store.insert(
            "Holiday List", values | {"total_holidays": len(rows), "holidays": rows, "creation": created}
        )
    default = holiday_list_name("Sundays", year_first, year_last)
    company = {"name": COMPANY, "abbr": "TDV", "country": "Mexico", "default_currency": "MXN"}
    store.insert(
        "Company", company | {"company_name": COMPANY, "default_holiday_list": default, "creation": created}
    )
    _plain_names(store, sites, created)
    for leave_type in LEAVE_TYPES:
        store.insert("Leave Type", leave_type | {"leave_type_name": leave_type["name"], "creation": created})
    last_sync = f"{last + timedelta(days=1)} 00:00:00"
    store.insert_many("Shift Type", (pattern.row(first, last_sync, created) for pattern in PATTERNS))
    return off


def _plain_names(store: Store, sites: int, created: str) -> None:
    for branch in site_names(sites):
        store.insert("Branch", {"name": branch, "branch": branch, "creation": created})
    for department, jobs in JOBS.items():
        values = {"name": department, "department_name": department, "company": COMPANY, "creation": created}
        store.insert("Department", values)
        for job in jobs:
            store.insert("Designation", {"name": job, "designation_name": job, "creation": created})


def store_people(store: Store, people: Sequence[Person], first: date, last: date) -> None:
    """Employees and their shift assignments."""
    years = date(first.year, 1, 1), date(last.year, 12, 31)
    store.reserve_names("Employee", store.clock.local(), len(people))
    store.insert_many("Employee", (_employee(person, first, years) for person in people))
    store.insert_many(
        "Holiday List Assignment", (_holiday_assignment(person, first, years) for person in people)
    )
    assignments = [row for person in people for row in _assignments(person, first)]
    store.insert_many("Shift Assignment", assignments)


def _employee(person: Person, first: date, years: tuple[date, date]) -> dict[str, object]:
    default = next((stint.shifts[0].name for stint in person.stints if not stint.assigned), None)
    created = max(person.joined, first - timedelta(days=200))
    return {
        "name": person.employee, "employee_name": person.full_name, "status": person.status,
        "gender": person.gender,
        "date_of_joining": person.joined, "relieving_date": person.relieved, "company": COMPANY,
        "department": person.department, "branch": person.site, "designation": person.designation,
        "holiday_list": holiday_list_name(person.rest, *years), "default_shift": default,
        "attendance_device_id": str(1_000 + person.number),
        "creation": f"{created} 09:30:00.{person.number:06d}",
    }  # fmt: skip


def _holiday_assignment(person: Person, first: date, years: tuple[date, date]) -> dict[str, object]:
    """What the newest release reads instead of the employee's link (spec D.12)."""
    return {
        "applicable_for": "Employee", "assigned_to": person.employee, "docstatus": 1, "from_date": years[0],
        "holiday_list": holiday_list_name(person.rest, *years),
        "creation": f"{first - timedelta(days=120)} 10:05:00",
    }  # fmt: skip


def _assignments(person: Person, first: date) -> list[dict[str, object]]:
    created = f"{max(person.joined, first - timedelta(days=120))} 10:00:00.{person.number:06d}"
    own = {"employee": person.employee, "employee_name": person.full_name, "company": COMPANY}
    shared: dict[str, object] = own | {"department": person.department, "docstatus": 1, "creation": created}
    return [
        shared | {"shift_type": shift.name, "start_date": stint.since, "end_date": stint.until}
        for stint in person.stints
        if stint.assigned
        for shift in stint.shifts
    ]
