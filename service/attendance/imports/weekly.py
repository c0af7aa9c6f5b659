"""Weekly schedules from files: what people decide, so they stand beside the mirror and vouch for nothing.

A row says on which weekdays somebody works a shift, in which half of the month, from when to when (A.5, F.1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from service.attendance.imports.links import Links, Refused, Row, in_order
from service.attendance.imports.masters import read_values
from service.attendance.imports.work import Work
from service.attendance.models import ShiftType
from service.attendance.queries import doubts, marks, mirror, schedules
from service.attendance.queries.schedules import KnownShift, WeeklyRow
from service.attendance.queries.scopes import MASTERS
from service.core.errors import near_matches
from service.reporting.files.findings import finding, quoted

_GENERAL: Final = 2
"""The priority of a row that does not say one (B.2)."""
_STORED: Final = 2_000
Said = tuple[int, WeeklyRow]
"""The line of a file, and one weekday of what it says."""


@dataclass(slots=True)
class Shifts:
    """Shift types by name, compared without case; this source's stand before those of others."""

    source_id: int
    known: dict[str, KnownShift]
    made: dict[str, tuple[str, time, time]] = field(default_factory=dict)
    """Those that rows give the times of and that are not there yet."""

    @classmethod
    async def of(cls, work: Work) -> "Shifts":
        """As the database has them now."""
        found = await schedules.select_shift_types(work.conn)
        found.sort(key=lambda shift: shift.source_id == work.source_id)
        return cls(work.source_id, {shift.name.casefold(): shift for shift in found})

    def meant(self, values: Row) -> str:
        """The name of a row's shift, without case.

        Raises `Refused` (`missing_value`, `bad_time`, `unknown_shift_type`, `shift_differs`).
        """
        times = _times(values)
        named: str | None = values.get("shift")
        if named is None and times is None:
            raise Refused("missing_value", "shift", "say the shift, or when the day begins and ends")
        name = named or "-".join(_shown(at) for at in times or ())
        there = self._times_of(name.casefold())
        if there is None:
            self._make(name, times)
        elif times is not None and times != there:
            stands = "-".join(_shown(at) for at in there)
            raise Refused("shift_differs", "start_time", f"the shift {quoted(name)} is {stands}")
        return name.casefold()

    async def store(self, work: Work, used: set[str]) -> dict[str, int]:
        """Make those that are new and used; the ids of all by name."""
        rows = [
            {"upstream_name": name, "name": name, "start_time": start, "end_time": end}
            for folded, (name, start, end) in self.made.items()
            if folded in used
        ]
        changes = await mirror.merge_documents(work.conn, ShiftType, self.source_id, rows)
        fresh = {change.after["upstream_name"].casefold(): change.id for change in changes}
        return {name: shift.id for name, shift in self.known.items()} | fresh

    def _times_of(self, folded: str) -> tuple[time, time] | None:
        if folded in self.known:
            return self.known[folded].start_time, self.known[folded].end_time
        return self.made[folded][1:] if folded in self.made else None

    def _make(self, name: str, times: tuple[time, time] | None) -> None:
        if times is None:
            near = near_matches(name, self.known)
            hint = f"; is it {', '.join(near)}?" if near else "; import shifts first, or say its times"
            raise Refused("unknown_shift_type", "shift", f"there is no shift type {quoted(name)}{hint}")
        self.made[name.casefold()] = (name, *times)


async def store(work: Work) -> None:
    """Read all rows and, unless a rejected one refuses the file, make them stand; no row is taken away."""
    read = await read_values(work)
    work.counts["records"] = sum(len(values["days"]) for _, values in read)
    links, shifts = await Links.of(work), await Shifts.of(work)
    rows = _agreeing(
        work, [said for line, values in read for said in _said(work, links, shifts, line, values)]
    )
    if work.refused:
        return
    ids = await shifts.store(work, {row.shift for row in rows})
    for at in range(0, len(rows), _STORED):
        await _merge(work, rows[at : at + _STORED], ids)
        await work.progress(min(at + _STORED, len(rows)), len(rows), "storing")
    work.counts["unchanged"] += len(rows) - work.counts["inserted"] - work.counts["updated"]


def _said(work: Work, links: Links, shifts: Shifts, line: int, values: Row) -> Iterator[Said]:
    try:
        in_order(values, "from_date", "to_date")
        who, shift = links.person(values["person"]), shifts.meant(values)
    except Refused as refused:
        title = None if refused.word is None else work.file.columns.title(refused.word)
        work.findings.add([finding(line, title, refused.code, str(refused))])
        return
    for weekday in values["days"]:
        yield (
            line,
            WeeklyRow(
                person_id=who.id,
                shift=shift,
                weekday=weekday,
                half=values.get("half_of_month") or "both",
                priority=values.get("priority") or _GENERAL,
                valid_from=values["from_date"],
                valid_to=values.get("to_date"),
            ),
        )


def _agreeing(work: Work, said: Sequence[Said]) -> list[WeeklyRow]:
    """Each row once; none of a line that says another end than a line for the same days."""
    by_key: dict[WeeklyRow, list[Said]] = {}
    for line, row in said:
        by_key.setdefault(row.without_end, []).append((line, row))
    conflicting: dict[int, int] = {}
    repeated: dict[int, int] = {}
    for same in by_key.values():
        first, row = same[0]
        differing = any(other != row for _, other in same)
        for line, _ in same if differing else same[1:]:
            (conflicting if differing else repeated).setdefault(line, first)
    for line, first in sorted(conflicting.items()):
        told = f"several lines say different ends for the same days (first on {first})"
        work.findings.add([finding(line, None, "conflicting_rows", told)])
    for line, first in sorted(repeated.items()):
        if line not in conflicting:
            told = f"says for the same days the same as line {first}"
            work.findings.add([finding(line, None, "duplicate_row", told, "info")])
    return list(dict.fromkeys(row for line, row in said if line not in conflicting))


async def _merge(work: Work, rows: Sequence[WeeklyRow], ids: dict[str, int]) -> None:
    changes = await schedules.merge_schedules(
        work.conn,
        rows,
        ids,
        created_by=f"run:{work.context.run_id}",
        # Without a column for it a file says nothing of when rows end.
        with_ends="to_date" in work.file.columns.at,
    )
    spans = [
        doubts.of_schedule_end(change.person_id, change.was_to, change.valid_to)
        if change.known
        else doubts.of_schedule(change.person_id, change.valid_from, change.valid_to)
        for change in changes
    ]
    await marks.mark_spans(work.conn, spans, work.today)
    updated = sum(change.known for change in changes)
    work.counts["updated"] += updated
    work.counts["inserted"] += len(changes) - updated
    if changes:
        work.scopes.add(MASTERS)


def _times(values: Row) -> tuple[time, time] | None:
    start, end = values.get("start_time"), values.get("end_time")
    if start is None and end is None:
        return None
    if start is None or end is None:
        word = "start_time" if start is None else "end_time"
        raise Refused("missing_value", word, "a day that begins ends as well: say both times")
    if start == end:
        raise Refused("bad_time", "end_time", "a shift does not end when it starts")
    return start, end


def _shown(at: time) -> str:
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")
