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
from service.mill.rules.recipe_checks import Checked, Tolerance, checked, scale_of
from service.mill.rules.recipes import FIRST_DAY, LAST_DAY

COLUMNS: Final = (
    "style_code", "yarn_code", "component_style", "quantity_per", "loss", "valid_from", "valid_to",
)  # fmt: skip
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
    """A line of the file; `quantity_per` on the scale of fractions once that is known."""

    row: int
    style: str
    yarn: str | None
    part: str | None
    quantity_per: Decimal
    loss: Decimal
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
    return Line(
        row.row_no, row.style_code, row.yarn_code, row.component_style, row.quantity_per, row.loss or ZERO,
        row.valid_from or FIRST_DAY, row.valid_to,
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
    scale = scale_of({s: [one.quantity_per for one in of if one.yarn] for s, of in by_style.items()})
    if scale.code is not None:
        said = "The file's parts are percentages: divided by 100"
        work.tell(work.header.line, "quantity_per", scale.code, said, raw="0-100", used="0-1")
    mixed = set(scale.mixed)
    for style in mixed:
        _reject(work, by_style[style], "BOM_SCALE_MIXED")
    return {
        style: [replace(one, quantity_per=one.quantity_per / scale.divisor) for one in lines]
        for style, lines in by_style.items()
    } | {style: [] for style in mixed}


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
    if found.status == "rejected":
        _reject(work, lines, found.codes[0])
        return "rejected", []
    codes = [code for code in found.codes if not (parts and code.startswith("BOM_SUM"))]
    for code in codes:
        _tell(work, spun, code, found.total)
    # The sum of yarns says nothing where styles go in as well.
    status = "ok" if parts else found.status
    return status, [*parts, *_kept(work, spun, found)]


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


def _checked(work: Work, lines: Sequence[Line]) -> Checked:
    """The recipe of each day on which it changes; the worst of them counts."""
    tolerance = Tolerance(*work.reading.ground.parameters.bom_sum_tolerance)
    days = sorted({line.valid_from for line in lines})
    each = [checked([(str(x.yarn), x.quantity_per) for x in _on(lines, day)], tolerance) for day in days]
    order = ("none", "ok", "near", "incomplete", "rejected")
    return max(each, key=lambda one: order.index(one.status))


def _on(lines: Iterable[Line], day: date) -> Iterator[Line]:
    return (line for line in lines if line.valid_from <= day < (line.valid_to or LAST_DAY))


def _kept(work: Work, lines: Sequence[Line], found: Checked) -> list[Line]:
    """One line of each yarn and time, with the part that was judged right."""
    summed = "BOM_DUP_SUMMED" in found.codes and "BOM_DUP_SAME" not in found.codes
    merged: dict[tuple[str, date], Line] = {}
    seen: set[tuple[str, date, Decimal]] = set()
    for line in lines:
        key = (str(line.yarn), line.valid_from)
        if key not in merged:
            merged[key] = line
        elif summed or (*key, line.quantity_per) not in seen:
            merged[key] = replace(merged[key], quantity_per=merged[key].quantity_per + line.quantity_per)
        seen.add((*key, line.quantity_per))
    if found.status == "near" and work.asked.normalise:
        return [replace(x, quantity_per=quotient(x.quantity_per, found.total)) for x in merged.values()]
    return list(merged.values())


def _tell(work: Work, lines: Sequence[Line], code: str, total: Decimal) -> None:
    """On the line that is meant: the repeated one, else the recipe's first."""
    at, seen = lines[0], set()
    if code.startswith("BOM_DUP"):
        for line in lines:
            if line.yarn in seen:
                at = line
                break
            seen.add(line.yarn)
    said = _SAID.get(code, code).format(total=total.normalize())
    normalised = code == "BOM_SUM_NEAR" and work.asked.normalise
    if normalised:
        said = f"The recipe adds to {total.normalize()}, nearly 1: scaled to 1, as was asked"
    used = at.quantity_per if code == "BOM_DUP_SAME" else total
    work.tell(
        at.row, "quantity_per", code, said, raw=at.quantity_per.normalize(), used=used.normalize(),
        action="repaired" if normalised else None,
    )  # fmt: skip


def _reject(work: Work, lines: Iterable[Line], code: str) -> None:
    for line in lines:
        work.tell(line.row, "quantity_per", code, _SAID[code], raw=line.quantity_per)


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
