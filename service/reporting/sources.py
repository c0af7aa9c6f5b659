"""A report ready to be written as a file, however many rows it has: block by block where it can stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any, Final

from service.reporting.answer import Question, document_of, whom, wire_of
from service.reporting.desk import Desk
from service.reporting.feed import Feed, held, pulled
from service.reporting.formats import JSON_MEDIA_TYPE, formatters, json_file
from service.reporting.rendering import run_report
from service.reporting.report import Formatter, Report, Style, View
from service.reporting.seals import seals_of
from service.reporting.snapshots import Platform, snapshot_of

_JSON: Final = Formatter(
    media_type=JSON_MEDIA_TYPE, extension="json", write=json_file.pieces, attachment=False
)
WHOLE: Final = frozenset({"html"})
"""Formats that need all rows at once: a page knows its first row and their number before it writes any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be written: the view over a feed of rows, how many there are, how complete they are."""

    view: View
    feed: Feed
    total: int
    complete: bool
    data_version: str
    generated_at: datetime | None
    subjects: tuple[int, ...] | None = None
    """Whom it is about, where not everybody may see them."""


def every_formatter(report: Report[Any, Any]) -> Mapping[str, Formatter]:
    """All formats of a report by name, JSON among them."""
    return {"json": _JSON, **formatters(report)}


def streams(report: Report[Any, Any], name: str) -> bool:
    """Whether a report is read block by block for this format."""
    return report.stream is not None and name not in WHOLE


@asynccontextmanager
async def streamed_source(
    platform: Platform, question: Question, style: Style, *, timeout: float
) -> AsyncIterator[Source]:
    """The rows of a report that streams; a snapshot is open as long as they are read.

    `timeout` in seconds limits each of its statements, and the writing between two of them.
    """
    report = question.report
    assert report.stream is not None
    reader = question.context.caller
    async with snapshot_of(platform, question.scopes, question.least, reader, timeout=timeout) as seen:
        subjects = await whom(seen.conn, question)
        streamed = await report.stream(seen.conn, question.params, question.context)
        sealed = await seals_of(seen.conn, question.desk, report, question.params, reader, subjects)
        answer = wire_of(document_of(question, streamed.built, seen, sealed))
        feed = Feed(pulled(streamed.blocks, asyncio.get_running_loop()))
        columns = report.columns_of(answer, style.locale)
        view = View(
            desk=question.desk, report=report, answer=answer, columns=columns, style=style, streamed=feed
        )
        yield Source(
            view=view,
            feed=feed,
            total=streamed.total,
            complete=streamed.built.completeness.complete,
            data_version=answer["meta"]["data_version"],
            generated_at=seen.raised_at,
            subjects=subjects,
        )


async def held_source(platform: Platform, desk: Desk, question: Question, style: Style) -> Source:
    """The rows of an answer that is built at once."""
    caller = question.context.caller
    result = await run_report(platform, desk, question.report, question.params, caller, style=style)
    view = await asyncio.to_thread(result.view)
    feed = Feed(held(view.rows))
    return Source(
        view=replace(view, streamed=feed),
        feed=feed,
        total=len(view.rows),
        complete=result.answer.complete,
        data_version=result.answer.data_version,
        generated_at=result.answer.generated_at,
        subjects=result.answer.subjects,
    )


async def write_file(
    source: Source,
    write: Callable[[View], Iterable[bytes]],
    file: IO[bytes],
    *,
    look: Callable[[int], Any] | None = None,
    every: float = 0.5,
) -> None:
    """Write in a thread; `look` is awaited with the rows so far, about `every` seconds.

    Whoever cancels, or whose `look` raises, waits until the thread has let go of the rows.
    """
    work = asyncio.ensure_future(asyncio.to_thread(_write_pieces, source, write, file))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=every)
            if look is not None:
                await look(source.feed.count)
        await work
    finally:
        source.feed.stop()
        await asyncio.wait({work})


def _write_pieces(source: Source, write: Callable[[View], Iterable[bytes]], file: IO[bytes]) -> None:
    for piece in write(source.view):
        source.feed.check()
        file.write(piece)
    file.flush()
