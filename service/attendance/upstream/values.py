"""The upstream's values as text, turned into ours (spec E.6); what cannot be read is a `BadValue`."""

from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo


class BadValue(ValueError):
    """A field of one row that cannot be read; the row is set aside and counted, never guessed at."""


def wall_clock(text: str, zone: ZoneInfo) -> datetime:
    """A naive reading of the site's clock.

    `T`, `Z` and offsets are accepted and turned into that clock; fractions of a second are kept.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadValue(f"{text[:40]!r} is not a date and time") from error
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def is_wall_clock(text: str) -> bool:
    """Whether `wall_clock` can read it."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def wall_clock_or_none(text: str | None, zone: ZoneInfo) -> datetime | None:
    """As `wall_clock`; null and the empty string are alike (spec E.6)."""
    return wall_clock(text, zone) if text else None


def day(text: str | None) -> date:
    """A date that must be there; a time of day behind it is ignored."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError as error:
        raise BadValue(f"{text!r} is not a date") from error


def day_or_none(text: str | None) -> date | None:
    """A date, or None for null and the empty string."""
    return day(text) if text else None


def time_of_day(text: str | None) -> time:
    """`H:MM:SS`, not zero padded, seconds and fractions optional."""
    hours, _, rest = (text or "").partition(":")
    minutes, _, seconds = rest.partition(":")
    try:
        return time(int(hours), int(minutes), int(float(seconds or "0")))
    except ValueError as error:
        raise BadValue(f"{text!r} is not a time of day") from error


class _Words(HTMLParser):
    """Collects what stands between tags; those of blocks end a word."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  the parser's signature
        if tag in {"br", "div", "li", "p"}:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def plain(text: str | None) -> str:
    """The words of a rich text field, as a Holiday's description is one; null is the empty string."""
    if not text or "<" not in text:
        return text or ""
    words = _Words()
    words.feed(text)
    words.close()
    return " ".join("".join(words.found).split())


def flag(value: int | None) -> bool:
    """A Check: 0, 1 or null."""
    return bool(value)


def back_by(modified: str, seconds: float) -> str:
    """A `modified` text some seconds earlier, with the six digits the site writes."""
    moment = datetime.fromisoformat(modified) - timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
