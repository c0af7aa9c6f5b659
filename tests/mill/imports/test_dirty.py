"""Every code of B.5, found where the manifest of a mill with errors says that it stands."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import date

import pytest

from service.mill.files.codes import CODES
from service.schemas.mill.imports import MillImportReport
from service.simulators.mill import generate
from service.simulators.mill.dirt import Finding, write_dirty_mill
from service.simulators.mill.files import tables
from service.simulators.mill.plan import Plan
from tests.mill.imports.ground import ON, imported
from tests.mill.imports.test_generated import KINDS
from tests.support.ground import Ground
from tests.support.house import House, open_house

Told = dict[tuple[str, int], set[str | None]]


@pytest.fixture(scope="module")
async def dirty(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[list[Finding], dict[str, MillImportReport], dict[str, Told]]]:
    """A mill with errors: what has to be found, the reports of its files, what was told by code and row."""
    folder, home = tmp_path_factory.mktemp("dirty"), tmp_path_factory.mktemp("home")
    mill = generate(Plan(as_of=date.fromisoformat(ON)))
    findings = write_dirty_mill(mill, folder, ["csv"])
    kinds = {table.name: KINDS.get(table.kind, table.kind) for table in tables(mill)}
    reports: dict[str, MillImportReport] = {}
    found: dict[str, Told] = {}
    url = await ground.clone()
    async with open_house(url, home=home) as house:
        named = [*kinds, *(one for one in dict.fromkeys(f.file for f in findings) if one not in kinds)]
        for name in named:
            kind = kinds.get(name) or next(kind for table, kind in kinds.items() if table in name)
            reports[name] = await imported(
                house, kind, folder / f"{name}.csv", lead_unit="days", allow_shrink=True,
                mode="dry_run" if name.startswith("variants/") else "lenient",
            )  # fmt: skip
            found[name] = await _told(house, reports[name].job_id)
    yield findings, reports, found
    await ground.drop(url)


async def _told(house: House, job_id: int) -> Told:
    rows = await house.sql(
        "SELECT code, row_no, column_name FROM mill.import_errors WHERE job_id = :job", job=job_id
    )
    told: Told = defaultdict(set)
    for row in rows:
        told[row.code, row.row_no].add(row.column_name)
    return told


async def test_every_error_is_told_of_its_row_and_column(
    dirty: tuple[list[Finding], dict[str, MillImportReport], dict[str, Told]],
) -> None:
    findings, reports, found = dirty
    missed = []
    for one in findings:
        if one.code in {"LEAD_UNIT", "ENC", "HEADER_MISSING"}:  # of the file as a whole: see below
            continue
        told = found[one.file]
        at = [told[one.code, row] for row in (one.rows or (1,)) if (one.code, row) in told]
        if not any(one.column in columns for columns in at):
            missed.append((one, at))
    assert not missed
    for name in ("yarn_inventory", "knit_orders", "bom", "expected_receipts"):
        assert reports[name].status == "done"
        assert 0 < reports[name].rows_rejected < reports[name].rows_read / 2


async def test_files_that_are_wrong_as_a_whole(
    dirty: tuple[list[Finding], dict[str, MillImportReport], dict[str, Told]],
) -> None:
    _, reports, _ = dirty
    missing = reports["variants/yarn_inventory_header_missing"]
    assert missing.status == "refused"
    [said] = [one.message for one in missing.errors if one.code == "HEADER_MISSING"]
    assert said == "There is no column 'Consumed'; the nearest header found is 'Konsumed'"
    doubled = reports["variants/yarn_inventory_header_duplicate"]
    assert (doubled.status, [one.code for one in doubled.errors]) == ("refused", ["HEADER_DUPLICATE"])
    assert reports["variants/yarn_inventory_header_unknown"].status == "done"
    assert reports["variants/suppliers_windows"].errors[0].code == "ENC"
    assert (reports["variants/suppliers_no_encoding"].status, reports["variants/suppliers_no_encoding"].counts) == (
        "refused", {"ENC": 1},
    )  # fmt: skip


async def test_lead_times_need_their_unit(house: House) -> None:
    rows = "Supplier ID,Supplier,Lead Time,MOQ,Type\nSUP-1,ONE,7,100,Import\nSUP-2,TWO,Remove,0,Domestic\n"
    without = await imported(house, "suppliers", rows)
    assert (without.status, [(one.row, one.code) for one in without.errors]) == (
        "refused",
        [(1, "LEAD_UNIT")],
    )
    for text, unit, days in (
        (rows, "days", 7),
        (rows, "weeks", 49),
        (rows.replace("Time", "Time (weeks)"), None, 49),
        (rows.replace("Time", "Time (weeks) "), "days", 49),
    ):
        report = await imported(house, "suppliers", text, "strict", lead_unit=unit)
        assert (report.status, report.errors) == ("done", [])
        stored = await house.sql(
            "SELECT lead_time_days, active, origin FROM mill.suppliers ORDER BY supplier_code"
        )
        assert stored == [(days, True, "international"), (None, False, "domestic")]


async def test_every_code_has_its_test(
    dirty: tuple[list[Finding], dict[str, MillImportReport], dict[str, Told]],
) -> None:
    findings, _, _ = dirty
    elsewhere = {
        "TB_ONLY",
        "ROW_VANISHED",
        "SHRUNK",
        "ROW_LONG",
        "UNIT_UNKNOWN",
        "CODE_UNKNOWN",
        "DEMAND_DIFFERS",
        "KEY_LONG",
        "SNAPSHOT_OLDER",
        "MACHINE_UNKNOWN",
    }
    assert {one.code for one in findings} | elsewhere == set(CODES)
