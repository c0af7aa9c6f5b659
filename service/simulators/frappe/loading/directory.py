"""A folder of CSV or JSON files named by doctype (`employee_checkin.csv`, `shift_type.json`), all or nothing.

The header of a CSV file (the keys of a JSON row) are field names; `name` may be missing where the site names
documents itself. Child rows come in a file of their own (`holiday.csv` with a column `parent`) or, in JSON,
inside their parent. An empty cell is no value.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.doctypes import NUMERIC, Doctype, Field
from service.simulators.frappe.failures import Failure
from service.simulators.frappe.loading.failure import LoadError
from service.simulators.frappe.store import Store
from service.simulators.frappe.values import stored

FILE_NAMES = {name.lower().replace(" ", "_"): kind for name, kind in DOCTYPES.items()}
_PARENTS = {
    child: (kind.name, fieldname) for kind in DOCTYPES.values() for fieldname, child in kind.tables.items()
}
Numbered = tuple[int, Mapping[str, object]]


def load_directory(store: Store, path: Path) -> dict[str, int]:
    """Load every file of the folder; answers how many rows of each doctype. LoadError leaves the store as it
    was."""
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in {".csv", ".json"})
    if not files:
        raise LoadError(str(path), "no .csv or .json file here")
    with store.database.write():
        return {kind.name: load_file(store, kind, file) for kind, file in _kinds(files)}


def _kinds(files: Iterable[Path]) -> Iterator[tuple[Doctype, Path]]:
    for file in files:
        kind = FILE_NAMES.get(file.stem.lower())
        if kind is None:
            raise LoadError(file.name, f"no such doctype; known are {', '.join(FILE_NAMES)}")
        yield kind, file


def load_file(store: Store, kind: Doctype, file: Path) -> int:
    """Load one file into one doctype; answers the number of rows."""
    rows = _csv_rows(kind, file) if file.suffix.lower() == ".csv" else _json_rows(kind, file)
    count = 0
    for line, row in rows:
        values = _checked(kind, file, line, row)
        try:
            store.insert(kind.name, values)
        except sqlite3.IntegrityError:
            raise LoadError(file.name, f"{values.get('name')!r} is there twice", line, "name") from None
        count += 1
    return count


def _csv_rows(kind: Doctype, file: Path) -> Iterator[Numbered]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        try:
            _check_columns(kind, file, reader.fieldnames or [], 1)
            for row in reader:
                if None in row:
                    raise LoadError(file.name, "more cells than the header has columns", reader.line_num)
                yield reader.line_num, {name: value or None for name, value in row.items()}
        except (csv.Error, UnicodeDecodeError) as error:
            raise LoadError(file.name, f"not readable as CSV: {error}", reader.line_num) from error


def _json_rows(kind: Doctype, file: Path) -> Iterator[Numbered]:
    """A list of objects, or what a list request answers: `{"data": […]}`; the line is the number of the
    row."""
    try:
        given = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise LoadError(file.name, f"not readable as JSON: {error.msg}", error.lineno) from error
    rows = given.get("data", [given]) if isinstance(given, dict) else given
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if not isinstance(row, dict):
            raise LoadError(file.name, "not a list of objects", number)
        kept = {name: value for name, value in row.items() if name != "doctype"}
        _check_columns(kind, file, kept, number)
        yield number, kept


def _check_columns(kind: Doctype, file: Path, names: Iterable[str], line: int) -> None:
    for name in names:
        if name not in kind.columns and name not in kind.tables:
            raise LoadError(file.name, f"{kind.name} has no such field", line, name)


def _checked(kind: Doctype, file: Path, line: int, row: Mapping[str, object]) -> dict[str, object]:
    values = {name: value for name, value in row.items() if value is not None}
    for name, value in values.items():
        if name in kind.columns:
            _check_value(kind.columns[name], file, line, value)
    for field in kind.fields:
        if field.required and values.get(field.name) in (None, ""):
            raise LoadError(file.name, "a value is required", line, field.name)
    if kind.series == "prompt" and not values.get("name"):
        raise LoadError(file.name, "a value is required", line, "name")
    if kind.child:
        values |= _parent(kind, file, line, values)
    return values


def _parent(kind: Doctype, file: Path, line: int, values: Mapping[str, object]) -> dict[str, object]:
    if not values.get("parent"):
        raise LoadError(file.name, "a value is required", line, "parent")
    parent_type, fieldname = _PARENTS[kind.name]
    return {"parentfield": fieldname, "parenttype": parent_type, "idx": values.get("idx") or line}


def _check_value(field: Field, file: Path, line: int, value: object) -> None:
    try:
        stored(field, value)
        if field.kind in NUMERIC:
            float(str(value))
    except (Failure, ValueError):
        raise LoadError(file.name, f"{value!r} is no {field.kind}", line, field.name) from None
    if field.kind == "Select" and str(value) not in field.choices:
        raise LoadError(file.name, f"{value!r} is not one of {', '.join(field.choices)}", line, field.name)
