"""The rows of a grid by what they are: header, people, appliances, the grid's own counts (spec A.5)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from service.crew.rules.counting import COUNTED
from service.crew.upstream.header import labels_of
from service.crew.upstream.markup import Element, cells_of, classes_of, rows_of, text_of

_COUNTED = {label.lower(): label for label in COUNTED}


@dataclass(slots=True)
class Section:
    """Rows below a heading; `labels` of its own columns, None where it has none (the crew's hold then)."""

    labels: list[str] | None = None
    rows: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Sections:
    """A grid cut up. `appliances` and `counts` are None where the page has no such section."""

    header: Element | None = None
    crew: list[Element] = field(default_factory=list)
    appliances: Section | None = None
    counts: Section | None = None


def sections_of(grid: Element, document: Element) -> Sections:
    """The counts may stand in a table of their own."""
    cut = Sections()
    _cut(rows_of(grid), cut)
    if cut.counts is None:
        for table in document.iter("table"):
            if table is not grid and _from_rules(rows := rows_of(table)):
                _cut(_from_rules(rows), cut)
                break
    return cut


def _from_rules(rows: Sequence[Element]) -> Sequence[Element]:
    at = next((at for at, row in enumerate(rows) if _heading(row) == "rules"), len(rows))
    return rows[at:]


def _heading(row: Element) -> str:
    cells = cells_of(row)
    return text_of(cells[0]).lower() if cells else ""


def _cut(rows: Sequence[Element], cut: Sections) -> None:
    section: Section | None = None
    for row in rows:
        classes = classes_of(row)
        if "employee" in classes:
            cut.crew.append(row)
            continue
        heading, cells = _heading(row), cells_of(row)
        if heading == "appliances" and cut.appliances is None:
            section = cut.appliances = Section(labels_of(cells[1:]))
        elif heading == "rules" and cut.counts is None:
            section = cut.counts = Section(labels_of(cells[1:]))
        elif (
            section is not None and not section.rows and (labels := labels_of(cells) or labels_of(cells[1:]))
        ):
            section.labels = labels
        elif "gridheader" in classes:
            cut.header = row if cut.header is None else cut.header
            section = None
        elif section is not None:
            section.rows.append(row)


def counted(section: Section) -> Iterator[tuple[str, list[str]]]:
    """The labels of the counts that are understood, with the texts of their columns."""
    for row in section.rows:
        cells = cells_of(row)
        label = _COUNTED.get(text_of(cells[0]).lower()) if len(cells) > 1 else None
        if label is not None:
            yield label, [text_of(cell) for cell in cells[1:]]
