"""How the blocking twin drives the async desks: the same operations, each run on the loop thread."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, overload

from typing_extensions import TypeVar

from service.client._desk import Desk, FileCall, Pages, ReportCall
from service.client._events import Event, EventStream
from service.client._loop import LoopThread
from service.client._paging import PageLike, PageWalk
from service.schemas.envelope import Listing, Meta

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound=PageLike, default=Listing[T])


class DeskSync:
    """One desk's operations, blocking. ``desk`` is the async desk that does the work."""

    def __init__(self, desk: Desk, loop: LoopThread) -> None:
        self.desk = desk
        self.loop = loop

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.desk!r}>"


class RowsSync(Iterator[T]):
    """All rows of a list; ``cursor``, ``finished`` and ``meta`` as on the async iterator."""

    def __init__(self, walk: PageWalk[Any], loop: LoopThread) -> None:
        self._walk = walk
        self._loop = loop
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

    def __next__(self) -> T:
        while True:
            for row in self._rows:
                return row
            page = self._loop.run(self._walk.step())
            if page is None:
                raise StopIteration
            self._rows, self.meta = iter(page.items), getattr(page, "meta", None)


class PagesSync(Generic[T, A]):
    """A list: iterate over it for all rows, ``page()`` for just one page."""

    def __init__(self, pages: Pages[T, A], loop: LoopThread) -> None:
        self._pages = pages
        self._loop = loop

    def page(self) -> A:
        """One page."""
        return self._loop.run(self._pages)

    def __iter__(self) -> RowsSync[T]:
        return RowsSync(self._pages.walk(), self._loop)

    def pages(self) -> Iterator[A]:
        """All pages, one after the other."""
        walk = self._pages.walk()
        try:
            while (page := self._loop.run(walk.step())) is not None:
                yield page
        finally:
            self._loop.run(walk.aclose())

    def download(self, target: str | os.PathLike[str], format: str = "csv") -> Path:  # noqa: A002
        """Stream the list to a file."""
        return self._loop.run(self._pages.download(target, format))


