"""The large document types: pages stored by COPY or merge, each with the place it leads to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from service.attendance import models
from service.attendance.queries import marks, mirror
from service.attendance.queries.punches import (
    ATTENDANCE,
    CHECKINS,
    LargeTable,
    copy_page,
    days_of,
    merge_page,
    relax_commit,
)
from service.attendance.queries.scopes import scopes_of
from service.attendance.sync.plans import SMALL, Plan
from service.attendance.sync.session import Session
from service.attendance.upstream import documents, translate
from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.translate import Names, Row
from service.attendance.upstream.values import BadValue
from service.core.database import WriteConnection
from service.core.versions import raise_versions

# A page's statement may wait for an index page or a checkpoint of the disk, but not for minutes.
STORE_SECONDS = 60.0
Also = Callable[[WriteConnection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LargePlan:
    """How one large document type is mirrored; `punches`: a change of a row puts days in doubt."""

    doctype: Doctype[Any]
    model: type[Any]
    table: LargeTable
    translate: Callable[[Any, Names], Row]
    punches: bool
    time_field: str


CHECKIN = LargePlan(documents.CHECKIN, models.Checkin, CHECKINS, translate.checkin, True, "time")
JUDGEMENT = LargePlan(
    documents.ATTENDANCE,
    models.UpstreamAttendance,
    ATTENDANCE,
    translate.attendance,
    False,
    "attendance_date",
)
LARGE = (CHECKIN, JUDGEMENT)
EVERY: tuple[Plan | LargePlan, ...] = (*SMALL, *LARGE)


async def store(session: Session, plan: LargePlan, page: Sequence[Any], also: Also | None = None) -> None:
    """Merge a page into a mirror that is in use: changed rows mark their days, old date and new (spec E.7).

    `also` writes the place reached in the same transaction; it runs for an empty page too.
    """
    rows, bad = await _translated(session, plan, page)
    async with session.database.write(timeout=STORE_SECONDS) as conn:
        touched = await merge_page(conn, plan.table, session.source_id, rows) if rows else []
        if plan.punches:
            await marks.mark_around(conn, days_of(touched), "checkin")
        await session.keep_unreadable(conn, plan.doctype.name, bad, (row["upstream_name"] for row in rows))
        if also is not None:
            await also(conn)
        await raise_versions(conn, scopes_of(touched, session.site_of))
    inserted = sum(row.is_new for row in touched)
    _count(session, inserted, len(touched) - inserted, len(rows), len(bad))
    await session.advance(len(page), plan.doctype.name)


async def load(session: Session, plan: LargePlan, page: Sequence[Any], also: Also, *, fresh: bool) -> bool:
    """Store a page of a first load: nobody reads these rows yet, so days and versions wait for the end.

    `fresh`: the rows are hoped to be new and copied straight in. Gives whether they were: after a collision
    the caller stops hoping, for a COPY that fails is paid twice.
    """
    rows, bad = await _translated(session, plan, page)
    if fresh:
        try:
            async with session.database.write() as conn:
                await relax_commit(conn)
                await copy_page(conn, plan.table, session.source_id, rows)
                await session.keep_unreadable(conn, plan.doctype.name, bad, [])
                await also(conn)
            _count(session, len(rows), 0, len(rows), len(bad))
        except asyncpg.UniqueViolationError:
            fresh = False
    if not fresh:
        async with session.database.write(timeout=STORE_SECONDS) as conn:
            await relax_commit(conn)
            touched = await merge_page(conn, plan.table, session.source_id, rows) if rows else []
            await session.keep_unreadable(
                conn, plan.doctype.name, bad, (row["upstream_name"] for row in rows)
            )
            await also(conn)
        inserted = sum(row.is_new for row in touched)
        _count(session, inserted, len(touched) - inserted, len(rows), len(bad))
    await session.advance(len(page), plan.doctype.name)
    return fresh


async def _translated(
    session: Session, plan: LargePlan, page: Sequence[Any]
) -> tuple[list[Row], list[tuple[str, str]]]:
    if plan.punches:
        await _make_devices(session, page)
    rows: list[Row] = []
    bad: list[tuple[str, str]] = []
    for document in page:
        try:
            rows.append(plan.translate(document, session.names))
        except BadValue as error:
            bad.append((document.name, f"{plan.doctype.name} {document.name} cannot be read: {error}"))
    return rows, bad


async def _make_devices(session: Session, page: Sequence[documents.Checkin]) -> None:
    """Devices seen for the first time get their row before the page's transaction, whose ids it uses."""
    missing = {
        document.device_id
        for document in page
        if document.device_id and session.names.devices.find(document.device_id) is None
    }
    if missing:
        async with session.database.write() as conn:
            session.names.devices.learn(await mirror.add_devices(conn, session.source_id, missing))


def _count(session: Session, inserted: int, updated: int, rows: int, bad: int) -> None:
    counts = session.report.counts
    counts["inserted"] += inserted
    counts["updated"] += updated
    counts["unchanged"] += rows - inserted - updated
    counts["unreadable"] += bad
