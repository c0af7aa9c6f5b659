"""The station display, in either of its shapes (spec A.9, B.4)."""

from collections.abc import Mapping
from datetime import datetime

from service.crew.rules.display import Crewing, Display, OnDuty
from service.crew.rules.grid import Rejected, State
from service.crew.rules.printed import LONGEST_CODE, LONGEST_NAME, crewing_of, skills_of
from service.crew.upstream.markup import (
    Element,
    asks_to_sign_in,
    background,
    cells_of,
    rows_of,
    text_of,
    tree_of,
)


def parse_display(html: str) -> Display:
    """A station display. Raises `Rejected`: `session_expired`, `display_missing`, `page_too_large`."""
    tree = tree_of(html)
    if tree is None:
        raise Rejected("display_missing", f"{len(html)} characters without an element")
    parts = _parts(tree)
    tables = [parts.get(name) for name in ("gvCrewing", "gvOnDuty", "tblSchedule")]
    if not any(table is not None for table in tables):
        if asks_to_sign_in(tree):
            raise Rejected("session_expired", "the login page instead of a display")
        raise Rejected("display_missing", f"{len(html)} characters without a table of a display")
    crewing, on_duty, schedule = tables
    return Display(
        _time(_text(parts, "lblDate"), _text(parts, "lblTime")),
        _text(parts, "lblStation")[:LONGEST_NAME] or None,
        None if crewing is None else _crewing(crewing),
        None if on_duty is None else _on_duty(on_duty),
        None if schedule is None else _appliances(schedule),
    )


def _parts(tree: Element) -> Mapping[str, Element]:
    """Elements by id; what ASP.NET puts in front of an id (`ctl00_…_lblTime`) is left out."""
    named = ((one.get("id", ""), one) for one in tree.iter("span", "table"))
    found: dict[str, Element] = {}
    for name, element in named:
        found.setdefault(name.rpartition("_")[2], element)
    return found


def _text(parts: Mapping[str, Element], name: str) -> str:
    return text_of(parts[name]) if name in parts else ""


def _time(date: str, time: str) -> datetime | None:
    try:
        return datetime.strptime(f"{date} {time}", "%d/%m/%Y %H:%M:%S")  # noqa: DTZ007  the wall's own
    except ValueError:
        return None


def _crewing(table: Element) -> dict[str, Crewing]:
    found = {}
    for row in rows_of(table):
        texts = [text_of(cell) for cell in cells_of(row)]
        said = crewing_of(texts[1]) if len(texts) == 2 else None
        if said is not None and 0 < len(texts[0]) <= LONGEST_CODE:
            found[texts[0].upper()] = said
    return found


def _on_duty(table: Element) -> tuple[OnDuty, ...]:
    rows = ([text_of(cell) for cell in cells_of(row)] for row in rows_of(table))
    return tuple(
        OnDuty(texts[0].upper()[:LONGEST_CODE] or None, texts[1], skills_of(texts[2]))
        for texts in rows
        if len(texts) == 3 and "," in texts[1] and len(texts[1]) <= LONGEST_NAME
    )


def _appliances(table: Element) -> dict[str, State]:
    """Green or red; a row of another colour says nothing."""
    found: dict[str, State] = {}
    for row in rows_of(table):
        cells = cells_of(row)
        name = next(cells[0].iter("span"), None) if len(cells) > 1 else None
        if name is None or not 0 < len(text_of(name)) <= LONGEST_NAME:
            continue
        colour = background(cells[1].get("style") or "") or (cells[1].get("bgcolor") or "").lower()
        if "green" in colour or "red" in colour:
            found[text_of(name)] = "available" if "green" in colour else "unavailable"
    return found
