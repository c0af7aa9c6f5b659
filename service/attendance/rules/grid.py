"""People × days as one flat row of cells, and ranges of dates spread over it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from service.attendance.rules.columns import NONE, Dates, Ints, day_numbers, positions
from service.attendance.rules.inputs import People

FAR_PAST, FAR_FUTURE = -(10**7), 10**7
"""Day numbers outside every calendar."""


@dataclass(frozen=True)
class Grid:
    """Cell `person * day_count + (day - first_day)` is one person's day.

    Attributes:
        people: sorted by id; their position is the person number used everywhere inside the rules.
        first_day: days since 1970-01-01.
    """

    people: People
    first_day: int
    day_count: int

    @classmethod
    def over(cls, people: People, first_day: int, last_day: int) -> "Grid":
        """The grid from one day to another, both included.

        Raises:
            ValueError: a person is there twice, or the last day is before the first.
        """
        if last_day < first_day:
            raise ValueError("the last day is before the first")
        if len(np.unique(people.id)) != len(people):
            raise ValueError("a person is there twice")
        return cls(people.take(np.argsort(people.id)), first_day, last_day - first_day + 1)

    @property
    def size(self) -> int:
        return len(self.people) * self.day_count

    @cached_property
    def person(self) -> Ints:
        """The person number of every cell."""
        return np.repeat(np.arange(len(self.people)), self.day_count)

    @cached_property
    def day(self) -> Ints:
        """The day number of every cell."""
        return np.tile(np.arange(self.first_day, self.first_day + self.day_count), len(self.people))

    def cells(self, person: Ints, day: Ints) -> Ints:
        """The cell of each (person, day); `NONE` outside the grid."""
        column = day - self.first_day
        inside = (person != NONE) & (column >= 0) & (column < self.day_count)
        return np.where(inside, person * self.day_count + column, NONE)

    def spread(self, person_id: Ints, start: Dates, end: Dates) -> tuple[Ints, Ints]:
        """Every (row, cell) of rows that hold from a date to another, both included; NaT is open."""
        person = positions(self.people.id, person_id)
        last_day = self.first_day + self.day_count - 1
        begin = np.maximum(day_numbers(start, FAR_PAST), self.first_day)
        finish = np.minimum(day_numbers(end, FAR_FUTURE), last_day)
        lengths = np.where(person == NONE, 0, np.maximum(finish - begin + 1, 0))
        rows = np.repeat(np.arange(len(person)), lengths)
        return rows, self.cells(person[rows], begin[rows] + counted(lengths))


def counted(lengths: Ints) -> Ints:
    """0, 1, … within each group of these lengths."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - lengths, lengths)
