"""What is wrong with a recipe as a file states it: scale, lines, sum (spec B.5 `BOM_*`, F-20, F-28)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.mill.rules.exact import ONE, ZERO

Code = Literal[
    "BOM_SCALE_PERCENT",
    "BOM_SCALE_MIXED",
    "BOM_RANGE",
    "BOM_DUP_SAME",
    "BOM_DUP_SUMMED",
    "BOM_DUP_DIFF",
    "BOM_SUM_NEAR",
    "BOM_SUM_OFF",
]
Status = Literal["none", "ok", "near", "incomplete", "rejected"]
Stated = tuple[str, Decimal]
"""A yarn and its part, as a line of a file has them."""

_STATUS: Mapping[Code | None, Status] = {None: "ok", "BOM_SUM_NEAR": "near", "BOM_SUM_OFF": "incomplete"}
_HUNDRED = Decimal(100)
# A sum this near to its whole tells the scale of a style.
_SCALE_SLACK = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far from 1 a sum may be: up to `ok` nothing is said of it, beyond `near` it is incomplete."""

    ok: Decimal = Decimal("0.001")
    near: Decimal = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Scale:
    """What the parts of a file are to be divided by, once, and the styles that cannot be on that scale."""

    divisor: Decimal
    mixed: tuple[str, ...]

    @property
    def code(self) -> Code | None:
        """What to say of the file."""
        return "BOM_SCALE_PERCENT" if self.divisor == _HUNDRED else None


def scale_of(recipes: Iterable[tuple[str, Sequence[Stated]]]) -> Scale:
    """The scale of a file, from its recipes: each style with its lines, once for every time they change.

    Percent where every part is above 1, or where more recipes add to about 100 than have fractions only: one
    style must not turn a file over. A style is mixed where it has parts up to 1 and above it and does not add
    to the whole of the file's scale, and where it adds to 1 in a file of percents: F-20. A line that is
    there twice may be a copy or a second feeder (B.5): either sum will do.
    """
    stated = [(style, lines) for style, lines in recipes if lines]
    about_hundred = sum(_is_whole(lines, _HUNDRED) for _, lines in stated)
    fractions = sum(_most(lines) <= 1 for _, lines in stated)
    all_above = bool(stated) and min(_least(lines) for _, lines in stated) > 1
    divisor = _HUNDRED if all_above or about_hundred > fractions else ONE
    return Scale(divisor, tuple(sorted({style for style, lines in stated if _is_mixed(lines, divisor)})))


def _is_whole(lines: Sequence[Stated], whole: Decimal) -> bool:
    """With the copies of a line or without them."""
    sums = (_sum(lines), _sum(dict.fromkeys(lines)))
    return any(abs(one - whole) <= whole * _SCALE_SLACK for one in sums)


def _is_mixed(lines: Sequence[Stated], divisor: Decimal) -> bool:
    if _least(lines) <= 1 < _most(lines):
        return divisor == ONE or not _is_whole(lines, divisor)
    return divisor == _HUNDRED and _most(lines) <= 1 and _is_whole(lines, ONE)


def _least(lines: Iterable[Stated]) -> Decimal:
    return min(part for _, part in lines)


def _most(lines: Iterable[Stated]) -> Decimal:
    return max(part for _, part in lines)


def _sum(lines: Iterable[Stated]) -> Decimal:
    return sum((part for _, part in lines), ZERO)


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines to plan with, what was said of them, and their sum; a rejected style has no lines.

    `repeated`: the yarns that the file names more than once.
    """

    lines: tuple[Stated, ...]
    codes: tuple[Code, ...]
    status: Status
    total: Decimal
    repeated: tuple[str, ...] = ()


def checked(lines: Sequence[Stated], tolerance: Tolerance | None = None) -> Checked:
    """The yarn lines of a style on the scale of fractions: range, repeated yarns, sum (F-28).

    Nothing is scaled to 1 here: a sum that is off stays off, and is told.
    """
    tolerance = tolerance or Tolerance()
    if not lines:
        return Checked((), (), "none", ZERO)
    total = _sum(lines)
    if any(not 0 < part <= 1 for _, part in lines):
        return Checked((), ("BOM_RANGE",), "rejected", total)
    count = Counter(yarn for yarn, _ in lines)
    repeated = tuple(yarn for yarn in count if count[yarn] > 1)
    kept, codes = _without_repeats(lines, tolerance)
    if not kept:
        return Checked((), codes, "rejected", total, repeated)
    total = _sum(kept)
    off = _of_sum(total, tolerance)
    return Checked(kept, codes if off is None else (*codes, off), _STATUS[off], total, repeated)


def _of_sum(total: Decimal, tolerance: Tolerance) -> Code | None:
    distance = abs(total - ONE)
    if distance <= tolerance.ok:
        return None
    return "BOM_SUM_NEAR" if distance <= tolerance.near else "BOM_SUM_OFF"


def _without_repeats(
    lines: Sequence[Stated], tolerance: Tolerance
) -> tuple[tuple[Stated, ...], tuple[Code, ...]]:
    """One line a yarn: copies dropped where that makes the style whole, else parts added where that does.

    Where neither does, copies are dropped still; parts that differ cannot both be right.
    """
    single = tuple(dict.fromkeys(lines))
    per_yarn = Counter(yarn for yarn, _ in single)
    differ = any(count > 1 for count in per_yarn.values())
    has_copies = len(single) < len(lines)
    if not differ and not has_copies:
        return tuple(lines), ()
    if has_copies and _is_near(single, tolerance):
        return _added(single), ("BOM_DUP_SAME", "BOM_DUP_SUMMED") if differ else ("BOM_DUP_SAME",)
    if _is_near(lines, tolerance):
        return _added(lines), ("BOM_DUP_SUMMED",)
    return () if differ else single, ("BOM_DUP_DIFF",)


def _is_near(lines: Sequence[Stated], tolerance: Tolerance) -> bool:
    return abs(_sum(lines) - ONE) <= tolerance.near


def _added(lines: Sequence[Stated]) -> tuple[Stated, ...]:
    total: dict[str, Decimal] = {}
    for yarn, part in lines:
        total[yarn] = total.get(yarn, ZERO) + part
    return tuple(total.items())
