"""Names in a query resolved to SQL: own fields, fields behind a link, fields of child rows, aggregates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from service.simulators.frappe.catalogue import DOCTYPES
from service.simulators.frappe.doctypes import Doctype, Field
from service.simulators.frappe.failures import data_error, validation
from service.simulators.frappe.store.tables import quoted

_AGGREGATE = re.compile(r"(count|sum|min|max|avg)\(\s*(?:distinct\s+)?(\*|[\w`. ]+)\s*\)$", re.IGNORECASE)
_ALIAS = re.compile(r"(.+?)\s+as\s+[`'\"]?(\w+)[`'\"]?$", re.IGNORECASE)


class UnknownFieldError(LookupError):
    """A query names a field its doctype does not have; what that means to the caller depends on where it
    stands."""


@dataclass(frozen=True, slots=True)
class Selected:
    """One column of an answer: its SQL and the key it travels under."""

    sql: str
    key: str
    aggregate: bool = False


@dataclass
class Columns:
    """The columns one query may use, and the joins they turned out to need."""

    doctype: Doctype
    version: int
    hidden: frozenset[str] = frozenset()
    joins: dict[str, str] = field(default_factory=dict)

    def resolve(self, name: str) -> tuple[str, Field]:
        """SQL and definition of `employee`, `` `tabEmployee Checkin`.`employee` ``, `employee.department`,
        or `` `tabHoliday`.holiday_date ``; UnknownFieldError otherwise."""
        table, _, column = name.replace("`", "").strip().rpartition(".")
        if not table or table.removeprefix("tab") == self.doctype.name:
            return f"t.{quoted(column)}", self._field(self.doctype, column)
        if table.removeprefix("tab") in self.doctype.tables.values():
            return self.child(table.removeprefix("tab"), column)
        return self._behind_link(table, column)

    def child(self, doctype: str, column: str) -> tuple[str, Field]:
        """A field of the child rows named `doctype`, which multiplies the rows as a join does."""
        fieldname = next((f for f, child in self.doctype.tables.items() if child == doctype), None)
        if fieldname is None:
            raise UnknownFieldError(column)
        alias = quoted(f"child {fieldname}")
        kind = DOCTYPES[doctype]
        found = self._field(kind, column)
        self.joins[alias] = f"LEFT JOIN {kind.table} AS {alias} ON {alias}.parent = t.name"
        return f"{alias}.{quoted(column)}", found

    def _behind_link(self, link: str, column: str) -> tuple[str, Field]:
        target = DOCTYPES.get(self._field(self.doctype, link).options)
        if target is None:
            raise UnknownFieldError(link)
        alias = quoted(f"link {link}")
        found = self._field(target, column)
        self.joins[alias] = f"LEFT JOIN {target.table} AS {alias} ON {alias}.name = t.{quoted(link)}"
        return f"{alias}.{quoted(column)}", found

    def _field(self, doctype: Doctype, column: str) -> Field:
        found = doctype.columns.get(column)
        if found is None or found.since > self.version:
            raise UnknownFieldError(column)
        return found

    def every(self) -> list[Selected]:
        names = self.doctype.visible(self.version)
        return [Selected(f"t.{quoted(name)}", name) for name in names if name not in self.hidden]

    def select(self, wanted: object) -> list[Selected]:
        """The answer's columns for the `fields` of a request; 417 for a field that does not exist."""
        items = wanted if isinstance(wanted, list) else [wanted]
        chosen = [column for item in items for column in self._select_one(item)]
        unique = {column.key: column for column in chosen}
        return list(unique.values())

    def _select_one(self, item: object) -> list[Selected]:
        if isinstance(item, dict):
            return [self._object_form(item)]
        if not isinstance(item, str):
            raise data_error(str(item))
        if item.strip() in {"*", f"`tab{self.doctype.name}`.*"}:
            return self.every()
        text, key = _named(item.strip())
        if match := _AGGREGATE.match(text):
            return [self._aggregate(match[1], match[2], key)]
        if key.rpartition(".")[2] in self.hidden:
            return []
        return [Selected(self._known(text), key.replace("`", "").rpartition(".")[2])]

    def _aggregate(self, function: str, argument: str, key: str) -> Selected:
        inner = "*" if argument.strip() == "*" else self._known(argument)
        return Selected(f"{function.lower()}({inner})", key, aggregate=True)

    def _object_form(self, item: dict[object, object]) -> Selected:
        """`{"COUNT": "name", "as": "n"}`, which newer releases want instead of SQL text (spec E.2)."""
        names = [key for key in item if str(key).upper() in {"COUNT", "SUM", "MIN", "MAX", "AVG"}]
        if self.version < 16 or not names:
            raise data_error(str(item))
        function, argument = str(names[0]), str(item[names[0]])
        return self._aggregate(function, argument, str(item.get("as") or f"{function}({argument})"))

    def _known(self, name: str) -> str:
        try:
            return self.resolve(name)[0]
        except UnknownFieldError as unknown:
            raise data_error(str(unknown)) from None

    def refuse_text_aggregates(self, columns: list[object]) -> None:
        """v16 refuses SQL functions written as text (spec E.2)."""
        for item in columns:
            if isinstance(item, str) and _AGGREGATE.match(_named(item.strip())[0]):
                raise validation(f"SQL functions are not allowed as strings in SELECT: {item}")


def _named(item: str) -> tuple[str, str]:
    """A field and the key it travels under: `employee as who` → (`employee`, `who`)."""
    match = _ALIAS.match(item)
    return (match[1].strip(), match[2]) if match else (item, item)
