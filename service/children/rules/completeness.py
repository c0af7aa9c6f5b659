"""How far figures can be trusted: what is still open, what may still come, and as of when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from service.children.rules.windows import LATE_DAYS
from service.schemas.children.analytics import DEFINITIONS
from service.schemas.envelope import Meta

LATE: Final = timedelta(days=LATE_DAYS)
SOURCE: Final = "sessions"


def meta_of(
    summary: Mapping[str, Any] | None,
    *,
    now: datetime,
    to_at: datetime,
    zone: str,
    raised_at: datetime | None,
    data_version: str = "",
) -> Meta:
    """`meta` of a window that ends at `to_at`: devices without network may deliver for seven days."""
    reasons = reasons_of(summary, now=now, to_at=to_at)
    return Meta(
        as_of=now,
        complete_through={SOURCE: through(summary, now)},
        complete=not reasons,
        incomplete_reasons=reasons,
        timezone=zone,
        rules_version=DEFINITIONS,
        data_version=data_version,
        generated_at=raised_at,
    )


def through(summary: Mapping[str, Any] | None, now: datetime) -> datetime:
    """Up to when everything is there: seven days back, and no further than the oldest open session."""
    since = (summary or {}).get("open_since")
    return min([now - LATE, *([datetime.fromisoformat(since)] if since else [])])


ENGLISH: Final[Mapping[str, str]] = {
    "open_one": "1 session is still open: counted in the total and in no other figure",
    "open": "{n} sessions are still open: counted in the total and in no other figure",
    "today": "the window includes today, which is not over",
    "late": "devices without network may still deliver sessions of the last {n} days",
}


def reasons_of(
    summary: Mapping[str, Any] | None, *, now: datetime, to_at: datetime, words: Mapping[str, str] = ENGLISH
) -> list[str]:
    """Why figures of a window up to `to_at` are not complete, in `words`; nothing where they are."""
    still_open = (summary or {}).get("in_progress", 0)
    reasons = []
    if still_open:
        reasons.append(words["open_one" if still_open == 1 else "open"].format(n=still_open))
    if to_at > now:
        reasons.append(words["today"])
    if to_at > now - LATE:
        reasons.append(words["late"].format(n=LATE_DAYS))
    return reasons


def late_note(summary: Mapping[str, Any] | None) -> str | None:
    """A sentence on sessions that were delivered late, where there are any."""
    late = (summary or {}).get("late", 0)
    if not late:
        return None
    return f"{late} of {summary['total'] if summary else 0} sessions came more than a day after they ended"
