"""The crew-details file: who is called what, and how they are reached (spec A.8).

`SURNAME, II|Display name|Phone`, in the newer form also `|E-mail|Position`; lines that are blank, begin with
`#` or have less than three fields are left out. All of it is personal: findings name lines, never people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.core.errors import Invalid
from service.crew.rules.names import name_key
from service.crew.rules.printed import LONGEST_NAME, plain
from service.reporting.files.csv_file import LONGEST_LINE, encoding_of
from service.reporting.files.findings import finding
from service.schemas.files import ImportFinding

MOST_LINES: Final = 20_000
_LONGEST: Final = 200
"""Characters of a field at most."""
_FIELDS: Final = ("name", "display_name", "phone", "email", "position")


@dataclass(frozen=True, slots=True)
class Details:
    """One person's line; a field that is empty says that there is none, one that is missing says nothing."""

    line: int
    key: str
    said: dict[str, str | None]


def read_details(path: Path) -> tuple[list[Details], list[ImportFinding], int]:
    """The usable lines, what is to be said of the others, and how many there are in all.

    Raises `Invalid` (`file_empty`, `file_too_long`, `bad_encoding`).
    """
    found: list[Details] = []
    told: list[ImportFinding] = []
    lines = 0
    for number, fields in _lines(path):
        lines += 1
        if len(fields) < 3:
            told.append(finding(number, None, "short_line", "has less than three fields: left out", "info"))
        elif (bad := _bad(fields)) is not None:
            told.append(finding(number, *bad))
        else:
            said = {word: text or None for word, text in zip(_FIELDS[1:], fields[1:], strict=False)}
            found.append(Details(number, name_key(fields[0]), said))
    if not lines:
        raise Invalid("the file has no lines", code="file_empty")
    return *_unique(found, told), lines


def looks_like_details(path: Path) -> bool:
    """Whether one of the first lines has the fields of a person."""
    return any(
        len(fields) >= 3 for _, fields in zip(range(200), (one for _, one in _lines(path)), strict=False)
    )


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding_of(path)) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if number > MOST_LINES:
                raise Invalid(f"the file has more than {MOST_LINES:,} lines", code="file_too_long")
            if line.strip() and not line.startswith("#"):
                yield number, [plain(field) for field in line.split("|")]


def _bad(fields: Sequence[str]) -> tuple[str, str, str] | None:
    """The field, code and sentence of what cannot be used."""
    if not fields[0] or len(fields[0]) > LONGEST_NAME:
        return "name", "bad_name", f"begins with a name of 1 to {LONGEST_NAME} characters"
    for word, text in zip(_FIELDS, fields, strict=False):
        if len(text) > _LONGEST:
            return word, "too_long", f"has more than {_LONGEST} characters in a field"
        if word == "email" and text and text.count("@") != 1:
            return word, "bad_email", "the fourth field is an address of e-mail, or empty"
    return None


def _unique(found: Sequence[Details], told: list[ImportFinding]) -> tuple[list[Details], list[ImportFinding]]:
    """One line for each person: the first of those that agree, none of those that contradict each other."""
    by_key: dict[str, list[Details]] = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    kept = []
    for same in by_key.values():
        first, *others = same
        if all(one.said == first.said for one in others):
            kept.append(first)
            said = f"says the same as line {first.line}"
            told += [finding(one.line, None, "duplicate_row", said, "info") for one in others]
        else:
            said = f"several lines say different things of one person (first on {first.line})"
            told += [finding(one.line, None, "conflicting_rows", said) for one in same]
    return kept, told
