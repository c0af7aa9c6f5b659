"""One import as a run: the file looked at, put in force in one transaction or not at all, and told of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from service.access.audit import record
from service.core.collecting import collecting_seldom
from service.core.database import WriteConnection
from service.core.tasks import JobContext
from service.core.telemetry import expect_repeats
from service.mill.answers.imports import read_report
from service.mill.files.cells import Ground
from service.mill.files.inspection import content_key, digest_of, require_come
from service.mill.files.kind import Kind, Record
from service.mill.files.kinds import SHAPES
from service.mill.files.reading import Reading, originals, reading_of
from service.mill.files.telling import Message, Told
from service.mill.imports.steps import STEPS
from service.mill.imports.work import Work
from service.mill.queries import import_jobs, incoming, locks, scopes
from service.mill.queries.parameters import select_parameters
from service.mill.rules.weeks import day_in
from service.reporting.files.storing import Undone, upload_of, whole_or_nothing
from service.schemas.mill.imports import MillImportParams

_OPTIONS: Final = {"lead_unit", "allow_shrink", "close_missing", "normalise", "sheet"}
_AT_ONCE: Final = 5_000
"""Rows that are read, and sent to the database, together."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file; no `work`: its header rejects it."""

    reading: Reading
    work: Work | None
    job_id: int
    status: Literal["done", "refused"]

    def values(self, asked: MillImportParams, kept: int) -> dict[str, Any]:
        """The record of the import; `kept`: how many messages."""
        reading, told, work = self.reading, self.reading.told, self.work
        written = work is not None and self.status == "done" and asked.mode != "dry_run"
        said = {"stored": dict(work.came) if work and written else {}, "kept": kept, "header": reading.titles}
        options = asked.model_dump(mode="json", exclude_defaults=True, include=_OPTIONS)
        if work is not None and work.part:
            options["part"] = work.part
        return {
            "status": self.status,
            "rows_read": reading.rows,
            "rows_ok": reading.rows - reading.repaired - reading.rejected,
            "rows_repaired": reading.repaired,
            "rows_rejected": reading.rejected,
            "counts": dict(sorted(told.counts.items())),
            "totals": {} if work is None else work.totals,
            "options": {**options, "told": {**said, "strict_errors": told.strictly}},
        }


async def run(context: JobContext) -> dict[str, Any]:
    """The job `mill.import`: one uploaded file. Its result is the report of E.8.

    The run is partial when rows were rejected. Raises `Invalid` where the file cannot be read at all
    or speaks of a day that has not come.
    """
    expect_repeats("a file is read and sent in parts, so that it takes no more memory than one")
    with collecting_seldom():
        return await _reported(context)


async def _reported(context: JobContext) -> dict[str, Any]:
    """The file read, where the same one is not in force already; what is told of it."""
    async with upload_of(context) as path:
        require_come(context.runtime.settings.mill, context.params.snapshot_date)
        sha256 = await context.runtime.compute.in_thread(digest_of, path)
        job_id = await _same(context, sha256)
        repeated = job_id is not None
        if job_id is None:
            job_id = await _imported(context, path, sha256)
        async with context.runtime.database.snapshot() as conn:
            report = await read_report(conn, job_id)
    assert report is not None
    context.partial = not repeated and (report["rows_rejected"] > 0 or report["status"] == "refused")
    result: dict[str, Any] = orjson.loads(
        orjson.dumps({**report, "repeated": repeated}, option=orjson.OPT_UTC_Z)
    )
    return result


async def _same(context: JobContext, sha256: str) -> int | None:
    """The import that put the same file in force: it is read once (F-83)."""
    asked: MillImportParams = context.params
    if asked.mode == "dry_run":
        return None
    async with context.runtime.database.read() as conn:
        return await import_jobs.select_same(conn, asked.kind, content_key(sha256, asked))


async def _imported(context: JobContext, path: Path, sha256: str) -> int:
    """Put the file in force, or record why not; the number of its import."""
    asked: MillImportParams = context.params
    in_force, work = False, None
    async with whole_or_nothing(context) as conn:
        await locks.lock_import(conn, asked.kind)
        ground = await _ground(context, conn)
        with reading_of(path, SHAPES[asked.kind], ground, Told(asked.mode), asked.sheet) as reading:
            made = await import_jobs.insert_job(conn, _begun(context, sha256, ground))
            work = await _looked_at(context, conn, reading, made)
            if work is None or work.refused or asked.mode == "dry_run":
                raise Undone
            await _put_in_force(context, work)
            await _tell(context, conn, path, Outcome(reading, work, made, "done"))
            await context.runtime.versions.raise_in(conn, work.scopes | {scopes.IMPORTS})
            context.counts.update(work.came)
            in_force = True
    if not in_force:
        status = _status(context.params, work)
        async with context.runtime.database.write() as conn:
            made = await import_jobs.insert_job(conn, _begun(context, sha256, ground))
            await _tell(context, conn, path, Outcome(reading, work, made, status))
            await context.runtime.versions.raise_in(conn, [scopes.IMPORTS])
    return made


