"""What the cell of one slot means, by its text, class and colour (spec D.1.5, D.1.6, A.6)."""

import re
from typing import Final

from service.crew.rules.codes import Codes
from service.crew.rules.grid import AVAILABLE, UNKNOWN, Cell, State
from service.crew.upstream.markup import Element, background, classes_of, text_of

_DENIED: Final = (
    "#ff0000", "#ff6666", "#ffcccc", "red", "#cccccc", "#999999", "#d8dde1", "gray", "grey",
)  # fmt: skip
_GREEN: Final = ("#009933", "#4ea72e", "green")
_DARK: Final = "#323232"
_OFF: Final = Cell("unavailable", "off")
_COLOUR: Final = Cell("unavailable", "colour")
_SHOWS: Final = frozenset({"img", "input", "svg", "object", "canvas", "button", "select"})
_TIME: Final = re.compile(r"\(\s*([0-9]{2}):?([0-9]{2})")
_WORD: Final = re.compile(r"\b(un|not\s+|non-)?available\b", re.IGNORECASE)


class CrewCells:
    """Reads the cells of people; cells that are written alike are looked at once."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._known: dict[tuple[str | None, str | None, str | None], Cell] = {}
        self.clear = self.unclear = 0
        """How many cells without a text told something, and how many did not."""

    def read(self, cell: Element) -> Cell:
        """Available only where an empty cell has the class for it; what nobody knows is unknown."""
        if len(cell):
            return self._read(cell)
        written = cell.text, cell.get("class"), cell.get("style")
        known = self._known.get(written)
        if known is None:
            known = self._read(cell)
            # A code that is not known is counted each time; what has no text is counted here.
            if known.reason not in self._codes.unknown:
                self._known[written] = known
        elif known is AVAILABLE:
            self.clear += 1
        elif known is UNKNOWN:
            self.unclear += 1
        return known

    def _read(self, cell: Element) -> Cell:
        if (text := text_of(cell)) != "":
            return self._codes.cell(text)
        shows = len(cell) > 0 and any(one.tag in _SHOWS for one in cell.iter())
        found = UNKNOWN if shows else _empty(cell)  # a picture says something, and we cannot read it
        if found is UNKNOWN:
            self.unclear += 1
        else:
            self.clear += 1
        return found


def _empty(cell: Element) -> Cell:
    classes = classes_of(cell)
    if "schTD_off" in classes:
        return _OFF
    if any(colour in background(cell.get("style") or "") for colour in _DENIED):
        return _COLOUR
    return AVAILABLE if "schTD" in classes else UNKNOWN


def appliance_state(cell: Element) -> State:
    """Green is available, dark or a title that says so is not; a title's word where there is no colour."""
    colour, title = background(cell.get("style") or ""), cell.get("title") or ""
    if any(green in colour for green in _GREEN):
        return "available"
    if _DARK in colour:
        return "unavailable"
    words = _WORD.findall(title)
    if not words:
        return "unknown"
    return "unavailable" if words[-1] else "available"


def time_of(cell: Element) -> str | None:
    """The label in a cell's title, `P22P6 (0800 - 0815) Available`."""
    found = _TIME.search(cell.get("title") or "")
    return found[1] + found[2] if found else None
