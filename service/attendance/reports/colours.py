"""The colours of the predecessor's workbook, and when a cell has which (spec A.15)."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

_WHITE: Final = {"font_color": "#FFFFFF"}
ON_LEAVE: Final[Mapping[str, str]] = {"bg_color": "#92D050"}
REST_DAY: Final[Mapping[str, str]] = {"bg_color": "#6600CC", **_WHITE}
WEEKEND: Final[Mapping[str, str]] = {"bg_color": "#7030A0", **_WHITE}
LATE: Final[Mapping[str, str]] = {"bg_color": "#FFFF00"}
SEVERELY_LATE: Final[Mapping[str, str]] = {"bg_color": "#FF0000", **_WHITE}
ENTRY_MISSING: Final[Mapping[str, str]] = {"bg_color": "#70AD47"}
AHEAD: Final[Mapping[str, str]] = {"bg_color": "#1CB1EE"}
"""Hours beyond those planned."""
_GREEN, _PALE, _ORANGE = {"bg_color": "#92D050"}, {"bg_color": "#C6E0B4"}, {"bg_color": "#FFC000"}
BANDS: Final[Mapping[str, Mapping[str, str]]] = {
    "excellent": _GREEN, "green": _GREEN, "complete": _GREEN, "good": _PALE, "overtime": AHEAD,
    "acceptable": LATE, "regular": LATE, "yellow": LATE, "incomplete": LATE, "orange": _ORANGE,
    "high": SEVERELY_LATE, "critical": SEVERELY_LATE, "red": SEVERELY_LATE,
}  # fmt: skip
"""Traffic lights of the key figures' bands, and the state of a person's hours."""
TOTALS: Final[Mapping[str, Any]] = {"bg_color": "#D3D3D3", "bold": True}
REST: Final = frozenset({"REST", "REST_WORKED", "HOLIDAY", "HOLIDAY_WORKED"})

Explained: TypeAlias = tuple[tuple[Mapping[str, str], str], ...]
"""Colours, each with what it says."""
LEGEND: Final[Mapping[str, Explained]] = {
    "en": (
        (ON_LEAVE, "Date: leave"), (REST_DAY, "Date: rest day or holiday"), (WEEKEND, "Date: weekend"),
        (LATE, "First punch: late"), (SEVERELY_LATE, "First punch: severely late"),
        (ENTRY_MISSING, "First punch: entry missing"),
    ),
    "es": (
        (ON_LEAVE, "Fecha: permiso"), (REST_DAY, "Fecha: día no laborable o festivo"),
        (WEEKEND, "Fecha: fin de semana"), (LATE, "Primera checada: retardo"),
        (SEVERELY_LATE, "Primera checada: falta injustificada"),
        (ENTRY_MISSING, "Primera checada: falta entrada nocturno"),
    ),
}  # fmt: skip


def date_colour(row: Mapping[str, Any]) -> Mapping[str, str]:
    """Leave before rest day before weekend."""
    if row["on_leave"]:
        return ON_LEAVE
    if row["status"] in REST:
        return REST_DAY
    return WEEKEND if row["weekday"] >= 6 else {}


def punch_colour(row: Mapping[str, Any]) -> Mapping[str, str]:
    """Of the first punch: forgiven lateness has none."""
    if row["status"] == "MISSING_IN":
        return ENTRY_MISSING
    if row["late_forgiven"]:
        return {}
    return {"LATE": LATE, "SEVERE_LATE": SEVERELY_LATE}.get(row["base_status"], {})
