"""Order of an answer: what the request asks for, and a new deterministic disorder for all that it leaves
open.

A real site without `order_by` sends whatever order its database picks, and breaks ties of a non-unique key
differently on different pages (observed). Here each request gets its own permutation of (seed, request
number).
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection

from service.simulators.frappe.columns import Columns, UnknownFieldError
from service.simulators.frappe.failures import sql_error

_PRIME = 2_147_483_647  # below it every row id has its own place: id * a + b modulo a prime is a permutation
_TERM = re.compile(r"([\w`. ()*]+?)(?:\s+(asc|desc))?$", re.IGNORECASE)


def order_terms(order_by: str | None, columns: Columns, aliases: Collection[str]) -> list[tuple[str, str]]:
    """(SQL, direction) of each key. A key the table lacks is a 500 (observed); a subquery orders nothing."""
    found = []
    for part in (order_by or "").split(","):
        text = part.strip()
        if text and not text.startswith("("):
            found.append(_term(text, columns, aliases))
    return found


def _term(text: str, columns: Columns, aliases: Collection[str]) -> tuple[str, str]:
    match = _TERM.match(text)
    name = (match[1] if match else text).strip()
    direction = (match[2] or "asc").lower() if match else "asc"
    if name.strip("`") in aliases:
        return f'"{name.strip("`")}"', direction
    try:
        return columns.resolve(name)[0], direction
    except UnknownFieldError:
        raise sql_error("OperationalError", 1054, f"Unknown column '{name}' in 'ORDER BY'") from None


def permutation(seed: int, request: int, row: str = "t.id") -> str:
    """SQL of a key that puts rows into the disorder of this request."""
    dice = random.Random(seed * 1_000_003 + request)  # noqa: S311
    return f"({row} * {dice.randrange(1, _PRIME)} + {dice.randrange(_PRIME)}) % {_PRIME}"


def order_clause(terms: list[tuple[str, str]], disorder: str | None) -> str:
    """ORDER BY for `terms`; `disorder` decides what they leave open, unless they hold the unique name."""
    keys = [f"{sql} {direction.upper()}" for sql, direction in terms]
    if disorder and 't."name"' not in {sql for sql, _ in terms}:
        keys.append(disorder)
    return f" ORDER BY {', '.join(keys)}" if keys else ""
