"""HTML as a tree: one parse by libxml2, during which other threads run."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from service.crew.rules.grid import Rejected
from service.crew.rules.printed import plain

Element = etree._Element  # noqa: SLF001  the type has no other name
WIDEST: Final = 1000
"""Columns of a row that are looked at: five minutes through a day of 25 hours are 300."""
LARGEST: Final = 4 * 1024 * 1024
"""Characters of a page at most: a grid of 50 people and 96 slots has 230,000."""
MOST_TAGS: Final = 500_000
"""The same of its tags: 2,000 people have 400,000. The tree of so many takes about a second."""
_LONGEST_TAG: Final = re.compile(r"<[^<>]{20000}")
_BACKGROUND: Final = re.compile(r"background(?:-color)?\s*:([^;]*)")


def tree_of(html: str) -> Element | None:
    """The document; None where there is nothing in it. Raises `Rejected` (`page_too_large`)."""
    if len(html) > LARGEST or html.count("<") > MOST_TAGS or _LONGEST_TAG.search(html):
        raise Rejected("page_too_large", f"{len(html)} characters, {html.count('<')} tags")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def asks_to_sign_in(tree: Element) -> bool:
    """Whether a page is the login page (D.1.2)."""
    named = (one.get("name", "") == "txt_userid" for one in tree.iter("input"))
    return any(named) or any("login.aspx" in form.get("action", "").lower() for form in tree.iter("form"))


def rows_of(table: Element) -> list[Element]:
    """The rows of a table, with or without sections such as `<tbody>`; none of a table within."""
    found = []
    for child in table:
        if child.tag == "tr":
            found.append(child)
        elif child.tag in {"tbody", "thead", "tfoot"}:
            found += [row for row in child if row.tag == "tr"]
    return found


def cells_of(row: Element) -> list[Element]:
    """The cells of a row."""
    return [cell for cell in row if cell.tag in {"td", "th"}]


def spread(cells: Sequence[Element]) -> Iterator[Element]:
    """A cell for each of the first columns: one that spans several stands in each of them."""
    for cell in cells[:WIDEST]:
        span = cell.get("colspan")
        for _ in range(1 if span is None else span_of(cell)):
            yield cell


def columns_of(cells: Sequence[Element]) -> list[Element]:
    """The same as a list, no longer than any row of a day can be."""
    return list(islice(spread(cells), WIDEST))


def span_of(cell: Element) -> int:
    """How many columns a cell spans."""
    said = cell.get("colspan", "")
    return min(max(int(said), 1), WIDEST) if said.isascii() and said.isdigit() and len(said) < 5 else 1


def text_of(element: Element) -> str:
    """What one reads in it."""
    if not len(element):
        return plain(element.text) if element.text else ""
    return plain("".join(map(str, element.itertext())))


def classes_of(element: Element) -> list[str]:
    """The names in its `class`."""
    return (element.get("class") or "").split()


@lru_cache(maxsize=256)
def background(style: str) -> str:
    """The background of an inline style, lower-case, without spaces; "" where it gives none."""
    found = _BACKGROUND.search(style.lower())
    return found[1].replace(" ", "") if found else ""
