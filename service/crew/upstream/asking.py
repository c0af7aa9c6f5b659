"""The question for one day's grid, in the two ways in which it has been asked (spec A.2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Syntax = Literal["literal", "json"]
_QUOTED: Final = {"\\": "\\\\", "'": "\\'"}


@dataclass(frozen=True, slots=True)
class Brigade:
    """A station in the upstream's own words."""

    id: int
    name: str


def schedule_body(brigade: Brigade, day: date, resolution: int, syntax: Syntax) -> bytes:
    """The body of GetSchedule for a local day; `resolution` in minutes."""
    asked: dict[str, str | int] = {
        "brigadeId": brigade.id,
        "brigadeName": brigade.name,
        "employeeBrigadeId": 0,
        "bookingDate": f"{day.day:02}/{day.month:02}/{day.year:04}",
        "resolution": resolution,
        "dayCount": 0,
        "showDetails": "true",
        "showHours": "true",
        "highlightContractDetails": "false",
        "highlightEmployeesOffStation": "true",
        "includeApplianceStatus": "true",
        "showEmpShiftTypes": "false",
    }
    return (json.dumps(asked) if syntax == "json" else _literal(asked)).encode()


def _literal(asked: Mapping[str, str | int]) -> str:
    """As the site's own script writes it: bare keys, single quotes."""
    said = (f"{name}: {value if isinstance(value, int) else _quoted(value)}" for name, value in asked.items())
    return "{" + ", ".join(said) + "}"


def _quoted(text: str) -> str:
    """A string of the literal; nothing in it can end it."""
    return "'" + "".join(_safe(letter) for letter in text) + "'"


def _safe(letter: str) -> str:
    if letter in _QUOTED:
        return _QUOTED[letter]
    plain = letter >= " " and letter not in "<>\u2028\u2029\x7f"
    return letter if plain else f"\\u{ord(letter):04x}"
