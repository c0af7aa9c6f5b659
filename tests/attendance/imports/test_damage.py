"""Files that cannot be used as a whole: refused with 422 and a sentence, in bounded memory, leaving nothing."""

import io
import zipfile
import zlib

import pytest

from service.reporting.files import csv_file, xlsx_file
from tests.attendance.house import House
from tests.attendance.imports.ground import archive, everything, refusal, sheet_xml, uploads_left, workbook

HEAD = "employee,time\n"
GOOD = "E1,2025-10-06 08:00\n"
ROWS = [["employee", "time"], ["E1", "2025-10-06 08:00"]]
SHEET = sheet_xml(ROWS)
TIME = '<c r="B2" t="inlineStr"><is><t>2025-10-06 08:00</t></is></c>'


def put(old: str, new: str) -> bytes:
    """The good workbook with a part of its sheet's XML replaced."""
    assert old in SHEET
    return workbook(SHEET.replace(old, new))


def in_place_of(sheet: str, content: bytes) -> bytes:
    """The good workbook with another sheet's bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook(sheet))) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    return archive({**parts, "xl/worksheets/sheet1.xml": content})


def beside(sheet: str) -> bytes:
    """A workbook with a sheet in a folder where sheets do not belong."""
    with zipfile.ZipFile(io.BytesIO(workbook(SHEET))) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    return archive({**parts, "xl/pages/sheet1.xml": sheet})


DAMAGED = {
    "empty": (b"", "file_empty"),
    "blank": (b"\n\n,,\n", "file_empty"),
    "formula": ((HEAD + 'E1,"=HYPERLINK(""x"")"\n').encode(), "formula_cell"),
    "nul": ((HEAD + "E1\0,2025-10-06 08:00\n").encode(), "nul_byte"),
    "nul in utf-16": ((HEAD + "E1\0,2025-10-06 08:00\n").encode("utf-16"), "nul_byte"),
    "neither encoding": (HEAD.encode() + b"\x81\xff,2025-10-06 08:00\n", "bad_encoding"),
    "open quotes": ((HEAD + '"E1,2025-10-06 08:00\n').encode(), "bad_csv"),
    "cut off": (b"employee,time,device\nE1,2025-10-06 08:00:45,d1\nE1,2025-10-06 17:00", "file_cut"),
    "huge cell": ((HEAD + f'"{"x" * 140_000}",2025-10-06 08:00\n').encode(), "bad_csv"),
    "huge line": ((HEAD + "x" * (csv_file.LONGEST_LINE + 10)).encode(), "cell_too_long"),
    "no known columns": (b"colour,size\nred,9\n", "kind_unknown"),
    "column twice": (b"employee,empleado,time\nE1,E1,2025-10-06 08:00\n", "columns_twice"),
    "no workbook": (archive({"word/document.xml": "<w/>"}), "bad_workbook"),
    "cut workbook": (workbook(ROWS)[:-300], "bad_workbook"),
    "two sheets": (workbook(ROWS, ROWS), "several_sheets"),
    "formula in a workbook": (put(TIME, '<c r="B2"><f>NOW()</f><v>1</v></c>'), "formula_cell"),
    "last corner": (put('r="B2"', 'r="XFD1048576"'), "workbook_too_large"),
    "last corner behind a sign": (put('<c r="B2"', '<c x=">" r = \'XFD1048576\''), "workbook_too_large"),
    "sheet elsewhere": (beside(SHEET.replace('r="B2"', 'r="XFD1048576"')), "bad_workbook"),
    "cells of nowhere": (put('<c r="B2"', "<c"), "bad_workbook"),
    "document type": (put("<worksheet", '<!DOCTYPE x [<!ENTITY a "a">]><worksheet'), "bad_workbook"),
    "utf-16 sheet": (in_place_of(SHEET, SHEET.replace("UTF-8", "UTF-16").encode("utf-16")), "bad_workbook"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
async def test_a_file_that_cannot_be_used_leaves_nothing(house: House, kind: str) -> None:
    content, code = DAMAGED[kind]
    before = await everything(house)
    problem = await refusal(house, content)
    assert problem["code"] == code, problem
    assert len(problem["detail"]) < 600
    assert await everything(house) == before
    assert uploads_left(house.runtime.settings.home) == []


async def test_a_missing_column_is_named_with_what_it_may_be_called(house: House) -> None:
    problem = await refusal(house, "employee,tme\nE1,2025-10-06 08:00\n", kind="punches")
    assert problem["code"] == "columns_missing"
    assert problem["errors"][0]["pointer"] == "/columns/time"
    assert "timestamp" in problem["detail"]
    assert "tme" in problem["detail"]


def bomb(unfolded: int, declared: int) -> bytes:
    """A workbook whose sheet unfolds to so many bytes and says that it has `declared`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b" " * (1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(unfolded >> 20)) + packer.flush()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("xl/workbook.xml", "<workbook/>")
        entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        with opened.open(entry, "w") as file:
            file.write(packed)
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, declared
    return made.getvalue()


@pytest.mark.parametrize("declared", [100, 1 << 30])
async def test_a_zip_bomb_is_refused_while_it_unfolds(
    house: House, declared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_UNFOLDED", 32 << 20)
    content = bomb(64 << 20, declared)
    assert len(content) < 200_000
    problem = await refusal(house, content)
    assert problem["code"] in {"workbook_too_large", "cell_too_long"}
