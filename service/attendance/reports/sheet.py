"""The monthly attendance sheet (spec D.10): a code for each day, or totals for each person.

Columns, not rows: 5,000 people x 31 days are 155,000 results, read by binary COPY and laid out by NumPy.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.attendance.queries.sheet import copy_sheet_days, select_leave_type_names, select_shift_names
from service.attendance.reports.periods import SHEET, Chosen, choose
from service.attendance.reports.standing import standing
from service.attendance.rules.codes import CODES
from service.attendance.rules.ruleset import RuleSet
from service.core.columns import Columns
from service.core.database import ReadConnection
from service.reporting.report import BuildContext, Built
from service.schemas.attendance.reports import MonthlySheetParams

Ints = NDArray[np.int64]

_WIRE = np.array([code.ljust(4).encode() for code in CODES], dtype="S4")
_BY_WIRE = np.argsort(_WIRE)
BLANK, LEAVE = CODES.index(""), CODES.index("L")
DAYS_OFF = np.array([CODES.index("H"), CODES.index("WO")])
HALF = np.array([CODES.index(code) for code in ("HD", "HD/P", "HD/A")])
PRESENT = np.array([CODES.index(code) for code in ("P", "OD", "WFH")])
ABSENT = CODES.index("A")
NONE = "(none)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The days of a report as columns: position of the person, day of the range, code, shift, flags."""

    person: Ints
    day: Ints
    shift: Ints
    code: Ints
    late: NDArray[np.bool_]
    early: NDArray[np.bool_]
    leave_type: Ints
    people: int
    days: int

    @property
    def attended(self) -> NDArray[np.bool_]:
        """Results that stand for attendance: neither blank, nor a day off, nor a whole day of leave."""
        return ~np.isin(self.code, [BLANK, LEAVE, *DAYS_OFF])


