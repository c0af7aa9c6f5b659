"""What is odd about a page and does not make it unusable: each kind told once, with the first rows of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.crew.rules.grid import Finding

SHOWN: Final = 20
"""Rows that a finding names."""


class Oddities:
    """Collects findings while a page is read. Rows are told by number, never by a name."""

    def __init__(self) -> None:
        self._told: list[Finding] = []
        self._rows: dict[str, list[int]] = {}
        self._cells: Counter[str] = Counter()

    def tell(self, code: str, detail: Mapping[str, Any]) -> None:
        """Something about the page as a whole."""
        self._told.append(Finding(code, detail))

    def row(self, code: str, number: int, cells: int = 1) -> None:
        """Something about a row, at so many of its cells."""
        rows = self._rows.setdefault(code, [])
        if not rows or rows[-1] != number:
            rows.append(number)
        self._cells[code] += cells

    def findings(self, more: Sequence[Finding] = ()) -> tuple[Finding, ...]:
        """All of it, by kind."""
        rows = [
            Finding(code, {"rows": numbers[:SHOWN], "in_all": len(numbers), "cells": self._cells[code]})
            for code, numbers in self._rows.items()
        ]
        return (*self._told, *rows, *more)
