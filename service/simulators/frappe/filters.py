"""Filters of a request turned into SQL with bound values, with the site's rules about nulls and dates (spec
E.2)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.simulators.frappe.columns import Columns, UnknownFieldError
from service.simulators.frappe.doctypes import NUMERIC, Field
from service.simulators.frappe.failures import data_error, server_error, validation
from service.simulators.frappe.spans import named_span
from service.simulators.frappe.values import Scalar, number, parse_datetime, stored

_COMPARISONS = frozenset({"=", "!=", ">", "<", ">=", "<="})
_TREES = tuple(
    f"{negation}{words}"
    for negation in ("", "not ")
    for words in ("ancestors of", "descendants of")
)  # fmt: skip
OPERATORS = (
    "timespan", "=", "is", "<=", "!=", "like", "fiscal year", "in", "between", "next", "not in", "not like",
    ">",
    ">=", "<", "previous", *_TREES, "descendants of (inclusive)",
)  # fmt: skip
_NEVER_NULL = frozenset({"name", "creation", "modified"})
_FALLBACKS = {"Date": "0001-01-01", "Datetime": "0001-01-01 00:00:00", "Time": "0:00:00"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One piece of a WHERE clause with its values."""

    sql: str
    params: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a release and a moment decide about filters."""

    between_whole_days: bool
    today: date


def parse_json(text: object) -> object:
    """A parameter that should be JSON; 500 JSONDecodeError where it is not (observed)."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise server_error("JSONDecodeError", str(error), "json.decoder") from None


def conditions(given: object, columns: Columns, dialect: Dialect) -> list[Condition]:
    """The conditions of `filters` or `or_filters`, in any of their forms."""
    return [_condition(*triple, columns, dialect) for triple in _triples(given, columns)]


def joined(parts: Sequence[Condition], word: str) -> Condition | None:
    """Several conditions as one, between brackets."""
    if not parts:
        return None
    sql = f" {word} ".join(part.sql for part in parts)
    return Condition(f"({sql})", tuple(value for part in parts for value in part.params))


def _triples(given: object, columns: Columns) -> list[tuple[str, str, object]]:
    """(field, operator, value) of each filter; the field of a child table is written `tabChild.field`."""
    given = parse_json(given) if given not in (None, "") else None
    if not given:
        return []
    if isinstance(given, dict):
        return [_from_pair(str(field), value) for field, value in given.items()]
    if not isinstance(given, list):
        raise server_error("AttributeError", f"'{type(given).__name__}' object has no attribute 'items'")
    return [_from_list(item, columns) for item in given]


def _from_pair(field: str, value: object) -> tuple[str, str, object]:
    if isinstance(value, list):
        if len(value) < 2:
            raise server_error("IndexError", "list index out of range")
        return field, str(value[0]), value[1]
    return field, "=", value


def _from_list(item: object, columns: Columns) -> tuple[str, str, object]:
    if isinstance(item, dict) and len(item) == 1:
        return _from_pair(*next(iter(item.items())))
    if not isinstance(item, list):
        raise validation(f"Filter must be a tuple or list (in a list): {item}")
    if len(item) < 2:
        raise server_error("IndexError", "list index out of range")
    if len(item) == 2:
        raise validation(f"Filter must have 4 values (doctype, fieldname, operator, value): {item}")
    if len(item) == 3:
        return str(item[0]), str(item[1]), item[2]
    doctype, field, operator, value = item[:4]
    own = doctype == columns.doctype.name
    return (str(field) if own else f"`tab{doctype}`.`{field}`"), str(operator), value


def _condition(name: str, operator: str, value: object, columns: Columns, dialect: Dialect) -> Condition:
    word = operator.strip().lower()
    try:
        sql, field = columns.resolve(name)
    except UnknownFieldError as unknown:
        raise data_error(str(unknown)) from None
    if word not in OPERATORS:
        raise validation(f"Operator must be one of {', '.join(OPERATORS)}")
    if word in {"between", "timespan", "previous", "next"}:
        return _between(sql, field, _span(word, value, dialect), dialect)
    if word in {"in", "not in"}:
        return _membership(sql, field, word, value)
    if word == "is":
        return _presence(sql, value)
    if word in {"like", "not like"}:
        return _like(sql, field, word, value)
    if word in _COMPARISONS:
        return _comparison(sql, field, word, value)
    raise validation(f"{columns.doctype.name} is not a tree")


