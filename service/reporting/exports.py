"""Reports as files that are written in the background: rows → thread → parts in the database → download."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Final

import orjson

from service.core import queries
from service.core.auth import Caller
from service.core.tasks import Job, JobContext
from service.reporting.answer import Question, question_of
from service.reporting.desk import Desk
from service.reporting.filenames import file_name, file_stem
from service.reporting.report import Style
from service.reporting.sources import (
    Source,
    every_formatter,
    held_source,
    streamed_source,
    streams,
    write_file,
)
from service.schemas.envelope import Ask
from service.schemas.exports import ExportAsk, ExportedFile, ExportParams

KEPT: Final = timedelta(hours=24)
"""How long a file can be fetched."""
LONGEST: Final = timedelta(hours=1)
PART: Final = 1024 * 1024
"""Bytes of a part, in memory once when it is stored and once when it is sent."""


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


def style_of(asked: ExportAsk) -> Style:
    """How the file is to look."""
    return Style(locale=asked.locale, delimiter=asked.delimiter, bom=asked.bom, durations=asked.durations)


async def export(desk: Desk, context: JobContext) -> dict[str, Any]:
    """Write the file and keep it; the run's result. A run that is started again writes it anew."""
    asked: ExportParams = context.params
    question = _question(desk, context, asked)
    chosen = every_formatter(question.report)[asked.format]

    with tempfile.TemporaryFile() as file:
        async with _source(context, desk, question, asked) as source:

            async def look(rows: int) -> None:
                await context.progress(rows, source.total, "rows")

            await write_file(source, chosen.write, file, look=look)
        stem = asked.stem or file_stem(question)
        name = file_name(stem, chosen.extension, source.generated_at, complete=source.complete)
        kept = await _keep(context, file, name, chosen.media_type)
    context.counts["rows"] = source.total
    return {"file": kept.model_dump(mode="json"), "rows": source.total, "complete": source.complete}


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
    style = style_of(asked)
    if not streams(question.report, asked.format):
        yield await held_source(context.runtime, desk, question, style)
        return
    seconds = LONGEST.total_seconds()
    async with streamed_source(context.runtime, question, style, timeout=seconds) as source:
        yield source


async def _keep(context: JobContext, file: IO[bytes], name: str, media_type: str) -> ExportedFile:
    """The file as parts in the database, whole or not at all."""
    size, digest = await asyncio.to_thread(_measured, file)
    kept = ExportedFile(
        name=name,
        media_type=media_type,
        bytes=size,
        sha256=digest,
        href=f"/v1/runs/{context.run_id}/file",
        expires_at=datetime.now(UTC) + KEPT,
    )
    values = {"name": name, "media_type": media_type, "size_bytes": size, "sha256": digest}
    async with context.runtime.database.write(timeout=LONGEST.total_seconds()) as conn:
        await queries.replace_file(conn, context.run_id, {**values, "expires_at": kept.expires_at})
        for number in range(-(-size // PART)):
            part = await asyncio.to_thread(file.read, PART)
            await queries.insert_file_part(conn, context.run_id, number, part)
    return kept


def _measured(file: IO[bytes]) -> tuple[int, str]:
    """Size and SHA-256; the file then stands at its beginning."""
    size = file.tell()
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants more
    file.seek(0)
    return size, digest


def _digest(params: Ask) -> str:
    """The same file asked for twice at once by the same caller is one run."""
    values = params.model_dump(mode="json", by_alias=True)
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