async def monthly_sheet(conn: ReadConnection, params: MonthlySheetParams, context: BuildContext) -> Built:
    """Rows of the sheet, in the order of the people's numbers (of groups first, where grouped)."""
    chosen = await choose(conn, params, context, SHEET)
    columns = await copy_sheet_days(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    sheet = await asyncio.to_thread(sheet_of, columns, chosen)
    completeness, zone = await standing(conn, chosen, undecided(columns, sheet))
    everybody = RuleSet.from_json(chosen.rule_set.parameters).order == "canonical"
    names = await (select_leave_type_names if params.summarized else select_shift_names)(conn)
    layout = summarized if params.summarized else detailed
    # Off the event loop: 5,000 people x 31 days take 60-90 ms.
    rows = await asyncio.to_thread(layout, sheet, chosen, names, everybody=everybody)
    return Built(
        rows=grouped(rows, chosen, params.group_by),
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary=totals(sheet),
    )


def sheet_of(columns: Columns, chosen: Chosen) -> Sheet:
    """The columns with people and days as positions and codes as numbers."""
    return Sheet(
        person=positions_of(columns["person"], chosen),
        day=(columns["date"] - np.datetime64(chosen.start, "D")).astype(np.int64),
        shift=columns["shift"],
        code=codes_of(columns["code"]),
        late=columns["late"],
        early=columns["early"],
        leave_type=columns["leave_type"],
        people=len(chosen.people),
        days=(chosen.end - chosen.start).days + 1,
    )


def positions_of(person: Ints, chosen: Chosen) -> Ints:
    """Where each person id stands among the chosen people."""
    ids = np.array(chosen.ids, dtype=np.int64)
    order = np.argsort(ids)
    return order[np.searchsorted(ids, person, sorter=order)] if len(ids) else person


def codes_of(wire: NDArray[Any]) -> Ints:
    """The sheet's codes as indices into `CODES`."""
    return _BY_WIRE[np.searchsorted(_WIRE, wire.astype("S4"), sorter=_BY_WIRE)]


def undecided(columns: Columns, sheet: Sheet) -> tuple[int, int]:
    """Pending person-days, and those without any result."""
    return int(columns["pending"].sum()), sheet.people * sheet.days - int(columns["first"].sum())


def detailed(
    sheet: Sheet, chosen: Chosen, shifts: Mapping[int, str], *, everybody: bool
) -> list[dict[str, Any]]:
    """One row for each person and shift; leave and days off stand in every row of the person.

    Without `everybody`, people without attendance and leave are left out, as Frappe HR does.
    """
    person, shift = _rows_of(sheet, everybody=everybody)
    codes = _filled(sheet, person, shift)
    words = np.array(CODES, dtype=object)[codes].tolist()
    keys = [(chosen.start + timedelta(days=number)).isoformat() for number in range(sheet.days)]
    people = chosen.people
    return [
        {
            "person": people[at].number,
            "person_name": people[at].name,
            "shift": shifts.get(of, ""),
            "days": dict(zip(keys, line, strict=True)),
        }
        for at, of, line in zip(person.tolist(), shift.tolist(), words, strict=True)
    ]


def _rows_of(sheet: Sheet, *, everybody: bool) -> tuple[Ints, Ints]:
    """(person, shift) of the rows, sorted; people without a shift's attendance have one row without shift."""
    width = int(sheet.shift.max(initial=0)) + 2
    attended = sheet.attended
    keys = np.unique(sheet.person[attended] * width + sheet.shift[attended] + 1)
    with_row = np.unique(keys // width)
    others = np.arange(sheet.people) if everybody else np.unique(sheet.person[sheet.code == LEAVE])
    alone = np.setdiff1d(others, with_row)
    keys = np.sort(np.concatenate([keys, alone * width]))
    return keys // width, keys % width - 1


def _filled(sheet: Sheet, person: Ints, shift: Ints) -> NDArray[np.int64]:
    """Codes by row and day: first what holds for the person, then each row's own attendance."""
    shared = np.zeros((sheet.people, sheet.days), dtype=np.int64)
    general = ~sheet.attended & (sheet.code != BLANK)
    shared[sheet.person[general], sheet.day[general]] = sheet.code[general]
    codes = shared[person]
    own = sheet.attended
    width = int(shift.max(initial=0)) + 2
    keys = person * width + shift + 1
    row = np.searchsorted(keys, sheet.person[own] * width + sheet.shift[own] + 1)
    codes[row, sheet.day[own]] = sheet.code[own]
    return codes


def summarized(
    sheet: Sheet, chosen: Chosen, leave_types: Mapping[int, str], *, everybody: bool
) -> list[dict[str, Any]]:
    """One row for each person (spec D.10, summary view); halves count 0.5 present and 0.5 leave.

    A day of leave counts once, however many shifts it spans. Under Frappe HR's rules each attendance counts,
    so two shifts are two; under ours (`everybody`) they share the day, and the figures sum to its days.
    """
    half = np.isin(sheet.code, HALF)
    share = _shares(sheet, by_day=everybody)
    present = (np.isin(sheet.code, PRESENT) + 0.5 * half) * share
    leave = ((sheet.code == LEAVE) + 0.5 * half) * share
    figures = {
        "total_present": _sums(sheet, present),
        "total_leaves": _sums(sheet, leave),
        "total_absent": _sums(sheet, (sheet.code == ABSENT) * share),
    }
    off, unmarked = _days_without(sheet, chosen, share if everybody else None)
    figures |= {"total_holidays": off, "unmarked_days": unmarked}
    by_type = _leave_by_type(sheet, leave_types, share)
    late, early = _sums(sheet, sheet.late.astype(float)), _sums(sheet, sheet.early.astype(float))
    kept = np.ones(sheet.people, dtype=np.bool_)
    if not everybody:
        kept = figures["total_present"] + figures["total_leaves"] + figures["total_absent"] > 0
    return [
        {
            "person": chosen.people[at].number,
            "person_name": chosen.people[at].name,
            **{name: _decimal(values[at]) for name, values in figures.items()},
            "leaves": {name: _decimal(values[at]) for name, values in by_type.items()},
            "total_late_entries": int(late[at]),
            "total_early_exits": int(early[at]),
        }
        for at in np.flatnonzero(kept).tolist()
    ]


def _shares(sheet: Sheet, *, by_day: bool) -> NDArray[np.float64]:
    """How much of its person's day each result stands for.

    `by_day` leave, attendance and parts of a day off share it with each other; else only leave does, and each
    attendance counts whole.
    """
    day = sheet.person * sheet.days + sheet.day
    share = np.ones(len(day))
    sharing = sheet.code == LEAVE
    if by_day:
        sharing |= sheet.attended | np.isin(sheet.code, DAYS_OFF)
    _, place, count = np.unique(day[sharing], return_inverse=True, return_counts=True)
    share[sharing] = 1 / count[place]
    return share


def _sums(sheet: Sheet, weights: NDArray[Any]) -> NDArray[np.float64]:
    return np.bincount(sheet.person, weights=weights, minlength=sheet.people).astype(np.float64)


def _days_without(
    sheet: Sheet, chosen: Chosen, share: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days off and unmarked days of each person; both skip days before the date of joining.

    Without shares a day off is one on which nobody worked, and counts whole.
    """
    marked = np.zeros((sheet.people, sheet.days), dtype=np.bool_)
    has = sheet.attended | (sheet.code == LEAVE)
    marked[sheet.person[has], sheet.day[has]] = True
    off = np.zeros(marked.shape)
    days_off = np.isin(sheet.code, DAYS_OFF)
    place = (sheet.person[days_off], sheet.day[days_off])
    if share is None:
        off[place] = 1
        off[marked] = 0
    else:
        np.add.at(off, place, share[days_off])
    joined = np.array([(person.joined_on or chosen.start) for person in chosen.people], dtype="datetime64[D]")
    first = (joined - np.datetime64(chosen.start, "D")).astype(np.int64)
    employed = np.arange(sheet.days)[None, :] >= first[:, None]
    off[~employed] = 0
    unmarked = ~marked & (off == 0) & employed
    return off.sum(axis=1), unmarked.sum(axis=1).astype(np.float64)


def _leave_by_type(
    sheet: Sheet, leave_types: Mapping[int, str], share: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Days of leave by type: a half day 0.5, any other 1; only where the day has a leave type."""
    weight = np.where(np.isin(sheet.code, HALF), 0.5, np.where(sheet.code == LEAVE, 1.0, 0.0)) * share
    return {
        word: _sums(sheet, weight * (sheet.leave_type == key))
        for key, word in leave_words(leave_types).items()
    }


def leave_words(leave_types: Mapping[int, str]) -> dict[int, str]:
    """A column's name for each leave type: `casual_leave`."""
    words: dict[int, str] = {}
    for key, name in leave_types.items():
        word = name.lower().replace(" ", "_").replace("-", "_")
        # Two types whose names differ only in a hyphen share a column of Frappe HR's; here both are kept.
        words[key] = word if word not in words.values() else f"{word}_{key}"
    return words


def _decimal(value: float) -> str:
    return str(Decimal(str(value)).quantize(Decimal("0.1")))


def grouped(rows: list[dict[str, Any]], chosen: Chosen, group_by: str | None) -> list[dict[str, Any]]:
    """The rows with their group, groups in order; people without one stand under `(none)` at the end."""
    if group_by is None:
        return rows
    groups = {person.number: getattr(person, group_by) or NONE for person in chosen.people}
    named = [{"group": groups[row["person"]]} | row for row in rows]
    return sorted(named, key=lambda row: (row["group"] == NONE, row["group"]))


def totals(sheet: Sheet) -> dict[str, int]:
    """People, and person-days by code; a code that several shifts of a day share counts once."""
    seen = np.zeros((sheet.people * sheet.days, len(CODES)), dtype=np.bool_)
    seen[sheet.person * sheet.days + sheet.day, sheet.code] = True
    counted = seen.sum(axis=0)
    by_code = {code or "unmarked": int(counted[at]) for at, code in enumerate(CODES) if counted[at]}
    return {"people": sheet.people, **by_code}
