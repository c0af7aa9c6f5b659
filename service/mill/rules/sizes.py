"""Yarn sizes as mills write them, and the weight of a kilometre of it: tex (spec B.4, E.13, F-77)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from service.mill.rules.exact import decimal_of
from service.mill.rules.quantities import rounded

System = Literal["denier", "dtex", "cotton", "metric", "worsted"]
Form = Literal["spun", "filament"]
Reason = Literal["SIZE_BLANK", "SIZE_DATE", "SIZE_FORMAT", "SIZE_RANGE"]

# 590.5 is the spec's: a cotton count of 1 is a hank of 840 yd to a pound, a worsted count one of 560 yd.
_LIGHTER: Final[Mapping[System, Decimal]] = {
    "cotton": Decimal("590.5"),
    "worsted": Decimal("885.8"),
    "metric": Decimal(1000),
}
_HEAVIER: Final[Mapping[System, int]] = {"denier": 9, "dtex": 10}

_SUFFIXES: Final[Mapping[str, System]] = {
    "": "cotton",
    "NE": "cotton",
    "HNK": "cotton",
    "NM": "metric",
    "WC": "worsted",
}
_NUMBER = r"\d+(?:\.\d+)?|\.\d+"
_FILAMENT = re.compile(rf"(\d+)/({_NUMBER})/(\d+)/?(?=\s|$)")
_SPUN = re.compile(rf"({_NUMBER})/(\d+)/?\s*(NE|HNK|NM|WC)?(?=\s|$)")
_COUNT = re.compile(rf"({_NUMBER}) ?(NE|HNK|NM|WC)?")
# What a spreadsheet makes of 1/6 or 6/1, of 30/1 and of 1/36: which of them it was, nobody can tell.
_DATE = re.compile(
    r"\d{1,2}-[A-Z]{3}(-\d{2,4})?$|[A-Z]{3}-\d{2}$|\d{4}-\d{2}-\d{2}([ T].*)?$|\d{1,2}/\d{1,2}/(19|20)\d{2}$"
)
# More ends than this are no yarn: the text has another order than count/ply.
_MOST_PLY: Final = 12
_MOST_FILAMENTS: Final = 10_000
_MOST_TEX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """`count`: denier of an end, or the count in its system. `tex` of the whole yarn, to 4 places."""

    form: Form
    system: System
    ply: int
    count: Decimal
    tex: Decimal
    filaments: int | None = None

    @property
    def density(self) -> Fraction:
        """Its tex to the last digit: what is compared. `tex` is what is shown."""
        return density_of(self.system, self.count, self.ply)


@dataclass(frozen=True, slots=True)
class NoSize:
    """A text that is not a size, and why."""

    reason: Reason


def size_of(text: str | None) -> Size | NoSize:
    """The size at the beginning of a text: `ply/denier/filaments`, or `count/ply` of spun yarn.

    A count is English cotton unless a suffix says metric (NM), worsted (WC) or hank (HNK, of cotton). What
    follows after a blank is description. A text that a spreadsheet took for a date is not guessed at.
    """
    text = " ".join((text or "").upper().split())
    if not text:
        return NoSize("SIZE_BLANK")
    if _DATE.match(text):
        return NoSize("SIZE_DATE")
    if found := _FILAMENT.match(text):
        return _filament(int(found[1]), Decimal(found[2]), int(found[3]))
    if found := _SPUN.match(text):
        return _within_range("spun", _SUFFIXES[found[3] or ""], int(found[2]), Decimal(found[1]))
    return NoSize("SIZE_FORMAT")


def size_text(ply: str | None, size: str | None, filaments: str | None) -> str:
    """The size that a file states in three columns, as one text: with filaments a denier, else a count."""
    ends, size, strands = ((cell or "").strip() for cell in (ply, size, filaments))
    if not size or not ends or "/" in size or _DATE.match(size.upper()):
        return size
    if strands and strands != "0":
        return f"{ends}/{size}/{strands}"
    found = _COUNT.fullmatch(" ".join(size.upper().split()))
    return f"{found[1]}/{ends} {found[2] or ''}".strip() if found else size


def stated_size(size: str | None, description: str | None) -> Size | NoSize:
    """What a yarn says of its size, in its own field or, where that is blank, before its description."""
    stated = size_of(size)
    return size_of(description) if stated == NoSize("SIZE_BLANK") and description else stated


def _filament(ply: int, denier: Decimal, filaments: int) -> Size | NoSize:
    if not 1 <= filaments <= _MOST_FILAMENTS:
        return NoSize("SIZE_RANGE")
    return _within_range("filament", "denier", ply, denier, filaments)


def _within_range(
    form: Form, system: System, ply: int, count: Decimal, filaments: int | None = None
) -> Size | NoSize:
    if not 1 <= ply <= _MOST_PLY or not count or density_of(system, count, ply) >= _MOST_TEX:
        return NoSize("SIZE_RANGE")
    tex = tex_of(system, count, ply)
    return Size(form, system, ply, count, tex, filaments) if tex else NoSize("SIZE_RANGE")


def tex_of(system: System, count: Decimal, ply: int = 1) -> Decimal:
    """Grams of a kilometre of so many ends of a count above 0, to 4 places."""
    return rounded(decimal_of(density_of(system, count, ply)))


def density_of(system: System, count: Decimal, ply: int = 1) -> Fraction:
    """The same exactly: heavier with the count, or lighter where a count says how long a weight is."""
    if system in _LIGHTER:
        return ply * Fraction(_LIGHTER[system]) / Fraction(count)
    return ply * Fraction(count) / _HEAVIER[system]
