"""The attendance sheet of one month from two wide lists of first and last punches, computed the short way.

    python docs/checks/march_2015.py in_time.csv out_time.csv [YYYY-MM]

Standard library only, and nothing of the service: what comes out here is held against the service's own sheet
of the same punches. The lists have a column a working day (dd/mm/yyyy), a row a person, and in a cell
`dd/mm/yyyy hh:mm` or NA. Rules: Monday to Friday 10:00 to 18:00; days on which nobody punched are holidays;
minutes are whole ones, rounded down; late: more than 15 of them, but not where the 8 hours were worked all
the same, unless it is more than 60; early: more than 15 before the end.
"""

import calendar
import csv
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

START, END, GRACE, SEVERE = timedelta(hours=10), timedelta(hours=18), 15, 60
Punches = dict[int, dict[date, datetime | None]]


def read(file: Path) -> Punches:
    """Punch by person and day."""
    with file.open(newline="") as text:
        header, *lines = csv.reader(text)
    days = [date(*parts(cell)) for cell in header[1:]]
    return {
        int(number): {
            day: None if cell == "NA" else moment(cell) for day, cell in zip(days, cells, strict=True)
        }
        for number, *cells in lines
    }


def parts(cell: str) -> tuple[int, int, int]:
    """Year, month and day of `dd/mm/yyyy`."""
    day, month, year = cell.split("/")
    return int(year), int(month), int(day)


def moment(cell: str) -> datetime:
    """A reading of the wall clock, `dd/mm/yyyy hh:mm`; the lists name no zone and need none."""
    day, clock = cell.split()
    hour, minute = clock.split(":")
    return datetime(*parts(day), int(hour), int(minute))  # noqa: DTZ001


def sheet(first: Punches, last: Punches, month: str) -> dict[int, dict[str, str]]:
    """Code by person and ISO date: P, A, H (holiday) or WO (weekly off)."""
    return {person: {str(day): code(first, last, person, day) for day in days_of(month)} for person in first}


def totals(first: Punches, last: Punches, month: str) -> dict[int, dict[str, int]]:
    """What the summary says of each person."""
    result = {}
    for person, codes in sheet(first, last, month).items():
        marks = list(codes.values())
        pairs = [(day, first[person].get(day), last[person].get(day)) for day in days_of(month)]
        worked = [(day, came, left) for day, came, left in pairs if came and left and codes[str(day)] == "P"]
        result[person] = {
            "total_present": marks.count("P"),
            "total_absent": marks.count("A"),
            "total_holidays": marks.count("H") + marks.count("WO"),
            "total_late_entries": sum(is_late(*entry) for entry in worked),
            "total_early_exits": sum(minutes(midnight(day) + END, left) > GRACE for day, _, left in worked),
        }
    return result


def code(first: Punches, last: Punches, person: int, day: date) -> str:
    if day.weekday() > 4:
        return "WO"
    if not any(days.get(day) for punches in (first, last) for days in punches.values()):
        return "H"
    return "P" if first[person].get(day) or last[person].get(day) else "A"


def is_late(day: date, came: datetime, left: datetime) -> bool:
    late = minutes(came, midnight(day) + START)
    return late > SEVERE or (late > GRACE and left - came < END - START)


def minutes(later: datetime, earlier: datetime) -> int:
    """Whole minutes between, rounded down; negative where the order is the other."""
    return (later - earlier) // timedelta(minutes=1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def days_of(month: str) -> list[date]:
    start = date.fromisoformat(f"{month}-01")
    return [start + timedelta(days=n) for n in range(calendar.monthrange(start.year, start.month)[1])]


def main(in_file: str, out_file: str, month: str = "2015-03") -> None:
    first, last = read(Path(in_file)), read(Path(out_file))
    codes, sums = sheet(first, last, month), totals(first, last, month)
    for person, by_day in codes.items():
        counted = " ".join(f"{name.removeprefix('total_')}={value}" for name, value in sums[person].items())
        sys.stdout.write(f"{person:5} {' '.join(f'{mark:2}' for mark in by_day.values())} {counted}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
