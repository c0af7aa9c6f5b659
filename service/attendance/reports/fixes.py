"""Proposals that would mend an exception, each with why; the body is what its route takes, to the letter."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

CORRECTIONS: Final = "/v1/attendance/corrections"
DEVICE_SITES: Final = "/v1/attendance/device-sites"

# What only the upstream can mend, by incident; a dismissal is proposed beside it.
_UPSTREAM: Final[Mapping[str, tuple[str, str]]] = {
    "AMBIGUOUS_TIME": ("correct the hour of the punch upstream", "that hour came twice on this date"),
    "NONEXISTENT_TIME": ("correct the time of the punch upstream", "the clock skipped that hour"),
    "FUTURE": ("delete the punch upstream", "its time has not come"),
    "OUTSIDE_EMPLOYMENT": (
        "correct the date of joining or leaving upstream",
        "there are punches outside these dates",
    ),
    "CONFLICT": (
        "cancel the attendance upstream and process the day again",
        "the day has attendance already",
    ),
}
# Why an incident may be dismissed, where looking at it is all there is to do.
_LOOKED_AT: Final[Mapping[str, str]] = {
    "OFF_SHIFT": "punches outside every window are not counted",
    "DUPLICATE": "repeated punches are counted once",
    "SKIPPED": "the upstream leaves this punch out on purpose",
    "WORKED_ON_LEAVE": "the leave stands, and the punches are kept with it",
    "WORKED_ON_DAY_OFF": "the hours are counted as work on a day off",
}


def fixes_of_day(name: str, day: Row[Any], now: datetime) -> Iterator[dict[str, Any]]:
    """Proposals for one incident of a day, the best one first; `now` as the site's clock reads."""
    if name in {"MISSING_IN", "MISSING_OUT"}:
        yield _forgotten_punch(name, day, now)
    elif name in _UPSTREAM:
        yield in_words(*_UPSTREAM[name])
    yield _dismissal(name, day)


def ripens(name: str, day: Row[Any], now: datetime) -> datetime | None:
    """When a punch that is missing can be proposed: the shift's end while it lies ahead, else None."""
    ahead = name == "MISSING_OUT" and day.shift_end is not None and day.shift_end > now
    return day.shift_end if ahead else None


def in_words(label: str, basis: str) -> dict[str, Any]:
    """A proposal that has to be done elsewhere."""
    return {"action": "upstream", "label": label, "basis": basis, "route": None, "body": None}


def fix_of_device(device: str, site: str | None, people: int, of: int) -> dict[str, Any]:
    """The site that most of a device's people belong to, if any of them belongs to one."""
    if site is None:
        return in_words("say where the device hangs", "none of the people who punch there belongs to a site")
    return {
        "action": "map_device",
        "label": f"map {device} to {site}",
        "basis": f"{people} of the {of} people who punched there belong to {site}",
        "route": DEVICE_SITES,
        "body": {"device": device, "site": site},
    }


def fix_of_number(near: Sequence[str]) -> dict[str, Any]:
    """The numbers most like one that nobody has."""
    if not near:
        return in_words("create the person upstream", "no number here is like it")
    label = f"correct the number upstream; perhaps it is {' or '.join(near)}"
    return in_words(label, f"of the numbers there are, {'these are' if near[1:] else 'this is'} most like it")


def _forgotten_punch(name: str, day: Row[Any], now: datetime) -> dict[str, Any]:
    """The punch at the shift's own time, unless that lies ahead, on the wrong side, or on another punch."""
    out = name == "MISSING_OUT"
    time, edge = (day.shift_end, "end") if out else (day.shift_start, "start")
    word = "exit" if out else "entry"
    if time is None:
        return in_words(f"add the {word} upstream", "the day has no shift that would say when")
    clock = f"{time:%Y-%m-%d %H:%M}"
    if time > now:
        return in_words(f"add the {word} when it is known", f"the shift's {edge}, {clock}, has not come yet")
    if (day.end_taken if out else day.start_taken) or _on_the_wrong_side(day, out):
        return in_words(f"add the {word} upstream", f"the shift's {edge}, {clock}, does not fit the punches")
    return {
        "action": "correct",
        "label": f"add an {word} at {clock}",
        "basis": f"the {word} is missing, and the shift {day.shift} {edge}s then",
        "route": CORRECTIONS,
        "body": {
            "person": day.number,
            "day": day.work_date.isoformat(),
            "kind": "checkin",
            "time": time.isoformat(),
            "log_type": "OUT" if out else "IN",
            "reason": f"proposed: the {word} is missing, the shift {edge}s then",
        },
    }


def _on_the_wrong_side(day: Row[Any], out: bool) -> bool:
    """Whether the only punch lies after the shift's end, or before its start."""
    if out:
        return day.first_in is not None and bool(day.first_in >= day.shift_end)
    return day.last_out is not None and bool(day.last_out <= day.shift_start)


def _dismissal(name: str, day: Row[Any]) -> dict[str, Any]:
    basis = _LOOKED_AT.get(name, "nothing more is to be done here")
    return {
        "action": "dismiss",
        "label": "dismiss it",
        "basis": basis,
        "route": CORRECTIONS,
        "body": {
            "person": day.number,
            "day": day.work_date.isoformat(),
            "kind": "dismissal",
            "incident": name,
            "reason": f"proposed: {basis}",
        },
    }
