"""Who is served first, everywhere (R10)."""

from datetime import date

Rank = tuple[int, date, str]


def rank(priority: int, due: date | None, order: str) -> Rank:
    """Sorts orders: priority (1 first), due date (a missing one last), order number by its characters."""
    return (priority, due or date.max, order)
