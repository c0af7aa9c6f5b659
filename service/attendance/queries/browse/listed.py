"""One page of a list: narrowed, read, counted where asked for, and shown as plain JSON values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select

from service.core.auth import Caller
from service.core.database import ReadConnection, orm
from service.core.paging import Cursors, Paging, SortKey, count_up_to
from service.schemas.envelope import Meta, Page, PageAsk

Items = Sequence[Mapping[str, Any]]
Reader = Callable[[ReadConnection, Select[Any]], Awaitable[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and what signs the cursors of the answer."""

    caller: Caller
    cursors: Cursors


@dataclass(frozen=True, slots=True)
class Listed:
    """A page: its rows as the wire has them, where the list stands, and how complete it is."""

    items: Items
    page: Page
    rules_version: str | None = None
    meta: Meta | None = None

    def body(self) -> bytes:
        """The JSON, written once and without a model per row: a page may have 1,000."""
        rest = {"page": self.page, "meta": self.meta}
        return orjson.dumps({"items": self.items, **rest}, default=_plain, option=orjson.OPT_UTC_Z)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A list as declared: its name and order (cursors belong to both), how rows are read and shown.

    `one` is a column of the listed table that is never null: what `include=total` counts.
    """

    name: str
    keys: Sequence[SortKey]
    one: ColumnElement[Any]
    read: Reader
    shown: Callable[[Any], Mapping[str, Any]]

    async def page(
        self, conn: ReadConnection, asking: Asking, ask: PageAsk, statement: Select[Any]
    ) -> Listed:
        """The page of `statement` that `ask` asks for."""
        paging = Paging(asking.cursors, ask, self.name, self.keys)
        found = await self.read(conn, paging.narrow(statement))
        counted = statement.with_only_columns(self.one, maintain_column_froms=True)
        total = await count_up_to(conn, counted) if paging.wants_total else None
        rows, page = paging.page(found, total)
        return Listed([self.shown(row) for row in rows], page)


async def entities(conn: ReadConnection, statement: Select[Any]) -> Sequence[Any]:
    """Objects; what the statement's options do not load is not there (`lazy="raise"`)."""
    async with orm(conn) as session:
        return (await session.scalars(statement)).all()


async def rows(conn: ReadConnection, statement: Select[Any]) -> Sequence[Any]:
    """Rows of named columns."""
    found: Sequence[Any] = (await conn.execute(statement)).all()
    return found


HUNDREDTH: Final = 100


def decimal_text(hundredths: int) -> str:
    """Hundredths as a decimal string: -150 is `-1.50`."""
    whole, rest = divmod(abs(hundredths), HUNDREDTH)
    return f"{'-' if hundredths < 0 else ''}{whole}.{rest:02d}"


def _plain(value: Any) -> Any:
    if isinstance(value, Page | Meta):
        return value.model_dump(mode="json", by_alias=True)
    return str(value)
