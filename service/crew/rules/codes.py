"""Reason codes: a text in a slot says that somebody is not available, and why (spec A.6, D.1.5)."""

from collections import Counter
from collections.abc import Collection

from service.crew.rules.grid import Cell, Finding

LONGEST: int = 8
"""Characters that are kept of a code that is not known."""


class Codes:
    """Reads codes, and remembers those it does not know."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = {code.upper() for code in known}
        self.unknown: Counter[str | None] = Counter()

    def cell(self, text: str) -> Cell:
        """The cell that a text stands for: unavailable, by this code."""
        code = text.upper()
        if code in self._known:
            return Cell("unavailable", code)
        self.unknown[code[:LONGEST]] += 1
        return Cell("unavailable", code[:LONGEST])

    def findings(self) -> list[Finding]:
        """What was met that is not known: `unknown_code`, with the commonest of them."""
        if not self.unknown:
            return []
        return [Finding("unknown_code", {"reasons": dict(self.unknown.most_common(20))})]
