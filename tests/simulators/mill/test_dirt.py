"""Files with errors: all that is spoilt is listed, the rest stands as it was."""

import json
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from service.simulators.mill import Finding, Mill, Plan, generate, tables, write_dirty_mill, write_mill
from service.simulators.mill.dirt import damages_of
from service.simulators.mill.dirt.damage import Spoilt
from tests.simulators.mill.reading import cells

CODES = {
    "NUM_FORMAT", "NUM_TEXT", "NUM_RANGE", "NUM_BLANK", "ALLOC_SIGN", "CONSUMED_SIGN", "ON_ORDER_NEG",
    "TB_MISMATCH", "PB_MISMATCH", "TB_NEGATIVE", "COST_ZERO", "COST_MISSING", "COST_TOTAL_MISMATCH",
    "KEY_MISSING", "KEY_DUP_SAME", "KEY_DUP_DIFF", "KEY_TRIM", "KEY_FLOAT", "YARN_UNKNOWN", "STYLE_UNKNOWN",
    "BOM_PLACEHOLDER", "BOM_SCALE_PERCENT", "BOM_SCALE_MIXED", "BOM_RANGE", "BOM_DUP_SAME", "BOM_DUP_SUMMED",
    "BOM_DUP_DIFF", "BOM_SUM_NEAR", "BOM_SUM_OFF", "BOM_CYCLE", "KO_HTML", "KO_BALANCE", "KO_OVERSHIP",
    "KO_NO_DATES", "PO_BUCKETS", "PO_SUM", "DATE_FORMAT", "DATE_RANGE", "WC_FORMAT", "RATE_NEG",
    "SUPPLIER_REMOVE", "LEAD_UNIT", "SIZE_DATE", "HEADER_MISSING", "HEADER_DUPLICATE", "HEADER_UNKNOWN",
    "ROW_TOTAL", "ENC", "FORMULA",
}  # fmt: skip
"""All of spec B.5."""


@pytest.fixture(scope="module")
def dirty(tiny: Mill, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Finding]]:
    folder = tmp_path_factory.mktemp("dirty")
    return folder, write_dirty_mill(tiny, folder)


def test_every_code_of_the_specification_occurs(dirty: tuple[Path, list[Finding]]) -> None:
    assert {one.code for one in dirty[1]} == CODES


def test_the_list_says_where_each_error_stands(tiny: Mill, dirty: tuple[Path, list[Finding]]) -> None:
    folder, found = dirty
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert listed["as_of"] == "2025-09-03"
    assert [{**one, "rows": tuple(one["rows"])} for one in listed["broken"]] == [
        {name: getattr(one, name) for name in Finding.__dataclass_fields__} for one in found
    ]
    checked = 0
    for one in found:
        if one.rows and not one.code.startswith("HEADER"):
            rows = cells(folder / f"{one.file}.csv")
            assert rows[one.rows[-1] - 1][rows[0].index(one.column)] == one.raw, one
            checked += 1
    assert checked > 90
    assert {(one.file, one.code) for one in found} >= {
        (name, damage.code) for name, damages in damages_of(tiny).items() for damage in damages
    }


def test_what_is_not_listed_stands_as_it_was(
    tiny: Mill, dirty: tuple[Path, list[Finding]], tmp_path: Path
) -> None:
    folder, found = dirty
    write_mill(tiny, tmp_path, ("csv",))
    for table in tables(tiny):
        sound, spoilt = cells(tmp_path / f"{table.name}.csv"), cells(folder / f"{table.name}.csv")
        touched = {row for one in found if one.file == table.name for row in one.rows}
        left = [row for at, row in enumerate(spoilt, 1) if at not in touched or at == 1]
        assert all(row in sound for row in left), table.name
        changed = [row for row in sound if row not in left]
        assert len(changed) <= len([one for one in found if one.file == table.name])
        assert len(spoilt) >= len(sound)


def test_a_row_without_a_key_is_neither_blank_nor_a_row_of_totals(dirty: tuple[Path, list[Finding]]) -> None:
    folder, found = dirty
    lines = [one for one in found if one.code == "KEY_MISSING"]
    assert len({one.file for one in lines}) == 8
    for one in lines:
        rows = cells(folder / f"{one.file}.csv")
        filled = [cell for cell in rows[one.rows[0] - 1] if cell.strip()]
        assert filled
        assert sum(cell.replace(",", "").replace(".", "").isdigit() for cell in filled) <= 1


def test_a_workbook_has_the_same_errors_in_the_same_rows(dirty: tuple[Path, list[Finding]]) -> None:
    folder, found = dirty
    for name, column in (("knit_orders", "Order #"), ("expected_receipts", "Desc")):
        sheet = CalamineWorkbook.from_path(folder / f"{name}.xlsx").get_sheet_by_index(0)
        rows, text = sheet.to_python(skip_empty_area=False), cells(folder / f"{name}.csv")
        place = text[0].index(column)
        assert [row[place] for row in rows] == [row[place] for row in text]
        assert any(one.file == name and one.column == column for one in found)


def test_one_row_in_a_hundred_is_spoilt_for_each_code(measured: Mill) -> None:
    by_name = {table.name: table for table in tables(measured)}
    for name, count in (("bom", 286), ("yarn_inventory", 12), ("rates", 61), ("knit_orders", 1)):
        spoilt = Spoilt(by_name[name], damages_of(measured)[name])
        rows = sum(1 for _ in spoilt.table.rows())
        assert rows > sum(1 for _ in by_name[name].rows())
        codes = [one.code for one in spoilt.found if one.raw != "9.5001E4"]
        assert {codes.count(code) for code in codes} == {count}, name
        assert len(set(codes)) == len({damage.code for damage in damages_of(measured)[name]})


def test_files_wrong_as_a_whole_stand_beside(dirty: tuple[Path, list[Finding]]) -> None:
    folder = dirty[0] / "variants"
    headers = {path.stem: cells(path)[0] for path in folder.glob("yarn_inventory_*.csv")}
    assert "Consumed" not in headers["yarn_inventory_header_missing"]
    assert {"Desc#", "Yarn_ID"} < set(headers["yarn_inventory_header_duplicate"])
    assert "Color" not in headers["yarn_inventory_header_unknown"]
    assert "MÜLLER" in (folder / "suppliers_windows.csv").read_bytes().decode("cp1252")
    for codec in ("utf-8", "cp1252"):
        with pytest.raises(UnicodeDecodeError):
            (folder / "suppliers_no_encoding.csv").read_bytes().decode(codec)
    percent = [float(row[2]) for row in cells(folder / "bom_bom_scale_percent.csv")[1:]]
    assert max(percent) == 100


def test_the_same_seed_spoils_the_same_rows(tmp_path: Path) -> None:
    one, again = (
        write_dirty_mill(generate(Plan(as_of=date(2025, 9, 3))), tmp_path / name, ("csv",))
        for name in ("one", "again")
    )
    assert one == again
