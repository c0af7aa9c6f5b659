"""Numbers of rows in paths: one that no row can have is a 404, never an error of the database."""

from typing import Final

from pydantic import WrapValidator
from starlette.convertors import IntegerConvertor, register_url_convertor

LARGEST_BIGINT: Final = 2**63 - 1
LARGEST_INTEGER: Final = 2**31 - 1
_SHOWN: Final = 40
"""Digits of a number that an error repeats."""


class Beyond(int):
    """A number that no row can have; as text it is what was asked for."""

    digits: str

    @classmethod
    def of(cls, nearest: int, digits: str) -> "Beyond":
        """The number that stands for these digits."""
        made = cls(nearest)
        made.digits = digits if len(digits) <= _SHOWN else f"{digits[:_SHOWN]}…"
        return made

    def __str__(self) -> str:
        return self.digits


AS_ASKED: Final = WrapValidator(lambda value, read: value if isinstance(value, Beyond) else read(value))
"""Beside `int` of a path: `Beyond` stays what it is, which a plain number would not."""


class RowNumber(IntegerConvertor):
    """`{…:int}` of a path, bigint: a number beyond it is the last there can be, which no row has."""

    largest = LARGEST_BIGINT

    def convert(self, value: str) -> int:
        """The number; Python itself refuses to read one of more than 4,300 digits."""
        digits = value.lstrip("0") or "0"
        too_long = len(digits) > len(str(self.largest))
        return Beyond.of(self.largest, digits) if too_long or int(digits) > self.largest else int(digits)


class SmallRowNumber(RowNumber):
    """`{…:number}` of a path: the same of a column that is an integer."""

    largest = LARGEST_INTEGER


register_url_convertor("int", RowNumber())
register_url_convertor("number", SmallRowNumber())
