"""How the cells of a column are read: text, codes, pounds, prices, days, units; each by one rule (B.5)."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from service.mill.rules.numbers import MOST, BadCell, Read, day, read_code, read_number
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import rounded
from service.reporting.files.cells import Cell, is_blank

ZERO: Final = Decimal(0)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t")
LONGEST_TEXT: Final = 2_000
LONGEST_CODE: Final = 100
MOST_PRICE: Final = Decimal(10**7)
LEAST_MEASURE, MOST_MEASURE = Decimal("0.001"), Decimal(99_999)
_TAG = re.compile(r"<[^<>]*>")
_UNIT = re.compile(r"\(([^()]*[A-Za-z][^()]*)\)\s*$")
_CENTRE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}\.[A-Z]{1,4}")
_MONTH_CODED = re.compile(r"\d{1,2}-[A-Z][a-z]{2}")
UNITS: Final[Mapping[str, str]] = {
    "yd": "yd", "yds": "yd", "yard": "yd", "yards": "yd", "lb": "lb", "lbs": "lb", "pound": "lb",
    "pounds": "lb", "kg": "kg", "kgs": "kg", "kilogram": "kg", "kilograms": "kg", "ea": "ea", "each": "ea",
    "pc": "ea", "pcs": "ea", "piece": "ea", "pieces": "ea", "panel": "ea", "panels": "ea",
}  # fmt: skip
"""Units of a sale as files write them, and as they are stored."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file is read by: today at the mill, the workbook's calendar, its name, what was asked, the
    parameters.
    """

    today: date
    snapshot: date
    parameters: Parameters = field(default_factory=Parameters)
    lead_unit: Literal["days", "weeks"] | None = None
    normalise: bool = False
    epoch_1904: bool = False
    file_name: str = ""


Parse = Callable[[Cell | None, Ground], Read[Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`parse` a cell, or raise `BadCell`; `sql`: what its value is in the database.

    `softly`: what cannot be read is blank, with a warning.
    """

    sql: str
    parse: Parse
    softly: bool = False


def _text(raw: Cell | None, _: Ground) -> Read[str]:
    """Trimmed; blank is None. A text that begins like a formula stays a text."""
    if raw is None or (text := " ".join(str(raw).replace("\0", " ").split())) == "":
        return Read(None)
    if (plain := _unguarded(text)) != text:
        return Read(plain[: LONGEST_TEXT - 1])
    return Read(text[:LONGEST_TEXT], ("FORMULA",) if text.startswith(FORMULA_STARTS) else ())


def _unguarded(text: str) -> str:
    """Without the apostrophe that an export, ours among them, puts before what looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text


def _code(raw: Cell | None, _: Ground) -> Read[str]:
    found = read_code(_unguarded(raw) if isinstance(raw, str) else raw)
    if found.value is not None and len(found.value) > LONGEST_CODE:
        raise BadCell("KEY_LONG", raw, f"A code has at most {LONGEST_CODE} characters")
    return found


def _some_code(raw: Cell | None, ground: Ground) -> Read[str]:
    """A code that need not be there."""
    return Read(None) if is_blank(raw) else _code(raw, ground)


def _unlinked(raw: Cell | None, ground: Ground) -> Read[str]:
    """An order number, which the ERP now and then exports as a link of its web page."""
    plain = _TAG.sub("", html.unescape(_TAG.sub("", raw))) if isinstance(raw, str) else raw
    found = _code(plain, ground)
    if plain == raw:
        return found
    return Read(found.value, ("KO_HTML", *(one for one in found.findings if one != "KEY_TRIM")))


def _number(raw: Cell | None, _: Ground) -> Read[Decimal]:
    return read_number(raw)


def _pounds(raw: Cell | None, _: Ground) -> Read[Decimal]:
    """Pounds as they are stored, with four decimals at most."""
    found = read_number(raw)
    if found.value is None or int(found.value.as_tuple().exponent) >= -4:
        return found
    return Read(rounded(found.value), found.findings)


def _movement(raw: Cell | None, ground: Ground) -> Read[Decimal]:
    """Pounds of a balance: a blank is 0."""
    found = _pounds(raw, ground)
    return Read(ZERO, found.findings) if found.value is None else found


def _not_negative(*, blank: Decimal | None, most: Decimal = MOST) -> Parse:
    """Numbers with four decimals that are never negative; told as NUM_RANGE."""

    def parse(raw: Cell | None, ground: Ground) -> Read[Decimal]:
        found = _pounds(raw, ground)
        if found.value is None:
            return Read(blank, found.findings)
        if not 0 <= found.value <= most:
            raise BadCell("NUM_RANGE", raw, f"Must be from 0 to {most:,}")
        return found

    return parse


def _measure(raw: Cell | None, _: Ground) -> Read[Decimal]:
    """A factor of a style: 0 and below say that it is not known."""
    found = read_number(raw)
    if found.value is None or found.value <= 0:
        return Read(None, found.findings)
    if not LEAST_MEASURE <= found.value <= MOST_MEASURE:
        raise BadCell("NUM_RANGE", raw, f"Must be from {LEAST_MEASURE} to {MOST_MEASURE:,}")
    return found


def _priced(raw: Cell | None, ground: Ground) -> Read[Decimal]:
    """A price, now and then with its unit in brackets behind: `$4.25 (yds)`."""
    cell = raw
    if isinstance(raw, str) and (unit := _UNIT.search(raw)):
        cell = raw[: unit.start()]
    found = _price(cell, ground)
    return Read(found.value, (*found.findings, "NUM_TEXT") if cell is not raw else found.findings)


_price: Final = _not_negative(blank=None, most=MOST_PRICE)


def _day(raw: Cell | None, ground: Ground) -> Read[date]:
    if isinstance(raw, str) and is_blank(raw):
        return Read(None)
    return Read(day(raw, today=ground.today, epoch_1904=ground.epoch_1904))


def _unit(raw: Cell | None, _: Ground) -> Read[str]:
    """The unit of a quantity; a unit that nobody knows is an error, never a guess."""
    word = "" if raw is None else str(raw).strip().casefold().rstrip(".")
    if word not in UNITS:
        raise BadCell(
            "UNIT_UNKNOWN", raw, f"Not a unit of sale (use {', '.join(sorted(set(UNITS.values())))})"
        )
    return Read(UNITS[word])


def _centre(raw: Cell | None, _: Ground) -> Read[str]:
    """A work centre `construction.diameter.needle-cut.kind`."""
    text = "" if raw is None else str(raw)
    key = text.strip().upper()
    if not _CENTRE.fullmatch(key):
        raise BadCell("WC_FORMAT", raw, "Not a work centre such as 6.30.28.F")
    return Read(key, () if key == text else ("KEY_TRIM",))


def _some_centre(raw: Cell | None, ground: Ground) -> Read[str]:
    return Read(None) if is_blank(raw) else _centre(raw, ground)


def _size(raw: Cell | None, _: Ground) -> Read[str]:
    """A yarn's size; what a spreadsheet made a date of is none, for 1/6 and 6/1 look alike then."""
    if isinstance(raw, str) and _MONTH_CODED.fullmatch(raw.strip()):
        return Read(None, ("SIZE_DATE",))
    if isinstance(raw, date):
        return Read(None, ("SIZE_DATE",))
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return Read(None if is_blank(raw) else str(raw).strip())


