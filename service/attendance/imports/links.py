"""What names in a file mean here, and how the values of a row become a row of the mirror."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.attendance import models
from service.attendance.files.punches import natural_name
from service.attendance.imports.work import Work
from service.attendance.queries import doubts, marks, mirror
from service.attendance.queries.scopes import MASTERS
from service.attendance.queries.sources import KnownPerson
from service.core.errors import near_matches
from service.reporting.files.findings import quoted

Row = dict[str, Any]
_DOCSTATUS = {"Open": 0, "Cancelled": 2}
"""Approved and rejected leaves are submitted (1), as upstream (spec D.8)."""
_PLAIN_OF_PERSON = ("department", "designation", "grade", "joined_on", "left_on", "device_user")
_PLAIN_OF_SHIFT = (
    "before_minutes",
    "after_minutes",
    "late_grace_minutes",
    "early_grace_minutes",
    "half_day_threshold_hours",
    "absent_threshold_hours",
)


class Refused(ValueError):
    """A row whose cells can be read and that cannot be stored; `word` is the column concerned."""

    def __init__(self, code: str, word: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.word = word


@dataclass(slots=True)
class Links:
    """Ids by name, compared without case, of what the source has; sites and leave types are made when new."""

    work: Work
    known: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """How each is spelled, those that rows bring included."""

    @classmethod
    async def of(cls, work: Work) -> "Links":
        """As the database has them now."""
        ids = await mirror.ids_by_name(work.conn, work.source_id)
        found = {kind: sorted(of.items()) for kind, of in ids.items()}
        return cls(
            work,
            {kind: {name.casefold(): at for name, at in of} for kind, of in found.items()},
            {kind: {name.casefold(): name for name, _ in of} for kind, of in found.items()},
        )

    def spelled(self, kind: str, name: str) -> str:
        """A name as the one that is there is spelled, else as the first row does: case makes no other."""
        return self.names[kind].setdefault(name.casefold(), name)

    async def make_named(self, rows: Sequence[Row]) -> None:
        """Make what a file may name without listing it: sites, companies, leave types."""
        await self._make("sites", models.Site, (row.get("site") for row in rows))
        await self._make("companies", models.Company, (row.get("company") for row in rows))
        await self._make_leave_types(rows)

    def find(self, kind: str, word: str, name: str | None) -> int | None:
        """The id; None for no name. Raises `Refused` (`unknown_shift_type`, …) with near matches."""
        if name is None:
            return None
        found = self.known[kind].get(name.casefold())
        if found is None:
            what = kind.removesuffix("s").replace("_", " ")
            near = near_matches(name, self.known[kind])
            hint = f"; is it {', '.join(near)}?" if near else f"; import the {what}s first"
            raise Refused(
                f"unknown_{kind.removesuffix('s')}", word, f"there is no {what} {quoted(name)}{hint}"
            )
        return found

    def person(self, number: str) -> KnownPerson:
        """Somebody known here. Raises `Refused` (`unknown_person`)."""
        found = self.work.person(number)
        if found is None:
            raise Refused(
                "unknown_person", "person", f"{quoted(number)} is nobody known here: import people first"
            )
        return found

    async def _make(self, kind: str, model: type[Any], names: Iterable[str | None]) -> None:
        missing: dict[str, str] = {}
        for name in names:
            if name is not None and name.casefold() not in self.known[kind]:
                missing.setdefault(name.casefold(), name)
        if missing:
            made = await mirror.add_named(self.work.conn, model, self.work.source_id, missing.values())
            self.known[kind] |= {name.casefold(): at for name, at in made.items()}
            self.work.scopes.add(MASTERS)

    async def _make_leave_types(self, rows: Sequence[Row]) -> None:
        await self._make("leave_types", models.LeaveType, (row.get("leave_type") for row in rows))
        said = {
            row["leave_type"].casefold(): row["unpaid"]
            for row in rows
            if row.get("leave_type") and row.get("unpaid") is not None
        }
        names = {self.known["leave_types"][folded]: unpaid for folded, unpaid in said.items()}
        for change in await mirror.set_unpaid(self.work.conn, names):
            spans = await doubts.of_leave_type(self.work.conn, change)
            await marks.mark_spans(self.work.conn, spans, self.work.today)
            self.work.scopes.add(MASTERS)


def person(links: Links, values: Row) -> Row:
    """A person; columns that the file does not have stay as they are."""
    known = links.work.person(values["person"])
    if known is not None and known.source_id != links.work.source_id:
        raise Refused(
            "known_elsewhere", "person", f"{known.number} comes from another source: change them there"
        )
    row: Row = {"upstream_name": values["person"] if known is None else known.number, "name": values["name"]}
    row |= {word: values[word] for word in _PLAIN_OF_PERSON if word in values}
    in_order(values, "joined_on", "left_on")
    if "status" in values:
        row["status"] = values["status"] or "Active"
    for word, column, kind in (
        ("site", "site_id", "sites"),
        ("company", "company_id", "companies"),
        ("holiday_list", "holiday_list_id", "holiday_lists"),
        ("default_shift", "default_shift_type_id", "shift_types"),
    ):
        if word in values:
            row[column] = links.find(kind, word, values[word])
    return row


def shift(links: Links, values: Row) -> Row:
    """A shift type; an end before the start is on the next day."""
    if values["start_time"] == values["end_time"]:
        raise Refused("bad_time", "end_time", "a shift does not end when it starts")
    name = links.spelled("shift_types", values["shift"])
    row: Row = {"upstream_name": name, "name": name}
    row |= {word: values[word] for word in ("start_time", "end_time")}
    row |= {word: _or_default(word, values[word]) for word in _PLAIN_OF_SHIFT if word in values}
    for word, marking in (("late_grace_minutes", "late_marking"), ("early_grace_minutes", "early_marking")):
        if word in values:
            row[marking] = values[word] is not None
    if "holiday_list" in values:
        row["holiday_list_id"] = links.find("holiday_lists", "holiday_list", values["holiday_list"])
    return row


def schedule(links: Links, values: Row) -> Row:
    """A shift assignment; without an id of its own it is who, which shift, from when."""
    who, start, end = links.person(values["person"]), values["from_date"], values.get("to_date")
    in_order(values, "from_date", "to_date")
    status = values.get("status") or "Active"
    return {
        "upstream_name": values.get("id") or natural_name(who.number, values["shift"], str(start)),
        "person_id": who.id,
        "shift_type_id": links.find("shift_types", "shift", values["shift"]),
        "start_date": start,
        "end_date": end,
        "status": "Active" if status == "Active" else "Inactive",
        "docstatus": 2 if status == "Cancelled" else 1,
    }


def leave(links: Links, values: Row) -> Row:
    """A leave; without an id of its own it is who, which type, from when. No end: one day."""
    who, start = links.person(values["person"]), values["from_date"]
    in_order(values, "from_date", "to_date")
    end: date = values.get("to_date") or start
    half = bool(values.get("half_day")) or values.get("half_day_date") is not None
    half_date = start if start == end else values.get("half_day_date")
    if half and half_date is not None and not start <= half_date <= end:
        raise Refused("dates_reversed", "half_day_date", f"{half_date} is not a day of the leave")
    status = values.get("status") or "Approved"
    return {
        "upstream_name": values.get("id") or natural_name(who.number, values["leave_type"], str(start)),
        "person_id": who.id,
        "leave_type_id": links.find("leave_types", "leave_type", values["leave_type"]),
        "from_date": start,
        "to_date": end,
        "half_day": half,
        "half_day_date": half_date if half else None,
        "half": values.get("half") if half else None,
        "status": status,
        "docstatus": _DOCSTATUS.get(status, 1),
    }


def in_order(values: Mapping[str, Any], first: str, last: str) -> None:
    """Raises `Refused` where a last date is before the first."""
    start, end = values.get(first), values.get(last)
    if start is not None and end is not None and end < start:
        raise Refused("dates_reversed", last, f"{end} is before {start}")


def _or_default(word: str, value: Any) -> Any:
    return value if value is not None else models.ShiftType.__table__.c[word].server_default.arg.text
