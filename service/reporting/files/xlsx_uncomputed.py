"""Cells of a sheet that calamine gives as blank although they are not: errors, and what nobody has computed.

A blank means 0 in many a column; a `#REF!`, or a formula that a program wrote and no spreadsheet has computed
since, must not.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

from service.core.errors import Invalid

_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_ERROR: Final = rb"""<(?:\w+:)?c\s[^<>]*\bt\s*=\s*["']e["']"""
_AFTER_FORMULA: Final = rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
_NO_VALUE: Final = rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</)"
_DOUBTFUL = re.compile(_ERROR + rb"|" + _AFTER_FORMULA + _NO_VALUE)
LONGEST_DOUBT: Final = 128
"""Bytes that have to be seen together: the end of a formula and what comes instead of its value."""
Place = tuple[int, int]


def is_doubtful(piece: bytes) -> bool:
    """Whether a piece of a sheet, of whole tags, has an error, or a formula without a value.

    All cells are looked at then: an empty text may be the value.
    """
    return _DOUBTFUL.search(piece) is not None


def uncomputed(path: Path, sheet: str) -> Mapping[Place, str]:
    """What such cells of a sheet say, by row and column from 1: `#REF!`, or `=` with the formula.

    The workbook has been looked at before: its parts declare no document type and unfold to no more than is
    allowed. Raises `Invalid` (`bad_workbook`) where its own list does not say which part the sheet is.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_part_of(archive, sheet)) as file:
            return dict(_found(file))
    except (ParseError, KeyError) as error:
        raise Invalid(f"the workbook cannot be read ({error})", code="bad_workbook") from None


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    links = {one.get("Id"): one.get("Target", "") for one in _parsed(archive, _LINKS)}
    for one in _parsed(archive, _BOOK).iter():
        if _name(one.tag) == "sheet" and one.get("name") == sheet:
            link = next((value for key, value in one.attrib.items() if _name(key) == "id"), None)
            target = posixpath.normpath(posixpath.join("xl", links.get(link, ""))).lstrip("/")
            if target in archive.namelist():
                return target
    raise Invalid(f"the workbook does not say where its sheet {sheet!r} is", code="bad_workbook")


def _parsed(archive: zipfile.ZipFile, part: str) -> Element:
    text = archive.read(part)
    if b"<!DOCTYPE" in text:
        raise Invalid("the workbook declares a document type", code="bad_workbook")
    return fromstring(text)  # noqa: S314  no document type, so no entities


def _name(qualified: str) -> str:
    """Without its namespace."""
    return qualified.rpartition("}")[2]


def _found(file: IO[bytes]) -> Iterator[tuple[Place, str]]:
    for _, element in iterparse(file):  # noqa: S314  no document type, so no entities
        if _name(element.tag) == "c" and (text := _withheld(element)) is not None:
            yield _place(element.get("r", "")), text
        elif _name(element.tag) == "row":
            element.clear()


def _withheld(cell: Element) -> str | None:
    """What a cell says that would be given as blank; None where it has a value, be it an empty text."""
    value, formula = cell.findtext("{*}v", ""), cell.find("{*}f")
    if cell.get("t") == "e":
        return value or "#ERROR"
    if formula is None or value or cell.get("t") == "str":
        return None
    return f"={formula.text or '?'}"


def _place(written: str) -> Place:
    """`D3` is row 3, column 4."""
    found = _PLACE.fullmatch(written)
    if found is None:
        raise Invalid(f"a cell stands at {written!r}", code="bad_workbook")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