TEXT: Final = Reader("text", _text)
CODE: Final = Reader("text", _code)
SOME_CODE: Final = Reader("text", _some_code)
UNLINKED: Final = Reader("text", _unlinked)
NUMBER: Final = Reader("numeric", _number)
MOVEMENT: Final = Reader("numeric", _movement)
POUNDS: Final = Reader("numeric", _pounds)
AMOUNT: Final = Reader("numeric", _not_negative(blank=ZERO))
"""Pounds that are never negative; a blank is 0."""
SOME_AMOUNT: Final = Reader("numeric", _not_negative(blank=None))
PRICE: Final = Reader("numeric", _price)
PRICED: Final = Reader("numeric", _priced)
MEASURE: Final = Reader("numeric", _measure)
DAY: Final = Reader("date", _day, softly=True)
NEEDED_DAY: Final = Reader("date", _day)
UNIT: Final = Reader("text", _unit)
CENTRE: Final = Reader("text", _centre)
SOME_CENTRE: Final = Reader("text", _some_centre)
SIZE: Final = Reader("text", _size)


def _priority(raw: Cell | None, _: Ground) -> Read[int]:
    """1 critical, 2 high, 3 normal, 4 low, as number or word."""
    if is_blank(raw):
        return Read(None)
    word = str(raw).strip().casefold().removesuffix(".0")
    if word not in _PRIORITIES:
        raise BadCell("CODE_UNKNOWN", raw, "Not a priority (1 critical, 2 high, 3 normal, 4 low)")
    return Read(_PRIORITIES[word])


_PRIORITIES: Final[Mapping[str, int]] = {
    "1": 1, "2": 2, "3": 3, "4": 4, "critical": 1, "high": 2, "normal": 3, "low": 4,
}  # fmt: skip
PRIORITY: Final = Reader("smallint", _priority, softly=True)


def _whole(raw: Cell | None, _: Ground) -> Read[int]:
    """A number of a line."""
    found = read_number(raw)
    if found.value is None:
        return Read(None)
    if found.value != int(found.value) or not 0 <= found.value < 10**6:
        raise BadCell("NUM_RANGE", raw, "Not a whole number of a line")
    return Read(int(found.value), found.findings)


STAGES: Final = ("F01", "G00", "G02", "I01", "P01")


def _stage(raw: Cell | None, _: Ground) -> Read[str]:
    word = "" if raw is None else str(raw).strip().upper()
    if word not in STAGES:
        raise BadCell("UNIT_UNKNOWN", raw, f"Not a stage ({', '.join(STAGES)})")
    return Read(word)


WHOLE: Final = Reader("int", _whole)
STAGE: Final = Reader("text", _stage)
