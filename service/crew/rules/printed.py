"""Texts that Gartan prints: contract hours, skills, an appliance's crewing rule, `n (±d)` (spec A.5, D.1)."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from service.crew.rules.display import Crewing
from service.crew.rules.grid import Contract, TitleRule

LONGEST_NAME: Final = 100
"""Characters of a name at most; a longer text is none."""
LONGEST_CODE: Final = 20
"""The same of a role or a skill."""
_MOST_HOURS: Final = Decimal(168)
_MOST_BOOKED: Final = Decimal(9999)
_HUNDREDTH: Final = Decimal("0.01")
_LONGEST_TITLE: Final = 400
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_IN_PARENTHESES: Final = re.compile(r"\(([^()]*)\)")
_APART: Final = re.compile(r"[\s,]+")
_TITLE: Final = re.compile(r"(.+?)\s*-\s*Total Crew:\s*([0-9]{1,2})\s*((?:,[^,]*)*)", re.IGNORECASE)
_COUNT: Final = re.compile(r"\s*(\S.*?)\s+x\s+([0-9]{1,2})\s*", re.IGNORECASE)
_CREWING: Final = re.compile(r"\s*([0-9]{1,4})\s*\(\s*([+-]?[0-9]{1,4})\s*\)\s*")


def plain(text: str) -> str:
    """A text as one reads it: any white space (NBSP too) as one space, nothing that does not show."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return "".join(sign for sign in " ".join(text.split()) if unicodedata.category(sign)[0] != "C")


def contract_of(text: str) -> tuple[Contract, bool]:
    """`61 (159)`: hours of the contract, in parentheses those booked; and whether it can be read (D.1.9).

    Nothing printed is nothing, and no fault. Hours are at most 168 a week.
    """
    inside = _IN_PARENTHESES.search(text)
    hours = _number(_IN_PARENTHESES.sub(" ", text), _MOST_HOURS)
    booked = _number(inside[1], _MOST_BOOKED) if inside else None
    return Contract(hours, booked, text[:LONGEST_NAME]), hours is not None or not text


def _number(text: str, most: Decimal) -> Decimal | None:
    found = _NUMBER.search(text)
    if found is None:
        return None
    number = Decimal(found[0])
    if number > most:
        return None
    # As it is stored: what is finer would be another contract with every look.
    return number.quantize(_HUNDREDTH, ROUND_HALF_UP) if number % _HUNDREDTH else number


def skills_of(text: str) -> tuple[str, ...]:
    """`(LGV, BA)` and `BA LGV` are the same codes, upper-case, each once, in their order (D.1.8)."""
    codes = _APART.split(text.replace("(", " ").replace(")", " ").upper())
    return tuple(dict.fromkeys(code for code in codes if 0 < len(code) <= LONGEST_CODE))


def title_of(text: str) -> TitleRule | None:
    """`Default - Total Crew: 4, MGR x 1, BA x 4`; None: it does not say that (A.5)."""
    found = _TITLE.fullmatch(text) if len(text) <= _LONGEST_TITLE else None
    if found is None:
        return None
    parts = [_COUNT.fullmatch(part) for part in found[3].split(",")[1:]]
    counts = {part[1].upper(): int(part[2]) for part in parts if part}
    if len(counts) < len(parts):
        return None
    return TitleRule(found[1], int(found[2]), counts)


def crewing_of(text: str) -> Crewing | None:
    """`3 (-1)` of the station display (A.9); None: it does not say that."""
    found = _CREWING.fullmatch(text)
    return Crewing(int(found[1]), int(found[2])) if found else None
