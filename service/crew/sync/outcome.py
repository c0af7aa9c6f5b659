"""What came of the days of a run, and of the run."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

DayState = Literal["applied", "unchanged", "stale", "rejected", "failed"]


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What came of one day. `code`: why it was rejected or failed; `findings`: codes of what was odd."""

    day: date
    state: DayState
    code: str | None = None
    findings: tuple[str, ...] = ()
    segments: int = 0
    changes: int = 0

    @property
    def is_stored(self) -> bool:
        """Whether the day stands as it was seen."""
        return self.state in ("applied", "unchanged", "stale")

    def as_json(self) -> dict[str, Any]:
        """For the result of a run."""
        found = {"code": self.code, "findings": list(self.findings)}
        return {"date": self.day.isoformat(), "state": self.state, **{k: v for k, v in found.items() if v}}


def verdict(days: Sequence[DayOutcome]) -> Literal["done", "partial", "failed"]:
    """How a run ended by its days (spec D.4): a run without days had nothing to do."""
    stored = sum(one.is_stored for one in days)
    return "done" if stored == len(days) else "partial" if stored else "failed"


def first_code(days: Iterable[DayOutcome]) -> str | None:
    """The code of what most of the lost days have in common."""
    codes = Counter(one.code for one in days if one.code is not None and not one.is_stored)
    return codes.most_common(1)[0][0] if codes else None
