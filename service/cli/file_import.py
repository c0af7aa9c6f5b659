"""One file of the command line through the import of its desk, and what came of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from service.cli.file_findings import show_findings
from service.cli.turns import in_turn
from service.cli.words import out, say, sentences
from service.core.errors import ServiceError
from service.core.runtime import Runtime
from service.reporting.files import uploads
from service.schemas.files import ImportedFile

R = TypeVar("R", bound=ImportedFile)


async def import_one(
    runtime: Runtime,
    job: str,
    path: Path,
    params: dict[str, Any],
    result: type[R],
    said: Callable[[R], str],
) -> bool:
    """Import a file by `job`, show what came of it as the desk says it, and whether all rows went in."""
    upload = uploads.copied(runtime.settings, path)
    try:
        row = await in_turn(runtime, job, {**params, "name": path.name, "upload": upload})
    except ServiceError as error:
        say(*sentences(error))
        uploads.upload_path(runtime.settings, upload).unlink(missing_ok=True)
        return False
    if row.result is None:
        say(f"{path.name}: {(row.error or {}).get('detail', f'the run {row.state}')}")
        return False
    found = result.model_validate(row.result)
    out.print(f"{found.file}: {said(found)}", markup=False)
    show_findings(found.findings, found.codes, uploads.findings_path(runtime.settings, row.id))
    return found.rejected_rows == 0