def _status(asked: MillImportParams, work: Work | None) -> Literal["done", "refused"]:
    """What becomes of a file that is not put in force."""
    return "done" if asked.mode == "dry_run" and work is not None and not work.refused else "refused"


async def _ground(context: JobContext, conn: WriteConnection) -> Ground:
    asked: MillImportParams = context.params
    today = day_in(context.runtime.settings.mill.time_zone, datetime.now(UTC))
    parameters = (await select_parameters(conn)).values
    on = asked.snapshot_date or today
    return Ground(today, on, parameters, asked.lead_unit, file_name=asked.name or "")


def _begun(context: JobContext, sha256: str, ground: Ground) -> dict[str, Any]:
    asked: MillImportParams = context.params
    return {
        "run_id": context.run_id,
        "file_kind": asked.kind,
        "file_name": asked.name or asked.upload,
        "sha256": sha256,
        "content_key": content_key(sha256, asked),
        "mode": asked.mode,
        "status": "running",
        "snapshot_date": ground.snapshot,
        "requested_by": f"run:{context.run_id}",
    }


async def _looked_at(
    context: JobContext, conn: WriteConnection, reading: Reading, job_id: int
) -> Work | None:
    """All rows read into a table of the transaction and checked; None where the header rejects the file."""
    header, kind = reading.header, reading.kind
    if header is None:
        return None
    work = Work(conn, context.runtime.compute, reading, header, context.params, job_id, part=kind.part)
    columns = kind.table
    await incoming.make_incoming(conn, columns)
    in_thread = context.runtime.compute.in_thread
    while batch := await in_thread(_next_rows, reading.records, list(columns)):
        await incoming.copy_incoming(conn, list(columns), batch)
        await context.progress(reading.rows, None, "rows", "reading")
    await incoming.index_incoming(conn, kind.key)
    await _without_repeats(work, kind)
    await context.progress(reading.rows, reading.rows, "rows", "checking")
    await STEPS[kind.name].check(work)
    await _tell_older(work, kind)
    await work.leave_out(reading.told.rejected)
    return work


async def _tell_older(work: Work, kind: Kind) -> None:
    """A file that speaks of the past must not take the place of a newer one without a word."""
    if not kind.is_of_a_day:
        return
    day = work.reading.ground.snapshot
    newest = await import_jobs.select_day_in_force(work.conn, kind.name, work.part)
    if newest is not None and day < newest:
        said = f"The file is of {day}, the one in force of {newest}: it would be put back to that day"
        work.told.tell(work.header.line, "SNAPSHOT_OLDER", said, raw=day, used=day)


def _next_rows(records: Iterator[Record], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    return [
        (one.row, one.rejected, *(one.values.get(name) for name in columns))
        for one in islice(records, _AT_ONCE)
    ]


async def _without_repeats(work: Work, kind: Kind) -> None:
    """Of rows with one key the first where all are the same, none where they differ: never the last."""
    if not kind.key:
        return
    repeated = await incoming.select_repeated(work.conn, kind.key, list(kind.table))
    name = kind.key[0]
    for row in repeated:
        if not row.same:
            said = (
                f"The key comes more than once with different cells (first on row {row.first}): none is taken"
            )
            work.tell(row.row_no, name, "KEY_DUP_DIFF", said, raw=row.key)
        elif row.row_no != row.first:
            said = f"The same as row {row.first}: taken once"
            work.tell(row.row_no, name, "KEY_DUP_SAME", said, raw=row.key)
    await work.leave_out([row.row_no for row in repeated if not row.same or row.row_no != row.first])


async def _put_in_force(context: JobContext, work: Work) -> None:
    asked: MillImportParams = context.params
    await context.progress(work.reading.rows, work.reading.rows, "rows", "storing")
    await locks.lock_publishing(work.conn, asked.kind)
    await import_jobs.replace_latest(work.conn, asked.kind, work.part)
    await STEPS[work.reading.kind.name].publish(work)
    after = {"kind": asked.kind, "mode": asked.mode, **work.came}
    await record(work.conn, f"run:{context.run_id}", "mill.imported", f"import:{work.job_id}", after=after)


async def _tell(context: JobContext, conn: WriteConnection, path: Path, outcome: Outcome) -> None:
    """What came of the file, and what is told of its rows, each with the row as the file has it."""
    asked: MillImportParams = context.params
    messages = outcome.reading.told.messages()
    rows = {one.row for one in messages} if outcome.reading.titles else set()
    cells = await context.runtime.compute.in_thread(originals, path, rows, asked.sheet)
    await import_jobs.insert_messages(
        conn, (_message(outcome.job_id, seq, one, cells.get(one.row)) for seq, one in enumerate(messages, 1))
    )
    await import_jobs.end_job(conn, outcome.job_id, outcome.values(asked, len(messages)))


def _message(job_id: int, seq: int, one: Message, original: list[str] | None) -> tuple[Any, ...]:
    return (
        job_id, seq, one.row, one.column, one.code, one.severity, one.raw, one.used, one.message, one.action,
        original,
    )  # fmt: skip
