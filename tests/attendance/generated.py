"""A month of a firm made by dice: shifts by day, night and in two halves, leave, feasts, odd punches."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final

from service.attendance.models import LeaveType, ShiftAssignment, WeeklySchedule
from tests.attendance.house import House
from tests.attendance.make import Firm, add, leave

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
NOW = datetime(2026, 10, 3, 12, tzinfo=UTC)
_SHIFTS: Final = {
    "Day": ("08:00", "17:00"),
    "Night": ("22:00", "06:00"),
    "Morning": ("09:00", "13:00"),
    "Evening": ("15:00", "19:00"),
}
_WORKS: Final = (("Day",), ("Night",), ("Morning",), ("Morning", "Evening"))
"""What somebody works on one date: one shift, or the two parts of a split one."""
_OFF_BY: Final = (0, 0, 0, -20, -4, 3, 9, 16, 40, 75)
"""Minutes between a shift's end or beginning and its punch."""


async def generated(house: House, seed: int, people: int) -> list[str]:
    """Make the month and judge it; the numbers of the people."""
    dice = Random(seed)
    async with house.writing() as made:
        await made.shift("Morning", "09:00", "13:00")
        await made.shift("Evening", "15:00", "19:00")
        await made.add(LeaveType, "Sick Leave")
        numbers = [f"G-{number:03}" for number in range(people)]
        for number in numbers:
            await _person(made, dice, number)
        await made.known_through(datetime(2026, 10, 3, 6, tzinfo=UTC))
    await house.recompute(NOW)
    return numbers


async def _person(made: Firm, dice: Random, number: str) -> None:
    joined = dice.choice([date(2020, 1, 1)] * 4 + [date(2026, 9, dice.randint(2, 28))])
    await made.person(
        number,
        f"Somebody {number}",
        dice.choice(["Villas", "Centro", None]),
        joined_on=joined,
        # Nobody leaves before joining: the upstream refuses it.
        left_on=dice.choice([None] * 4 + [max(joined, date(2026, 9, dice.randint(20, 29)))]),
        holiday_list_id=dice.choice([None, made.ids["Mexico 2026"]]),
    )
    works = dice.choice(_WORKS)
    await dice.choice([_by_default, _by_week, _by_assignment])(made, dice, number, works)
    for day in range(-1, 31):
        await _punches(made, dice, number, FIRST + timedelta(day), works)
    if dice.random() < 0.6:
        await _leave(made, dice, number)


async def _by_default(made: Firm, dice: Random, number: str, works: tuple[str, ...]) -> None:
    await made.works(number, works[0])


async def _by_week(made: Firm, dice: Random, number: str, works: tuple[str, ...]) -> None:
    known = {"person_id": made.ids[number], "valid_from": date(2026, 8, 1), "created_by": "key:somebody"}
    for weekday in dice.sample(range(1, 8), dice.randint(2, 6)):
        half = dice.choice(["both", "both", "first", "second"])
        for shift in works:
            values = {"shift_type_id": made.ids[shift], "weekday": weekday, "half": half}
            await add(made.conn, WeeklySchedule, **known, **values)


async def _by_assignment(made: Firm, dice: Random, number: str, works: tuple[str, ...]) -> None:
    start = date(2026, 8, 1) + timedelta(dice.randint(0, 40))
    for shift in works:
        await made.add(
            ShiftAssignment, f"{number}-{shift}", person_id=made.ids[number], shift_type_id=made.ids[shift],
            start_date=start, end_date=dice.choice([None, start + timedelta(dice.randint(10, 50))]), status="Active",
            docstatus=1,
        )  # fmt: skip


async def _punches(made: Firm, dice: Random, number: str, day: date, works: tuple[str, ...]) -> None:
    if dice.random() < 0.25:
        return
    moments = []
    for shift in works:
        start, end = (datetime.fromisoformat(f"{day} {at}") for at in _SHIFTS[shift])
        moments += [start, end + timedelta(days=end < start)]
    if len(moments) == 2 and dice.random() < 0.3:
        moments[1:1] = [moments[0] + timedelta(hours=2), moments[0] + timedelta(hours=3)]
    if dice.random() < 0.15:
        moments.append(datetime.combine(day, datetime.min.time()) + timedelta(minutes=dice.randint(0, 1439)))
    for moment in moments:
        if dice.random() < 0.93:
            at = moment + timedelta(minutes=dice.choice(_OFF_BY), seconds=dice.randint(0, 59))
            for _ in range(dice.choice([1] * 9 + [2])):
                await made.punch(number, str(at), log_type=dice.choice([None, "IN", "OUT"]))


async def _leave(made: Firm, dice: Random, number: str) -> None:
    first = FIRST + timedelta(dice.randint(-3, 27))
    last = first + timedelta(dice.randint(0, 5))
    kind = made.ids[dice.choice(["Casual Leave", "Leave Without Pay", "Sick Leave"])]
    half = dice.random() < 0.4
    on = first + timedelta(dice.randint(0, (last - first).days)) if half else None
    which = dice.choice([None, "first", "second"]) if half else None
    await leave(made, number, first, last, leave_type_id=kind, half_day=half, half_day_date=on, half=which)
