"""Keyset pagination: signed cursors, the slice of a statement, the page of an answer.

A cursor is opaque: format version, the list with its sort keys and filters (hashed), the place, and when it
was made. Tampered or made for other filters: 400 `bad_cursor`; older than its lifetime: 410 `cursor_expired`.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import orjson
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_

from service.core.database import ReadConnection
from service.core.errors import BadRequest, Gone
from service.core.settings import Settings
from service.schemas.envelope import Page, PageAsk

Item = TypeVar("Item")

CURSOR_FORMAT: Final = 1
CURSOR_LIFETIME: Final = timedelta(days=1)
TOTAL_CAP: Final = 10_000
"""`include=total` counts up to here; beyond, an exact count costs more than the page."""

_WRITE: Final[dict[type, tuple[str, Callable[[Any], str]]]] = {
    datetime: ("t", datetime.isoformat),
    date: ("d", date.isoformat),
    Decimal: ("n", str),
    UUID: ("u", str),
}
_READ: Final[dict[str, Callable[[str], Any]]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "u": UUID,
}


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column of a list's order, never null; the last key of a list is unique.

    `name` is the attribute of a row that holds the column's value.
    """

    name: str
    column: ColumnElement[Any]
    descending: bool = False


class Cursors:
    """Signs and verifies cursors; the first key signs, all verify."""

    def __init__(self, keys: Sequence[str], *, lifetime: timedelta = CURSOR_LIFETIME) -> None:
        if not keys:
            raise ValueError("cursors need at least one secret key")
        # itsdangerous signs with the last of its keys.
        self._signer = URLSafeSerializer(
            list(reversed(keys)),
            salt="muster.cursor",
            serializer=_Compact,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )
        self.lifetime = lifetime

    @classmethod
    def of(cls, settings: Settings) -> "Cursors":
        """The cursors of a process."""
        return cls([key.get_secret_value() for key in settings.secret_keys])

    def sign(self, place: Sequence[Any], filters: str) -> str:
        """The cursor of a place (values of the sort keys) in a list with these filters."""
        made = int(time.time())
        signed = self._signer.dumps([CURSOR_FORMAT, filters, [_tagged(value) for value in place], made])
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def verify(self, cursor: str, filters: str) -> tuple[Any, ...]:
        """The place of a cursor. Raises `BadRequest` (`bad_cursor`) or `Gone` (`cursor_expired`)."""
        try:
            version, made_for, place, made = self._signer.loads(cursor)
            values = tuple(_untagged(value) for value in place)
        except (BadData, ValueError, TypeError, KeyError):
            raise _bad_cursor("this cursor is damaged or not one of ours") from None
        if version != CURSOR_FORMAT or made_for != filters:
            raise _bad_cursor("this cursor belongs to another list, order or filter")
        # A clock set back must not expire what was just given: only age counts, never the future.
        if time.time() - made > self.lifetime.total_seconds():
            raise Gone("this cursor has expired; start from the first page", code="cursor_expired")
        return values


class Paging:
    """One request's place in one list: narrows the statement, then tells the page."""

    def __init__(self, cursors: Cursors, ask: PageAsk, name: str, keys: Sequence[SortKey]) -> None:
        self._cursors = cursors
        self._keys = keys
        self._filters = filter_hash(name, ask, keys)
        self.limit = ask.limit
        self.wants_total = ask.include == "total"
        self.place = None if ask.cursor is None else cursors.verify(ask.cursor, self._filters)
        if self.place is not None and len(self.place) != len(keys):
            raise _bad_cursor("this cursor belongs to another list, order or filter")

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement in the list's order, after the place, one row longer than the page."""
        if self.place is not None:
            statement = statement.where(_after(self._keys, self.place))
        order = [key.column.desc() if key.descending else key.column.asc() for key in self._keys]
        return statement.order_by(*order).limit(self.limit + 1)

    def page(self, rows: Sequence[Item], total: tuple[int, bool] | None = None) -> tuple[list[Item], Page]:
        """The rows to show and where the list stands, from the rows of the narrowed statement.

        `total` is what `count_up_to` gave, where the caller asked for it.
        """
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        following = None
        if more:
            last = [getattr(shown[-1], key.name) for key in self._keys]
            following = self._cursors.sign(last, self._filters)
        count, capped = total or (None, False)
        page = Page(next=following, has_more=more, limit=self.limit, total=count, total_capped=capped)
        return shown, page


async def count_up_to(
    conn: ReadConnection,
    statement: Select[Any],
    cap: int = TOTAL_CAP,
    values: Mapping[str, Any] | None = None,
) -> tuple[int, bool]:
    """How many rows a statement has, and whether there are more than `cap` (then the count is `cap`).

    `values` are those that it is executed with, where it is written without them.
    """
    counted = select(func.count()).select_from(statement.order_by(None).limit(cap + 1).subquery())
    found = (await conn.execute(counted, values)).scalar_one()
    return min(found, cap), found > cap


def filter_hash(name: str, ask: PageAsk, keys: Sequence[SortKey]) -> str:
    """What a cursor belongs to: list, order and filters, without limit, cursor and include."""
    filters = ask.model_dump(mode="json", exclude={"limit", "cursor", "include"})
    order = [[key.name, key.descending] for key in keys]
    text = orjson.dumps([name, order, filters], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:16]


def next_link(url: str, cursor: str | None) -> dict[str, str]:
    """The `Link` header to the next page, or nothing on the last page."""
    if cursor is None:
        return {}
    path, _, query = url.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "cursor"]
    return {"Link": f'<{path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}


def _after(keys: Sequence[SortKey], place: Sequence[Any]) -> ColumnElement[bool]:
    bound = [literal(value, key.column.type) for key, value in zip(keys, place, strict=True)]
    columns = [key.column for key in keys]
    if not any(key.descending for key in keys):  # one row comparison: the composite index serves it
        return tuple_(*columns) > tuple_(*bound)
    if all(key.descending for key in keys):
        return tuple_(*columns) < tuple_(*bound)
    ahead = [
        column < value if key.descending else column > value
        for key, column, value in zip(keys, columns, bound, strict=True)
    ]
    equal = [column == value for column, value in zip(columns, bound, strict=True)]
    return or_(*(and_(*equal[:depth], step) for depth, step in enumerate(ahead)))


class _Compact:
    """orjson in the shape itsdangerous asks of a serializer."""

    @staticmethod
    def loads(payload: str | bytes) -> Any:
        return orjson.loads(payload)

    @staticmethod
    def dumps(value: Any) -> bytes:
        return orjson.dumps(value)


def _tagged(value: Any) -> Any:
    for kind, (tag, write) in _WRITE.items():
        if isinstance(value, kind):
            return [tag, write(value)]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a cursor cannot hold a {type(value).__name__}")


def _untagged(value: Any) -> Any:
    return _READ[value[0]](value[1]) if isinstance(value, list) else value


def _bad_cursor(detail: str) -> BadRequest:
    return BadRequest(detail, code="bad_cursor")
