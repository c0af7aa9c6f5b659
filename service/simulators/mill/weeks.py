"""The columns of the mill's weekly reports: this week, eight more, later."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

AHEAD: Final = 8
LATER: Final = AHEAD + 1
COLUMNS: Final = LATER + 1
"""This week, eight more, later."""
PAST_DUE: Final = -1


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a report of one day; each ends on a Friday for the mill, and begins on a Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> "Weeks":
        """The weeks of a report of that day."""
        return cls(day - timedelta(days=day.weekday()))

    def friday(self, column: int) -> date:
        """The day that week ends on; column 0 is this week."""
        return self.monday + timedelta(weeks=column, days=4)

    def labels(self) -> list[str]:
        """The columns by week number, as the demand report names them."""
        numbers = [f"Week {self.friday(column).isocalendar().week}" for column in range(1, LATER)]
        return ["This Week", *numbers, "Later"]

    def column(self, day: date | None) -> int:
        """Where a day belongs: `PAST_DUE` before this week, `LATER` without a day."""
        if day is None:
            return LATER
        return max(PAST_DUE, min(LATER, (day - self.monday).days // 7))
