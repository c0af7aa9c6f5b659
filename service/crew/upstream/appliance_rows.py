"""The appliances of a grid, and the counts it states (spec D.1.6, D.1.11)."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from service.crew.rules.grid import ApplianceRow, State
from service.crew.rules.labels import places
from service.crew.rules.printed import LONGEST_NAME, plain, title_of
from service.crew.upstream.markup import Element, cells_of, columns_of, text_of
from service.crew.upstream.oddities import Oddities
from service.crew.upstream.sections import Section, counted
from service.crew.upstream.slot_cells import appliance_state, time_of

_LARGEST_REF: Final = 2**31 - 1
_LARGEST_COUNT: Final = 9999


def read_appliances(
    section: Section | None, labels: Sequence[str], odd: Oddities
) -> tuple[ApplianceRow, ...]:
    """The rows that have a name and slots; two of one name say nothing."""
    rows = section.rows if section else []
    found = [
        (number, row)
        for number, one in enumerate(rows, 1)
        if (row := _appliance(number, one, section, labels, odd))
    ]
    often = Counter(row.name for _, row in found)
    for number, row in found:
        if often[row.name] > 1:
            odd.row("duplicate_appliance", number)
    return tuple(row for _, row in found if often[row.name] == 1)


def _appliance(
    number: int, row: Element, section: Section | None, labels: Sequence[str], odd: Oddities
) -> ApplianceRow | None:
    named, cells = cells_of(row)[:1], cells_of(row)[1:]
    name = text_of(named[0]) if named else ""
    if not cells or not name or len(name) > LONGEST_NAME:
        return None
    title = plain(named[0].get("title") or "")
    rule = title_of(title)
    if title and rule is None:
        odd.row("bad_title", number)
    own = section.labels if section else None
    states = _states(number, columns_of(cells), labels if own is None else own, labels, odd)
    return ApplianceRow(name, _ref(cells), rule, states)


def _states(
    number: int, cells: Sequence[Element], own: Sequence[str], labels: Sequence[str], odd: Oddities
) -> tuple[State, ...]:
    """By the time in each cell's title, else by its place below the labels; what is left out is unknown."""
    said = [
        time_of(cell) or (own[at] if at < len(own) else "")
        for at, cell in enumerate(cells)
    ]  # fmt: skip
    states: list[State] = ["unknown"] * len(labels)
    outside = 0
    for cell, at in zip(cells, places(said, labels), strict=True):
        if at is None:
            outside += 1
        else:
            states[at] = appliance_state(cell)
    if outside:
        odd.row("long_row", number, outside)
    if len(cells) - outside < len(labels):
        odd.row("short_row", number, len(labels) - len(cells) + outside)
    return tuple(states)


def _ref(cells: Sequence[Element]) -> int | None:
    """67 of `app_67_0`."""
    for cell in cells:
        word, _, rest = (cell.get("id") or "").partition("_")
        ref = rest.partition("_")[0]
        if word == "app" and ref.isascii() and ref.isdigit() and len(ref) < 11 and int(ref) <= _LARGEST_REF:
            return int(ref)
    return None


def read_counts(
    section: Section | None, labels: Sequence[str], odd: Oddities
) -> dict[str, tuple[int | None, ...]]:
    """By label; None where a cell holds no whole number. A label that stands twice says nothing."""
    rows = list(counted(section)) if section else []
    often = Counter(label for label, _ in rows)
    counts = {}
    for label, texts in rows:
        if often[label] > 1:
            continue
        values: list[int | None] = [None] * len(labels)
        own = labels if section is None or section.labels is None else section.labels
        for text, at in zip(texts, places(own[: len(texts)], labels), strict=False):
            if at is not None:
                values[at] = _count(text)
        counts[label] = tuple(values)
    if twice := sorted(label for label, times in often.items() if times > 1):
        odd.tell("duplicate_count", {"labels": twice})
    return counts


def _count(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
    return number if number is not None and number <= _LARGEST_COUNT else None
