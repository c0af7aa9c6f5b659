"""How the earlier system wrote durations and ends (spec A.12, #100)."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MINUTE: Final = timedelta(minutes=1)


def duration(minutes: int | None) -> str | None:
    """Hours with two decimals, of whole minutes; null where nothing is left."""
    return None if minutes is None or minutes <= 0 else f"{minutes / 60:.2f}h"


def whole_minutes(start: datetime, end: datetime) -> int:
    """The whole minutes from an instant to another."""
    return (end - start) // _MINUTE


def end_display(end: datetime, zone: str) -> str:
    """`06:00 on 06/03/2026`, by the station's clock."""
    return end.astimezone(ZoneInfo(zone)).strftime("%H:%M on %d/%m/%Y")
