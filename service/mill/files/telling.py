"""What is told of a file's cells: counted by code, the worst ten thousand kept, in the order of the rows."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from service.mill.files.codes import CODES, REJECTS, Action, Mode, Severity

MOST: Final = 10_000
"""Messages kept of a file (E.8); errors go before warnings, and these before information."""
LONGEST: Final = 200
"""Characters of a cell that a message repeats."""
_WORST_FIRST: Final[tuple[Severity, ...]] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing about one cell (E.8). `row` is the physical line, `at` the place of the column."""

    row: int
    at: int
    column: str | None
    code: str
    severity: Severity
    raw: str | None
    used: str | None
    message: str
    action: Action


@dataclass(slots=True)
class Told:
    """Everything told of a file under one mode; which rows are rejected and which only repaired."""

    mode: Mode
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    rejected: set[int] = field(default_factory=set)
    warned: set[int] = field(default_factory=set)
    strictly: int = 0
    """Messages that refuse the file in a strict import."""
    _kept: dict[Severity, list[Message]] = field(default_factory=lambda: {one: [] for one in _WORST_FIRST})

    def tell(
        self,
        row: int,
        code: str,
        message: str,
        *,
        column: str | None = None,
        at: int = -1,
        raw: Any = None,
        used: Any = None,
        action: Action | None = None,
        rejects: bool = False,
    ) -> Severity:
        """One more; how bad it is in this mode.

        `action`: another than the code's own. `rejects`: this cell cannot be repaired, whatever the code.
        """
        rule = REJECTS if rejects else CODES[code]
        severity, usual = rule.in_mode(self.mode)
        done = action if action is not None and severity != "error" else usual
        self.counts[code] += 1
        self.severities[severity] += 1
        self.strictly += rule.strict == "error"
        if severity == "error":
            self.rejected.add(row)
        elif severity == "warning":
            self.warned.add(row)
        if severity == "error" != rule.severity:
            message = f"{message}, if lenient"
        kept = self._kept[severity]
        if len(kept) < MOST:
            shown = None if severity == "error" else _text(used)
            kept.append(Message(row, at, column, code, severity, _text(raw), shown, message, done))
        return severity

    @property
    def total(self) -> int:
        """How many there are, kept or not."""
        return sum(self.counts.values())

    @property
    def errors(self) -> int:
        """How many of them reject something."""
        return self.severities["error"]

    def messages(self) -> list[Message]:
        """Those that are kept, by row and column."""
        worst = [one for severity in _WORST_FIRST for one in self._kept[severity]][:MOST]
        return sorted(worst, key=_place)

    def rows_told(self) -> set[int]:
        """The lines that kept messages are about."""
        return {one.row for one in self.messages()}


def _place(one: Message) -> tuple[int, int]:
    return one.row, one.at


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
