"""Arithmetic without a rounding: products and sums of decimals keep every digit until the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction

ZERO = Decimal(0)
ONE = Decimal(1)

# Python's own 28 digits are not enough: pounds (14 digits) over three levels of a fraction (8 decimals) with
# a loss (6 decimals) are already 56. A deeper recipe takes what it needs; nothing is allotted beforehand.
_EXACT = Context(prec=100_000, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation])

# A quotient has no last digit: it is rounded once, where it is made, to 20 decimals. A pound has 4.
QUOTIENT = Decimal("1e-20")


@contextmanager
def exact() -> Iterator[None]:
    """Within it, a product or a sum that would have to be rounded raises `decimal.Inexact`."""
    with localcontext(_EXACT):
        yield


def product(one: Decimal, other: Decimal) -> Decimal:
    """The product of two, every digit kept: for where there is no more to compute than that."""
    return _EXACT.multiply(one, other)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient to 20 decimals, half up."""
    with localcontext(Context(prec=120, rounding=ROUND_HALF_UP)):
        return (dividend / divisor).quantize(QUOTIENT)


def decimal_of(value: Fraction) -> Decimal:
    """A fraction to 20 decimals, half up: after all that had to be compared was."""
    return quotient(Decimal(value.numerator), Decimal(value.denominator))
