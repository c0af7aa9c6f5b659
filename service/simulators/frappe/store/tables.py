"""Tables and indexes: a table per doctype, text compared without case as the real collation does.

Every index ends in `name`, because that is what a secondary index of the real database engine carries.
There is none on a check-in's `time` (observed).
"""

from __future__ import annotations

from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.doctypes import NUMERIC, Doctype, Field

_MOMENTS = frozenset({"Datetime", "Date", "Time"})
_SERIES = "CREATE TABLE IF NOT EXISTS series (prefix TEXT PRIMARY KEY, current INTEGER NOT NULL)"
_REPORTS = (
    "CREATE TABLE IF NOT EXISTS report (name TEXT NOT NULL, summarized INTEGER NOT NULL, answer "
    "TEXT NOT NULL,"
    " PRIMARY KEY (name, summarized))"
)


def quoted(column: str) -> str:
    """A column name as SQL; only names of the catalogue ever get here."""
    return f'"{column}"'


def table_statements() -> list[str]:
    return [_SERIES, _REPORTS, *(_table(doctype) for doctype in DOCTYPES.values())]


def index_statements(doctype: Doctype) -> list[str]:
    columns = ("parent",) if doctype.child else ("modified", *doctype.indexes)
    return [
        f"CREATE INDEX IF NOT EXISTS {_index(doctype, column)} ON {doctype.table} ({quoted(column)}, name)"
        for column in columns
    ]


def drop_index_statements(doctype: Doctype) -> list[str]:
    columns = ("parent",) if doctype.child else ("modified", *doctype.indexes)
    return [f"DROP INDEX IF EXISTS {_index(doctype, column)}" for column in columns]


def _index(doctype: Doctype, column: str) -> str:
    return quoted(f"ix {doctype.name} {column}")


def _table(doctype: Doctype) -> str:
    columns = ", ".join(_column(field) for field in doctype.columns.values())
    return f"CREATE TABLE IF NOT EXISTS {doctype.table} (id INTEGER PRIMARY KEY, {columns})"


def _column(field: Field) -> str:
    if field.name == "name":
        return "name TEXT COLLATE NOCASE NOT NULL UNIQUE"
    if field.kind in NUMERIC:
        return f"{quoted(field.name)} {'REAL' if field.kind == 'Float' else 'INTEGER'} NOT NULL DEFAULT 0"
    collation = "" if field.kind in _MOMENTS else " COLLATE NOCASE"
    return f"{quoted(field.name)} TEXT{collation}"
