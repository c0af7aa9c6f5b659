"""Rows of punches: one a row, or a person's day with columns of in and out; read on the source's clock."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.attendance.files.cells import Order
from service.attendance.files.columns import Columns
from service.attendance.files.values import parsers_of, read_row, time_or_moment
from service.reporting.files.cells import Cell, is_blank
from service.reporting.files.findings import BadCell, finding
from service.schemas.files import ImportFinding

_TYPES = {"in": "IN", "out": "OUT", "punch": None}
Read = tuple[list["Punch"], list[ImportFinding]]


@dataclass(frozen=True, slots=True)
class Punch:
    """One punch: who, when on the source's clock and as an instant, where, and its name in the source."""

    line: int
    column: str
    name: str
    person: str
    local_time: datetime
    at: datetime
    log_type: str | None
    device: str | None
    skip: bool


class PunchRows:
    """Reads rows of one file of punches."""

    def __init__(self, columns: Columns, order: Order | None, zone: ZoneInfo) -> None:
        self.columns = columns
        self.order = order
        self.zone = zone
        self._parsers = parsers_of("punches", order)

    def read(self, line: int, row: Sequence[Cell]) -> Read:
        """The punches of a row; none when a cell of it cannot be read."""
        values, found = read_row(self.columns, self._parsers, line, row)
        if values is None:
            return [], found
        moments, bad = self._wide(line, row, values) if self.columns.wide else self._long(line, values)
        if any(one.severity == "rejected" for one in bad):
            return [], bad
        punches = []
        for column, moment, kind in moments:
            local, at, doubt = on_clock(moment, self.zone)
            if doubt is not None:
                bad.append(finding(line, column, *doubt, severity="warning"))
            punches.append(_punch(line, column, values, local, at, kind))
        return punches, bad

    def _long(self, line: int, values: dict[str, Any]) -> tuple[list[Any], list[ImportFinding]]:
        title, given, day = self.columns.title("time"), values["time"], values.get("date")
        if given is None:
            return [], [finding(line, title, "missing_value", "a punch has a time")]
        if isinstance(given, time):
            if day is None:
                return [], [finding(line, title, "bad_time", f"{given} has no date beside it")]
            given = datetime.combine(day, given)
        elif not isinstance(given, datetime):
            return [], [finding(line, title, "bad_time", f"{given} has no time of day")]
        elif day is not None and given.date() != day:
            return [], [finding(line, title, "bad_time", f"{given} is not on {day}, the date beside it")]
        return [(title, given, values.get("log_type"))], []

    def _wide(
        self, line: int, row: Sequence[Cell], values: dict[str, Any]
    ) -> tuple[list[Any], list[ImportFinding]]:
        """The punches of a day in the order of the columns; a time before the last one is the next day's."""
        found: list[ImportFinding] = []
        moments: list[tuple[str, datetime, str | None]] = []
        if values["date"] is None:
            return [], [finding(line, self.columns.title("date"), "missing_value", "a day has a date")]
        for word, place in self.columns.pairs:
            cell = row[place] if place < len(row) else None
            if cell is None or is_blank(cell):
                continue
            title = self.columns.header[place]
            try:
                moment, next_day = self._of_day(cell, values["date"], moments)
            except BadCell as bad:
                found.append(finding(line, title, bad.code, str(bad)))
                continue
            if next_day:
                said = f"read as {moment}, after the one before it"
                found.append(finding(line, title, "read_as_next_day", said, "info"))
            moments.append((title, moment, _TYPES[word]))
        if not moments and not found:
            found.append(finding(line, None, "no_punches", "the row has no time", "info"))
        return moments, found

    def _of_day(
        self, cell: Cell, day: date, before: Sequence[tuple[str, datetime, str | None]]
    ) -> tuple[datetime, bool]:
        given = time_or_moment(cell, self.order)
        if isinstance(given, datetime):
            if not day <= given.date() <= day + timedelta(days=2):
                raise BadCell("bad_time", f"{given} does not belong to the row's date {day}")
            return given, False
        if not isinstance(given, time):
            raise BadCell("bad_time", f"{given} has no time of day")
        moment = datetime.combine(day, given)
        last = before[-1][1].replace(tzinfo=None) if before else None
        while last is not None and moment < last:
            moment += timedelta(days=1)
        return moment, moment.date() != day


def on_clock(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime, tuple[str, str] | None]:
    """A moment as the source's clock shows it, as an instant, and what is doubtful about it.

    Without offset it is what the clock showed. A time shown twice is its first occurrence, one that was
    skipped is read with the offset before the gap, as the rules do.
    """
    if moment.tzinfo is not None:
        shown = moment.astimezone(zone)
        return shown.replace(tzinfo=None), moment.astimezone(UTC), None
    first = moment.replace(tzinfo=zone)
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before == after or before is None or after is None:
        return moment, first, None
    if before > after:
        said = f"{moment} came twice that night in {zone.key}: taken as the first"
        return moment, first, ("ambiguous_time", said)
    said = f"{moment} was skipped that night in {zone.key}: kept, read with the offset before"
    return moment, first, ("nonexistent_time", said)


def _punch(
    line: int, column: str, values: dict[str, Any], local: datetime, at: datetime, kind: str | None
) -> Punch:
    person, device = values["person"], values.get("device")
    name = values.get("id")
    if name is None:
        # Of a time shown twice the second is another punch; all others keep the name they always had.
        when = at.isoformat() if local.fold else local.isoformat()
        name = natural_name(person, when, kind, device)
    elif values.get("date") is not None and values.get("time") is None:
        name = f"{name}/{column}"
    return Punch(line, column, name, person, local, at, kind, device, bool(values.get("skip")))


def natural_name(*parts: str | None) -> str:
    """A name for what has none of its own: the same parts give the same, without case."""
    key = "\x1f".join((part or "").casefold() for part in parts)
    return f"file-{hashlib.blake2b(key.encode(), digest_size=12).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows as punches and findings."""

    rows: int
    punches: list[Punch]
    findings: list[ImportFinding]


def in_batches(rows: Iterator[tuple[int, Sequence[Cell]]], reader: PunchRows, most: int) -> Batch | None:
    """The next rows, with about `most` punches and findings; None at the end."""
    batch, read = Batch(0, [], []), 0
    for line, row in rows:
        read += 1
        punches, found = reader.read(line, row)
        batch.punches.extend(punches)
        batch.findings.extend(found)
        if len(batch.punches) + len(batch.findings) >= most:
            break
    return Batch(read, batch.punches, batch.findings) if read else None
