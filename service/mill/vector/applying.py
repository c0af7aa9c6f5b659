"""All that tidies a frame of the mill in one call, with a report (mill spec A.2, last paragraph)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Generic

from service.core.telemetry import profiled
from service.mill.vector.balances import planning_balance
from service.mill.vector.cleaning import clean_text
from service.mill.vector.compaction import ColumnReport, compact
from service.mill.vector.costing import COSTS, cost
from service.mill.vector.dating import DELIVERY, DUE, ORDER, dates
from service.mill.vector.frames import Columns, F
from service.mill.vector.reading import Answer, CellError

BALANCES: Final = ("theoretical_balance", "allocated", "on_order")


@dataclass(frozen=True, slots=True)
class Step:
    """A step in its turn: whether it was taken, or what was missing for it."""

    name: str
    taken: bool
    missing: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied(Generic[F]):
    """The frame after all steps, the steps, and what became of each column's memory."""

    frame: F
    steps: tuple[Step, ...]
    memory: tuple[ColumnReport, ...]


@profiled("mill.apply_all")
def apply_all(
    frame: F,
    as_of: date,
    *,
    text: Sequence[str] = (),
    codes: Sequence[str] = (),
    date_columns: Sequence[str] = (ORDER, DELIVERY, DUE),
    costs: Sequence[str] = COSTS,
) -> Applied[F]:
    """Text, dates, planning balance, cost and memory, in this order, each where its columns are there.

    Columns are named, never guessed from their names: `text` is trimmed, `codes` also put in capitals, of
    `date_columns` and `costs` those are used that the frame has. How long it took and how often it ran is
    counted as the operation `mill.apply_all`.
    """
    there = Columns(frame).names
    days = [name for name in date_columns if name in there]
    spent = [name for name in costs if name in there]
    works: list[tuple[str, Sequence[str], Callable[[Any], Answer[Any]]]] = [
        ("text", (*text, *codes) or ("text or codes",), lambda now: clean_text(now, text, upper=codes)),
        ("dates", days or tuple(date_columns), lambda now: dates(now, as_of, days)),
        ("balance", BALANCES, planning_balance),
        ("cost", (*(spent or costs), "quantity"), lambda now: cost(now, costs=spent)),
    ]
    now: Any = frame
    steps = []
    for name, needed, work in works:
        missing = tuple(one for one in needed if one not in there)
        done = Answer(now) if missing else work(now)
        now = done.frame
        steps.append(Step(name, not missing, missing, done.errors))
    compacted = compact(now)
    return Applied(compacted.frame, (*steps, Step("memory", taken=True)), compacted.columns)
