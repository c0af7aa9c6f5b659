"""Files of the crew desk, through the real machinery of jobs."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from service.crew.rules.grid import DayGrid
from service.reporting.files import uploads
from service.schemas.crew.imports import CrewImportResult
from tests.crew.house import House
from tests.crew.scenario import LABELS

AS_OF = "2026-03-05T10:30:00Z"
TITLES: Sequence[Sequence[str]] = [[f"Availability report {number}"] for number in range(7)]
HEADER = ["Name", "Date", *(f"{label[:2]}:{label[2:]}" for label in LABELS)]


def report_rows(grid: DayGrid, day: date) -> list[list[str]]:
    """A grid's people as the rows of a report."""
    on = day.strftime("%a %d/%m/%y")
    return [
        [row.name, on, *("" if cell.state == "available" else cell.reason or "" for cell in row.cells)]
        for row in grid.crew
    ]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A report as CSV: seven titles, the header, the rows."""
    text = io.StringIO()
    csv.writer(text).writerows([*TITLES, HEADER, *rows])
    return text.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """The same as a workbook."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Report")
        for number, row in enumerate([*TITLES, HEADER, *rows]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


async def ended(house: House, content: bytes, **params: Any) -> Any:
    """The run of one file, at its end."""
    part = uploads.begun(house.runtime.settings)
    part.write_bytes(content)
    asked = {"station": "P22", "as_of": AS_OF, "upload": uploads.finished(part), **params}
    return await house.runtime.tasks.run_now("crew.import", asked, "test")


async def imported(house: House, content: bytes, **params: Any) -> CrewImportResult:
    """The result of a file that could be used."""
    run = await ended(house, content, **params)
    assert run.state in {"done", "partial"}, run.error
    result = CrewImportResult.model_validate(run.result)
    assert (run.state == "partial") == (result.rejected_rows > 0)
    assert not any(name in str(run.result) for name in ("ALDER", "BIRCH", "Jo Alder", "0100"))
    return result


async def refused(house: House, content: bytes, **params: Any) -> str:
    """The code of a file that cannot be used as a whole."""
    run = await ended(house, content, **params)
    assert run.state == "failed", run.result
    problem: Mapping[str, Any] = run.error
    assert problem["status"] == 422
    return str(problem["code"])
