"""Headers: which column is which (B.3), what is missing, and which columns are weeks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from service.core.errors import near_matches
from service.mill.files.cells import Ground
from service.mill.files.kind import Column, Kind, WeekColumn
from service.mill.files.telling import Told
from service.mill.rules.numbers import BadCell, day
from service.mill.rules.weeks import monday_of
from service.reporting.files.cells import Cell, is_blank

MOST_COLUMNS: Final = 200
_COLLAPSED = re.compile(r"[\s._]+")
_WEEK_NUMBER = re.compile(r"(?:week|wk)\s*0?(\d{1,2})", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"(\d{1,2})(?:\.0)?")
_WRITTEN_DAY = re.compile(r".*[/-].*|\d{5}(?:\.0)?")
"""What may be a day: with its marks, or the serial number that a sheet shows of one without a format."""
_MEASURES: Final = {"demand": "demand", "receipts": "receipts", "receipt": "receipts", "balance": "balance"}


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: where each canonical one stands, and what it is called there."""

    line: int
    width: int
    places: Mapping[str, int]
    titles: Mapping[str, str]
    weeks: tuple[WeekColumn, ...] = ()


def same_header(text: str) -> str:
    """What headers are compared by: without case, blanks, dots and underscores."""
    return _COLLAPSED.sub("", text.strip().casefold())


def known_as(kind: Kind) -> dict[str, str]:
    """The canonical name of every header that a kind knows."""
    names = {same_header(one.name): one.name for one in kind.columns}
    return names | {same_header(header): one.name for one in kind.columns for header in one.headers}


def fit(kind: Kind, cells: Sequence[Cell]) -> tuple[int, int]:
    """How well a row serves as header of a kind: groups that it lacks (fewer is better), columns it has."""
    found = set(_matched(kind, cells).values())
    return sum(found.isdisjoint(group) for group in kind.needs), len(found)


def read_header(
    kind: Kind, line: int, cells: Sequence[Cell], above: Sequence[Cell], ground: Ground, told: Told
) -> Header | None:
    """The header, with what is to be told of it; None where the file is rejected by it.

    `above`: the row over it, where one is: the demand report has its weeks there.
    """
    matched = _matched(kind, cells)
    weeks = tuple(_weeks(kind, cells, above, ground))
    weekly = {one.at for one in weeks}
    matched = {at: name for at, name in matched.items() if at not in weekly}
    _tell_unknown(line, cells, {*matched, *weekly}, told)
    doubled = _tell_doubled(line, cells, matched, told)
    missing = _tell_missing(kind, line, cells, matched, told)
    if doubled or missing:
        return None
    places = {name: at for at, name in matched.items()}
    titles = {name: str(cells[at]).strip() for name, at in places.items()}
    kind.headed(line, places, titles, ground, told)
    return Header(line, len(cells), places, titles, weeks)


def _matched(kind: Kind, cells: Sequence[Cell]) -> dict[int, str]:
    known = known_as(kind)
    found = ((at, known.get(same_header(str(cell)))) for at, cell in enumerate(cells) if not is_blank(cell))
    return {at: name for at, name in found if name is not None}


def _tell_unknown(line: int, cells: Sequence[Cell], used: set[int], told: Told) -> None:
    for at, cell in enumerate(cells):
        if at not in used and not is_blank(cell):
            title = str(cell).strip()
            said = f"Nothing is read from the column {title!r}"
            told.tell(line, "HEADER_UNKNOWN", said, column=title, at=at, raw=title)


def _tell_doubled(line: int, cells: Sequence[Cell], matched: Mapping[int, str], told: Told) -> bool:
    first: dict[str, int] = {}
    doubled = False
    for at, name in matched.items():
        if name in first:
            doubled = True
            one, other = str(cells[first[name]]).strip(), str(cells[at]).strip()
            said = f"{one!r} and {other!r} are both the column {name}: remove or rename one"
            told.tell(line, "HEADER_DUPLICATE", said, column=other, at=at, raw=other)
        first.setdefault(name, at)
    return doubled


def _tell_missing(
    kind: Kind, line: int, cells: Sequence[Cell], matched: Mapping[int, str], told: Told
) -> bool:
    found, missing = set(matched.values()), False
    spare = [str(cell).strip() for at, cell in enumerate(cells) if at not in matched and not is_blank(cell)]
    for group in kind.needs:
        if not found.isdisjoint(group):
            continue
        missing = True
        titles = [kind.column(name).title for name in group]
        near = [hint for name in group for hint in _near(kind.column(name), spare)]
        hint = f"; the nearest header found is {near[0]!r}" if near else ""
        wanted = " or ".join(repr(title) for title in titles)
        told.tell(line, "HEADER_MISSING", f"There is no column {wanted}{hint}", column=titles[0])
    return missing


def _near(column: Column, spare: Sequence[str]) -> list[str]:
    return [hint for known in (column.title, column.name) for hint in near_matches(known, spare, 1)]


def _weeks(kind: Kind, cells: Sequence[Cell], above: Sequence[Cell], ground: Ground) -> Iterator[WeekColumn]:
    if kind.weekly == "grouped":
        yield from _grouped(cells, above, ground)
    elif kind.weekly == "dated":
        for at, cell in enumerate(cells):
            found = day_in(cell, ground)
            if found is not None:
                yield WeekColumn(at, str(cell).strip(), monday_of(found), day=found)


def _grouped(cells: Sequence[Cell], above: Sequence[Cell], ground: Ground) -> Iterator[WeekColumn]:
    """Demand, receipts and balance of each week below one label, which stands over the first of them."""
    label: Cell = ""
    for at, cell in enumerate(cells):
        if at < len(above) and not is_blank(above[at]):
            label = above[at]
        measure = _MEASURES.get(same_header(str(cell)))
        if is_blank(label) or measure is None:
            continue
        found, word = day_in(_week_named(label), ground), same_header(str(label))
        monday = None if found is None else monday_of(found)
        if word == "thisweek":
            monday = monday_of(ground.snapshot)
        if monday is not None or word == "later":
            yield WeekColumn(at, f"{str(label).strip()} {str(cell).strip()}", monday, measure)


def _week_named(label: Cell) -> Cell:
    """A bare number over demand, receipts and balance is that of a week (B.1)."""
    bare = _BARE_NUMBER.fullmatch(str(label).strip())
    return label if bare is None else f"Week {bare[1]}"


def day_in(cell: Cell, ground: Ground) -> date | None:
    """The day that a header names; of an ISO week's number its Friday, nearest to the report's day."""
    if isinstance(cell, datetime | date):
        return cell.date() if isinstance(cell, datetime) else cell
    text = str(cell).strip()
    if numbered := _WEEK_NUMBER.fullmatch(text):
        monday = _numbered(int(numbered[1]), ground.snapshot)
        return None if monday is None else friday_of(monday)
    if not _WRITTEN_DAY.fullmatch(text):
        return None
    try:
        return day(text, today=ground.today, epoch_1904=ground.epoch_1904)
    except BadCell:
        return None


def _numbered(week: int, near: date) -> date | None:
    """Not every year has a week 53."""
    mondays = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            mondays.append(date.fromisocalendar(year, week, 1))
        except ValueError:
            continue
    return min(mondays, key=lambda monday: abs(monday - near), default=None)


def friday_of(monday: date) -> date:
    """The day a week's receipts are expected on: the mill's columns end on Fridays (E.1)."""
    return monday + timedelta(days=4)