def _span(word: str, value: object, dialect: Dialect) -> Sequence[object]:
    if word != "between":
        return named_span(word, value, dialect.today)
    if isinstance(value, str):
        value = value.split(",")
    given = list(value) if isinstance(value, list) else []
    return (given + [dialect.today.isoformat()] * 2)[:2]


def _between(sql: str, field: Field, span: Sequence[object], dialect: Dialect) -> Condition:
    """Both ends included. Bare dates mean whole days in newer releases; older ones push the upper end a day
    on, also that of an explicit moment (spec E.2)."""
    low, high = (parse_datetime(end) if field.kind in _FALLBACKS else end for end in span)
    if not (isinstance(low, datetime) and isinstance(high, datetime)):
        return Condition(f"{sql} BETWEEN ? AND ?", (_plain(field, low), _plain(field, high)))
    if field.kind == "Date":
        return Condition(f"{sql} BETWEEN ? AND ?", (low.date().isoformat(), high.date().isoformat()))
    if not dialect.between_whole_days:
        high += timedelta(days=1)
    elif _is_bare_date(span[1]):
        high = high.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return Condition(f"{sql} BETWEEN ? AND ?", (str(low), str(high)))


def _is_bare_date(value: object) -> bool:
    if isinstance(value, datetime):
        return False
    return isinstance(value, date) or len(str(value).strip()) <= 10


def _membership(sql: str, field: Field, word: str, value: object) -> Condition:
    items = value.split(",") if isinstance(value, str) else list(value) if isinstance(value, list) else []
    wanted = [_member(field, item) for item in items] or [""]
    nullable = field.name not in _NEVER_NULL and field.kind not in NUMERIC
    if nullable and (word == "not in" or "" in wanted):
        sql = _or_empty(sql)
    marks = ", ".join("?" * len(wanted))
    return Condition(f"{sql} {word.upper()} ({marks})", tuple(wanted))


def _member(field: Field, item: object) -> Scalar:
    if field.kind in NUMERIC:
        return number(item)
    text = "" if item is None else str(item).strip()
    return _moment(field, text) if text and field.kind in _FALLBACKS else text


def _presence(sql: str, value: object) -> Condition:
    if str(value).strip().lower() == "not set":
        return Condition(f"ifnull({sql}, '') = ''")
    return Condition(f"({sql} IS NOT NULL AND {sql} != '')")


def _like(sql: str, field: Field, word: str, value: object) -> Condition:
    pattern = "" if value is None else str(value)
    if word == "not like" or not pattern:
        sql = sql if field.name in _NEVER_NULL else _or_empty(sql)
    test = f"{sql} LIKE ?" if pattern.isascii() else f"fold_like(?, {sql})"
    return Condition(f"NOT {test}" if word == "not like" else test, (pattern,))


def _comparison(sql: str, field: Field, word: str, value: object) -> Condition:
    """Numbers are never null there; all else falls back to an empty value, so `<` and `!=` match nulls."""
    if field.kind in NUMERIC:
        return Condition(f"{sql} {word} ?", (number(value),))
    wanted = _moment(field, value) if field.kind in _FALLBACKS else _plain(field, value)
    nullable = field.name not in _NEVER_NULL and not (value and word == "=")
    if nullable:
        sql = _or_empty(sql, _FALLBACKS.get(field.kind, ""))
    return Condition(f"{sql} {word} ?", (wanted,))


def _or_empty(sql: str, fallback: str = "") -> str:
    """A null counts as `fallback`; the column's own collation is lost in an expression and has to be said
    again."""
    return f"ifnull({sql}, '{fallback}') COLLATE NOCASE"


def _moment(field: Field, value: object) -> Scalar:
    if value is None or value == "":
        return _FALLBACKS[field.kind]
    return stored(field, value)


def _plain(field: Field, value: object) -> Scalar:
    return "" if value is None else stored(field, value)
