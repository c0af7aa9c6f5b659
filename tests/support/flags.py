"""Flags as somebody changed them."""

from datetime import UTC, datetime

from service.core.flags import FlagRow

AT = datetime(2026, 11, 1, tzinfo=UTC)


def changed(**shares: int) -> dict[str, FlagRow]:
    """Rows of the table with these shares."""
    return {name: FlagRow(share, "a test", "system", AT) for name, share in shares.items()}
