"""Recipes as a file states them, judged style by style (F-20, F-27, F-28), and kept without circles (F-25).

What is wrong is told of its line. All of it is work of a thread: a file has half a million lines at most.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.mill.imports.cycles import Parts
from service.mill.imports.work import Work
from service.mill.rules.exact import ZERO, quotient
from service.mill.rules.quantities import rounded
from service.mill.rules.recipe_checks import Checked, Stated, Tolerance, checked, scale_of
from service.mill.rules.recipes import FIRST_DAY, LAST_DAY

COLUMNS: Final = (
    "style_code", "yarn_code", "component_style", "quantity_per", "loss", "setup_lb", "valid_from",
    "valid_to",
)  # fmt: skip
_WORSE: Final = ("none", "ok", "near", "incomplete", "rejected")
_PLACES: Final = 8
"""Decimals of a part as it is stored; a percentage has two more on top of that."""
_LEAST, _MOST = Decimal("0.00000001"), Decimal(1000)
_SAID: Final[Mapping[str, str]] = {
    "BOM_SCALE_MIXED": "Fractions and percentages in one recipe: the style is left as it was",
    "BOM_RANGE": "A part is not above 0 and up to 1 (or 100 %): the style is left as it was",
    "BOM_DUP_SAME": "The same line again: taken once",
    "BOM_DUP_SUMMED": "The same yarn again, and only the sum makes the recipe whole: added",
    "BOM_DUP_DIFF": "The same yarn with different parts, and no reading makes the recipe whole",
    "BOM_SUM_NEAR": "The recipe adds to {total}, nearly 1: kept as it is",
    "BOM_SUM_OFF": "The recipe adds to {total}, not to 1: kept, and told in every result that uses it",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; `quantity_per` on the scale of fractions once that is known, `raw` as it came.

    `setup_lb`: pounds lost each time the style is set up (F-29).
    """

    row: int
    style: str
    yarn: str | None
    part: str | None
    quantity_per: Decimal
    raw: Decimal
    loss: Decimal
    setup_lb: Decimal
    valid_from: date
    valid_to: date | None

    @property
    def component(self) -> tuple[str, str]:
        """What goes in, be it a yarn or a style."""
        return ("yarn", self.yarn) if self.yarn is not None else ("style", self.part or "")


@dataclass(frozen=True, slots=True)
class Judged:
    """The lines to be stored, in the order of the file, and how far each of its styles can be trusted."""

    lines: list[Line]
    statuses: dict[str, str]


def judged(work: Work, rows: Iterable[Row[Any]], parts: Iterable[tuple[str, str]]) -> Judged:
    """Judge every recipe of the file, of `rows` with line and `COLUMNS`.

    `parts`: which style is a part of which by the recipes in force of other styles.
    """
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for row in rows:
        one = _line(row)
        found[one.style].append(one)
    by_style = _scaled(work, {style: _ended(lines) for style, lines in found.items()})
    statuses: dict[str, str] = {}
    kept: list[Line] = []
    for style, lines in by_style.items():
        statuses[style], good = _judged(work, lines)
        kept += good
    return Judged(_without_circles(work, kept, statuses, Parts(parts)), statuses)


def _line(row: Row[Any]) -> Line:
    # What a spreadsheet computed has noise in its last digits, which must not decide about a threshold.
    part = rounded(row.quantity_per, _PLACES + 2)
    return Line(
        row.row_no, row.style_code, row.yarn_code, row.component_style, part, row.quantity_per,
        row.loss or ZERO, row.setup_lb or ZERO, row.valid_from or FIRST_DAY, row.valid_to,
    )  # fmt: skip


def _ended(lines: list[Line]) -> list[Line]:
    """A line that does not say until when holds until the next one of its component begins (F-27)."""
    starts: defaultdict[tuple[str, str], set[date]] = defaultdict(set)
    for line in lines:
        starts[line.component].add(line.valid_from)
    return [
        line
        if line.valid_to is not None
        else replace(
            line,
            valid_to=min((day for day in starts[line.component] if day > line.valid_from), default=LAST_DAY),
        )
        for line in lines
    ]


def _scaled(work: Work, by_style: Mapping[str, list[Line]]) -> dict[str, list[Line]]:
    """All parts as fractions: a file of percentages is divided once (R6), what cannot be is left out."""
    scale = scale_of(
        (style, stated)
        for style, lines in by_style.items()
        for stated in _by_day(
            [one for one in lines if one.yarn is not None and one.quantity_per > 0]
        ).values()
    )
    if scale.code is not None:
        said = "The file's parts are percentages: divided by 100"
        work.tell(work.header.line, "quantity_per", scale.code, said, raw="0-100", used="0-1")
    mixed = set(scale.mixed)
    for style in mixed:
        _reject(work, by_style[style], "BOM_SCALE_MIXED")
    return {
        style: [] if style in mixed else [_as_fraction(one, scale.divisor) for one in lines]
        for style, lines in by_style.items()
    }


def _as_fraction(line: Line, divisor: Decimal) -> Line:
    return replace(line, quantity_per=rounded(line.quantity_per / divisor, _PLACES))


