"""What the earlier system answered, from what is known here (spec A.12, D.7): unknown is false or null."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from service.crew.answers.hours import WeekHours
from service.crew.answers.states import minutes_left
from service.crew.queries.states import AnyRow, StateRow
from service.crew.rules.display import Display
from service.crew.rules.former import duration, end_display, whole_minutes


def person(row: StateRow, profile: AnyRow, at: datetime) -> dict[str, Any]:
    """A person in the list."""
    return {
        "id": row.id,
        "name": row.name,
        "role": row.role,
        "skills": " ".join(profile.skills),
        "contract_hours": profile.contract_raw,
        "end_time": None if row.until is None else format_datetime(row.until, usegmt=True),
        "available": row.state == "available",
        "duration": duration(minutes_left(row, at)),
        "end_time_display": None if row.until is None else end_display(row.until, row.zone),
    }


def hours(found: WeekHours, profile: AnyRow) -> dict[str, Any]:
    """A person's week."""
    [(_, own)] = found.people
    return {
        "hours_planned_week": float(own.planned),
        "hours_achieved": float(own.achieved),
        "hours_this_week": float(own.achieved),
        "hours_remaining": _number(own.remaining_to_contract),
        "contract_hours": profile.contract_raw,
    }


def appliance(status: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether an appliance is on the run with a crew that does, and for how long."""
    if status["status"] != "available":
        return False, None
    return True, duration(whole_minutes(status["at"], status["until"]))


def display(shown: Display) -> dict[str, Any] | None:
    """A station display: its appliances, else its crew; None: it shows neither."""
    if shown.appliances is not None:
        states = shown.appliances.items()
        return {name: {"availability": state == "available"} for name, state in states if state != "unknown"}
    if shown.crewing is None and shown.on_duty is None:
        return None
    clock = shown.local_time
    return {
        "time": None if clock is None else clock.strftime("%H:%M:%S"),
        "date": None if clock is None else clock.strftime("%d/%m/%Y"),
        "station": shown.station,
        "crewing_summary": {
            label: {"available": one.available, "difference": one.difference}
            for label, one in (shown.crewing or {}).items()
        },
        "available_firefighters": [
            {"role": one.role, "name": one.name, "skills": list(one.skills)} for one in shown.on_duty or ()
        ],
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
