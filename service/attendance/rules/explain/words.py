"""The rules' numbers as words and times, and back: what a step of an explanation shows in their place.

Every word leads back to one number, so that a figure follows from what the step shows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final

import numpy as np

from service.attendance.rules.codes import (
    CODES,
    Half,
    HoursMode,
    Incident,
    LogType,
    OtherHalf,
    Pairing,
    PendingReason,
    PersonStatus,
    PunchReason,
    RequestReason,
    ScheduleSource,
    Status,
    incident_names,
)
from service.attendance.rules.zones import ZoneTable

_CAPITALS: Final[dict[str, type[IntEnum]]] = {
    "base_status": Status,
    "manual_status": Status,
    "override_status": Status,
    "pending_reason": PendingReason,
    "punch_types": LogType,
    "punches_say": Status,
    "status": Status,
}
"""Names written in capitals everywhere on the wire."""
_SMALL: Final[dict[str, type[IntEnum]]] = {
    "half": Half,
    "hours_mode": HoursMode,
    "other_half": OtherHalf,
    "pairing": Pairing,
    "person_status": PersonStatus,
    "punch_reasons": PunchReason,
    "request_reason": RequestReason,
    "source": ScheduleSource,
}
_NAMES: Final = _CAPITALS | _SMALL
_ON_THE_RULES_CLOCK: Final = frozenset({"start", "end", "entry_due", "exit_due", "punch_times"})
_ON_THE_WALL: Final = frozenset(
    {"first_in", "last_out", "last_sync", "midnight", "now", "punch_walls", "watermark", "window_end"}
)
_TIMES: Final = _ON_THE_RULES_CLOCK | _ON_THE_WALL
_DATES: Final = frozenset({"day", "last_absence_day", "process_after"})
_HUNDREDTHS: Final = frozenset({"hours", "leave_fraction", "leave_share"})
_PLACES: Final = frozenset({"entry", "exit"})


@dataclass(frozen=True)
class Wording:
    """How the values of a row are written: times as the clock on the wall shows them.

    Attributes:
        elapsed: the rules measure between instants, so that their times need the zone's offset beside them.
    """

    zone: ZoneTable
    elapsed: bool

    def shown(self, name: str, value: Any) -> Any:
        """A fact, threshold or figure by its name; what has no word is shown as it is."""
        if isinstance(value, list):
            return [self.shown(name, one) for one in value]
        if value is None:
            return None
        if name in _TIMES:
            return self._time(int(value), instant=self.elapsed and name in _ON_THE_RULES_CLOCK)
        return _word(name, value)

    def _time(self, seconds: int, *, instant: bool) -> str:
        if not instant:
            return str(np.datetime64(seconds, "s"))
        return self.zone.local(seconds).isoformat()


def _word(name: str, value: Any) -> Any:
    if name in _NAMES:
        word = _NAMES[name](value).name
        return word if name in _CAPITALS and word != "NONE" else word.lower()
    if name in _DATES:
        return str(np.datetime64(value, "D"))
    if name in _HUNDREDTHS:
        return f"{value / 100:.2f}"
    if name in _PLACES:
        return value + 1
    if name == "incidents":
        return incident_names(value)
    return CODES[value] if name == "code" else value


def unit_of(name: str) -> str | None:
    """What a fact or figure is counted in, where it is a quantity."""
    if name in _HUNDREDTHS:
        return "hours" if name == "hours" else "days"
    return next((unit for unit in ("seconds", "minutes") if name.endswith(f"_{unit}")), None)


def understood(name: str, shown: Any) -> Any:
    """The rules' value of what `Wording.shown` wrote."""
    if name == "incidents":
        return sum((Incident[one] for one in shown), Incident(0))
    if isinstance(shown, list):
        return [understood(name, one) for one in shown]
    return None if shown is None else _number(name, shown)


def _number(name: str, shown: Any) -> Any:
    if name in _NAMES:
        return _NAMES[name][shown.upper()]
    if name in _TIMES:
        moment = datetime.fromisoformat(shown)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    if name in _DATES:
        return int(np.datetime64(shown, "D").astype(np.int64))
    if name in _HUNDREDTHS:
        return round(float(shown) * 100)
    if name in _PLACES:
        return shown - 1
    return CODES.index(shown) if name == "code" else shown
