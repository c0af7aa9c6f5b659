"""Numbers of rows in paths: one that no row can have is a 404, never an error of the database."""

from typing import Final

from starlette.convertors import IntegerConvertor, register_url_convertor

LARGEST_BIGINT: Final = 2**63 - 1
LARGEST_INTEGER: Final = 2**31 - 1


class RowNumber(IntegerConvertor):
    """`{…:int}` of a path, bigint: a number beyond it is the last there can be, which no row has."""

    largest = LARGEST_BIGINT

    def convert(self, value: str) -> int:
        """The number; Python itself refuses to read one of more than 4,300 digits."""
        digits = value.lstrip("0")
        return self.largest if len(digits) > len(str(self.largest)) else min(int(digits or "0"), self.largest)


class SmallRowNumber(RowNumber):
    """`{…:number}` of a path: the same of a column that is an integer."""

    largest = LARGEST_INTEGER


register_url_convertor("int", RowNumber())
register_url_convertor("number", SmallRowNumber())
