"""People, shifts, schedules and leaves: read whole, linked, merged like documents of the sync."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from service.attendance import models
from service.attendance.files.values import parsers_of, read_row
from service.attendance.imports.links import Links, Refused, leave, person, schedule, shift
from service.attendance.imports.work import Work
from service.attendance.queries import doubts, marks, mirror
from service.attendance.queries.mirror import Change
from service.attendance.queries.scopes import MASTERS
from service.core.errors import Invalid
from service.reporting.files.findings import finding
from service.schemas.attendance import ImportKind

MOST: Final = 100_000
"""Rows of these kinds at most: they are held in memory, about 100 MB."""
_READ: Final = 2_000
Row = dict[str, Any]
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows of one kind are stored: table, how values become a row, whose days a change puts in doubt."""

    model: type[Any]
    linked: Callable[[Links, Row], Row]
    spans: doubts.Spans


PLANS: Final[dict[ImportKind, Plan]] = {
    "people": Plan(models.Person, person, doubts.of_person),
    "shifts": Plan(models.ShiftType, shift, doubts.of_shift_type),
    "schedules": Plan(models.ShiftAssignment, schedule, doubts.of_assignment),
    "leaves": Plan(models.Leave, leave, doubts.of_dated),
}


async def store(work: Work) -> None:
    """Read all rows and, unless a rejected one refuses the file, merge them."""
    plan = PLANS[work.file.columns.kind]
    read = await read_values(work)
    links = await Links.of(work)
    await links.make_named([values for _, values in read])
    rows = list(unique(work, _by_name(_linked(work, plan, links, read))).values())
    if work.refused:
        return
    for at in range(0, len(rows), _READ):
        await _merge(work, plan, rows[at : at + _READ])
        await work.progress(min(at + _READ, len(rows)), len(rows), "storing")
    work.counts["unchanged"] += len(rows) - work.counts["inserted"] - work.counts["updated"]


async def read_values(work: Work) -> list[tuple[int, Row]]:
    """The values of every row that can be read, with its line."""
    if work.file.rows > MOST:
        detail = f"a file of {work.file.columns.kind} has at most {MOST:,} rows: split it"
        raise Invalid(detail, code="file_too_long")
    parsers = parsers_of(work.file.columns.kind, work.file.order)
    read: list[tuple[int, Row]] = []
    with ExitStack() as stack:
        table = await work.opened(stack)
        compute = work.context.runtime.compute
        while batch := await compute.in_thread(lambda: list(islice(table.rows, _READ))):
            for line, row in batch:
                values, found = read_row(work.file.columns, parsers, line, row)
                work.findings.add(found)
                if values is not None:
                    read.append((line, values))
            work.lines += len(batch)
            await work.progress(work.lines, work.file.rows, "reading")
    work.counts["records"] += len(read)
    return read


def _linked(work: Work, plan: Plan, links: Links, read: Sequence[tuple[int, Row]]) -> list[tuple[int, Row]]:
    rows: list[tuple[int, Row]] = []
    for line, values in read:
        try:
            rows.append((line, plan.linked(links, values)))
        except Refused as refused:
            title = None if refused.word is None else work.file.columns.title(refused.word)
            work.findings.add([finding(line, title, refused.code, str(refused))])
    return rows


def unique(work: Work, found: Mapping[K, Sequence[tuple[int, Row]]]) -> dict[K, Row]:
    """One row for each name: the first of those that agree, none of those that contradict each other."""
    kept: dict[K, Row] = {}
    for name, same in found.items():
        first_line, first = same[0]
        if all(row == first for _, row in same):
            kept[name] = first
            said = f"says the same as line {first_line}"
            work.findings.add(finding(line, None, "duplicate_row", said, "info") for line, _ in same[1:])
        else:
            said = f"several lines say different things of the same (first on {first_line})"
            work.findings.add(finding(line, None, "conflicting_rows", said) for line, _ in same)
    return kept


def _by_name(rows: Sequence[tuple[int, Row]]) -> dict[str, list[tuple[int, Row]]]:
    by_name: dict[str, list[tuple[int, Row]]] = {}
    for line, row in rows:
        by_name.setdefault(row["upstream_name"].casefold(), []).append((line, row))
    return by_name


async def _merge(work: Work, plan: Plan, rows: Sequence[Row]) -> None:
    changes = await mirror.merge_documents(work.conn, plan.model, work.source_id, rows)
    spans = [span for change in changes for span in await plan.spans(work.conn, change)]
    await marks.mark_spans(work.conn, spans, work.today)
    if plan.model is models.Person:
        await _adopt(work, changes)
    inserted = sum(change.before is None for change in changes)
    work.counts["inserted"] += inserted
    work.counts["updated"] += len(changes) - inserted
    if changes:
        work.scopes.add(MASTERS)


async def _adopt(work: Work, changes: Sequence[Change]) -> None:
    people = [change.id for change in changes if change.before is None]
    if people:
        adopted = await mirror.adopt_punches(work.conn, work.source_id, people)
        await marks.mark_around(work.conn, adopted, "checkin of a new person")
