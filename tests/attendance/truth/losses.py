"""Ways in which a site or the way to it loses something, each with what brings it back; for Q7."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from service.simulators.frappe import FrappeServer, Store, faults
from service.simulators.frappe.calls import Call
from service.simulators.serving.answers import Answer, whole

ZONE = "America/Mexico_City"
CHECKIN = "Employee Checkin"
FORBIDDEN = (
    "Company", "Holiday List", "Leave Type", "Shift Type", "Shift Assignment", "Leave Application",
    "Attendance Request",
)  # fmt: skip
Heal = Callable[[], object]


@dataclass(frozen=True)
class Firm:
    """A site of four people who punched twice a working day in the two weeks from `start` to `end`."""

    server: FrappeServer
    start: date
    end: date

    @property
    def store(self) -> Store:
        return self.server.store

    def names(self, doctype: str = CHECKIN) -> list[str]:
        return [str(row["name"]) for row in self.store.rows(doctype)]

    def punch(self, dice: random.Random, **values: Any) -> str:
        """One more punch in the window, uploaded now."""
        day = self.start + timedelta(days=dice.randrange(14))
        time = f"{day} {dice.randrange(7, 19):02}:{dice.randrange(60):02}:{dice.randrange(60):02}"
        return self.store.insert(CHECKIN, {"employee": f"E{dice.randrange(1, 5)}", "time": time} | values)


@asynccontextmanager
async def small_firm() -> AsyncIterator[Firm]:
    """All of it written three days ago, by the site's clock."""
    store = Store(zone=ZONE)
    store.clock.now = lambda: datetime.now(UTC) - timedelta(days=3)
    end = store.clock.local().date() - timedelta(days=3)
    start = end - timedelta(days=13)
    _masters(store, start)
    store.insert_many(CHECKIN, _punches(start))
    store.clock.now = lambda: datetime.now(UTC)
    try:
        async with FrappeServer(store) as server:
            yield Firm(server, start, end)
    finally:
        store.close()


def _masters(store: Store, start: date) -> None:
    days = [start + timedelta(days=n) for n in range(-7, 30)]
    rest = [{"holiday_date": str(day), "weekly_off": 1} for day in days if day.weekday() > 4]
    store.insert("Holiday List", {
        "name": "Rest", "holiday_list_name": "Rest", "from_date": str(days[0]), "to_date": str(days[-1]),
        "holidays": [*rest, {"holiday_date": str(next(day for day in days[14:] if day.weekday() == 2))}],
    })  # fmt: skip
    store.insert("Company", {"name": "Works", "company_name": "Works", "default_holiday_list": "Rest"})
    store.insert("Branch", {"name": "Villas", "branch": "Villas"})
    for name, unpaid in (("Casual Leave", 0), ("Leave Without Pay", 1)):
        store.insert("Leave Type", {"name": name, "leave_type_name": name, "is_lwp": unpaid})
    for name, begin, finish in (("Day", "08:00:00", "17:00:00"), ("Late", "11:00:00", "20:00:00")):
        store.insert("Shift Type", {
            "name": name, "start_time": begin, "end_time": finish,
            "determine_check_in_and_check_out": "Alternating entries as IN and OUT during the same shift",
            "working_hours_calculation_based_on": "First Check-in and Last Check-out",
        })  # fmt: skip
    for number in range(1, 5):
        store.insert("Employee", {
            "name": f"E{number}", "employee_name": f"Person {number}", "date_of_joining": "2020-01-01",
            "company": "Works", "branch": "Villas", "default_shift": "Day", "status": "Active",
        })  # fmt: skip
    monday = next(day for day in days[9:] if day.weekday() == 0)
    week = {"from_date": str(monday), "to_date": str(monday + timedelta(days=1))}
    store.insert("Shift Assignment", {
        "employee": "E4", "shift_type": "Late", "start_date": str(start), "docstatus": 1, "status": "Active",
    })  # fmt: skip
    store.insert("Leave Application", week | {
        "employee": "E1", "leave_type": "Leave Without Pay", "status": "Approved", "docstatus": 1,
    })  # fmt: skip
    store.insert("Attendance Request", week | {"employee": "E2", "reason": "Work From Home", "docstatus": 1})


def _punches(start: date) -> Iterator[dict[str, Any]]:
    for day in (start + timedelta(days=n) for n in range(14)):
        if day.weekday() > 4:
            continue
        for number in range(1, 5):
            if day != start and (day.day + number) % 7 == 0:
                continue
            for time in (f"08:{3 * number:02}:00", f"17:{number:02}:00"):
                yield {"employee": f"E{number}", "time": f"{day} {time}", "device_id": "gate"}


def page_with(victim: str, instead: faults.Fault) -> faults.Fault:
    """Whichever page of rows holds the victim meets the fault; lists of bare names pass."""

    async def fault(call: Call, inner: Callable[[], Any]) -> Answer:
        answer: Answer = await inner()
        rows = _rows(await whole(answer))

        async def known() -> Answer:
            return answer

        if any(row.get("name") == victim and len(row) > 1 for row in rows):
            return await instead(call, known)
        return answer

    return fault


def _rows(body: bytes) -> list[dict[str, Any]]:
    found = orjson.loads(body)
    data = found.get("data") if isinstance(found, dict) else None
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def without(victim: str) -> faults.Fault:
    """A list answer that lacks one row: swallowed by something between the site and us."""
    return faults.edited(lambda rows: [row for row in rows if row.get("name") != victim], "without")


