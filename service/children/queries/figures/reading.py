"""The one statement of a question about figures: who asks, whose, which days, and every section asked for."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import CTE, BigInteger, Row, Select, Text, column, select, text

from service.children.queries.figures.across import ACROSS
from service.children.queries.figures.asked import (
    Asking,
    Form,
    activities,
    asked_of,
    form_of,
    sessions,
    values_of,
)
from service.children.queries.figures.sections import SECTIONS
from service.core.auth import Caller
from service.core.database import ReadConnection

_SECTIONS: Final = {**SECTIONS, **ACROSS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a statement found of a child: its standing, the window, documents of exact sums by section."""

    child_id: int
    level: str | None
    name: str
    is_active: bool
    restricted: bool
    timezone: str
    zone: str
    today: date
    first: date
    last: date
    from_at: datetime
    to_at: datetime
    before_at: datetime
    as_of: date
    until: datetime
    raised_at: datetime | None
    documents: dict[str, Any]

    @property
    def days(self) -> int:
        """Local days of the window."""
        return (self.last - self.first).days + 1


async def select_figures(
    conn: ReadConnection, caller: Caller, asking: Asking, parts: Collection[str]
) -> list[Figures]:
    """Every child that was asked for and is there, hidden ones (`level` null) without any figure."""
    statement = _statement(form_of(caller, asking), tuple(parts))
    rows = await conn.execute(statement, values_of(caller, asking))
    return [_figures(row, parts) for row in rows]


@lru_cache(maxsize=256)
def _statement(form: Form, parts: tuple[str, ...]) -> Select[Any]:
    asked = asked_of(form)
    needed = {letter for part in parts for letter in _SECTIONS[part][0]}
    statement = select(asked).add_cte(*(_table(letter, asked, form) for letter in sorted(needed)))
    for part in parts:
        section = text(_SECTIONS[part][1]).columns(column("child_id", BigInteger), column("doc", Text))
        found = section.subquery(f"of_{part}")
        statement = statement.add_columns(found.c.doc.label(part))
        statement = statement.outerjoin(found, found.c.child_id == asked.c.child_id)
    return statement.order_by(asked.c.child_id)


def _table(letter: str, asked: CTE, form: Form) -> CTE:
    if letter == "a":
        return activities(asked)
    if letter == "p":
        return sessions(asked, "p", starts="before_at", ends="from_at", of_type=form.of_type)
    if letter == "s":
        return sessions(asked, "s", starts=None, ends="until", of_type=form.of_type)
    return sessions(asked, "w", of_type=form.of_type)


def _figures(row: Row[Any], parts: Collection[str]) -> Figures:
    named = dict(row._mapping)  # noqa: SLF001  the public name for it
    documents = {part: read_document(named.pop(part)) for part in parts}
    return Figures(**named, documents=documents)


def read_document(doc: str | None) -> Any:
    """A section's JSON with its numbers exact; None where the child has no row in it."""
    return None if doc is None else json.loads(doc, parse_float=Decimal)
