"""The store: reads and writes of documents below the site's rules, as a test or a generator needs them.

Writes here do what the database would: they stamp, name and log. Validation and derived fields are the
business of `documents`, which the HTTP routes go through.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.clock import SiteClock
from service.simulators.frappe.doctypes import Doctype
from service.simulators.frappe.store.database import Database
from service.simulators.frappe.store.naming import child_name, new_name, series_prefix, take
from service.simulators.frappe.store.tables import (
    drop_index_statements,
    index_statements,
    quoted,
    table_statements,
)
from service.simulators.frappe.values import Scalar, stored

Document = dict[str, object]
_CHUNK = 5_000


class Store:
    """The rows of one simulated site.

    `clock` stamps writes in the zone of the site. `log_deletions` switches the Deleted Document log. With
    `commit_delay` (seconds) a write becomes visible that long after it was stamped, as a long transaction's
    does.
    """

    def __init__(
        self, path: Path | None = None, zone: str = "Asia/Kolkata", clock: SiteClock | None = None
    ) -> None:
        self.database = Database(path)
        self.clock = clock or SiteClock(zone)
        self.user = "Administrator"
        self.log_deletions = True
        self.commit_delay = 0.0
        self._held: list[tuple[float, Callable[[], None]]] = []
        with self.database.write() as connection:
            for statement in table_statements():
                connection.execute(statement)
            for doctype in DOCTYPES.values():
                for statement in index_statements(doctype):
                    connection.execute(statement)

    def close(self) -> None:
        """Close every connection; a file without a path of its own is removed."""
        self.database.close()

    # Reading

    def count(self, doctype: str) -> int:
        row = self.database.one(f"SELECT count(*) FROM {DOCTYPES[doctype].table}")  # noqa: S608
        return int(str(row[0])) if row else 0

    def get(self, doctype: str, name: str) -> Document | None:
        """One document with its child rows; None where there is none."""
        kind = DOCTYPES[doctype]
        found = self._documents(kind, "name = ?", (name,))
        if not found:
            return None
        document = found[0]
        for fieldname, child in kind.tables.items():
            where = "parent = ? AND parentfield = ? ORDER BY idx"
            document[fieldname] = self._documents(DOCTYPES[child], where, (name, fieldname))
        return document

    def rows(self, doctype: str, **equal: object) -> list[Document]:
        """The documents whose columns equal the given values, by name."""
        where = " AND ".join(f"{quoted(column)} IS ?" for column in equal) or "1"
        return self._documents(DOCTYPES[doctype], f"{where} ORDER BY name", tuple(equal.values()))

    def _documents(self, kind: Doctype, where: str, params: Sequence[object]) -> list[Document]:
        columns = list(kind.columns)
        names = ", ".join(map(quoted, columns))
        sql = f"SELECT {names} FROM {kind.table} WHERE {where}"  # noqa: S608
        return [dict(zip(columns, row, strict=True)) for row in self.database.all(sql, params)]

    # Writing

    def insert(self, doctype: str, values: Mapping[str, object], held: bool = False) -> str:
        """Add one document and answer its name.

        Standard fields not given are stamped now. `held` keeps it invisible until `release()`, with the
        `modified` of now: what a transaction committed late looks like.
        """
        kind = DOCTYPES[doctype]
        stamp = self.clock.stamp()
        with self.database.write() as connection:
            name = new_name(
                connection, kind, values, datetime.fromisoformat(str(values.get("creation") or stamp))
            )
        record = self._stamped(kind, values, name, stamp)
        self._commit(lambda: self._insert(kind, record, values), held)
        return name

    def insert_many(self, doctype: str, documents: Iterable[Mapping[str, object]]) -> list[str]:
        """Add documents in one transaction: all or none."""
        with self.database.write():
            return [self.insert(doctype, values) for values in documents]

    def insert_rows(self, doctype: str, columns: Sequence[str], rows: Iterable[Sequence[Scalar]]) -> int:
        """Add finished rows in chunks, each its own transaction: the way for bulk data. Answers how many."""
        kind = DOCTYPES[doctype]
        marks = ", ".join("?" * len(columns))
        names = ", ".join(map(quoted, columns))
        sql = f"INSERT INTO {kind.table} ({names}) VALUES ({marks})"  # noqa: S608
        source, total = iter(rows), 0
        while chunk := list(islice(source, _CHUNK)):
            with self.database.write() as connection:
                connection.executemany(sql, chunk)
            total += len(chunk)
        return total

    def update(self, doctype: str, name: str, values: Mapping[str, object], held: bool = False) -> str:
        """Change a document and answer its new `modified`; KeyError where there is none."""
        kind = DOCTYPES[doctype]
        self._require(kind, name)
        stamp = self.clock.stamp()
        changed = {"modified": stamp, "modified_by": self.user, **values}
        self._commit(lambda: self._update(kind, name, changed), held)
        return str(changed["modified"])

    def raw_update(self, doctype: str, name: str, values: Mapping[str, object]) -> None:
        """Change columns as a bulk SQL statement does: `modified` stays (spec E.7)."""
        self._require(DOCTYPES[doctype], name)
        self._update(DOCTYPES[doctype], name, values)

    def delete(self, doctype: str, name: str, log: bool | None = None) -> None:
        """Remove a document, with its entry in Deleted Document unless the log is off."""
        kind = DOCTYPES[doctype]
        document = self.get(doctype, name)
        if document is None:
            raise KeyError(f"no {doctype} {name}")
        with self.database.write() as connection:
            connection.execute(f"DELETE FROM {kind.table} WHERE name = ?", (name,))  # noqa: S608
            self._delete_children(kind, name)
            if self.log_deletions if log is None else log:
                self._log_deletion(kind, document)

    def cancel(self, doctype: str, name: str) -> None:
        """docstatus 2; a Leave Application also becomes Cancelled and takes its Attendance along (spec
        D.8)."""
        self.update(doctype, name, {"docstatus": 2})
        if doctype == "Leave Application":
            self.raw_update(doctype, name, {"status": "Cancelled"})
            for row in self.rows("Attendance", leave_application=name):
                self.update("Attendance", str(row["name"]), {"docstatus": 2})

    def rename(self, doctype: str, old: str, new: str) -> None:
        """Rename, changing every link by SQL: the linking rows keep their `modified` (spec E.7)."""
        kind = DOCTYPES[doctype]
        self.update(doctype, old, {"name": new})
        with self.database.write() as connection:
            for other in DOCTYPES.values():
                for column, field in other.columns.items():
                    if field.kind == "Link" and field.options == doctype:
                        link = quoted(column)
                        sql = f"UPDATE {other.table} SET {link} = ? WHERE {link} = ?"  # noqa: S608
                        connection.execute(sql, (new, old))
            if "employee" in kind.columns and doctype == "Employee":
                connection.execute(f"UPDATE {kind.table} SET employee = ? WHERE name = ?", (new, new))  # noqa: S608

    def release(self) -> int:
        """Make every held write visible, in the order of their stamps; answers how many."""
        held, self._held = self._held, []
        for _, apply in held:
            apply()
        return len(held)

    def release_due(self) -> None:
        """Make those held writes visible whose `commit_delay` has passed."""
        if not self._held:
            return
        now = self.clock.monotonic()
        due = [entry for entry in self._held if entry[0] <= now]
        self._held = [entry for entry in self._held if entry[0] > now]
        for _, apply in due:
            apply()

    @contextmanager
    def bulk(self, doctype: str) -> Iterator[None]:
        """Load much into an empty table: its indexes are built once at the end."""
        kind = DOCTYPES[doctype]
        empty = self.count(doctype) == 0
        if empty:
            self._execute(drop_index_statements(kind))
        try:
            yield
        finally:
            if empty:
                self._execute(index_statements(kind))
                self._execute(["ANALYZE"])

    def reserve_names(self, doctype: str, moment: datetime, count: int) -> tuple[str, int, int]:
        """`count` consecutive names of the doctype's series: prefix, digits, first number."""
        prefix, digits = series_prefix(DOCTYPES[doctype].series, moment)
        with self.database.write() as connection:
            return prefix, digits, take(connection, prefix, count)

    def put_report(self, name: str, summarized: bool, answer: object) -> None:
        """Keep the recorded answer of a report, for `query_report.run`."""
        with self.database.write() as connection:
            sql = "INSERT OR REPLACE INTO report VALUES (?, ?, ?)"
            connection.execute(sql, (name, int(summarized), json.dumps(answer)))

    def report(self, name: str, summarized: bool) -> object | None:
        sql = "SELECT answer FROM report WHERE name = ? AND summarized = ?"
        row = self.database.one(sql, (name, int(summarized)))
        return json.loads(str(row[0])) if row else None

    # Inside

    def _execute(self, statements: Iterable[str]) -> None:
        with self.database.write() as connection:
            for statement in statements:
                connection.execute(statement)

    def _commit(self, apply: Callable[[], None], held: bool) -> None:
        if held:
            self._held.append((float("inf"), apply))
        elif self.commit_delay > 0:
            self._held.append((self.clock.monotonic() + self.commit_delay, apply))
        else:
            apply()

    def _require(self, kind: Doctype, name: str) -> None:
        if self.database.one(f"SELECT 1 FROM {kind.table} WHERE name = ?", (name,)) is None:  # noqa: S608
            raise KeyError(f"no {kind.name} {name}")

    def _stamped(
        self, kind: Doctype, values: Mapping[str, object], name: str, stamp: str
    ) -> dict[str, Scalar]:
        defaults: Document = {
            "owner": self.user, "creation": stamp, "modified": values.get("creation") or stamp,
            "modified_by": values.get("owner") or self.user, "docstatus": 0, "idx": 0,
        }  # fmt: skip
        defaults |= {field.name: field.default for field in kind.fields if field.kind != "Table"}
        defaults |= {column: value for column, value in values.items() if column not in kind.tables}
        defaults["name"] = name
        if kind.name == "Employee":
            defaults["employee"] = name
        return self._checked(kind, defaults)

    def _checked(self, kind: Doctype, values: Mapping[str, object]) -> dict[str, Scalar]:
        unknown = sorted(set(values) - set(kind.columns))
        if unknown:
            raise ValueError(f"{kind.name} has no field {', '.join(unknown)}")
        return {column: stored(kind.columns[column], value) for column, value in values.items()}

    def _insert(self, kind: Doctype, record: Mapping[str, Scalar], values: Mapping[str, object]) -> None:
        with self.database.write() as connection:
            names = ", ".join(map(quoted, record))
            marks = ", ".join("?" * len(record))
            sql = f"INSERT INTO {kind.table} ({names}) VALUES ({marks})"  # noqa: S608
            connection.execute(sql, tuple(record.values()))
            self._insert_children(kind, str(record["name"]), values)

    def _insert_children(self, kind: Doctype, parent: str, values: Mapping[str, object]) -> None:
        for fieldname, child in kind.tables.items():
            given = values.get(fieldname)
            for number, row in enumerate(given if isinstance(given, list) else [], 1):
                link = {"parent": parent, "parentfield": fieldname, "parenttype": kind.name, "idx": number}
                times = {name: values[name] for name in ("creation", "modified") if name in values}
                self.insert(child, {**times, **row, **link, "name": child_name(parent, fieldname, number)})

    def _delete_children(self, kind: Doctype, parent: str) -> None:
        with self.database.write() as connection:
            for child in kind.tables.values():
                table = DOCTYPES[child].table
                connection.execute(f"DELETE FROM {table} WHERE parent = ?", (parent,))  # noqa: S608

    def _update(self, kind: Doctype, name: str, values: Mapping[str, object]) -> None:
        own = self._checked(kind, {c: v for c, v in values.items() if c not in kind.tables})
        sets = ", ".join(f"{quoted(column)} = ?" for column in own)
        with self.database.write() as connection:
            if own:
                sql = f"UPDATE {kind.table} SET {sets} WHERE name = ?"  # noqa: S608
                connection.execute(sql, (*own.values(), name))
            if any(table in values for table in kind.tables):
                self._delete_children(kind, name)
                self._insert_children(kind, str(values.get("name") or name), values)

    def _log_deletion(self, kind: Doctype, document: Document) -> None:
        data = json.dumps({**document, "doctype": kind.name}, default=str)
        entry = {"deleted_name": document["name"], "deleted_doctype": kind.name, "data": data, "restored": 0}
        delay, self.commit_delay = self.commit_delay, 0.0
        self.insert("Deleted Document", entry)
        self.commit_delay = delay
