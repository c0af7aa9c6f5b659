"""The availability report that Gartan exports: a row for each person and date (spec A.9).

Seven rows of titles, then a header with `Name`, `Date` and the slots `00:00` to `23:45`; an empty cell is
available, any text is the code of a reason. Findings name lines, never people.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Final

from service.core.errors import Invalid
from service.crew.rules.grid import Rejected
from service.crew.rules.labels import is_label, resolution_of
from service.crew.rules.names import name_key
from service.crew.rules.printed import LONGEST_NAME, plain
from service.reporting.files.cells import Cell
from service.reporting.files.findings import finding
from service.reporting.files.tables import opened_rows
from service.schemas.asked import EARLIEST, LATEST
from service.schemas.files import ImportFinding

HEADER_WITHIN: Final = 30
"""Rows within which the header stands; in the reports that were seen it is the eighth."""
MOST_ROWS: Final = 50_000
MOST_DAYS: Final = 366
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DATE: Final = re.compile(r"(?:([A-Za-z]{3})[a-z]*\.?,?\s+)?(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", re.ASCII)
_TIME: Final = re.compile(r"(\d{2}):?(\d{2})(?::00)?", re.ASCII)
_ANY_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the columns of a report are; `first` is that of the first slot."""

    name: int
    date: int
    first: int
    labels: tuple[str, ...]
    resolution: int


@dataclass(frozen=True, slots=True)
class Row:
    """A person's day; an empty text is available. It may have less texts than there are slots."""

    line: int
    name: str
    texts: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What a report says, by date; `rows` are all it has, whatever became of them."""

    head: Head
    days: dict[date, list[Row]] = field(default_factory=dict)
    told: list[ImportFinding] = field(default_factory=list)
    rows: int = 0


def read_report(path: Path) -> Report:
    """Raises `Invalid` where it is no report (`no_header`, `bad_header`, `file_empty`, `file_too_long`)."""
    with opened_rows(path) as lines:
        head = _head(lines)
        report = Report(head)
        for line, cells in lines:
            if any(_text(cell) for cell in cells):
                report.rows += 1
                _take(report, line, cells)
            if report.rows > MOST_ROWS or len(report.days) > MOST_DAYS:
                detail = f"a report has at most {MOST_ROWS:,} rows and {MOST_DAYS} dates"
                raise Invalid(detail, code="file_too_long")
    if not report.rows:
        raise Invalid("the report has no rows below its header", code="file_empty")
    report.days = {day: _unique(rows, report.told) for day, rows in sorted(report.days.items())}
    return report


def _head(lines: Iterator[tuple[int, Sequence[Cell]]]) -> Head:
    for _, cells in zip(range(HEADER_WITHIN), (cells for _, cells in lines), strict=False):
        texts = [_text(cell).casefold() for cell in cells]
        times = [_label(cell) for cell in cells]
        first = next((at for at, label in enumerate(times) if label), len(times))
        if "name" in texts[:first] and "date" in texts[:first] and first < len(times):
            labels = tuple(label for label in takewhile(bool, times[first:]) if label)
            return Head(texts.index("name"), texts.index("date"), first, labels, _resolution(labels))
    detail = f"no row of the first {HEADER_WITHIN} has Name, Date and times such as 00:00"
    raise Invalid(detail, code="no_header")


def _resolution(labels: Sequence[str]) -> int:
    try:
        return resolution_of(labels, 15, _ANY_DAY, "UTC")
    except Rejected as refused:
        raise Invalid(f"the times of the header are no slots: {refused.detail}", code="bad_header") from None


def _take(report: Report, line: int, cells: Sequence[Cell]) -> None:
    head = report.head
    name, on = (_text(cells[at]) if at < len(cells) else "" for at in (head.name, head.date))
    texts = tuple(_text(cell) for cell in cells[head.first : head.first + len(head.labels)])
    if not any(texts) and not (name and on):
        report.told.append(finding(line, None, "other_row", "is nobody's day: left out", "info"))
        return
    if not name or len(name) > LONGEST_NAME:
        said = f"has no name of 1 to {LONGEST_NAME} characters"
        report.told.append(finding(line, "Name", "bad_name", said))
        return
    day = _day(cells[head.date])
    if day is None:
        said = "the date is none such as Sat 21/02/26, or of another weekday"
        report.told.append(finding(line, "Date", "bad_date", said))
        return
    if len(texts) < len(head.labels):
        said = f"has {len(texts)} of {len(head.labels)} slots: the others stay unknown"
        report.told.append(finding(line, None, "short_row", said, "warning"))
    report.days.setdefault(day, []).append(Row(line, name, texts))


def _unique(rows: Sequence[Row], told: list[ImportFinding]) -> list[Row]:
    """One row for each person and date: of contradicting ones none."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(name_key(row.name), []).append(row)
    kept = []
    for same in by_key.values():
        first, *others = same
        if all(row.texts == first.texts for row in others):
            kept.append(first)
            said = f"says the same as line {first.line}"
            told += [finding(row.line, None, "duplicate_row", said, "info") for row in others]
        else:
            said = f"several rows say different things of one day (first on {first.line})"
            told += [finding(row.line, None, "conflicting_rows", said) for row in same]
    return kept


def _text(cell: Cell | None) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else plain(str(cell))


def _label(cell: Cell) -> str | None:
    """`0015` of `00:15`, of a time or of a fraction of a day; None: it is no time."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and 0 <= cell < 1:
        cell = timedelta(minutes=round(cell * 1440))
    if isinstance(cell, timedelta):
        cell = (datetime(1900, 1, 1) + cell).time()  # noqa: DTZ001  a reading of the clock
    if isinstance(cell, (datetime, time)):
        return cell.strftime("%H%M")
    found = _TIME.fullmatch(_text(cell))
    return found[1] + found[2] if found and is_label(found[1] + found[2]) else None


def _day(cell: Cell) -> date | None:
    """Day before month; a weekday beside it has to be right. Of years that can be computed with."""
    on = _date(cell)
    return on if on is not None and EARLIEST <= on < LATEST else None


def _date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.fullmatch(_text(cell))
    if found is None:
        return None
    weekday, day, month, year = found.groups()
    try:
        on = date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None
    return on if weekday is None or _WEEKDAYS[on.weekday()] == weekday.lower() else None
