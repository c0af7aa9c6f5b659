"""Names that a request gives: found, or refused with names like them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all

from service.core.database import ReadConnection
from service.core.errors import unknown_value

# Enough to find a slip of the pen; comparing all of 100,000 numbers would hold up everybody for a second.
_CANDIDATES = 60

Column = ColumnElement[str]
Conditions = Sequence[ColumnElement[bool]]


async def require_name(
    conn: ReadConnection, column: Column, word: str, *, pointer: str, what: str, among: Conditions = ()
) -> None:
    """Raise `Invalid` (`unknown_<what>`, with near matches) unless a row of `among` has this name."""
    if await conn.scalar(select(column).where(column == word, *among).limit(1)) is None:
        raise unknown_value(pointer, what, word, await near_names(conn, column, word, among))


async def require_ids(
    conn: ReadConnection,
    ids: ColumnElement[int],
    column: Column,
    word: str,
    *,
    pointer: str,
    what: str,
    among: Conditions = (),
) -> list[int]:
    """The ids of the rows with this name, one for each source that has it; raises as `require_name`."""
    found = list((await conn.execute(select(ids).where(column == word, *among).order_by(ids))).scalars())
    if not found:
        raise unknown_value(pointer, what, word, await near_names(conn, column, word, among))
    return found


async def near_names(conn: ReadConnection, column: Column, word: str, among: Conditions = ()) -> list[str]:
    """Names around `word` in order, and those it is part of: candidates for near matches."""
    folded = func.lower(column)
    after = select(column).where(folded >= word.lower(), *among).order_by(folded)
    before = select(column).where(folded < word.lower(), *among).order_by(folded.desc())
    around = select(column).where(folded.contains(word.lower(), autoescape=True), *among).order_by(folded)
    parts = [_some(part) for part in (after, before, around)]
    return list((await conn.execute(union_all(*parts))).scalars())


def _some(names: Select[Any]) -> Select[Any]:
    few = names.limit(_CANDIDATES).subquery()
    return select(*few.columns)
