"""Rounding of figures: exact until the end, then half away from zero, on output only (spec D7)."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

Exact = int | Decimal | Fraction

_SETTLED: Final = 12
"""Places to which a sum of quotients is settled first: PostgreSQL divides to 16 digits or more, so that what
is exactly a half may come as 0.4999999999999999."""


def rounded(value: Exact | None, places: int = 2) -> float | None:
    """The value to so many places; null stays null."""
    return None if value is None else float(_half_up(Fraction(value), places))


def settled(value: Exact) -> Fraction:
    """A value from divided numbers without what the division left behind."""
    return Fraction(_half_up(Fraction(value), _SETTLED))


def mean(total: Exact | None, n: int, places: int = 2) -> float | None:
    """A mean; null of nothing."""
    return None if total is None or n == 0 else rounded(Fraction(total) / n, places)


def percent(part: Exact | None, whole: Exact | None, places: int = 2) -> float | None:
    """100 × part / whole; null where there is no whole."""
    return None if part is None or not whole else rounded(100 * Fraction(part) / Fraction(whole), places)


def _half_up(value: Fraction, places: int) -> Decimal:
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)
