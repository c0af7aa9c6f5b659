"""Walking through a doctype without losing or doubling a row, whatever changes meanwhile (spec E.4).

Keyset, never offset: by `name`, which is unique and does not move, for a first load; by (`modified`, `name`)
for what changed since.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Literal, TypeVar

from service.attendance.upstream.client import Filter, FrappeClient
from service.attendance.upstream.documents import DeletedDocument, Doctype, Document
from service.attendance.upstream.values import is_wall_clock
from service.core.batches import together
from service.core.errors import UpstreamError, UpstreamGarbled

Row = TypeVar("Row", bound=Document | DeletedDocument)
Changing = TypeVar("Changing", bound=Document)
Stamp = Literal["modified", "creation"]
T = TypeVar("T")
BY_NAME = "name asc"
# Looked at for one with a stamp that can be read.
NEWEST = 5


async def by_name(
    client: FrappeClient,
    doctype: Doctype[Row],
    *,
    after: str | None = None,
    until: str | None = None,
    filters: Sequence[Filter] = (),
) -> AsyncIterator[list[Row]]:
    """All rows with `after` < name <= `until`, page by page, in the site's own order of names.

    The last page may be empty. Rows added behind the present position are left to the incremental sync.
    """
    ended = False
    while not ended:
        bounded = [*filters, *_between(after, until)]
        rows, ended = await client.rows(doctype, filters=bounded, order_by=BY_NAME)
        if rows and after is not None and rows[-1].name == after:
            raise _stuck(doctype.name)
        after = rows[-1].name if rows else after
        yield rows


async def by_stamp(
    client: FrappeClient,
    doctype: Doctype[Row],
    since: str | None,
    *,
    stamp: Stamp = "modified",
    filters: Sequence[Filter] = (),
) -> AsyncIterator[list[Row]]:
    """All rows with `modified` (or `creation`) >= `since` (None: all rows), oldest first, page by page.

    v1 cannot ask for "later, or equal and a greater name": so it asks for `>=`, drops the names already given
    with that stamp, and drains a tie that fills a whole page by name (spec E.4 rule 3). Rows whose stamp is
    no date and time are given and not walked by; raises `UpstreamGarbled` where a full page has no other.
    """

    def of(row: Row) -> str:
        return str(getattr(row, stamp))

    comparison, given = ">=", frozenset[str]()
    while True:
        bound: list[Filter] = [[stamp, comparison, since]] if since else []
        rows, ended = await client.rows(
            doctype, filters=[*filters, *bound], order_by=f"{stamp} asc, name asc"
        )
        yield [row for row in rows if not (of(row) == since and row.name in given)]
        if ended:
            return
        readable = [row for row in rows if is_wall_clock(of(row))]
        if not readable:
            raise _undated(doctype.name, stamp)
        last = of(readable[-1])
        if of(readable[0]) == last:
            tie: list[Filter] = [*filters, [stamp, "=", last]]
            async for page in by_name(client, doctype, after=readable[-1].name, filters=tie):
                yield page
            comparison, given, since = ">", frozenset(), last
            continue
        same = frozenset(row.name for row in readable if of(row) == last)
        given = same | given if last == since else same
        comparison, since = ">=", last


async def gathered(pages: AsyncIterator[list[T]], most: int) -> AsyncIterator[list[T]]:
    """The same rows, up to `most` pages at a time: a transaction costs as much as a hundred rows do.

    A failure shows after the rows before it were given.
    """
    rows: list[T] = []
    held = 0
    try:
        async for page in pages:
            rows, held = rows + page, held + 1
            if held == most:
                yield rows
                rows, held = [], 0
    except UpstreamError:
        if held:
            yield rows
        raise
    if held:
        yield rows


async def ahead(pages: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same pages, the next one being fetched while the present one is stored.

    A failure to fetch shows after the page before it was given, never instead of it.
    """
    upcoming = asyncio.ensure_future(anext(pages, None))
    try:
        while (page := await upcoming) is not None:
            upcoming = asyncio.ensure_future(anext(pages, None))
            yield page
    finally:
        upcoming.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await upcoming


async def newest(client: FrappeClient, doctype: Doctype[Changing]) -> Changing | None:
    """The row changed last: where an incremental sync takes over from a first load begun after this.

    Of rows whose `modified` cannot be read, the next: to begin too early loses nothing.
    """
    rows, _ = await client.rows(doctype, filters=(), order_by="modified desc, name desc", limit=NEWEST)
    return next((row for row in rows if is_wall_clock(row.modified)), None)


async def split_points(client: FrappeClient, doctype: Doctype[Row], parts: int) -> list[str]:
    """Names that cut the doctype into about equal ranges (at most `parts`), by the site's own order.

    One row at an offset by primary key: about 0.4 µs a skipped row there (frappe_live section 2).
    """
    total = await client.count(doctype)
    offsets = (total * part // parts for part in range(1, parts))
    at_once = client.settings.max_in_flight
    names = await together(offsets, partial(name_at, client, doctype), at_once=at_once)
    return list(dict.fromkeys(name for name in names if name is not None))


async def name_at(
    client: FrappeClient,
    doctype: Doctype[Row],
    offset: int,
    *,
    after: str | None = None,
    until: str | None = None,
) -> str | None:
    """The name `offset` rows (0: the next) behind `after`; None where no row up to `until` is that far."""
    return await client.name_at(doctype.name, offset, _between(after, until))


def _between(after: str | None, until: str | None) -> list[Filter]:
    lower: list[Filter] = [["name", ">", after]] if after else []
    upper: list[Filter] = [["name", "<=", until]] if until else []
    return lower + upper


def _stuck(doctype: str) -> UpstreamGarbled:
    return UpstreamGarbled(f"the site gave the same page of {doctype} twice", code="upstream_stuck")


def _undated(doctype: str, stamp: str) -> UpstreamGarbled:
    return UpstreamGarbled(
        f"the site gave a page of {doctype} without one {stamp} that can be read", code="upstream_undated"
    )
