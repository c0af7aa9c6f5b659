"""A whole firm over some months: people, papers, punches and Frappe's own Attendance, day by day in bounded
memory."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from service.simulators.frappe.generate.absences import Absence, papers_of
from service.simulators.frappe.generate.attendance import COLUMNS, Mark, covered_day, mark_shift
from service.simulators.frappe.generate.masters import store_masters, store_people
from service.simulators.frappe.generate.moments import midnight, stamp, text
from service.simulators.frappe.generate.patterns import COMPANY, DAY, Pattern
from service.simulators.frappe.generate.people import Person, make_people
from service.simulators.frappe.generate.punches import ABSENT, Clocks, Punch
from service.simulators.frappe.store import Store
from service.simulators.frappe.values import Scalar

CHECKIN_COLUMNS = (
    "name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "employee", "employee_name",
    "log_type", "shift", "time", "device_id", "skip_auto_attendance", "attendance", "latitude", "longitude",
    "shift_start", "shift_end", "offshift", "shift_actual_start", "shift_actual_end",
)  # fmt: skip
_UNKNOWN = 0.0015  # of working days, a punch under an employee number that does not exist
_REST_DAY_WORK = 0.02


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """What to generate: `days` days that end with `until` (inclusive, local), reproducible by `seed`.

    `zone` must be the zone of the store's clock; `attendance` switches Frappe's own Attendance rows.
    """

    until: date
    people: int = 250
    sites: int = 4
    days: int = 92
    seed: int = 7
    zone: str = "America/Mexico_City"
    attendance: bool = True


@dataclass(frozen=True, slots=True)
class Generated:
    """How much was made."""

    people: int
    checkins: int
    attendance: int


def generate(store: Store, config: GeneratorConfig) -> Generated:
    """Fill an empty store. Equal settings give equal rows; ValueError where the store or the zone does not
    fit."""
    if store.count("Employee"):
        raise ValueError("the store already has people: generate into an empty one")
    if store.clock.zone.key != config.zone:
        raise ValueError(f"the store's clock is in {store.clock.zone.key}, not in {config.zone}")
    if min(config.people, config.sites, config.days) < 1:
        raise ValueError("people, sites and days must each be at least 1")
    firm = Firm(store, config)
    with store.bulk("Employee Checkin"), store.bulk("Attendance"):
        for offset in range(config.days):
            firm.live(config.until - timedelta(days=config.days - 1 - offset))
    return Generated(config.people, firm.checkins, firm.marks)


class Firm:
    """The firm while its days are being made up."""

    def __init__(self, store: Store, config: GeneratorConfig) -> None:
        self.store, self.config = store, config
        self.dice = random.Random(config.seed)  # noqa: S311
        self.first, self.last = config.until - timedelta(days=config.days - 1), config.until
        self.end = midnight(self.last) + DAY  # nothing of what arrives later has happened yet
        with store.database.write():
            self.off = store_masters(store, config.sites, self.first, self.last)
            self.people = list(make_people(self.dice, config.people, config.sites, self.first, self.last))
            store_people(store, self.people, self.first, self.last)
            self.absences = dict(self._papers())
        self.clocks = Clocks(self.dice, midnight(self.first))
        self.arriving: defaultdict[int, list[Punch]] = defaultdict(list)
        self.checkins = self.marks = 0

    def _papers(self) -> Iterator[tuple[tuple[int, date], Absence]]:
        """Store leaves and requests; which of a person's days they decide. A day goes to its first paper."""
        taken: set[tuple[int, date]] = set()
        for person in self.people:
            for paper in papers_of(self.dice, person, self.first, self.last, self.off[person.rest]):
                if any((person.number, day) in taken for day in paper.days):
                    continue
                taken |= {(person.number, day) for day in paper.days}
                created = f"{min(paper.days, default=self.first) - timedelta(days=2)} 11:00:00"
                name = self.store.insert(
                    paper.doctype, paper.values | {"company": COMPANY, "creation": created}
                )
                yield from (((person.number, d), replace(a, document=name)) for d, a in paper.days.items())

    def live(self, day: date) -> None:
        """One day of the whole firm, then everything that reached the site during it."""
        marks: list[tuple[Mark, list[Punch]]] = []
        for person in self.people:
            if person.employed_on(day):
                marks += self._person(person, day)
        if self.config.attendance:
            self._store_marks(marks, day)
        self._store_arrivals(day)

    def _person(self, person: Person, day: date) -> list[tuple[Mark, list[Punch]]]:
        begin = midnight(day)
        self._arrive(self.clocks.stray(person, begin))
        absence = self.absences.get((person.number, day))
        if absence and absence.kind != "half":
            return [(covered_day(person, begin, absence), [])]
        if day in self.off[person.rest]:
            if self.dice.random() < _REST_DAY_WORK:
                self._work(person, day, begin, None)
            return []
        return self._work(person, day, begin, absence)

    def _work(
        self, person: Person, day: date, begin: int, half: Absence | None
    ) -> list[tuple[Mark, list[Punch]]]:
        marks = []
        away = person.status in {"Inactive", "Suspended"} or self.dice.random() < ABSENT
        for pattern in person.shifts_on(day):
            punches = [] if away else self.clocks.shift(person, pattern, begin, half is not None)
            self._unknown(punches)
            self._arrive(punches)
            rest = day in self.off[person.rest]
            mark = None if rest else self._mark(person, pattern, begin, punches, half)
            if mark:
                marks.append((mark, punches))
        return marks

    def _mark(
        self, person: Person, pattern: Pattern, begin: int, punches: list[Punch], half: Absence | None
    ) -> Mark | None:
        """Only shifts whose window closed before the last sync are judged (spec D.5 step 1)."""
        if begin + pattern.closes >= self.end or person.status == "Inactive":
            return None
        return mark_shift(self.dice, person, pattern, begin, punches, half)

    def _unknown(self, punches: list[Punch]) -> None:
        if punches and self.dice.random() < _UNKNOWN:
            known = punches[0].person
            stranger = replace(known, employee=f"HR-EMP-9{known.number:04d}", full_name="")
            self._arrive([replace(punches[0], person=stranger, shift=None)])

    def _arrive(self, punches: list[Punch]) -> None:
        for punch in punches:
            if punch.creation < self.end:
                self.arriving[punch.creation // DAY].append(punch)

    def _store_marks(self, marks: list[tuple[Mark, list[Punch]]], day: date) -> None:
        if not marks:
            return
        moment = datetime.combine(day, time())
        prefix, digits, number = self.store.reserve_names("Attendance", moment, len(marks))
        rows = []
        for mark, punches in marks:
            name = f"{prefix}{number:0{digits}d}"
            rows.append(mark.row(name, self.dice.randrange(1_000_000)))
            number += 1
            for punch in punches:
                if not punch.skip and punch.shift and punch.shift.name == mark.shift and not mark.by_hand:
                    punch.attendance = name
        self.marks += self.store.insert_rows("Attendance", COLUMNS, rows)

    def _store_arrivals(self, day: date) -> None:
        """Check-ins in the order the site got them, which is the order of their names."""
        punches = self.arriving.pop(day.toordinal(), [])
        punches.sort(key=lambda punch: punch.creation)
        if not punches:
            return
        moment = datetime.combine(day, time())
        prefix, digits, number = self.store.reserve_names("Employee Checkin", moment, len(punches))
        rows = (self._row(punch, f"{prefix}{number + at:0{digits}d}") for at, punch in enumerate(punches))
        self.checkins += self.store.insert_rows("Employee Checkin", CHECKIN_COLUMNS, rows)

    def _row(self, punch: Punch, name: str) -> tuple[Scalar, ...]:
        micro = self.dice.randrange(1, 1_000_000)
        created = stamp(punch.creation, micro)
        changed = punch.creation + punch.edited
        modified = stamp(changed, micro) if punch.edited and changed < self.end else created
        window, begin = punch.shift, punch.midnight
        edges: tuple[Scalar, ...] = (None, None, 1, None, None)
        if window:
            edges = (
                text(begin + window.start), text(begin + window.end), 0, text(begin + window.opens),
                text(begin + window.closes),
            )  # fmt: skip
        person = punch.person
        return (
            name, "biometric@example.com", created, modified, "biometric@example.com", 0, 0, person.employee,
            person.full_name or None, punch.log_type, window.name if window else None, text(punch.time),
            punch.device,
            punch.skip, punch.attendance, 0.0, 0.0, *edges,
        )  # fmt: skip
