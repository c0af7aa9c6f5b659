"""Which shift a punch belongs to when the site saves it (spec D.3): windows, assignments, default shift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from service.simulators.frappe.store import Store
from service.simulators.frappe.values import parse_time, whole_number

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """The times of a shift type: starts and ends as times since midnight, margins around them."""

    name: str
    start: timedelta
    end: timedelta
    before: timedelta
    after: timedelta

    @classmethod
    def of(cls, row: Mapping[str, object]) -> ShiftTimes:
        start, end = parse_time(row["start_time"]), parse_time(row["end_time"])
        return cls(
            name=str(row["name"]),
            start=start,
            end=end if end > start else end + _DAY,
            before=timedelta(minutes=whole_number(row["begin_check_in_before_shift_start_time"])),
            after=timedelta(minutes=whole_number(row["allow_check_out_after_shift_end_time"])),
        )

    def on(self, day: date) -> ShiftWindow:
        midnight = datetime.combine(day, time())
        start, end = midnight + self.start, midnight + self.end
        return ShiftWindow(self.name, start, end, start - self.before, end + self.after)


@dataclass(frozen=True, slots=True)
class ShiftWindow:
    """One shift on one day; the actual times bound the punches that belong to it, both ends included."""

    shift: str
    start: datetime
    end: datetime
    actual_start: datetime
    actual_end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.actual_start <= moment <= self.actual_end

    def columns(self) -> dict[str, object]:
        """The fields of a check-in that name its shift."""
        return {
            "shift": self.shift, "shift_start": self.start, "shift_end": self.end,
            "shift_actual_start": self.actual_start, "shift_actual_end": self.actual_end, "offshift": 0,
        }  # fmt: skip


NO_SHIFT: dict[str, object] = {
    "shift": None, "shift_start": None, "shift_end": None, "shift_actual_start": None,
    "shift_actual_end": None,
    "offshift": 1,
}  # fmt: skip


def trimmed(windows: Iterable[ShiftWindow]) -> list[ShiftWindow]:
    """Windows in order of time, overlaps cut: the later opens no sooner than the earlier's shift ends."""
    ordered = sorted(windows, key=lambda window: window.start)
    for at in range(len(ordered) - 1):
        earlier, later = ordered[at], ordered[at + 1]
        if earlier.actual_end > later.actual_start:
            opens = max(earlier.end, later.actual_start)
            ordered[at + 1] = replace(later, actual_start=opens)
            ordered[at] = replace(earlier, actual_end=min(opens, earlier.actual_end))
    return ordered


def find_window(windows: Iterable[ShiftWindow], moment: datetime) -> ShiftWindow | None:
    """The first window that holds `moment`."""
    return next((window for window in windows if window.holds(moment)), None)


def shift_of_punch(store: Store, employee: str, moment: datetime) -> dict[str, object]:
    """The shift columns of a new check-in."""
    days = [moment.date() + _DAY * offset for offset in (-1, 0, 1)]
    window = find_window(trimmed(_assigned(store, employee, days)), moment)
    if window is None and (default := _default_shift(store, employee)):
        window = find_window(trimmed(default.on(day) for day in days), moment)
    return window.columns() if window else dict(NO_SHIFT)


def _assigned(store: Store, employee: str, days: list[date]) -> list[ShiftWindow]:
    found = []
    for row in store.rows("Shift Assignment", employee=employee, docstatus=1, status="Active"):
        shift = store.get("Shift Type", str(row["shift_type"]))
        if shift:
            found += [ShiftTimes.of(shift).on(day) for day in days if _covers(row, day)]
    return found


def _covers(assignment: Mapping[str, object], day: date) -> bool:
    ends = assignment["end_date"]
    return str(assignment["start_date"]) <= day.isoformat() and (not ends or str(ends) >= day.isoformat())


def _default_shift(store: Store, employee: str) -> ShiftTimes | None:
    person = store.get("Employee", employee)
    shift = (
        store.get("Shift Type", str(person["default_shift"])) if person and person["default_shift"] else None
    )
    return ShiftTimes.of(shift) if shift else None
