"""Names that stay when a file is read again, while rows of receipts are new each time."""

from collections import Counter
from collections.abc import Iterable
from datetime import date


def receipt_names(receipts: Iterable[tuple[int, str, int, date | None]]) -> dict[int, str]:
    """`PO:line` by row, of (row, purchase order, line, due); further receipts of a line are `#2`, `#3`."""
    found: dict[int, str] = {}
    lines: Counter[tuple[str, int]] = Counter()
    for row, po, line, _ in sorted(receipts, key=lambda one: (one[1], one[2], one[3] or date.max, one[0])):
        lines[po, line] += 1
        found[row] = numbered(f"{po}:{line}", lines[po, line])
    return found


def numbered(name: str, how_manieth: int) -> str:
    """The name, told from others of the same."""
    return name if how_manieth == 1 else f"{name}#{how_manieth}"
