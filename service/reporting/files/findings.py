"""What an import has to say of single rows: counted by code, the first thousand kept, all in a CSV."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, TextIO

from service.schemas.files import ImportFinding

Severity = Literal["rejected", "warning", "info"]
KEPT: Final = 1000
"""Findings that a run's result carries; the CSV has all."""
SHOWN: Final = 80
"""Characters of a cell that a finding repeats."""
_NEUTRAL = ("=", "+", "-", "@", "\t", "\r")


class BadCell(ValueError):
    """A cell that cannot be read: its row is rejected with this code and sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Findings:
    """Takes findings in the order they come; writes each to a CSV at once, so that memory stays bounded."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.rejected_rows = 0
        self._rejected_line = 0
        self.first: list[ImportFinding] = []
        self._file: TextIO = path.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(("line", "column", "code", "severity", "message"))

    def add(self, found: Iterable[ImportFinding]) -> None:
        """More of them."""
        for finding in found:
            self.counts[finding.code] += 1
            if finding.severity == "rejected":
                self.rejected[finding.code] += 1
                self.rejected_rows += finding.line != self._rejected_line
                self._rejected_line = finding.line
            if len(self.first) < KEPT:
                self.first.append(finding)
            values = (finding.line, finding.column, finding.code, finding.severity, finding.message)
            self._csv.writerow([_neutral(value) for value in values])

    def add_first(self, finding: ImportFinding) -> None:
        """One about the file as a whole: a result carries it however many there are."""
        self.add([finding])
        self.first = [finding, *(one for one in self.first if one is not finding)][:KEPT]

    def close(self) -> None:
        """Everything is in the file; a second time does nothing."""
        self._file.close()


def finding(
    line: int, column: str | None, code: str, message: str, severity: Severity = "rejected"
) -> ImportFinding:
    """One thing about one row; `column` as the file calls it."""
    return ImportFinding(line=line, column=column, code=code, severity=severity, message=message)


def quoted(value: object) -> str:
    """A cell as a message repeats it: cut, and without line breaks."""
    shown = repr(str(value))
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"


def _neutral(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_NEUTRAL) else value