def striking(firm: Firm, fault: faults.Fault, **where: Any) -> Heal:
    """The fault is in force until healed."""
    rule = firm.server.faults.add(fault, **where)
    return lambda: firm.server.faults.remove(rule)


def page_fails_for_ever(firm: Firm, dice: random.Random, victim: str | None = None) -> Heal:
    kinds = [
        faults.server_failure(), faults.html_error(502), faults.truncated(0.6), faults.login_page(),
        faults.empty_data(), faults.dropped_rows(1), faults.wrong_types(name=None),
    ]  # fmt: skip
    chosen = victim or dice.choice(firm.names())
    return striking(firm, page_with(chosen, dice.choice(kinds)), kind="list", doctype=CHECKIN)


def row_swallowed(firm: Firm, dice: random.Random, doctype: str = CHECKIN, victim: str = "") -> Heal:
    return striking(firm, without(victim or dice.choice(firm.names(doctype))), kind="list", doctype=doctype)


def row_unreadable(firm: Firm, dice: random.Random) -> Heal:
    """One document holds what is no time or no date, until somebody mends it."""
    doctype, field = dice.choice(
        [(CHECKIN, "time"), ("Employee", "date_of_joining"), ("Leave Application", "from_date"),
         ("Shift Assignment", "start_date"), ("Shift Type", "start_time")]
    )  # fmt: skip
    victim = dice.choice(firm.names(doctype))

    def garble(rows: list[dict[str, object]]) -> object:
        return [
            row | {field: "31/02/2025"} if row.get("name") == victim and field in row else row for row in rows
        ]

    return striking(firm, faults.edited(garble, "garbled"), kind="list", doctype=doctype)


def doctype_forbidden(firm: Firm, dice: random.Random) -> Heal:
    return striking(firm, faults.forbidden(), doctype=dice.choice(FORBIDDEN))


def site_dies_midway(firm: Firm, dice: random.Random) -> Heal:
    kind = dice.choice([faults.reset(), faults.html_error(503), faults.credential_refused()])
    return striking(firm, kind, nth=range(dice.randrange(2, 25), 100_000))


def nothing() -> None:
    """There was no loss, or it heals by itself."""


def no_loss(firm: Firm, dice: random.Random) -> Heal:
    """A site in use: punches, an edit, a deletion, a leave; all of it can be read."""
    punches = [firm.punch(dice) for _ in range(12)]
    firm.store.update(CHECKIN, dice.choice(punches), {"time": f"{firm.start} 12:34:56"})
    firm.store.delete(CHECKIN, dice.choice(firm.names()))
    _leave(firm, dice)
    return nothing


def page_of_news_fails(firm: Firm, dice: random.Random) -> Heal:
    return page_fails_for_ever(firm, dice, dice.choice([firm.punch(dice) for _ in range(25)]))


def news_swallowed(firm: Firm, dice: random.Random) -> Heal:
    return row_swallowed(firm, dice, victim=dice.choice([firm.punch(dice) for _ in range(25)]))


def new_leave_swallowed(firm: Firm, dice: random.Random) -> Heal:
    leaves = [_leave(firm, dice) for _ in range(3)]
    return row_swallowed(firm, dice, "Leave Application", leaves[0])


def news_unreadable(firm: Firm, dice: random.Random) -> Heal:
    for _ in range(5):
        firm.punch(dice)
    return row_unreadable(firm, dice)


def news_and_a_forbidden_doctype(firm: Firm, dice: random.Random) -> Heal:
    firm.punch(dice)
    _leave(firm, dice)
    return doctype_forbidden(firm, dice)


def news_and_a_site_that_dies(firm: Firm, dice: random.Random) -> Heal:
    for _ in range(25):
        firm.punch(dice)
    _leave(firm, dice)
    return site_dies_midway(firm, dice)


def week_not_compared(firm: Firm, dice: random.Random) -> Heal:
    """Rows vanish or move by plain SQL, which only the comparison can see; and it fails."""
    names = firm.names()
    firm.store.delete(CHECKIN, names.pop(dice.randrange(len(names))), log=False)
    firm.store.raw_update(CHECKIN, dice.choice(names), {"time": f"{firm.end} 13:00:00"})
    return striking(
        firm, dice.choice([faults.html_error(502), faults.server_failure(), faults.dropped_rows(1)]),
        kind="list", doctype=CHECKIN, when=lambda call: '["time",' in str(call.params.get("filters")),
    )  # fmt: skip


def changed_over_two_hours(firm: Firm, doctype: str) -> list[str]:
    """Twenty-five documents, five minutes apart, the last of them now."""
    dice, names = random.Random(3), []
    for number in range(24, -1, -1):
        stamp = str(firm.store.clock.local() - timedelta(minutes=5 * number))
        values = {"modified": stamp, "creation": stamp}
        made = firm.punch(dice, **values) if doctype == CHECKIN else _leave(firm, dice, **values)
        names.append(made)
    return names


def _leave(firm: Firm, dice: random.Random, **values: Any) -> str:
    """A day of leave that nobody took before, while there are any."""
    days = [str(firm.start + timedelta(days=n)) for n in range(14)]
    taken = {(row["employee"], row["from_date"]) for row in firm.store.rows("Leave Application")}
    every = [(who, day) for who in ("E1", "E2", "E3", "E4") for day in days]
    working = [(who, day) for who, day in every if date.fromisoformat(day).weekday() < 5]
    who, day = dice.choice([entry for entry in working if entry not in taken] or every)
    return firm.store.insert("Leave Application", values | {
        "employee": who, "leave_type": "Casual Leave", "from_date": day, "to_date": day, "status": "Approved",
        "docstatus": 1,
    })  # fmt: skip
