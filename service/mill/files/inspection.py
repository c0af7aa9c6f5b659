"""The first look at a file, before a run is started: whether it can be read, and whether it was already."""

import hashlib
from pathlib import Path

import orjson

from service.core.runtime import Runtime
from service.mill.files.kinds.rolls import stage_named
from service.mill.files.reading import first_rows, opened
from service.mill.queries.import_jobs import select_same
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


async def checked(runtime: Runtime, path: Path, asked: MillImportAsk) -> None:
    """Look at a file.

    Raises `AlreadyRead`, and `Invalid` for one that cannot be read at all; what is wrong with its columns and
    rows is for its report to say.
    """
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