class EventStreamSync(Iterator[Event]):
    """Events as they come: iterate over it, best within ``with``, which closes it."""

    def __init__(self, stream: EventStream, loop: LoopThread) -> None:
        self._stream = stream
        self._loop = loop

    @property
    def last_event_id(self) -> str | None:
        """The place of the last event that had one."""
        return self._stream.last_event_id

    def __next__(self) -> Event:
        event = self._loop.run(self._next())
        if event is None:
            raise StopIteration
        return event

    def close(self) -> None:
        """End it, also for the thread that waits for its next event. A second time does nothing."""
        self._loop.run(self._stream.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _next(self) -> Event | None:
        return await anext(self._stream, None)


class ReportMethod(Generic[P, T]):
    """A report of the blocking twin: call it, or ``download`` it with the same parameters."""

    def __init__(self, ask: Callable[P, ReportCall[T]], loop: LoopThread) -> None:
        self._ask = ask
        self._loop = loop
        self.__doc__ = ask.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._loop.run(self._ask(*args, **kwargs))

    def download(
        self,
        target: str | os.PathLike[str],
        format: str,  # noqa: A002
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Path:
        """Stream the report to a file in ``format`` (csv, html, …); parameters as in the call."""
        return self._loop.run(self._ask(*args, **kwargs).download(target, format))


class FileMethod(Generic[P]):
    """A file of the blocking twin: call it for its bytes, or ``download`` it with the same parameters."""

    def __init__(self, ask: Callable[P, FileCall], loop: LoopThread) -> None:
        self._ask = ask
        self._loop = loop
        self.__doc__ = ask.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> bytes:
        return self._loop.run(self._ask(*args, **kwargs))

    def download(self, target: str | os.PathLike[str], /, *args: P.args, **kwargs: P.kwargs) -> Path:
        """Stream it to a file; parameters as in the call."""
        return self._loop.run(self._ask(*args, **kwargs).download(target))


class Blocking(Generic[P, T]):
    """Makes ``async def`` operations of a desk blocking, with the same signature."""

    def __init__(self, method: Callable[Concatenate[Any, P], Coroutine[Any, Any, T]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Blocking[P, T]: ...
    @overload
    def __get__(self, instance: DeskSync, owner: type) -> Callable[P, T]: ...
    def __get__(self, instance: DeskSync | None, owner: type) -> Blocking[P, T] | Callable[P, T]:
        if instance is None:
            return self
        desk, loop, method = instance.desk, instance.loop, self._method

        def blocking(*args: P.args, **kwargs: P.kwargs) -> T:
            return loop.run(method(desk, *args, **kwargs))

        blocking.__doc__ = method.__doc__
        return blocking


class BlockingList(Generic[P, T, A]):
    """Makes lists of a desk blocking, with the same signature."""

    def __init__(self, method: Callable[Concatenate[Any, P], Pages[T, A]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> BlockingList[P, T, A]: ...
    @overload
    def __get__(self, instance: DeskSync, owner: type) -> Callable[P, PagesSync[T, A]]: ...
    def __get__(
        self, instance: DeskSync | None, owner: type
    ) -> BlockingList[P, T, A] | Callable[P, PagesSync[T, A]]:
        if instance is None:
            return self
        desk, loop, method = instance.desk, instance.loop, self._method

        def blocking(*args: P.args, **kwargs: P.kwargs) -> PagesSync[T, A]:
            return PagesSync(method(desk, *args, **kwargs), loop)

        blocking.__doc__ = method.__doc__
        return blocking


class BlockingReport(Generic[P, T]):
    """Makes reports of a desk blocking, with the same signature."""

    def __init__(self, method: Callable[Concatenate[Any, P], ReportCall[T]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> BlockingReport[P, T]: ...
    @overload
    def __get__(self, instance: DeskSync, owner: type) -> ReportMethod[P, T]: ...
    def __get__(self, instance: DeskSync | None, owner: type) -> BlockingReport[P, T] | ReportMethod[P, T]:
        if instance is None:
            return self
        desk, method = instance.desk, self._method

        def ask(*args: P.args, **kwargs: P.kwargs) -> ReportCall[T]:
            return method(desk, *args, **kwargs)

        ask.__doc__ = method.__doc__
        return ReportMethod(ask, instance.loop)


class BlockingFile(Generic[P]):
    """Makes files of a desk blocking, with the same signature."""

    def __init__(self, method: Callable[Concatenate[Any, P], FileCall]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> BlockingFile[P]: ...
    @overload
    def __get__(self, instance: DeskSync, owner: type) -> FileMethod[P]: ...
    def __get__(self, instance: DeskSync | None, owner: type) -> BlockingFile[P] | FileMethod[P]:
        if instance is None:
            return self
        desk, method = instance.desk, self._method

        def ask(*args: P.args, **kwargs: P.kwargs) -> FileCall:
            return method(desk, *args, **kwargs)

        ask.__doc__ = method.__doc__
        return FileMethod(ask, instance.loop)


class BlockingStream(Generic[P]):
    """Makes event streams of a desk blocking, with the same signature."""

    def __init__(self, method: Callable[Concatenate[Any, P], EventStream]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> BlockingStream[P]: ...
    @overload
    def __get__(self, instance: DeskSync, owner: type) -> Callable[P, EventStreamSync]: ...
    def __get__(
        self, instance: DeskSync | None, owner: type
    ) -> BlockingStream[P] | Callable[P, EventStreamSync]:
        if instance is None:
            return self
        desk, loop, method = instance.desk, instance.loop, self._method

        def blocking(*args: P.args, **kwargs: P.kwargs) -> EventStreamSync:
            return EventStreamSync(method(desk, *args, **kwargs), loop)

        blocking.__doc__ = method.__doc__
        return blocking
