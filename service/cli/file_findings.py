"""What an import found in single rows, as a table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich.markup import escape
from rich.table import Table

from service.cli.words import err, say
from service.schemas.files import ImportFinding

SHOWN: Final = 20
"""Findings of a file in the table; the CSV it names has all."""


def show_findings(found: Sequence[ImportFinding], codes: Mapping[str, int], path: Path) -> None:
    """The first of them, how many there are of each code, and where all are; nothing where there are none."""
    if found:
        err.print(_table(found))
        counts = ", ".join(f"{count:,} {code}" for code, count in sorted(codes.items()))
        say(f"{counts}; all of them: {path}")


def _table(found: Sequence[ImportFinding]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("line", "column", "code", "", "message"):
        table.add_column(title, no_wrap=title != "message")
    for one in sorted(found, key=_rank)[:SHOWN]:
        table.add_row(str(one.line), *map(escape, (one.column or "", one.code, one.severity, one.message)))
    return table


def _rank(found: ImportFinding) -> tuple[bool, bool]:
    """What is said of the file as a whole comes first, then what is rejected."""
    return found.line > 1 or found.column is not None, found.severity != "rejected"
