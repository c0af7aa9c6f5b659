"""Files, and imports of them over a whole runtime: for the tests of the imports."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import text

from service.core.runtime import Runtime
from service.reporting.files import uploads
from service.schemas.attendance import ImportResult
from tests.attendance.house import House

ZONE = "America/Mexico_City"
PEOPLE = """Employee,Name,Branch,Date of joining,Default shift
E1,Ana Muñoz,Villas,2020-01-01,Day
E2,José Pérez,Nave,2020-01-01,Day
"""
SHIFTS = """Shift,Start,End
Day,08:00,17:00
Night,22:00,06:00
"""
_TYPES = "application/vnd.openxmlformats-"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


async def imported(house: House, content: str | bytes, **params: Any) -> ImportResult:
    """One file through the real machinery of jobs; its report."""
    row = await carried_out(house.runtime, content, **params)
    assert row.state in {"done", "partial"}, row.error
    assert (row.state == "partial") == (row.result["rejected_rows"] > 0)
    return ImportResult.model_validate(row.result)


async def refusal(house: House, content: str | bytes, **params: Any) -> dict[str, Any]:
    """The problem of a file that cannot be used as a whole."""
    row = await carried_out(house.runtime, content, **params)
    assert row.state == "failed", row.result
    problem: dict[str, Any] = row.error
    assert problem["status"] == 422
    return problem


async def carried_out(runtime: Runtime, content: str | bytes, **params: Any) -> Any:
    """The ended run."""
    part = uploads.begun(runtime.settings)
    part.write_bytes(content.encode() if isinstance(content, str) else content)
    asked = {"zone": ZONE, "upload": uploads.finished(part)} | params
    return await runtime.tasks.run_now("attendance.import", asked, "test")


async def rows(house: House, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Rows of any statement."""
    async with house.runtime.database.read() as conn:
        return [tuple(row) for row in await conn.execute(text(statement), values)]


async def punches(house: House) -> list[tuple[Any, ...]]:
    """Who, when on the clock, type, device: of every check-in, in order."""
    return await rows(house, """
        SELECT coalesce(p.upstream_name, '?' || c.unknown_person), c.local_time::text, c.log_type, d.name
        FROM attendance.checkin c LEFT JOIN attendance.person p ON p.id = c.person_id
        LEFT JOIN attendance.device d ON d.id = c.device_id ORDER BY c.local_time, 1
    """)  # fmt: skip


async def everything(house: House) -> dict[str, Any]:
    """How many rows each table of the desk has, and the data versions."""
    tables = [
        row[0] for row in await rows(house, "SELECT tablename FROM pg_tables WHERE schemaname = 'attendance'")
    ]
    counted = {table: await rows(house, f"SELECT count(*) FROM attendance.{table}") for table in tables}
    return {
        **counted,
        "versions": await rows(house, "SELECT scope, version FROM muster.data_version ORDER BY scope"),
    }


def uploads_left(home: Path) -> list[str]:
    """Uploads that still wait."""
    folder = home / "imports"
    return sorted(path.name for path in folder.iterdir() if path.suffix in {".csv", ".xlsx", ".part"}
                  and not path.name.endswith(".findings.csv"))  # fmt: skip


def workbook(*sheets: Sequence[Sequence[Any]] | str) -> bytes:
    """An XLSX of these sheets: numbers, text, dates as serials; a string is a sheet's XML itself."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        + "</Relationships>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{_TYPES}package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="{_TYPES}officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_TYPES}officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    }
    for n, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet if isinstance(sheet, str) else sheet_xml(sheet)
    return archive(parts)


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return made.getvalue()


def sheet_xml(cells: Sequence[Sequence[Any]]) -> str:
    """A sheet's XML."""
    lines = []
    for number, row in enumerate(cells, 1):
        filled = [(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(row) if cell is not None]
        lines.append(f'<row r="{number}">{"".join(_cell(place, cell) for place, cell in filled)}</row>')
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(place: str, cell: Any) -> str:
    if isinstance(cell, (int, float)):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
