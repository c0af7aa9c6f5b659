"""A person whose shift the upstream has processed, for the cases of its own rules."""

from typing import Any

import numpy as np

from service.attendance.rules.codes import LogType
from service.attendance.rules.ruleset import FRAPPE_HR
from tests.attendance.rules.scene import Row, Scene

AUTO: dict[str, Any] = {"auto": True, "process_after": "2025-06-01", "last_sync": "2025-07-20T12:00:00"}
ON = "2025-07-10"


def processed(start: str = "8:00", end: str = "12:00", **values: Any) -> Scene:
    """One person whose default shift this is; processed through 20 July."""
    scene = Scene()
    scene.shift(start, end, **AUTO | values)
    scene.person(default_shift=1)
    return scene


def upstream_day(scene: Scene, on: str = ON, seq: int = 0, **asked: str) -> Row:
    """The day under `frappe_hr`."""
    return scene.day(on, FRAPPE_HR, seq=seq, **asked)


def minutes_before(scene: Scene, minutes: list[int], end: str, kinds: list[LogType] | None = None) -> None:
    """Punches of person 1 so many minutes before a moment."""
    for place, minute in enumerate(minutes):
        at = np.datetime64(end, "s") - np.timedelta64(minute * 60, "s")
        kind = kinds[place] if kinds else LogType.UNKNOWN
        scene.add("punches", person=1, time=at, log_type=kind, rank=place)
