"""The firm's shifts, sites, departments, leave types and holidays: what its people are chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

HOUR = 3_600
DAY = 24 * HOUR
COMPANY = "Telares del Valle"
SITES = ("31pte", "Nave", "Villas", "Rio Blanco")
DEVICES = {
    "31pte": ("31pte 1", "31pte 2"), "Nave": ("nave-1", "nave-2"), "Villas": ("villas-1", "villas-2"),
    "Rio Blanco": ("Rio Blanco 1",),
}  # fmt: skip
UNMAPPED_DEVICE = "old-gate 9"
DRIFTING_DEVICE = "nave-2"  # its clock gains 20 s a day until somebody sets it, every 30 days
OFFLINE_DEVICE = "Rio Blanco 1"  # three days of each 45 it keeps its punches to itself
JOBS = {
    "Production": ("Machine Operator", "Line Leader", "Seamstress"), "Warehouse": ("Warehouse Clerk",
    "Driver"),
    "Administration": ("Accountant", "HR Assistant", "Buyer"), "Security": ("Guard",),
    "Sales": ("Shop Assistant",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """One shift type: times in seconds since midnight, an end past midnight beyond `DAY`."""

    name: str
    start: int
    end: int
    strict: bool = False
    every_valid: bool = False
    half_day: float = 0.0
    absent: float = 0.0
    before: int = 60
    after: int = 90
    grace: int = 15

    @property
    def opens(self) -> int:
        return self.start - self.before * 60

    @property
    def closes(self) -> int:
        return self.end + self.after * 60

    def row(self, process_after: date, last_sync: str, created: str) -> dict[str, object]:
        """The Shift Type document."""
        log_rule = "Strictly based on Log Type in Employee Checkin"
        turns = "Alternating entries as IN and OUT during the same shift"
        return {
            "name": self.name, "start_time": _clock(self.start), "end_time": _clock(self.end % DAY),
            "enable_auto_attendance": 1,
            "determine_check_in_and_check_out": log_rule if self.strict else turns,
            "working_hours_calculation_based_on": "Every Valid Check-in and Check-out"
            if self.every_valid
            else "First Check-in and Last Check-out",
            "begin_check_in_before_shift_start_time": self.before,
            "allow_check_out_after_shift_end_time": self.after,
            "working_hours_threshold_for_half_day": self.half_day,
            "working_hours_threshold_for_absent": self.absent,
            "enable_late_entry_marking": 1, "late_entry_grace_period": self.grace,
            "enable_early_exit_marking": 1,
            "early_exit_grace_period": self.grace, "process_attendance_after": process_after,
            "last_sync_of_checkin": last_sync, "creation": created,
        }  # fmt: skip


def _clock(seconds: int) -> str:
    return f"{seconds // HOUR}:{seconds // 60 % 60:02d}:00"


def _hours(start: float, end: float) -> tuple[int, int]:
    return int(start * HOUR), int(end * HOUR) + (DAY if end <= start else 0)


DAY_SHIFT = Pattern("Day 08-17", *_hours(8, 17), half_day=5, absent=2)
OFFICE = Pattern("Office 09-17", *_hours(9, 17), half_day=4.5, absent=2, grace=10)
AFTERNOON = Pattern("Afternoon 12-21", *_hours(12, 21), half_day=5, absent=2)
EVENING = Pattern("Evening 18-02", *_hours(18, 2), strict=True, half_day=4, absent=2)
NIGHT = Pattern("Night 22-06", *_hours(22, 6), half_day=4, absent=1.5, grace=10)
GUARD = Pattern("Guard 20-08", *_hours(20, 8), strict=True, every_valid=True, half_day=6, absent=3)
SPLIT_AM = Pattern("Split 08-12", *_hours(8, 12), absent=1, after=60, grace=10)
SPLIT_PM = Pattern("Split 16-20", *_hours(16, 20), absent=1, after=60, grace=10)
PART_TIME = Pattern("Part-time 09-13", *_hours(9, 13), half_day=2, absent=1)
PATTERNS = (DAY_SHIFT, OFFICE, AFTERNOON, EVENING, NIGHT, GUARD, SPLIT_AM, SPLIT_PM, PART_TIME)
# (weight in 100, shifts of a day, departments they occur in)
ROTAS: tuple[tuple[int, tuple[Pattern, ...], str], ...] = (
    (40, (DAY_SHIFT,), "Production"), (14, (OFFICE,), "Administration"), (10, (AFTERNOON,), "Warehouse"),
    (6, (EVENING,), "Production"), (12, (NIGHT,), "Production"), (6, (GUARD,), "Security"),
    (7, (SPLIT_AM, SPLIT_PM), "Sales"), (5, (PART_TIME,), "Sales"),
)  # fmt: skip
LEAVE_TYPES: tuple[dict[str, object], ...] = (
    {"name": "Annual Leave"}, {"name": "Sick Leave"}, {"name": "Leave Without Pay", "is_lwp": 1},
    {"name": "Half Pay Leave", "is_ppl": 1, "fraction_of_daily_salary_per_leave": 0.5},
    {"name": "Maternity Leave", "include_holiday": 1}, {"name": "Compensatory Off", "is_compensatory": 1},
)  # fmt: skip


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))


def public_holidays(year: int) -> dict[date, str]:
    """The statutory holidays of Mexico."""
    return {
        date(year, 1, 1): "Año Nuevo", _nth_monday(year, 2, 1): "Día de la Constitución",
        _nth_monday(year, 3, 3): "Natalicio de Benito Juárez", date(year, 5, 1): "Día del Trabajo",
        date(year, 9, 16): "Día de la Independencia", _nth_monday(year, 11, 3): "Día de la Revolución",
        date(year, 12, 25): "Navidad",
    }  # fmt: skip


# Weekly days off by list; Monday is 0.
REST_DAYS = {"Sundays": (6,), "Weekends": (5, 6), "Rota A": (1, 2), "Rota B": (3, 4)}


def holiday_list_name(kind: str, first: date, last: date) -> str:
    years = str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
    return f"{kind} {years}"


def holiday_rows(kind: str, first: date, last: date) -> list[dict[str, object]]:
    """Every holiday of a list from `first` to `last`, weekly offs included; a holiday on a day off counts
    once."""
    public = {
        day: text for year in range(first.year, last.year + 1) for day, text in public_holidays(year).items()
    }
    rows: list[dict[str, object]] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day in public:
            rows.append({"holiday_date": day, "description": public[day], "weekly_off": 0})
        elif day.weekday() in REST_DAYS[kind]:
            rows.append({"holiday_date": day, "description": f"{day:%A}", "weekly_off": 1})
    return rows
