"""`muster import mill`: files known by their names and columns, what is wrong where, the exit code."""

from pathlib import Path

from tests.cli.conftest import Command
from tests.mill.imports.test_four_files import BOM, INVENTORY, ORDERS, RECEIPTS


def test_a_mill_from_its_files(muster: Command, tmp_path: Path) -> None:
    files = {"stock.csv": INVENTORY, "recipes.csv": BOM, "ko.csv": ORDERS, "receipts.csv": RECEIPTS}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    paths = [str(tmp_path / name) for name in ("receipts.csv", "ko.csv", "recipes.csv", "stock.csv")]
    first = muster("import", "mill", *paths, "--mode", "lenient", "--snapshot-date", "2025-09-03")
    assert first.code == 0, first.err
    # What others refer to was read first, whatever order the files were named in.
    assert [line.split(":")[0] for line in first.out.splitlines()] == [
        "stock.csv", "recipes.csv", "ko.csv", "receipts.csv",
    ]  # fmt: skip
    assert "yarn_inventory, 3 rows: 2 ok, 1 repaired, 0 rejected; 3 written (import 1)" in first.out
    assert "TB_NEGATIVE" in first.err
    examined = muster("doctor").out
    assert "mill: well: files: every kind that a plan needs was read whole" in examined
    assert "mill: WRONG: no plan was made" in examined
    again = muster("import", "mill", str(tmp_path / "stock.csv"), "--snapshot-date", "2025-09-03")
    assert (again.code, "the same file is in force already (import 1)" in again.out) == (0, True)
    (tmp_path / "stock.csv").write_text(
        INVENTORY.replace("-245.15", "245.15").replace("6,400.50", "6.400,50")
    )
    strict = muster("import", "mill", str(tmp_path / "stock.csv"))
    assert (strict.code, "refused, nothing written" in strict.out) == (1, True)
    table = " ".join(strict.err.split())
    assert "2 Beginning Balance NUM_FORMAT error 6.400,50 Not a number (use 1,234.50)" in table
    assert (
        "3 Allocated ALLOC_SIGN error 245.15 Allocated must be zero or negative; sign reversed, if lenient"
        in table
    )
    dry = muster("import", "mill", str(tmp_path / "stock.csv"), "--mode", "dry_run")
    assert (dry.code, "a dry run, nothing written; a strict import is refused by 2" in dry.out) == (1, True)
    (tmp_path / "notes.csv").write_text("these,are,notes\n1,2,3\n")
    notes = muster("import", "mill", str(tmp_path / "notes.csv"))
    assert (notes.code, "of no kind of file" in notes.err) == (1, True)


def test_a_folder_is_its_files_in_the_right_order(muster: Command, tmp_path: Path) -> None:
    empty, day = tmp_path / "empty", tmp_path / "day"
    for folder in (empty, day):
        folder.mkdir()
    (day / "older.csv").mkdir()
    (day / "~$c_stock.xlsx").write_bytes(b"kept by the program that has the book open")
    for name, content in {"a_ko.csv": ORDERS, "b_recipes.csv": BOM, "c_stock.CSV": INVENTORY}.items():
        (day / name).write_text(content)
    (day / "notes.json").write_text("{}")
    (day / "a_ko.xlsx").write_bytes(b"PK no workbook: there is the same as CSV")
    said = muster("import", "mill", str(day), "--mode", "lenient", "--snapshot-date", "2025-09-03")
    assert said.code == 0, said.err
    assert [line.split(":")[0] for line in said.out.splitlines()] == [
        "c_stock.CSV", "b_recipes.csv", "a_ko.csv",
    ]  # fmt: skip
    nothing = muster("import", "mill", str(empty))
    assert (nothing.code, "has no CSV, TSV, TXT or XLSX file" in nothing.err) == (1, True)
    assert muster("import", "mill", str(tmp_path / "missing")).code == 2
    assert muster("import", "mill", str(day), "--kind", "yarns").code == 2
    assert muster("import", "mill", str(day), "--snapshot-date", "03.09.2025").code == 2
    ahead = muster("import", "mill", str(day), "--snapshot-date", "2199-01-01")
    assert (ahead.code, ahead.err.count("2199-01-01, which has not come at the mill")) == (1, 1)
