"""Whether anything new may be collected about a child (spec E9): consent to the policy that holds."""

from datetime import date, timedelta
from typing import Final

GRACE: Final = timedelta(days=30)
"""After a new policy began to hold, consents to the one before carry on for so long."""


def may_collect(consented: str | None, policy: str, today: date) -> bool:
    """Whether consent to the policy `consented` (None: there is none) still lets us collect.

    A policy is called by the month or day from which it holds (`2026-01`); otherwise it holds at once.
    """
    if consented is None:
        return False
    return consented == policy or today < binds_from(policy)


def binds_from(policy: str) -> date:
    """The first day on which consents to earlier policies no longer count."""
    try:
        return date.fromisoformat(policy if len(policy) > len("2026-01") else f"{policy}-01") + GRACE
    except ValueError:
        return date.min
