"""The people of a grid: a row each (spec D.1.4, D.1.7 to D.1.9)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from service.crew.rules.grid import UNKNOWN, Cell, Contract, CrewRow
from service.crew.rules.names import name_key
from service.crew.rules.printed import LONGEST_CODE, LONGEST_NAME, contract_of, skills_of
from service.crew.upstream.header import Header
from service.crew.upstream.markup import Element, cells_of, classes_of, span_of, spread, text_of
from service.crew.upstream.oddities import Oddities
from service.crew.upstream.slot_cells import CrewCells


def read_crew(
    rows: Sequence[Element], header: Header, reader: CrewCells, odd: Oddities
) -> tuple[list[CrewRow], list[CrewRow]]:
    """The people who can be told apart, and those who cannot: two rows of one name say nothing (D.1.7).

    Cells of the latter are unknown; they count as somebody who may be available.
    """
    read = [(number, _row(number, row, header, reader, odd)) for number, row in enumerate(rows, 1)]
    found = [(number, row) for number, row in read if row is not None]
    often = Counter(name_key(row.name) for _, row in found)
    clear = [row for _, row in found if often[name_key(row.name)] == 1]
    doubled = [(number, row) for number, row in found if often[name_key(row.name)] > 1]
    for number, _ in doubled:
        odd.row("duplicate_name", number)
    nothing = (UNKNOWN,) * len(header.labels)
    return clear, [replace(row, cells=nothing) for _, row in doubled]


def _row(number: int, row: Element, header: Header, reader: CrewCells, odd: Oddities) -> CrewRow | None:
    cells = cells_of(row)
    name = text_of(cells[0]) if cells else ""
    if not name or len(name) > LONGEST_NAME:
        odd.row("unnamed_row", number)
        return None
    skilled = next((at for at, cell in enumerate(cells) if "skillCol" in classes_of(cell)), None)
    start = _start(cells, skilled, header)
    before = cells[: start if skilled is None else skilled]
    role = text_of(before[1]).upper() if len(before) > 1 else ""
    return CrewRow(
        name,
        role if 0 < len(role) <= LONGEST_CODE else None,
        _contract(number, text_of(before[2]) if len(before) > 2 else "", odd),
        skills_of(_skills(cells, skilled, start, header)),
        _slots(number, cells[start:], header, reader, odd),
    )


def _contract(number: int, text: str, odd: Oddities) -> Contract:
    contract, read = contract_of(text)
    if not read:
        odd.row("bad_contract", number)
    return contract


def _start(cells: Sequence[Element], skilled: int | None, header: Header) -> int:
    """Which cell is the first slot: after the skills; without such a cell by columns, or from the end.

    A row longer than its header cannot be told by columns, unless a slot stands where the first does.
    """
    count = len(header.labels)
    if skilled is not None:
        spare = len(cells) - (skilled + 1) - count
        return skilled + 1 + max(0, min(header.after_skills, spare))
    by_column = _cell_at(cells, header.first)
    longer = sum(map(span_of, cells)) > header.width
    slot = by_column < len(cells) and any(name.startswith("schTD") for name in classes_of(cells[by_column]))
    return max(1, len(cells) - count) if longer and not slot else max(1, by_column)


def _cell_at(cells: Sequence[Element], column: int) -> int:
    """The first cell that begins at a column or after it."""
    begins = 0
    for at, cell in enumerate(cells):
        if begins >= column:
            return at
        begins += span_of(cell)
    return len(cells)


def _skills(cells: Sequence[Element], skilled: int | None, start: int, header: Header) -> str:
    if skilled is None and header.skills is not None:
        skilled = _cell_at(cells, header.skills)
        skilled = skilled if skilled < start else None
    return "" if skilled is None else text_of(cells[skilled])


def _slots(
    number: int, cells: Sequence[Element], header: Header, reader: CrewCells, odd: Oddities
) -> tuple[Cell, ...]:
    count = len(header.labels)
    read = [reader.read(cell) for cell in islice(spread(cells), count + 1)]
    if len(read) > count:
        odd.row("long_row", number)
    if unread := sum(cell is UNKNOWN for cell in read[:count]):
        odd.row("unclassified_cell", number, unread)
    if len(read) < count:
        odd.row("short_row", number, count - len(read))
    return (*read[:count], *(UNKNOWN,) * (count - len(read)))
