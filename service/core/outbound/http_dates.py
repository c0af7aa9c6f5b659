"""Waits and clocks as HTTP headers tell them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds of a `Retry-After` header, given in seconds or as an HTTP date; None: absent or unreadable."""
    if not value:
        return None
    text = value.strip()
    if text.isdigit():
        return float(text)
    seconds = seconds_from_now(text, now)
    return None if seconds is None else max(0.0, seconds)


def seconds_from_now(http_date: str | None, now: datetime | None = None) -> float | None:
    """How far an HTTP date lies ahead of `now`; None when absent or unreadable."""
    try:
        moment = parsedate_to_datetime(http_date or "")
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - (now or datetime.now(UTC))).total_seconds()
