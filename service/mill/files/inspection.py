"""The first look at a file, before a run is started: whether it can be read, and whether it was already."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import orjson

from service.core.errors import FieldError, Invalid
from service.core.runtime import Runtime
from service.core.settings import MillSettings
from service.mill.files.kinds.rolls import stage_named
from service.mill.files.reading import first_rows, opened
from service.mill.queries.import_jobs import select_same
from service.mill.rules.weeks import day_in
from service.schemas.mill.imports import MillImportAsk


class AlreadyRead(Exception):
    """The same file is in force: `job_id` put it there."""

    def __init__(self, job_id: int) -> None:
        super().__init__(job_id)
        self.job_id = job_id


def content_key(sha256: str, asked: MillImportAsk) -> str:
    """What makes a file the same file: its bytes, and what was said of how it is to be read."""
    said = [
        asked.kind,
        asked.snapshot_date,
        asked.lead_unit,
        asked.sheet,
        asked.normalise,
        asked.close_missing,
    ]
    if asked.kind == "stage_inventory" and asked.name is not None:
        said.append(stage_named(asked.name))
    return hashlib.sha256(orjson.dumps([sha256, *said])).hexdigest()


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_come(settings: MillSettings, on: date | None) -> None:
    """Raises `Invalid` (`snapshot_ahead`) for a snapshot of a day that has not come at the mill.

    Until that day every file of a day before it would be older than the one in force (SNAPSHOT_OLDER).
    """
    zone = settings.time_zone
    today = day_in(zone, datetime.now(UTC))
    if on is not None and on > today:
        detail = f"the snapshot is of {on}, which has not come at the mill: it is {today} there ({zone})"
        errors = [FieldError("/query/snapshot_date", "snapshot_ahead", detail)]
        raise Invalid(detail, code="snapshot_ahead", errors=errors)


async def checked(runtime: Runtime, path: Path, asked: MillImportAsk) -> None:
    """Look at a file.

    Raises `AlreadyRead`, and `Invalid` for one that cannot be read at all or speaks of a day to come; what is
    wrong with its columns and rows is for its report to say.
    """
    require_come(runtime.settings.mill, asked.snapshot_date)
    in_thread = runtime.compute.in_thread
    if asked.mode != "dry_run":
        key = content_key(await in_thread(digest_of, path), asked)
        async with runtime.database.read() as conn:
            known = await select_same(conn, asked.kind, key)
        if known is not None:
            raise AlreadyRead(known)
    await in_thread(_opened, path, asked.sheet)


def _opened(path: Path, sheet: str | None) -> None:
    with opened(path, sheet) as lines:
        first_rows(lines)
