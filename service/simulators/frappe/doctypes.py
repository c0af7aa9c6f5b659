"""Doctypes and their fields: what a table has, what a release shows of it, and how names are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

KINDS = frozenset(
    {"Data", "Link", "Select", "Datetime", "Date", "Time", "Check", "Int", "Float", "Text", "Table"}
)
NUMERIC = frozenset({"Check", "Int", "Float"})
STANDARD = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
CHILD_STANDARD = ("parent", "parentfield", "parenttype")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `options` is the target of a Link or Table and the `/`-separated choices of a Select."""

    name: str
    kind: str
    options: str = ""
    required: bool = False
    since: int = 14
    default: str | int | float | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.options.split("/"))


_STANDARD_FIELDS = (
    Field("name", "Data"), Field("owner", "Data"), Field("creation", "Datetime"), Field("modified",
    "Datetime"),
    Field("modified_by", "Data"), Field("docstatus", "Int"), Field("idx", "Int"),
)  # fmt: skip
_CHILD_FIELDS = tuple(Field(name, "Data") for name in CHILD_STANDARD)


@dataclass(frozen=True)
class Doctype:
    """One doctype: `series` is its naming rule, `person` the field that row restrictions look at.

    `indexes` are the columns the real table has an index on besides name and modified.
    """

    name: str
    series: str
    fields: tuple[Field, ...]
    person: str | None = None
    child: bool = False
    submittable: bool = False
    since: int = 14
    indexes: tuple[str, ...] = ()
    default_sort: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return f'"tab{self.name}"'

    @cached_property
    def standard(self) -> tuple[Field, ...]:
        return _STANDARD_FIELDS + (_CHILD_FIELDS if self.child else ())

    @cached_property
    def columns(self) -> dict[str, Field]:
        """Every stored column by name, the standard ones first, as the real table orders them."""
        return {f.name: f for f in (*self.standard, *self.fields) if f.kind != "Table"}

    def visible(self, version: int) -> dict[str, Field]:
        """The columns that release `version` knows."""
        return {name: f for name, f in self.columns.items() if f.since <= version}


def fields_of(text: str) -> tuple[Field, ...]:
    """Fields from a table of lines `name kind [options=…] [required] [since=16] [default=…]`.

    Spaces inside options are written as `_` (`options=Shift_Type`).
    """
    return tuple(_field(line.split()) for line in text.strip().splitlines())


def _field(words: list[str]) -> Field:
    name, kind, *rest = words
    if kind not in KINDS:
        raise ValueError(f"field {name}: unknown kind {kind}")
    given = dict(word.split("=", 1) for word in rest if "=" in word)
    return Field(
        name=name,
        kind=kind,
        options=given.get("options", "").replace("_", " "),
        required="required" in rest,
        since=int(given.get("since", "14")),
        default=_default(kind, given.get("default")),
    )


def _default(kind: str, text: str | None) -> str | int | float | None:
    if kind in {"Check", "Int"}:
        return int(text or 0)
    if kind == "Float":
        return float(text or 0)
    return text


def by_name(doctypes: Iterable[Doctype]) -> dict[str, Doctype]:
    return {doctype.name: doctype for doctype in doctypes}
