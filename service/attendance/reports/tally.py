"""What the rows of one person come to, added up while they are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.reporting.columns import Column, Kind

_COLUMNS: Final[Mapping[str, tuple[Kind, str, str]]] = {
    "person": ("text", "Employee ID", "ID Empleado"),
    "person_name": ("text", "Employee name", "Nombre del empleado"),
    "worked_seconds": ("duration", "Worked hours", "total_horas_trabajadas"),
    "net_expected_seconds": ("duration", "Net planned hours", "total_horas"),
    "break_seconds": ("duration", "Break hours", "total_horas_descanso"),
    "lates": ("number", "Late", "total_retardos"),
    "absences": ("number", "Absences", "faltas_del_periodo"),
    "justified_absences": ("number", "Justified absences", "faltas_justificadas"),
    "early_exits": ("number", "Early exits", "total_salidas_anticipadas"),
    "difference_seconds": ("duration", "Difference", "diferencia_HHMMSS"),
}
"""Kind and labels of what rows of the detail sum to; in Spanish the predecessor's names (A.13)."""


def totalled(locale: str) -> list[Column]:
    """The columns of `Tally.row`."""
    return [
        Column(key=key, kind=kind, label=spanish if locale == "es" else english)
        for key, (kind, english, spanish) in _COLUMNS.items()
    ]


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
    justified: int = 0
    early: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """One row of the detail; lateness that was forgiven and absences under leave do not count (A.10)."""
        self.days += row["worked_seconds"] is not None
        self.expected += row["expected_net_seconds"] or 0
        self.worked += row["worked_seconds"] or 0
        self.breaks += row["break_seconds"] or 0
        self.late += row["status"] == "LATE"
        self.absent += row["adjusted_status"] in {"ABSENT", "SEVERE_LATE"}
        self.justified += bool(row["absence_justified"])
        self.early += bool(row["early"])

    def row(self) -> dict[str, Any]:
        """The sums by the names of `totalled`."""
        return {
            "person": self.person,
            "person_name": self.name,
            "worked_seconds": self.worked,
            "net_expected_seconds": self.expected,
            "break_seconds": self.breaks,
            "lates": self.late,
            "absences": self.absent,
            "justified_absences": self.justified,
            "early_exits": self.early,
            "difference_seconds": self.worked - self.expected,
        }
