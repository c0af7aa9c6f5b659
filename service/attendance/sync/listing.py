"""A listing that is believed only when it is as long as the site's own count says (spec E.4 rule 4)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.attendance.queries import watermarks
from service.attendance.sync.session import Session
from service.attendance.upstream.client import Filter
from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.pages import by_name, by_stamp
from service.attendance.upstream.values import is_wall_clock

Keep = Callable[[Sequence[Any]], Awaitable[None]]
"""What stores a page; it is not called for an empty one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What came of a document type, by name, and why that is not all of it (None: it is)."""

    seen: set[str]
    expected: int
    shortfall: str | None


async def read_all(
    session: Session,
    doctype: Doctype[Any],
    keep: Keep,
    *,
    filters: Sequence[Filter] = (),
    counted: bool = True,
) -> Listing:
    """All rows that match, in order of names; not `counted`: however many come."""
    return await _read(
        session, doctype, lambda: by_name(session.client, doctype, filters=filters), keep, filters, counted
    )


async def read_changes(session: Session, doctype: Doctype[Any], keep: Keep) -> Listing:
    """What changed since the cursor, by (`modified`, `name`), with overlap (spec E.7).

    The look back of `overlap` seconds finds rows committed late with an early stamp (G-N-90). The cursor
    moves when the count is proved: past a row that was not listed, the next run would never look back.
    A run that dies reads again what it had; unchanged rows are not written.
    """
    reached = session.cursor(doctype.name).modified or ""
    since = session.since(reached or None)
    filters: list[Filter] = [["modified", ">=", since]] if since else []

    async def keep_and_look(page: Sequence[Any]) -> None:
        nonlocal reached
        await keep(page)
        reached = max([reached, *(row.modified for row in page if is_wall_clock(row.modified))])

    listing = await _read(
        session, doctype, lambda: by_stamp(session.client, doctype, since), keep_and_look, filters
    )
    if listing.shortfall is None:
        async with session.database.write() as conn:
            await watermarks.put_cursor(conn, session.source_id, doctype.name, modified=reached or None)
    return listing


async def _read(
    session: Session,
    doctype: Doctype[Any],
    pages: Callable[[], AsyncIterator[Sequence[Any]]],
    keep: Keep,
    filters: Sequence[Filter],
    counted: bool = True,
) -> Listing:
    for _ in (1, 2):
        # Counted first: what is added meanwhile can only make the listing longer.
        expected = await session.client.count(doctype, filters) if counted else 0
        seen: set[str] = set()
        async for page in pages():
            if page:
                await keep(page)
            seen |= {row.name for row in page}
        if len(seen) >= expected:
            return Listing(seen, expected, None)
        session.report.counts["short_listings"] += 1
    return Listing(seen, expected, shortfall(doctype.name, expected, len(seen)))


def shortfall(doctype: str, expected: int, got: int) -> str:
    """The sentence for a listing that gives fewer rows than the site counts, twice in a row."""
    return (
        f"the site counts {expected} {doctype} and lists {got}: pages were lost, or the API user may not see "
        "all rows (User Permissions)"
    )
