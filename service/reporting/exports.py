"""Reports as files that are written in the background: rows → thread → parts in the database → download."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import orjson

from service.core import queries
from service.core.auth import Caller
from service.core.tasks import Job, JobContext
from service.reporting.answer import Question, document_of, question_of, wire_of
from service.reporting.desk import Desk
from service.reporting.feed import Feed, held, pulled
from service.reporting.filenames import file_name, file_stem
from service.reporting.formats import JSON_MEDIA_TYPE, formatters, json_file
from service.reporting.rendering import run_report
from service.reporting.report import Formatter, Report, Style, View
from service.reporting.snapshots import snapshot_of
from service.schemas.envelope import Ask
from service.schemas.exports import ExportAsk, ExportedFile, ExportParams

KEPT: Final = timedelta(hours=24)
"""How long a file can be fetched."""
LONGEST: Final = timedelta(hours=1)
PART: Final = 1024 * 1024
"""Bytes of a part, in memory once when it is stored and once when it is sent."""
_LOOK_EVERY: Final = 0.5
_JSON: Final = Formatter(media_type=JSON_MEDIA_TYPE, extension="json", write=json_file.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be written: the view over a feed of rows, how many there are, and how complete."""

    view: View
    feed: Feed
    total: int
    complete: bool
    generated_at: datetime | None


def job_name(desk: str) -> str:
    """The desk's export job."""
    return f"{desk}.export"


def export_job(desk: Desk) -> Job:
    """The job of a desk; started by its export route, which says for whom."""

    async def run(context: JobContext) -> dict[str, Any]:
        return await export(desk, context)

    return Job(
        name=job_name(desk.name),
        title=f"Write a report of {desk.title} as a file",
        run=run,
        params=ExportParams,
        deadline=LONGEST,
        scope=lambda params: f"{job_name(desk.name)}/{_digest(params)}",
    )


def export_formats(report: Report[Any, Any]) -> dict[str, Formatter]:
    """All formats of a report by name, JSON among them."""
    return {"json": _JSON, **formatters(report)}


def style_of(asked: ExportAsk) -> Style:
    """How the file is to look."""
    return Style(locale=asked.locale, delimiter=asked.delimiter, bom=asked.bom, durations=asked.durations)


async def export(desk: Desk, context: JobContext) -> dict[str, Any]:
    """Write the file and keep it; the run's result. A run that is started again writes it anew."""
    asked: ExportParams = context.params
    question = _question(desk, context, asked)
    chosen = export_formats(question.report)[asked.format]
    with tempfile.TemporaryDirectory(prefix="muster-export-") as folder:
        path = Path(folder) / "file"
        async with _source(context, desk, question, asked) as source:
            await _write(context, chosen.write, source, path)
        stem = asked.stem or file_stem(question)
        name = file_name(stem, chosen.extension, source.generated_at, complete=source.complete)
        file = await _keep(context, path, name, chosen.media_type)
    context.counts["rows"] = source.total
    return {"file": file.model_dump(mode="json"), "rows": source.total, "complete": source.complete}


def _question(desk: Desk, context: JobContext, asked: ExportParams) -> Question:
    report = desk.report(asked.report)
    if report is None:
        raise ValueError(f"there is no report {asked.report}")
    sites = None if asked.sites is None else frozenset(asked.sites)
    caller = Caller(
        id=asked.caller, name=asked.caller, kind="system", scopes=frozenset({desk.reads}), sites=sites
    )
    params = report.params.model_validate(asked.params)
    return question_of(context.runtime, desk.name, report, params, caller)


@asynccontextmanager
async def _source(
    context: JobContext, desk: Desk, question: Question, asked: ExportParams
) -> AsyncIterator[Source]:
    """A report that streams is read block by block while it is written; a page of HTML needs all its rows."""
    report, style = question.report, style_of(asked)
    if report.stream is None or asked.format == "html":
        caller = question.context.caller
        result = await run_report(context.runtime, desk, report, question.params, caller, style=style)
        view = await asyncio.to_thread(result.view)
        feed = Feed(held(view.rows))
        yield Source(
            view=replace(view, streamed=feed),
            feed=feed,
            total=len(view.rows),
            complete=result.answer.complete,
            generated_at=result.answer.generated_at,
        )
        return
    timeout = LONGEST.total_seconds()
    async with snapshot_of(context.runtime, question.scopes, question.least, timeout=timeout) as seen:
        streamed = await report.stream(seen.conn, question.params, question.context)
        answer = wire_of(document_of(question, streamed.built, seen))
        feed = Feed(pulled(streamed.blocks, asyncio.get_running_loop()))
        columns = report.columns_of(answer, style.locale)
        yield Source(
            view=View(
                desk=desk.name, report=report, answer=answer, columns=columns, style=style, streamed=feed
            ),
            feed=feed,
            total=streamed.total,
            complete=streamed.built.completeness.complete,
            generated_at=seen.raised_at,
        )


async def _write(
    context: JobContext, write: Callable[[View], Iterable[bytes]], source: Source, path: Path
) -> None:
    """In a thread of its own, saying how far it is; who cancels waits until the thread has let go."""
    work = asyncio.ensure_future(asyncio.to_thread(_write_pieces, write, source, path))
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=_LOOK_EVERY)
            await context.progress(source.feed.count, source.total, "rows")
        await work
    finally:
        source.feed.stop()
        await asyncio.wait({work})


def _write_pieces(write: Callable[[View], Iterable[bytes]], source: Source, path: Path) -> None:
    with path.open("wb") as file:
        for piece in write(source.view):
            source.feed.check()
            file.write(piece)


async def _keep(context: JobContext, path: Path, name: str, media_type: str) -> ExportedFile:
    """The file as parts in the database, whole or not at all."""
    expires_at = datetime.now(UTC) + KEPT
    digest = await asyncio.to_thread(_sha256, path)
    size = (await asyncio.to_thread(path.stat)).st_size
    values = {"name": name, "media_type": media_type, "size_bytes": size, "sha256": digest}
    async with context.runtime.database.write(timeout=LONGEST.total_seconds()) as conn:
        await queries.replace_file(conn, context.run_id, {**values, "expires_at": expires_at})
        for number in range(-(-size // PART)):
            part = await asyncio.to_thread(_part, path, number)
            await queries.insert_file_part(conn, context.run_id, number, part)
    href = f"/v1/runs/{context.run_id}/file"
    return ExportedFile(
        name=name, media_type=media_type, bytes=size, sha256=digest, href=href, expires_at=expires_at
    )


def _part(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        file.seek(number * PART)
        return file.read(PART)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(params: Ask) -> str:
    """The same file asked for twice at once by the same caller is one run."""
    values = params.model_dump(mode="json", by_alias=True)
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
