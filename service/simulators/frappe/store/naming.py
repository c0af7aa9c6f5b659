"""Names of new documents: series such as `EMP-CKIN-.MM.-.YYYY.-.######`, a field's value, a given name, a
hash."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from service.simulators.frappe.doctypes import Doctype


def new_name(
    connection: sqlite3.Connection, doctype: Doctype, values: Mapping[str, object], moment: datetime
) -> str:
    """The next name by the doctype's rule; the month and year are those of the insertion (spec D.1)."""
    given = values.get("name")
    if given:
        return str(given)
    if doctype.series.startswith("field:"):
        return str(values.get(doctype.series.removeprefix("field:")) or secrets.token_hex(5))
    if doctype.series in {"hash", "prompt"}:
        return secrets.token_hex(5)
    prefix, digits = series_prefix(doctype.series, moment)
    return f"{prefix}{take(connection, prefix, 1):0{digits}d}"


def child_name(parent: str, fieldname: str, number: int) -> str:
    """The hash of a child row: random there, here the same for the same row so that data are reproducible."""
    return hashlib.sha256(f"{parent}/{fieldname}/{number}".encode()).hexdigest()[:10]


def series_prefix(series: str, moment: datetime) -> tuple[str, int]:
    """The prefix at `moment` and how many digits the counter has."""
    known = {"YYYY": f"{moment:%Y}", "YY": f"{moment:%y}", "MM": f"{moment:%m}", "DD": f"{moment:%d}"}
    parts = series.split(".")
    return "".join(known.get(part, part) for part in parts[:-1]), len(parts[-1])


def take(connection: sqlite3.Connection, prefix: str, count: int) -> int:
    """Reserve `count` numbers of a series and answer the first of them."""
    row = connection.execute(
        "INSERT INTO series VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET current = current + "
        "excluded.current"
        " RETURNING current",
        (prefix, count),
    ).fetchone()
    return int(row[0]) - count + 1
