"""Pages of Gartan → what they say: the doors of this folder (spec D.1, B.2 to B.4).

All of it is plain work on text: call it in a thread (`runtime.compute.in_thread`). One parse per page.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from service.crew.rules.codes import Codes
from service.crew.rules.counting import mismatch
from service.crew.rules.crewing import Lists
from service.crew.rules.grid import CrewRow, DayGrid, Rejected
from service.crew.rules.labels import covers_day, resolution_of
from service.crew.upstream.appliance_rows import read_appliances, read_counts
from service.crew.upstream.crew_rows import read_crew
from service.crew.upstream.display_page import parse_display
from service.crew.upstream.envelope import is_login_url, read_envelope
from service.crew.upstream.header import Header, header_of
from service.crew.upstream.markup import Element, asks_to_sign_in, tree_of
from service.crew.upstream.oddities import Oddities
from service.crew.upstream.sections import Sections, sections_of
from service.crew.upstream.slot_cells import CrewCells

__all__ = ["PARSER_VERSION", "is_login_url", "parse_display", "parse_grid", "read_envelope"]

PARSER_VERSION: Final = 1
"""Raised whenever the same page would be read otherwise: a page seen again is then applied again (D.4.5)."""
_TELLING: Final = 24
"""Cells without a text from which it tells something that not one of them can be read."""


def parse_grid(
    html: str, resolution: int, codes: Collection[str], lists: Lists, *, day: date, zone: str
) -> DayGrid:
    """A grid of a local day.

    `resolution` is that which was asked for, in minutes; `codes` are the known reason codes. Raises
    `Rejected`: `session_expired`, `grid_missing`, `grid_cut`, `bad_header`, `no_rows`, `layout_changed`,
    `page_too_large`.
    """
    tree, grid = _found(html)
    cut = sections_of(grid, tree)
    header = Header((), 0, 0, None) if cut.header is None else header_of(cut.header)
    odd, known = Oddities(), Codes(codes)
    step = _step(header, resolution, day, zone, odd)
    crew = _crew(cut, header, known, odd)
    labels = header.labels
    counts = read_counts(cut.counts, labels, odd)
    wrong = mismatch(counts, [*crew[0], *crew[1]], labels, lists)
    appliances = read_appliances(cut.appliances, labels, odd)
    found = odd.findings([*known.findings(), *([wrong] if wrong else [])])
    return DayGrid(labels, step, tuple(crew[0]), appliances, counts, found)


def _found(html: str) -> tuple[Element, Element]:
    """The document and its grid."""
    tree = tree_of(html)
    if tree is None:
        raise Rejected("grid_missing", f"{len(html)} characters without an element")
    grid = next((table for table in tree.iter("table") if table.get("id") == "gridAvail"), None)
    if grid is None:
        if asks_to_sign_in(tree):
            raise Rejected("session_expired", "the login page instead of a grid")
        raise Rejected("grid_missing", f"{len(html)} characters without a grid")
    # A page that was cut off would be a grid with fewer people: all its rows have to be within a table.
    lower = html.lower()
    if lower.rfind("</table") < lower.rfind("<tr"):
        raise Rejected("grid_cut", f"{len(html)} characters, and the last row is in no whole table")
    return tree, grid


def _step(header: Header, asked: int, day: date, zone: str, odd: Oddities) -> int:
    step = resolution_of(header.labels, asked, day, zone)
    if header.extra:
        odd.tell("extra_header_cell", {"cells": header.extra})
    if step != asked:
        odd.tell("resolution_mismatch", {"asked": asked, "found": step})
    if not covers_day(header.labels, step, day, zone):
        odd.tell("partial_day", {"first": header.labels[0], "labels": len(header.labels)})
    return step


def _crew(
    cut: Sections, header: Header, codes: Codes, odd: Oddities
) -> tuple[Sequence[CrewRow], Sequence[CrewRow]]:
    cells = CrewCells(codes)
    clear, doubled = read_crew(cut.crew, header, cells, odd)
    if not clear:
        raise Rejected("no_rows", f"{len(cut.crew)} rows of people, none of them usable")
    if not cells.clear and cells.unclear >= _TELLING:
        raise Rejected("layout_changed", f"none of {cells.unclear} cells without a text can be read")
    return clear, doubled
