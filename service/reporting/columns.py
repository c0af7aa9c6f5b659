"""Columns of a report as files and pages show them: label, kind, how to pick and write a cell.

Kinds come from the row's schema: the field's type and, for numbers, the suffix `_seconds` or `_lb`.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import orjson
from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

Kind = Literal["text", "number", "pounds", "date", "instant", "wall", "time", "duration", "flag"]
"""`wall` is a reading of a clock, without offset, shown as it is; of `time` only the time of day is shown."""


@dataclass(frozen=True, slots=True)
class Light:
    """How the band of a figure reads: a class for its colour, and the word that says it without colour."""

    mark: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `pick` takes the cell's value out of a row (default: `row[key]`). `explain` is the column's part of the
    question to the explain route, such as `{"figure": "late_seconds"}` or `{"date": "2026-10-07"}`; None
    means that the column has nothing to explain. `mark` gives a cell a class for its colour, `hint` a
    tooltip, `width` a narrow column (`code`) such as a day of a sheet, `note` says what the column holds.
    `choices` are all the words that its cells may have; the page offers to show the rows of one of them.
    """

    key: str
    label: str
    kind: Kind = "text"
    pick: Callable[[Mapping[str, Any]], Any] | None = None
    explain: Mapping[str, str] | None = None
    mark: Callable[[Mapping[str, Any]], str] | None = None
    hint: Callable[[Mapping[str, Any]], str] | None = None
    width: Literal["normal", "code"] = "normal"
    note: str | None = None
    choices: Sequence[str] = ()

    def value(self, row: Mapping[str, Any]) -> Any:
        """The cell's value."""
        return row.get(self.key) if self.pick is None else self.pick(row)


def columns_of_row(row: type[BaseModel], labels: Mapping[str, str]) -> list[Column]:
    """One column for each field of a row's schema; a label falls back to the field's title, then its name.

    The field's description is the column's note.
    """
    return [_column(name, info, labels) for name, info in row.model_fields.items()]


def humanised(name: str) -> str:
    """`worked_seconds` → `Worked`."""
    words = name.removesuffix("_seconds").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def clock(seconds: float) -> str:
    """Seconds as HH:MM:SS, hours beyond 24 where need be, a minus in front of negative ones."""
    whole = abs(int(seconds))
    sign = "-" if seconds < 0 else ""
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def wall_clock(instant: str, zone: str) -> str:
    """An RFC 3339 instant as a wall clock of a zone, with the zone's offset (a 25 h day has two 01:30)."""
    moment = at_the_wall(instant, zone)
    seconds = f":{moment:%S}" if moment.second else ""
    return f"{moment:%Y-%m-%d %H:%M}{seconds} {_offset(moment)}".rstrip()


def at_the_wall(instant: str, zone: str) -> datetime:
    """The moment as clocks of a zone show it; one without offset is a reading of such a clock already."""
    moment = datetime.fromisoformat(instant)
    return moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))


def as_text(value: Any) -> str:
    """A list or mapping of a row in one cell."""
    if isinstance(value, Mapping):
        return orjson.dumps(value).decode()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(str(part) for part in value)
    return str(value)


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset()
    if offset is None:
        return ""
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _column(name: str, info: FieldInfo, labels: Mapping[str, str]) -> Column:
    key = info.serialization_alias or info.alias or name
    label = labels.get(key) or info.title or humanised(name)
    return Column(key=key, label=label, kind=_kind(name, info.annotation), note=info.description)


def _kind(name: str, annotation: Any) -> Kind:
    found = {_kind_of_type(part) for part in _parts(annotation)}
    if found == {"number"} and name.endswith("_seconds"):
        return "duration"
    if found == {"number"} and is_pounds(name):
        return "pounds"
    return found.pop() if len(found) == 1 else "text"


def is_pounds(name: str) -> bool:
    """Whether a figure of this name is a weight; money for a pound is none."""
    return name.endswith("_lb") and not name.endswith("_per_lb")


def _parts(annotation: Any) -> Sequence[Any]:
    """The alternatives of a type, without None and annotations."""
    if get_origin(annotation) in {Union, types.UnionType}:
        return [part for choice in get_args(annotation) for part in _parts(choice)]
    if get_origin(annotation) is Annotated and annotation is not AwareDatetime:
        return _parts(get_args(annotation)[0])
    return [] if annotation is type(None) else [annotation]


def plain_type(annotation: Any) -> tuple[bool, Any]:
    """Whether a field takes many values, and the type of one, without None and annotations."""
    parts = _parts(annotation)
    part = parts[0] if len(parts) == 1 else str
    if get_origin(part) in {list, tuple, set, frozenset}:
        return True, (_parts(get_args(part)[0]) or [str])[0]
    return False, part


def _kind_of_type(part: Any) -> Kind:
    if part is AwareDatetime:
        return "instant"
    if not isinstance(part, type):
        return "text"
    kinds: list[tuple[type, Kind]] = [
        (bool, "flag"), (int, "number"), (float, "number"), (Decimal, "number"),
        (datetime, "wall"), (date, "date"),
    ]  # fmt: skip
    return next((kind for known, kind in kinds if issubclass(part, known)), "text")
