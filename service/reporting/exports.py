"""Reports as files that are written in the background: rows → thread → parts in the database → download."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Final

import orjson

from service.access.keys import holder
from service.core import queries
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.core.settings import Settings
from service.core.tasks import Job, JobContext
from service.reporting.answer import Question, question_of
from service.reporting.completeness import reasons_of
from service.reporting.desk import Desk
from service.reporting.filenames import file_name, file_stem
from service.reporting.query import body_params
from service.reporting.report import BuildContext, Report, Style
from service.reporting.snapshots import Platform
from service.reporting.sources import (
    Source,
    every_formatter,
    held_source,
    streamed_source,
    streams,
    write_file,
)
from service.reporting.subjects import require_lasting
from service.schemas.envelope import Ask
from service.schemas.exports import ExportAsk, ExportedFile, ExportParams

KEPT: Final = timedelta(hours=24)
"""How long a file can be fetched."""
LONGEST: Final = timedelta(hours=1)
PART: Final = 1024 * 1024
"""Bytes of a part, in memory once when it is stored and once when it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report that was written: what its file is to be called, and how far it can be trusted."""

    name: str
    media_type: str
    rows: int
    complete: bool
    reasons: Sequence[str]
    subjects: Sequence[int] | None = None
    """Whom it is about, where not everybody may see them."""


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
    question = await _question(desk, context, asked)
    with tempfile.TemporaryFile() as file:

        async def look(rows: int, total: int) -> None:
            await context.progress(rows, total, "rows")

        made = await write_report(
            context.runtime, desk, question, asked.format, style_of(asked), file, stem=asked.stem, look=look
        )
        who = question.context.caller
        await desk.note(context.runtime.database, who, f"{question.report.snake}.export", made.subjects)
        kept = await _keep(context, file, made.name, made.media_type)
    context.counts["rows"] = made.rows
    return {"file": kept.model_dump(mode="json"), "rows": made.rows, "complete": made.complete}


async def write_report(
    platform: Platform,
    desk: Desk,
    question: Question,
    name: str,
    style: Style,
    file: IO[bytes],
    *,
    stem: str | None = None,
    look: Callable[[int, int], Awaitable[None]] | None = None,
) -> Written:
    """Write a report in the named format; `stem` begins the file's name, `look` gets rows so far and in all.

    Raises what the report's build raises.
    """
    chosen = every_formatter(question.report)[name]
    async with _source(platform, desk, question, name, style) as source:

        async def told(rows: int) -> None:
            if look is not None:
                await look(rows, source.total)

        await write_file(source, chosen.write, file, look=told)
        return Written(
            name=file_name(
                stem or file_stem(question), chosen.extension, source.generated_at, complete=source.complete
            ),
            media_type=chosen.media_type,
            rows=source.total,
            complete=source.complete,
            reasons=reasons_of(source.view.answer["meta"]),
            subjects=source.subjects,
        )


async def checked_params(
    conn: ReadConnection,
    settings: Settings,
    desk: Desk,
    report: Report[Any, Any],
    asked: ExportAsk,
    caller: Caller,
) -> Ask:
    """The report's parameters of what was asked, unresolved.

    Raises `Invalid` with pointers below `/body`, also for a site that there is not: who asks would learn it
    from a run or a delivery that fails; `NotAllowed` for a site that is not the caller's, or a report whose
    scope it lacks; and what `Report.whom` raises for somebody the caller may not see.
    """
    caller.require(desk.reads_of(report))
    if asked.format not in every_formatter(report):
        raise unknown_value("/body/format", "format", asked.format, list(every_formatter(report)))
    params = body_params(report, asked.params)
    caller.sites_for(getattr(params, "site", None))
    await _require_sites(conn, desk, caller, params)
    if report.whom is not None:
        require_lasting(caller)
        context = BuildContext(now=datetime.now(UTC), caller=caller, settings=settings)
        await report.whom(conn, report.resolve(params, context) if report.resolve else params, context)
    return params


async def _require_sites(conn: ReadConnection, desk: Desk, caller: Caller, params: Ask) -> None:
    values = {name: getattr(params, name, None) for name in ("site", "with_site")}
    asked = {name: site for name, site in values.items() if site is not None}
    if not asked or desk.sites is None:
        return
    known = [site for site in await desk.sites(conn) if caller.sites is None or site in caller.sites]
    for name, site in asked.items():
        if site not in known:
            raise unknown_value(f"/body/params/{name}", "site", site, known)


async def _question(desk: Desk, context: JobContext, asked: ExportParams) -> Question:
    report = desk.report(asked.report)
    if report is None:
        raise ValueError(f"there is no report {asked.report}")
    caller = await _caller(desk, context, asked)
    params = report.params.model_validate(asked.params)
    return question_of(context.runtime, desk.name, report, params, caller)


async def _caller(desk: Desk, context: JobContext, asked: ExportParams) -> Caller:
    """For whom it is written: as told, or, where not everybody may see everybody, truly who started the run.

    Raises `NotAllowed` where they may read nothing any more.
    """
    if desk.subjects is None:
        sites = None if asked.sites is None else frozenset(asked.sites)
        scopes = frozenset({desk.reads})
        return Caller(id=asked.caller, name=asked.caller, kind="system", scopes=scopes, sites=sites)
    async with context.runtime.database.read() as conn:
        run = await queries.select_run(conn, context.run_id)
    assert run is not None  # it is this one
    return await holder(context.runtime.database, run.requested_by)


@asynccontextmanager
async def _source(
    platform: Platform, desk: Desk, question: Question, name: str, style: Style
) -> AsyncIterator[Source]:
    if not streams(question.report, name):
        yield await held_source(platform, desk, question, style)
        return
    async with streamed_source(platform, question, style, timeout=LONGEST.total_seconds()) as source:
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
