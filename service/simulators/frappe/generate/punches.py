"""What the clocks recorded: a person's punches of one shift, with the faults that real clocks and people
have."""

from __future__ import annotations

import random
from dataclasses import dataclass

from service.simulators.frappe.generate.patterns import (
    DAY,
    DRIFTING_DEVICE,
    HOUR,
    OFFLINE_DEVICE,
    UNMAPPED_DEVICE,
    Pattern,
)
from service.simulators.frappe.generate.people import Person

_TYPED_SITES = frozenset({"31pte", "Villas"})  # their clocks have an IN and an OUT button
ABSENT = 0.03
_LATE, _EARLY, _DOUBLE, _BOTH_BUTTONS, _LOST_BUTTON = 0.05, 0.03, 0.015, 0.003, 0.01
_DELAYED, _STRAY, _FOREIGN_DEVICE, _EDITED = 0.004, 0.006, 0.002, 0.001


@dataclass(slots=True, eq=False)
class Punch:
    """One check-in to be: `time` is what the clock says, `creation` when the site got it; both whole
    seconds."""

    creation: int
    time: int
    person: Person
    log_type: str
    device: str
    shift: Pattern | None
    midnight: int
    attendance: str | None = None
    skip: int = 0
    edited: int = 0


class Clocks:
    """Draws punches; the same dice give the same punches."""

    def __init__(self, dice: random.Random, first: int) -> None:
        self.dice, self.first = dice, first

    def shift(self, person: Person, pattern: Pattern, midnight: int, half: bool) -> list[Punch]:
        """The punches of one shift on the day that begins at `midnight`; `half`: half of it is leave."""
        dice = self.dice
        start, end = pattern.start, pattern.end
        if half:
            middle = (start + end) // 2
            start, end = (start, middle) if dice.random() < 0.5 else (middle, end)
        came = start + int(60 * dice.gauss(person.punctual, 5))
        left = end + int(60 * dice.gauss(5, 7))
        if dice.random() < _LATE:
            came += dice.randrange(15 * 60, 100 * 60)
        if dice.random() < _EARLY:
            left -= dice.randrange(20 * 60, 150 * 60)
        moments = [(came, "IN"), (max(left, came + HOUR), "OUT")]
        if person.breaks and end - start > 5 * HOUR:
            out = (start + end) // 2 + dice.randrange(-900, 900)
            moments[1:1] = [(out, "OUT"), (out + dice.randrange(25 * 60, 50 * 60), "IN")]
        flawed = self._flawed(person, moments)
        punches = [self._punch(person, pattern, midnight, at, kind) for at, kind in flawed]
        return list(
            {(punch.time, punch.log_type): punch for punch in punches}.values()
        )  # the site takes no twins

    def stray(self, person: Person, midnight: int) -> list[Punch]:
        """Now and then a punch outside every window: a visit in the small hours or on a day off."""
        if self.dice.random() >= _STRAY:
            return []
        punch = self._punch(person, None, midnight, self.dice.randrange(2 * HOUR, 5 * HOUR), "IN")
        return [punch]

    def _flawed(self, person: Person, moments: list[tuple[int, str]]) -> list[tuple[int, str]]:
        dice = self.dice
        if dice.random() < person.forgetful:
            del moments[dice.choice((0, -1))]
        if dice.random() < _DOUBLE:
            at, kind = moments[-1]
            moments.append((at + dice.randrange(2, 40), kind))
        elif person.site in _TYPED_SITES and dice.random() < _BOTH_BUTTONS:
            moments.append((moments[-1][0], "IN"))  # the same second, the other button: the site accepts it
        return moments

    def _punch(self, person: Person, pattern: Pattern | None, midnight: int, at: int, kind: str) -> Punch:
        dice = self.dice
        device = dice.choice(person.devices)
        if dice.random() < _FOREIGN_DEVICE:
            device = UNMAPPED_DEVICE
        moment = midnight + at
        creation = self._arrival(device, moment)
        if device == DRIFTING_DEVICE:
            moment += 20 * ((moment - self.first) // DAY % 30)
        typed = person.site in _TYPED_SITES or (pattern is not None and pattern.strict)
        log_type = kind if typed and dice.random() >= _LOST_BUTTON else ""
        inside = pattern is not None and midnight + pattern.opens <= moment <= midnight + pattern.closes
        edited = dice.randrange(DAY, 3 * DAY) if dice.random() < _EDITED else 0
        window = pattern if inside else None
        return Punch(creation, moment, person, log_type, device, window, midnight, edited=edited)

    def _arrival(self, device: str, moment: int) -> int:
        """When the site gets a punch: within minutes, but days later from a clock that was offline."""
        dice = self.dice
        day = (moment - self.first) // DAY
        if device == OFFLINE_DEVICE and day % 45 in (38, 39, 40):
            return self.first + (day - day % 45 + 41) * DAY + 8 * HOUR + dice.randrange(600)
        if dice.random() < _DELAYED:
            return moment + dice.randrange(DAY, 6 * DAY)
        return moment + dice.randrange(2, 180)
