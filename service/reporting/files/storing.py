"""The run of an import: its upload, its findings, and one transaction that holds a whole file or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol

from service.core.database import WriteConnection
from service.core.errors import Invalid, ServiceError
from service.core.settings import Settings
from service.core.tasks import Cancelled, JobContext
from service.reporting.files import uploads
from service.reporting.files.findings import Findings
from service.schemas.files import ImportedFile

STATEMENT_SECONDS: Final = 600.0


class Undone(Exception):
    """Roll back what was stored of a file: a dry run, or a file that is refused."""


class _Asked(Protocol):
    @property
    def dry_run(self) -> bool: ...

    @property
    def lenient(self) -> bool: ...

    @property
    def name(self) -> str | None: ...

    @property
    def upload(self) -> str: ...


def uploaded(settings: Settings, name: str) -> Path:
    """Where an upload lies. Raises `Invalid` (`upload_gone`) where it is not here."""
    path = uploads.upload_path(settings, name)
    if not path.exists():
        detail = "the uploaded file is not here: upload it again (replicas need one home on a shared volume)"
        raise Invalid(detail, code="upload_gone")
    return path


@asynccontextmanager
async def upload_of(context: JobContext) -> AsyncIterator[Path]:
    """The file of the run (`params.upload`), forgotten at its end or when it cannot be used.

    After a crash it waits for the run to be taken up again. Raises `Invalid` (`upload_gone`).
    """
    settings = context.runtime.settings
    path = uploaded(settings, context.params.upload)
    await context.runtime.compute.in_thread(uploads.forget_old, settings)
    try:
        yield path
    except (ServiceError, Cancelled):
        path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


@asynccontextmanager
async def findings_of(context: JobContext) -> AsyncIterator[Findings]:
    """What is found in the file of the run, kept for who asks for it afterwards."""
    path = uploads.findings_path(context.runtime.settings, context.run_id)
    findings = await context.runtime.compute.in_thread(Findings, path)
    try:
        yield findings
    finally:
        findings.close()


@asynccontextmanager
async def whole_or_nothing(context: JobContext) -> AsyncIterator[WriteConnection]:
    """The transaction of a file; `Undone` in it leaves nothing behind, and ends here."""
    with suppress(Undone):
        async with context.runtime.database.write(timeout=STATEMENT_SECONDS) as conn:
            yield conn


def refuses(findings: Findings, asked: _Asked) -> bool:
    """Whether a row was rejected, and rejected rows refuse the file."""
    return bool(findings.rejected) and not asked.lenient


def require_stored(findings: Findings, asked: _Asked) -> None:
    """Raise `Undone` where the file is not to be stored: it is refused, or the run is a dry one."""
    if refuses(findings, asked) or asked.dry_run:
        raise Undone


def told_of(context: JobContext, findings: Findings, desk: str) -> dict[str, Any]:
    """What every desk's result says of a file: the fields of `ImportedFile`, but for its rows."""
    asked: _Asked = context.params
    return {
        "outcome": "refused" if refuses(findings, asked) else "applied",
        "dry_run": asked.dry_run,
        "file": asked.name or asked.upload,
        "rejected_rows": findings.rejected_rows,
        "codes": dict(findings.counts),
        "findings": findings.first,
        "findings_link": f"/v1/{desk}/imports/{context.run_id}/findings",
    }


def reported(context: JobContext, result: ImportedFile) -> dict[str, Any]:
    """The result of the run, which is partial when rows were rejected."""
    context.partial = result.rejected_rows > 0
    return result.model_dump(mode="json")
