"""The dates a list is asked for: completed, and refused where they make no window."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, Protocol, TypeVar

from service.core.errors import FieldError, Invalid
from service.schemas.attendance import WindowAsk

LONGEST: Final = 366
"""Days of a window at most, both ends included (spec F.5)."""

Ask = TypeVar("Ask", bound=WindowAsk)
Start = Callable[[date], date]


class Dated(Protocol):
    """What is asked for a range of dates."""

    @property
    def from_(self) -> date | None:
        """First date."""

    @property
    def to(self) -> date | None:
        """Last date, included."""


def a_week_before(end: date) -> date:
    """The first of the seven days that end with `end`."""
    return end - timedelta(days=6)


def first_of_month(end: date) -> date:
    """The first of the month of `end`."""
    return end.replace(day=1)


def with_window(ask: Ask, today: date, start: Start) -> Ask:
    """The ask with both dates: up to today unless `to` is given, from `start(to)` unless `from` is.

    The dates become part of the cursor's filters: a walk over a default window that lasts beyond midnight is
    refused (`bad_cursor`) rather than continued in another window. Raises `Invalid`.
    """
    end = ask.to or max(today, ask.from_ or today)
    chosen = ask.model_copy(update={"from_": ask.from_ or start(end), "to": end})
    check_dates(chosen, "/query")
    return chosen


def check_dates(ask: Dated, place: str) -> None:
    """Raise `Invalid` for `from` after `to` and for more than 366 days; `place` is the pointer above them."""
    if ask.from_ is None or ask.to is None:
        return
    if ask.from_ > ask.to:
        raise _refused(place, "from_after_to", f"from ({ask.from_}) is after to ({ask.to})")
    days = (ask.to - ask.from_).days + 1
    if days > LONGEST:
        detail = f"{ask.from_} to {ask.to} are {days} days; at most {LONGEST} can be asked for at once"
        raise _refused(place, "span_too_long", detail)


def month_scopes(ask: WindowAsk) -> list[str]:
    """The data versions of the months of a window and of the days beside it."""
    assert ask.from_ is not None
    assert ask.to is not None
    month = first_of_month(ask.from_ - timedelta(days=1))
    scopes: list[str] = []
    while month <= ask.to + timedelta(days=1):
        scopes.append(f"attendance/{month:%Y-%m}")
        month = first_of_month(month + timedelta(days=31))
    return scopes


def _refused(place: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"{place}/{end}", code, detail) for end in ("from", "to")])