def _judged(work: Work, lines: list[Line]) -> tuple[str, list[Line]]:
    """How far the recipe can be trusted, and the lines to be stored; none where it is rejected."""
    if not lines:
        return "rejected", []
    spun = [line for line in lines if line.yarn is not None]
    parts = _once(work, [line for line in lines if line.yarn is None])
    wrong = None if parts is not None else "BOM_DUP_DIFF"
    if any(not _LEAST <= line.quantity_per <= _MOST for line in lines):
        wrong = "BOM_RANGE"
    if wrong or parts is None:
        _reject(work, lines, wrong or "BOM_DUP_DIFF")
        return "rejected", []
    if not spun:
        return "ok", parts
    found = _checked(work, spun)
    worst = max(found.values(), key=lambda one: _WORSE.index(one.status))
    if worst.status == "rejected":
        _reject(work, lines, worst.codes[0])
        return "rejected", []
    for code, total in _said(found.values()).items():
        # The sum of yarns says nothing where styles go in as well.
        if not (parts and code.startswith("BOM_SUM")):
            _tell(work, spun, code, total)
    return "ok" if parts else worst.status, [*parts, *_kept(work, spun, found)]


def _said(found: Iterable[Checked]) -> dict[str, Decimal]:
    """What is to be told of a recipe, each once, with the sum of the first day it is told of."""
    said: dict[str, Decimal] = {}
    for one in found:
        for code in one.codes:
            said.setdefault(code, one.total)
    return said


def _once(work: Work, parts: Sequence[Line]) -> list[Line] | None:
    """Styles that go in, each once; None where one comes with different quantities: no sum says which."""
    kept: dict[tuple[str | None, date], Line] = {}
    for line in parts:
        first = kept.setdefault((line.part, line.valid_from), line)
        if first is not line:
            if (first.quantity_per, first.loss) != (line.quantity_per, line.loss):
                return None
            work.tell(line.row, "component_style", "BOM_DUP_SAME", _SAID["BOM_DUP_SAME"], raw=line.part)
    return list(kept.values())


def _checked(work: Work, lines: Sequence[Line]) -> dict[date, Checked]:
    """The recipe of each day on which it changes, judged by itself."""
    tolerance = Tolerance(*work.reading.ground.parameters.bom_sum_tolerance)
    return {day: checked(stated, tolerance) for day, stated in _by_day(lines).items()}


def _by_day(lines: Sequence[Line]) -> dict[date, list[Stated]]:
    """The lines that hold from each day on which one begins."""
    days = sorted({line.valid_from for line in lines})
    return {day: [(str(one.yarn), one.quantity_per) for one in _on(lines, day)] for day in days}


def _on(lines: Iterable[Line], day: date) -> Iterator[Line]:
    return (line for line in lines if line.valid_from <= day < (line.valid_to or LAST_DAY))


def _kept(work: Work, lines: Sequence[Line], found: Mapping[date, Checked]) -> list[Line]:
    """One line of each yarn and time, with the part that was judged right on the day it begins."""
    merged: dict[tuple[str, date], Line] = {}
    seen: set[tuple[str, date, Decimal]] = set()
    for line in lines:
        key, codes = (str(line.yarn), line.valid_from), found[line.valid_from].codes
        summed = "BOM_DUP_SUMMED" in codes and "BOM_DUP_SAME" not in codes
        if key not in merged:
            merged[key] = line
        elif summed or (*key, line.quantity_per) not in seen:
            merged[key] = _added(merged[key], line)
        seen.add((*key, line.quantity_per))
    return [_normalised(work, line, found[line.valid_from]) for line in merged.values()]


def _added(one: Line, other: Line) -> Line:
    """Two feeders of one yarn: what each loses at a set-up is lost."""
    quantity, setup = one.quantity_per + other.quantity_per, one.setup_lb + other.setup_lb
    return replace(one, quantity_per=quantity, setup_lb=setup)


def _normalised(work: Work, line: Line, found: Checked) -> Line:
    """Scaled, where that was asked, so that a recipe of nearly 1 adds to 1."""
    if found.status != "near" or not work.asked.normalise:
        return line
    return replace(line, quantity_per=quotient(line.quantity_per, found.total))


def _tell(work: Work, lines: Sequence[Line], code: str, total: Decimal) -> None:
    """On the line that is meant: the repeated one, else the recipe's first."""
    at, seen = lines[0], set()
    if code.startswith("BOM_DUP"):
        for line in lines:
            if line.yarn in seen:
                at = line
                break
            seen.add(line.yarn)
    said = _SAID.get(code, code).format(total=_plain(total))
    normalised = code == "BOM_SUM_NEAR" and work.asked.normalise
    if normalised:
        said = f"The recipe adds to {_plain(total)}, nearly 1: scaled to 1, as was asked"
    used = at.quantity_per if code == "BOM_DUP_SAME" else total
    work.tell(
        at.row, "quantity_per", code, said, raw=_plain(at.raw), used=_plain(used),
        action="repaired" if normalised else None,
    )  # fmt: skip


def _reject(work: Work, lines: Iterable[Line], code: str) -> None:
    for line in lines:
        work.tell(line.row, "quantity_per", code, _SAID[code], raw=_plain(line.raw))


def _plain(value: Decimal) -> str:
    """Without zeros that say nothing, and without an exponent."""
    return f"{value.normalize():f}"


def _without_circles(work: Work, lines: list[Line], statuses: dict[str, str], parts: Parts) -> list[Line]:
    """Leave out each line by which a style would contain itself; its style is incomplete then (F-25)."""
    kept = []
    for line in sorted(lines, key=lambda one: one.row):
        circle = None if line.part is None else parts.add(line.style, line.part)
        if circle is None:
            kept.append(line)
            continue
        said = f"The style would contain itself: {' > '.join(circle)}"
        work.tell(line.row, "component_style", "BOM_CYCLE", said, raw=line.part)
        statuses[line.style] = "incomplete"
    return kept
