"""Whatever stands in the cells of a file: rows are rejected or repaired, and no import fails."""

from itertools import product

import pytest

from service.mill.files.kinds import SHAPES
from tests.mill.imports.ground import as_csv, imported
from tests.support.house import House

NASTY = (
    "", "-", "0", "1", "-1", "0.00001", "0.0000000001", "999999999.99995", "1e300", "1E5", "nan", "inf", "1,2,3",
    "=1+1", "'=x", "\u00a0 x \u00a0", "é" * 300, "💡", "31/12/2025", "2025-02-30", "9999-12-31", "12-31-99",
    "45000.5", "true", "<b>&nbsp;</b>", "6.30.28.F", "yds", "Remove", "F01", "9" * 40, "1-Jun", "100",
)  # fmt: skip
USABLE = {
    "uom": "lb", "work_center": "1.2.3.F", "stage": "F01", "order_date": "2025-09-01", "week_start": "2025-09-01",
    "percentage": "50", "lead_time": "5", "ordered": "3", "received": "0", "open_qty": "3",
}  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [shape for shapes in SHAPES.values() for shape in shapes],
    ids=lambda one: f"{one.name}{one.part}",
)
async def test_no_cell_fails_an_import(house: House, shape: object) -> None:
    [kind] = [one for shapes in SHAPES.values() for one in shapes if one is shape]
    header = [one.title for one in kind.columns]
    plain = [USABLE.get(one.name, "1") for one in kind.columns]
    rows = []
    for number, (at, text) in enumerate(product(range(len(header)), NASTY)):
        row = [f"K{number}" if one.name in kind.key and one.reader.sql == "text" else cell
               for one, cell in zip(kind.columns, plain, strict=True)]  # fmt: skip
        row[at] = text
        rows.append(row)
    report = await imported(
        house, kind.name, as_csv([header, *rows]), lead_unit="days", allow_shrink=True, close_missing=True,
        normalise=True, name="rolls F01.csv",
    )  # fmt: skip
    assert report.status == "done", report.errors[-3:]
    assert report.rows_ok + report.rows_repaired + report.rows_rejected == report.rows_read
    assert 0 < report.rows_rejected < report.rows_read
