"""Punches: staged in the order of the file, looked at as a whole, merged like pages of the sync."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final

from service.attendance.files.punches import Punch, PunchRows, in_batches
from service.attendance.imports.work import Work
from service.attendance.queries import marks, mirror, staging
from service.attendance.queries.punches import CHECKINS, days_of, merge_staged
from service.attendance.queries.scopes import scopes_of
from service.reporting.files.findings import finding, quoted

BATCH: Final = 5_000
"""Punches read, staged and merged at once: about 5 MB."""


async def store(work: Work) -> None:
    """Stage all punches and, unless a rejected row refuses the file, merge them."""
    await staging.open_stage(work.conn)
    staged = await _stage(work)
    gone = await staging.set_duplicates_aside(work.conn)
    await _tell_duplicates(work, gone)
    work.counts["records"] += staged
    if work.refused:
        return
    await _merge(work, staged)
    changed = work.counts["inserted"] + work.counts["updated"]
    work.counts["unchanged"] += staged - gone - changed


async def _stage(work: Work) -> int:
    reader = PunchRows(work.file.columns, work.file.order, work.zone)
    devices = (await mirror.ids_by_name(work.conn, work.source_id))["devices"]
    number = 0
    with ExitStack() as stack:
        table = await work.opened(stack)
        while batch := await work.context.runtime.compute.in_thread(in_batches, table.rows, reader, BATCH):
            work.findings.add(batch.findings)
            missing = {punch.device for punch in batch.punches if punch.device} - devices.keys()
            if missing:
                devices |= await mirror.add_devices(work.conn, work.source_id, missing)
            rows = [_row(work, devices, number + at, punch) for at, punch in enumerate(batch.punches, 1)]
            await staging.stage_rows(work.conn, rows)
            number += len(rows)
            work.lines += batch.rows
            await work.progress(work.lines, work.file.rows, "reading")
    return number


def _row(work: Work, devices: dict[str, int], number: int, punch: Punch) -> Sequence[Any]:
    """A staged row; of somebody unknown here the number is kept, the punch is not lost."""
    person = work.person(punch.person)
    if person is None:
        message = f"{quoted(punch.person)} is nobody known here: kept, and counted once they are imported"
        title = work.file.columns.title("person")
        work.findings.add([finding(punch.line, title, "unknown_person", message, "warning")])
    if punch.local_time.date() > work.today:
        message = f"{punch.local_time} lies ahead: kept, and in no report before that day; is the year right?"
        work.findings.add([finding(punch.line, punch.column, "future_time", message, "warning")])
    return (
        number,
        punch.line,
        punch.column,
        punch.name,
        None if person is None else person.id,
        punch.person if person is None else None,
        punch.local_time,
        punch.local_time.date(),
        punch.at,
        punch.log_type,
        devices[punch.device] if punch.device else None,
        punch.skip,
        None,
    )


async def _tell_duplicates(work: Work, gone: int) -> None:
    for after in range(0, gone, BATCH):
        found = await staging.select_duplicates(work.conn, after, BATCH)
        work.findings.add(_told(row) for row in found)


def _told(row: staging.Duplicate) -> Any:
    if row.conflicting:
        message = f"another row has the same id and says something else (first on line {row.first_line})"
        return finding(row.line, row.title, "conflicting_rows", message)
    message = f"the same punch as on line {row.first_line}: counted once"
    return finding(row.line, row.title, "duplicate_row", message, "info")


async def _merge(work: Work, staged: int) -> None:
    site_of = {person.id: person.site for person in work.people.values() if person.site is not None}
    for first in range(1, staged + 1, BATCH):
        last = first + BATCH - 1
        touched = await merge_staged(work.conn, CHECKINS, work.source_id, first, last)
        await marks.mark_around(work.conn, days_of(touched), "checkin")
        inserted = sum(row.is_new for row in touched)
        work.counts["inserted"] += inserted
        work.counts["updated"] += len(touched) - inserted
        work.scopes |= scopes_of(touched, site_of)
        await work.progress(min(last, staged), staged, "storing")
