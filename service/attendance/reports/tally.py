"""What the rows of one person come to, added up while they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Tally:
    """Sums of one person; seconds unless named otherwise. `days` have punches."""

    person: str
    name: str
    days: int = 0
    expected: int = 0
    worked: int = 0
    breaks: int = 0
    late: int = 0
    absent: int = 0
    early: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """One row of the detail; lateness that was forgiven and absences under leave do not count (A.10)."""
        self.days += row["worked_seconds"] is not None
        self.expected += row["expected_net_seconds"] or 0
        self.worked += row["worked_seconds"] or 0
        self.breaks += row["break_seconds"] or 0
        self.late += row["status"] == "LATE"
        self.absent += row["adjusted_status"] in {"ABSENT", "SEVERE_LATE"}
        self.early += bool(row["early"])
