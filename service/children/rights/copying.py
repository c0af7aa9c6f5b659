"""The job that writes a copy: one snapshot, batches of rows, sealed pieces, constant memory (spec E6)."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.children.door import Standing, admit
from service.children.queries import copies, requests
from service.children.queries.copies import Section, Window
from service.children.rights.figures import COLUMNS, summary_rows
from service.children.rights.files import (
    EXPORT_VERSION,
    EXTENSIONS,
    FORMS,
    MEDIA_TYPES,
    CopyFile,
    Heading,
    Sink,
)
from service.children.rights.keeping import Keeper
from service.children.rules.permissions import Action
from service.children.rules.sealed import open_list, open_text
from service.core import queries
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.sealing import Sealer
from service.core.tasks import JobContext
from service.schemas.children.rights import DataExportParams, SectionName

LONGEST: Final = timedelta(hours=1)
DEFINITIONS_VERSION: Final = "1"
"""Of the figures in it (spec D7)."""
LAST: Final = copies.SECTIONS[-1].name
"""The section before which the figures stand."""
JOB: Final = "children.copy"


async def write_copy(context: JobContext) -> dict[str, Any] | None:
    """Write the copy that a request asks for. A run that is started again writes it anew."""
    asked: DataExportParams = context.params
    async with context.runtime.database.write() as conn:
        request = await requests.begin_export(conn, asked.request)
    if request is None:
        return None
    try:
        return await _write(context, request)
    except Exception:
        async with context.runtime.database.write() as conn:
            await requests.update_request(conn, request.id, state="failed")
        raise


async def _write(context: JobContext, request: Row[Any]) -> dict[str, Any]:
    runtime = context.runtime
    sealer, sink = Sealer.of(runtime.settings), Sink()
    chosen = request.params["format"]
    keeper = Keeper(runtime.database, sealer, context.run_id, sink)
    kept = timedelta(hours=runtime.settings.children.export_hours)
    await keeper.begin(_file_name(request, EXTENSIONS[chosen]), MEDIA_TYPES[chosen], kept)
    with closing(FORMS[chosen](sink)) as file:
        copy = Copy(context, request, sealer, file, keeper)
        async with runtime.database.snapshot(timeout=LONGEST.total_seconds()) as conn:
            await copy.write(conn)
    await keeper.finish()
    async with runtime.database.write() as conn:
        await queries.measure_file(conn, context.run_id, sink.written, sink.digest.hexdigest())
        await requests.finish_export(conn, request.id, kept)
    return {"rows": copy.rows, "bytes": sink.written}


@dataclass(slots=True)
class Copy:
    """One copy being written."""

    context: JobContext
    request: Row[Any]
    sealer: Sealer
    file: CopyFile
    keeper: Keeper
    rows: int = 0

    async def write(self, conn: ReadConnection) -> None:
        """All sections asked for, then the manifest. Raises `Hidden` for who is no guardian any more."""
        caller = _requester(self.request.requested_by)
        child_id, params = self.request.child_id, self.request.params
        standing = await admit(conn, caller, child_id, Action.EXPORT, "export.create")
        window = _window(standing, params)
        wanted = params.get("include")
        for section in copies.SECTIONS:
            if section.name == LAST and _is_wanted("analytics", wanted):
                await self._figures(conn, caller)
            if _is_wanted(section.name, wanted):
                await self._section(conn, section, caller, window)
        self.file.finish(
            {
                "export_version": EXPORT_VERSION,
                "generated_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                "child_id": child_id,
                "definitions_version": DEFINITIONS_VERSION,
                "from": params.get("from"),
                "to": params.get("to"),
            }
        )

    async def _section(self, conn: ReadConnection, section: Section, caller: Caller, window: Window) -> None:
        child_id, compute = self.request.child_id, self.context.runtime.compute
        columns = copies.columns_of(section, caller, child_id, window)
        self.file.begin(Heading(section.name, columns, section.single))
        async for batch in copies.batches(conn, section, caller, child_id, window):
            rows = [_unsealed(self.sealer, child_id, section, row) for row in batch]
            await compute.in_thread(self.file.rows, rows)
            self.rows += len(rows)
            await self.keeper.store()
            await self.context.progress(self.rows, None, "rows")
        self.file.end()

    async def _figures(self, conn: ReadConnection, caller: Caller) -> None:
        rows = await summary_rows(conn, caller, self.request.child_id, self.request.params)
        self.file.begin(Heading("analytics", COLUMNS, single=False))
        self.file.rows(rows)
        self.file.end()


def _is_wanted(name: SectionName, wanted: Sequence[str] | None) -> bool:
    return wanted is None or name in wanted


def _requester(person: int) -> Caller:
    """Who asked, with no right but to this copy."""
    return Caller(f"person:{person}", "requester", "token", frozenset({"export:create"}), person=person)


def _window(standing: Standing, params: Mapping[str, Any]) -> Window:
    """The dates asked for, at the child's place, as instants [from, to)."""
    zone = ZoneInfo(standing.timezone)

    def midnight(day: str | None, more: int) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(date.fromisoformat(day) + timedelta(days=more), datetime.min.time(), zone)

    return midnight(params.get("from"), 0), midnight(params.get("to"), 1)


def _unsealed(sealer: Sealer, child_id: int, section: Section, row: Mapping[str, Any]) -> dict[str, Any]:
    plain = {str(name): value for name, value in row.items()}  # names of columns are a kind of str
    for name, kind in section.sealed.items():
        opened = open_list if kind == "list" else open_text
        plain[name] = opened(sealer, child_id, name, row[name])
    return plain


def _file_name(request: Row[Any], extension: str) -> str:
    return f"child-{request.child_id}-{request.created_at:%Y-%m-%d}.{extension}"
