"""Windows: local days of a child, at most 366 (spec D7, F5 T54)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from service.core.errors import FieldError, Invalid
from service.schemas.children.analytics import WindowAsk

LONGEST: Final = 366
DEFAULT: Final = 30
LATE_DAYS: Final = 7
"""Days that a device may be without network: sessions of so long ago are still taken (spec D4)."""


@dataclass(frozen=True, slots=True)
class Span:
    """So many days up to today, or from one date to another; in a zone, or the child's own."""

    days: int | None = None
    first: date | None = None
    last: date | None = None
    zone: str | None = None

    def ended_everywhere(self, utc_day: date) -> bool:
        """Whether its last day is over in every time zone: then it reads the same tomorrow."""
        return self.last is not None and (utc_day - self.last).days >= 2  # it ends last at UTC-12


def span_of(ask: WindowAsk) -> Span:
    """The window of a request. Raises `Invalid` (`invalid_range`, `range_too_long`)."""
    if ask.from_ is None and ask.to is None:
        return Span(days=DEFAULT if ask.window is None else int(ask.window[:-1]), zone=ask.tz)
    if ask.window is not None:
        raise _refused("invalid_range", "give either `window`, or `from` and `to`", "window")
    if ask.from_ is None or ask.to is None:
        missing = "from" if ask.from_ is None else "to"
        raise _refused("invalid_range", "give both `from` and `to`", missing)
    if ask.from_ > ask.to:
        raise _refused("invalid_range", f"from ({ask.from_}) is after to ({ask.to})", "from", "to")
    if (ask.to - ask.from_).days >= LONGEST:
        raise _refused("range_too_long", f"at most {LONGEST} days can be asked for at once", "from", "to")
    return Span(first=ask.from_, last=ask.to, zone=ask.tz)


def _refused(code: str, detail: str, *names: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"/query/{name}", code, detail) for name in names])
