"""What columns are called, in English and Spanish, and what the rows of a file with these columns are."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.attendance.files.aliases import ALIASES, BESIDE
from service.core.errors import FieldError, Invalid, near_matches
from service.schemas.attendance import FileKind, ImportKind

REQUIRED: Final[Mapping[ImportKind, Sequence[str]]] = {
    "weekly": ("person", "days", "from_date"),
    "punches": ("person",),
    "leaves": ("person", "leave_type", "from_date"),
    "schedules": ("person", "shift", "from_date"),
    "shifts": ("shift", "start_time", "end_time"),
    "people": ("person", "name"),
    "holidays": ("date",),
}
"""In the order of recognising; punches need `time` as well, or a date and columns of in and out.

Weekly schedules need a shift or both times as well; they come first, since `dia` is the date of punches too.
"""
_SAYS_WHAT: Final[Mapping[ImportKind, Sequence[str]]] = {"holidays": ("description", "holiday_list")}
_NUMBERED = ("in", "out", "punch")
_TAIL = re.compile(r"^(.*?) ?(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file are: positions by word, and those of a wide row in their order."""

    kind: ImportKind
    header: Sequence[str]
    at: Mapping[str, int]
    pairs: Sequence[tuple[str, int]] = ()
    unknown: Sequence[str] = ()
    twice: Sequence[str] = ()

    @property
    def wide(self) -> bool:
        """Whether a row is a person's day."""
        return bool(self.pairs)

    def title(self, word: str) -> str:
        """What the file calls a column."""
        return self.header[self.at[word]] if word in self.at else word


def recognised(header: Sequence[str], kind: FileKind) -> Columns:
    """What a file with this header is.

    Raises `Invalid` (`columns_missing`, `columns_twice`, `kind_unknown`) with what is needed.
    """
    if kind != "auto":
        return _checked(_columns(kind, header))
    for candidate in REQUIRED:
        columns = _columns(candidate, header)
        if not _lacking(columns) and all(
            any(word in columns.at for word in words) for words in [_SAYS_WHAT.get(candidate, ())] if words
        ):
            return _checked(columns)
    there = ", ".join(header[:30])
    raise Invalid(
        f"these columns are no punches, people, shifts, (weekly) schedules, leaves or holidays: {there}; "
        "name the kind to learn what it lacks",
        code="kind_unknown",
    )


def plain(title: str) -> str:
    """A column's title without accents, case and signs: `Hora_Entrada ` is `hora entrada`."""
    bare = unicodedata.normalize("NFKD", title)
    kept = "".join(c for c in bare if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^0-9a-z]+", " ", kept).split())


def _columns(kind: ImportKind, header: Sequence[str]) -> Columns:
    words = {alias: word for word, aliases in ALIASES[kind].items() for alias in (*aliases, plain(word))}
    at: dict[str, int] = {}
    numbered: list[tuple[int, int, str]] = []
    unknown: list[str] = []
    twice: list[str] = []
    for place, title in enumerate(header):
        name = plain(title)
        word, number = _word_of(name, words)
        if word in _NUMBERED:
            numbered.append((number, place, word))
        elif word is not None and word in at:
            twice.append(f"{header[at[word]]!r} and {title!r}")
        elif word is not None:
            at[word] = place
        elif name and name not in BESIDE[kind]:
            unknown.append(title)
    if kind == "people" and "person" not in at and "id" in map(plain, header):
        at["person"] = [plain(title) for title in header].index("id")
    pairs = [(word, place) for _, place, word in sorted(numbered)]
    return Columns(kind, header, at, pairs, unknown, twice)


def _word_of(name: str, words: Mapping[str, str]) -> tuple[str | None, int]:
    if name in words:
        return words[name], 1
    tail = _TAIL.match(name)
    if tail is None:
        return None, 0
    base = {"checada": "punch", "registro": "punch", "marcacion": "punch"}.get(tail[1]) or words.get(tail[1])
    return (base, int(tail[2])) if base in _NUMBERED else (None, 0)


def _lacking(columns: Columns) -> list[str]:
    lacking = [word for word in REQUIRED[columns.kind] if word not in columns.at]
    if columns.kind == "punches":
        if columns.wide and "time" not in columns.at:
            lacking += [word for word in ("date",) if word not in columns.at]
        elif "time" not in columns.at:
            lacking.append("time")
    if columns.kind == "weekly" and "shift" not in columns.at:
        lacking += [word for word in ("start_time", "end_time") if word not in columns.at]
    return lacking


def _checked(columns: Columns) -> Columns:
    lacking = _lacking(columns)
    if columns.twice:
        detail = f"two columns mean the same: {'; '.join(columns.twice)}; leave one of them"
        raise Invalid(detail, code="columns_twice")
    if columns.wide and "time" in columns.at:
        raise Invalid(
            f"{columns.title('time')!r} is one punch and {columns.header[columns.pairs[0][1]]!r} one of a "
            "day's: leave out one or the other",
            code="columns_twice",
        )
    if lacking:
        what = "weekly schedules" if columns.kind == "weekly" else columns.kind
        raise Invalid(
            f"a file of {what} needs {', '.join(map(repr, lacking))}: {_hint(columns, lacking)}",
            code="columns_missing",
            errors=[FieldError(f"/columns/{word}", "missing", f"no column means {word}") for word in lacking],
        )
    return columns


def _hint(columns: Columns, lacking: Sequence[str]) -> str:
    called = "; ".join(
        f"{word} may be called {', '.join(ALIASES[columns.kind][word][:8])}" for word in lacking
    )
    near = {title for word in lacking for title in near_matches(word, columns.header, 2)}
    return called + (f"; is it {', '.join(sorted(near))}?" if near else "")
