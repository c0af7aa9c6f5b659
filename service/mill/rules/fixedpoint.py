"""Units times a factor, rounded half up, exact and a column at a time: in two limbs of nine decimals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.mill.rules.exact import exact

Ints = NDArray[np.int64]

_LIMB: Final = 1_000_000_000
_PLACES: Final = 18
# With high limbs below these no product passes 2 ** 63: that is 2 * 10 ** 14 lb, and 4 pounds of yarn for a
# pound. What is larger goes the long way, in Python's integers.
_MOST_UNITS: Final = 2_000_000_000
_MOST_FACTOR: Final = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Factors:
    """Factors of 0 or more as 10 ** 18ths, cut off there: `high` limb (10 ** -9) and `low` limb.

    `rest`: the factor has more digits than that. `wide`: its high limb is too large for the short way.
    """

    exact: tuple[Decimal, ...]
    high: Ints
    low: Ints
    rest: NDArray[np.bool_]
    wide: NDArray[np.bool_]


def factors_of(values: Sequence[Decimal]) -> Factors:
    """Factors ready for `times`."""
    with exact():
        whole = [int(value.scaleb(_PLACES)) for value in values]
        rest = [value.scaleb(_PLACES) != cut for value, cut in zip(values, whole, strict=True)]
    wide = [cut >= _MOST_FACTOR * _LIMB for cut in whole]
    narrow = [0 if is_wide else cut for cut, is_wide in zip(whole, wide, strict=True)]
    return Factors(
        tuple(values),
        np.array([cut // _LIMB for cut in narrow], np.int64),
        np.array([cut % _LIMB for cut in narrow], np.int64),
        np.array(rest, np.bool_),
        np.array(wide, np.bool_),
    )


def times(units: Ints, at: Ints, factors: Factors) -> Ints:
    """`units[i]` times the factor at `at[i]`, rounded half up.

    With units a * 10 ** 9 + b and a factor c * 10 ** -9 + d * 10 ** -18 the product is
    ac + (ad + bc + bd * 10 ** -9) * 10 ** -9: only the middle carries into what is kept. A factor that was
    cut off adds less than units * 10 ** -18 to it; where so little could matter the row is done again.
    """
    a, b = units // _LIMB, units % _LIMB
    c, d = factors.high[at], factors.low[at]
    last = b * d % _LIMB
    middle = a * d + b * c + b * d // _LIMB + _LIMB // 2
    product: Ints = a * c + middle // _LIMB
    again = factors.wide[at] | (a >= _MOST_UNITS)
    cut = factors.rest[at]
    if cut.any():
        missing = (_LIMB - middle % _LIMB) * _LIMB - last  # 10 ** -18 units up to the next whole one
        again |= cut & (missing <= units)
    for row in np.flatnonzero(again):
        product[row] = _long_way(int(units[row]), factors.exact[at[row]])
    return product


def _long_way(units: int, factor: Decimal) -> int:
    numerator, denominator = factor.as_integer_ratio()
    return (2 * units * numerator + denominator) // (2 * denominator)
