"""Files of the mill, through the real machinery of jobs."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.reporting.files import uploads
from service.schemas.mill.imports import MillImportReport
from tests.support.house import House

ON = "2025-09-03"
"""The as-of date of section F."""


def as_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def uploaded(house: House, content: bytes | str | Path) -> str:
    """A file where uploads lie; its name there."""
    part = uploads.begun(house.runtime.settings)
    if isinstance(content, Path):
        content = content.read_bytes()
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    return uploads.finished(part)


async def ended(house: House, kind: str, content: bytes | str | Path, **params: Any) -> Any:
    """The run of one file, at its end."""
    asked = {"kind": kind, "snapshot_date": ON, "upload": uploaded(house, content), **params}
    return await house.runtime.tasks.run_now("mill.import", asked, "test")


async def imported(
    house: House, kind: str, content: bytes | str | Path, mode: str = "lenient", **params: Any
) -> MillImportReport:
    """The report of a file that could be read."""
    run = await ended(house, kind, content, mode=mode, **params)
    assert run.state in {"done", "partial"}, run.error
    return MillImportReport.model_validate(run.result)


def told(report: MillImportReport) -> list[tuple[int, str | None, str]]:
    """Row, column and code of its errors and warnings."""
    return [(one.row, one.column, one.code) for one in report.errors]
