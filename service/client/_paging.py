"""Lists: await them for one page, iterate over them for all rows, resume them from a cursor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from typing import Any, Generic, Protocol, Self, TypeVar

from service.client.errors import Unreadable
from service.schemas.envelope import Meta, Page


class PageLike(Protocol):
    """What any list answers: `Listing`, or a model of its own with ``items`` and ``page``."""

    @property
    def items(self) -> Sequence[Any]:
        """The rows."""

    @property
    def page(self) -> Page:
        """Where the list stands."""


T = TypeVar("T")
A = TypeVar("A", bound=PageLike)
Fetch = Callable[[str | None], Coroutine[Any, Any, A]]
Spawn = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


class PageWalk(Generic[A]):
    """Walks over the pages of a list and fetches one ahead.

    ``cursor`` is where the page under way begins (None for the first page of all); it moves on only when the
    next page is asked for. A list resumed from it repeats at most that page and never skips a row.
    """

    def __init__(self, fetch: Fetch[A], spawn: Spawn, cursor: str | None) -> None:
        self.cursor = cursor
        self.finished = False
        self.current: A | None = None
        self._fetch = fetch
        self._spawn = spawn
        self._ahead: asyncio.Task[A] | None = None

    async def step(self) -> A | None:
        """Leave the page under way and give the next one; None when that was the last.

        After an error the walk stands where it stood: calling again tries the same page again.
        """
        if self.finished or not self._moved_on():
            return None
        page = await self._taken()
        following = _following(page, self.cursor)
        if following is not None:
            self._ahead = self._spawn(self._fetch(following))
        self.current = page
        return page

    async def aclose(self) -> None:
        """Stop fetching ahead."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)

    def _moved_on(self) -> bool:
        """Past the page under way, if there is one; False at the end."""
        if self.current is None:
            return True
        following = _following(self.current, self.cursor)
        self.current = None
        self.finished = following is None
        self.cursor = following
        return following is not None

    async def _taken(self) -> A:
        ahead, self._ahead = self._ahead, None
        return await (self._fetch(self.cursor) if ahead is None else ahead)

    def __del__(self) -> None:
        # A loop left by `break` leaves its walk to the garbage collector, perhaps in another thread.
        ahead = self._ahead
        if ahead is not None and not ahead.done() and not ahead.get_loop().is_closed():
            ahead.get_loop().call_soon_threadsafe(ahead.cancel)


class Rows(AsyncIterator[T]):
    """All rows of a list, page by page.

    ``cursor`` resumes the list where this iterator stands (give it to the same call as ``cursor=``): rows of
    the page under way are repeated, none is skipped. ``finished`` is true after the last row; ``meta`` is the
    latest page's statement of completeness, where the list makes one.
    """

    def __init__(self, walk: PageWalk[Any]) -> None:
        self._walk = walk
        self._rows: Iterator[T] = iter(())
        self.meta: Meta | None = None

    @property
    def cursor(self) -> str | None:
        """Where to resume; None is the beginning, or the end when ``finished``."""
        return self._walk.cursor

    @property
    def finished(self) -> bool:
        """True once every row has been given."""
        return self._walk.finished

    async def __anext__(self) -> T:
        while True:
            for row in self._rows:
                return row
            page = await self._walk.step()
            if page is None:
                raise StopAsyncIteration
            self._rows, self.meta = iter(page.items), getattr(page, "meta", None)

    async def aclose(self) -> None:
        """Stop fetching ahead; not needed after the last row."""
        await self._walk.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _following(page: PageLike, cursor: str | None) -> str | None:
    """The next page's cursor, None after the last. Raises `Unreadable` rather than lose or repeat rows."""
    if not page.page.has_more:
        return None
    if not page.page.next:
        raise Unreadable("the page says that there are more rows and names no cursor for them")
    if page.page.next == cursor:
        raise Unreadable("the page names itself as the next one")
    return page.page.next
