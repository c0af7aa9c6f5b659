"""Wide lists of first and last punches: a row a person, a column a working day, `dd/mm/yyyy hh:mm` or `NA`.

What such a list does not say is made up in the plainest way: one shift Monday to Friday 10:00-18:00, weekends
off, and a day on which nobody punched at all is a holiday.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from service.simulators.frappe.loading.failure import LoadError
from service.simulators.frappe.store import Store

_COMPANY, _SHIFT, _HOLIDAYS = "Wide Works", "Office 10-18", "Wide"
_COLUMNS = (
    "name", "owner", "creation", "modified", "modified_by", "employee", "employee_name", "log_type", "shift",
    "time", "device_id", "offshift", "shift_start", "shift_end", "shift_actual_start", "shift_actual_end",
)  # fmt: skip
_BEFORE, _AFTER = timedelta(hours=4), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class _Wide:
    """One file: its days and, by person, the moment of each day (None: no punch)."""

    days: list[date]
    people: dict[int, list[datetime | None]]


def load_wide_checkins(
    store: Store, in_csv: Path, out_csv: Path, zone: str = "Asia/Kolkata"
) -> dict[str, int]:
    """Load two wide lists as people, one shift, one holiday list and check-ins; answers how many of each.

    `zone` is where the wall-clock times were read; it must be the zone of the store's clock. LoadError for a
    cell that is no moment, for a moment on another day than its column's, and for lists that do not belong
    together.
    """
    if store.clock.zone.key != zone:
        raise ValueError(f"the store's clock is in {store.clock.zone.key}, not in {zone}")
    came, left = _read(in_csv), _read(out_csv)
    if came.days != left.days or came.people.keys() != left.people.keys():
        raise LoadError(out_csv.name, f"its days or people are not those of {in_csv.name}")
    with store.database.write():
        free = _free_days(came, left)
        _masters(store, came, free)
        punches = sorted(_punches(came, "IN") + _punches(left, "OUT"))
        store.insert_rows("Employee Checkin", _COLUMNS, _rows(store, punches))
    return {"Employee": len(came.people), "Employee Checkin": len(punches), "Holiday": len(free)}


def _read(file: Path) -> _Wide:
    with file.open(encoding="utf-8-sig", newline="") as text:
        header, *lines = csv.reader(text)
    days = [_parse(cell, "%d/%m/%Y", file, 1, cell).date() for cell in header[1:]]
    people = {}
    for line, cells in enumerate(lines, 2):
        if len(cells) != len(header):
            raise LoadError(file.name, f"{len(cells)} cells where the header has {len(header)}", line)
        people[int(cells[0])] = list(_moments(cells[1:], days, file, line))
    return _Wide(days, people)


def _moments(cells: list[str], days: list[date], file: Path, line: int) -> Iterator[datetime | None]:
    for cell, day in zip(cells, days, strict=True):
        moment = (
            None
            if cell.strip() in {"", "NA"}
            else _parse(cell, "%d/%m/%Y %H:%M", file, line, f"{day:%d/%m/%Y}")
        )
        if moment and not day <= moment.date() <= day + timedelta(days=1):
            raise LoadError(file.name, f"{cell} does not belong to this day", line, f"{day:%d/%m/%Y}")
        yield moment


def _parse(cell: str, form: str, file: Path, line: int, column: str) -> datetime:
    try:
        return datetime.strptime(cell.strip(), form)  # noqa: DTZ007
    except ValueError:
        raise LoadError(file.name, f"{cell!r} is no {form}", line, column) from None


def _free_days(came: _Wide, left: _Wide) -> dict[date, tuple[str, int]]:
    """Weekends of the years the list covers, and its days on which nobody punched."""
    free: dict[date, tuple[str, int]] = {}
    for column, day in enumerate(came.days):
        if not any(moments[column] for wide in (came, left) for moments in wide.people.values()):
            free[day] = ("Public holiday", 0)
    day, last = date(came.days[0].year, 1, 1), date(came.days[-1].year, 12, 31)
    while day <= last:
        if day.weekday() >= 5 and day not in free:
            free[day] = (f"{day:%A}", 1)
        day += timedelta(days=1)
    return free


def _masters(store: Store, wide: _Wide, free: dict[date, tuple[str, int]]) -> None:
    first, last = wide.days[0], wide.days[-1]
    rows = [
        {"holiday_date": day, "description": text, "weekly_off": off}
        for day, (text, off) in sorted(free.items())
    ]
    span: dict[str, object] = {"from_date": date(first.year, 1, 1), "to_date": date(last.year, 12, 31)}
    holidays = {
        "name": _HOLIDAYS,
        "holiday_list_name": _HOLIDAYS,
        "total_holidays": len(rows),
        "holidays": rows,
    }
    store.insert("Holiday List", span | holidays)
    company = {"name": _COMPANY, "company_name": _COMPANY, "default_holiday_list": _HOLIDAYS}
    store.insert("Company", company)
    store.insert("Branch", {"name": "Office", "branch": "Office"})
    store.insert("Shift Type", _shift(first, last))
    shared: dict[str, object] = {
        "company": _COMPANY, "branch": "Office", "date_of_joining": first, "holiday_list": _HOLIDAYS,
        "default_shift": _SHIFT,
    }  # fmt: skip
    for number in wide.people:
        own = {
            "name": _employee(number),
            "employee_name": f"Person {number}",
            "attendance_device_id": str(number),
        }
        store.insert("Employee", shared | own)


def _shift(first: date, last: date) -> dict[str, object]:
    return {
        "name": _SHIFT, "start_time": "10:00:00", "end_time": "18:00:00", "enable_auto_attendance": 1,
        "determine_check_in_and_check_out": "Strictly based on Log Type in Employee Checkin",
        "working_hours_calculation_based_on": "First Check-in and Last Check-out",
        "begin_check_in_before_shift_start_time": int(_BEFORE.total_seconds() // 60),
        "allow_check_out_after_shift_end_time": int(_AFTER.total_seconds() // 60),
        "enable_late_entry_marking": 1, "late_entry_grace_period": 15, "enable_early_exit_marking": 1,
        "early_exit_grace_period": 15, "process_attendance_after": first,
        "last_sync_of_checkin": f"{last + timedelta(days=2)} 00:00:00",
    }  # fmt: skip


def _employee(number: int) -> str:
    return f"HR-EMP-{number:05d}"


def _punches(wide: _Wide, kind: str) -> list[tuple[datetime, int, str, date]]:
    return [
        (moment, number, kind, day)
        for number, moments in wide.people.items()
        for moment, day in zip(moments, wide.days, strict=True)
        if moment
    ]


def _rows(
    store: Store, punches: list[tuple[datetime, int, str, date]]
) -> Iterator[tuple[str | int | None, ...]]:
    """In order of time, as the clock would have sent them; the clock's name is that of the only door."""
    if not punches:
        return
    prefix, digits, number = store.reserve_names("Employee Checkin", punches[0][0], len(punches))
    for at, (moment, person, kind, day) in enumerate(punches):
        start, end = datetime.combine(day, _TEN), datetime.combine(day, _SIX)
        inside = start - _BEFORE <= moment <= end + _AFTER
        window = (str(start), str(end), str(start - _BEFORE), str(end + _AFTER)) if inside else (None,) * 4
        created = f"{moment + timedelta(seconds=30)}.{at % 999_983 + 1:06d}"
        yield (
            f"{prefix}{number + at:0{digits}d}", "clock@example.com", created, created, "clock@example.com",
            _employee(person), f"Person {person}", kind, _SHIFT if inside else None, str(moment), "door-1",
            int(not inside), *window,
        )  # fmt: skip


_TEN, _SIX = datetime.min.time().replace(hour=10), datetime.min.time().replace(hour=18)
