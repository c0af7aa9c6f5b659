"""The small document types: read as a whole, or followed by `modified`; merged page by page."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from service.attendance.models import Company, Site
from service.attendance.queries import marks, mirror, watermarks
from service.attendance.queries.marks import Span
from service.attendance.queries.mirror import Change
from service.attendance.queries.scopes import COMPLETENESS, MASTERS
from service.attendance.sync import plans
from service.attendance.sync.burial import bury
from service.attendance.sync.listing import Listing, read_all, read_changes
from service.attendance.sync.plans import Plan
from service.attendance.sync.session import Session
from service.attendance.upstream import documents, translate
from service.attendance.upstream.pages import by_name, newest
from service.attendance.upstream.translate import Row, UnknownPerson
from service.attendance.upstream.values import BadValue, is_wall_clock, wall_clock
from service.core.database import WriteConnection
from service.core.versions import raise_versions


async def sync_small(session: Session, plan: Plan, *, whole: bool = False) -> None:
    """Bring the mirror of one small document type up to date.

    Raises what the client raises; what was merged before stays.
    """
    name = plan.doctype.name
    first = session.cursor(name).phase != "live"
    if plan is plans.HOLIDAY_LIST:
        complete = await _holiday_lists(session, again=whole)
    elif whole or plan.listed or first:
        # Unless asked to, a listed type is not counted: what one look misses, the next one sees, seconds
        # later, for it reads everything again; and nothing is buried that its own name still finds.
        complete = await _whole(session, plan, counted=whole or first)
    else:
        complete = await _changes(session, plan)
    if complete:
        async with session.database.write() as conn:
            await session.read(conn, name)
            if await watermarks.close_doctype_gap(conn, session.source_id, name):
                await raise_versions(conn, [COMPLETENESS])


async def _whole(session: Session, plan: Plan, *, counted: bool) -> bool:
    """All rows by name; what is here and not there any more is buried. False: the listing fell short."""
    anchor = None if plan.listed else await newest(session.client, plan.doctype)
    listing = await read_all(session, plan.doctype, partial(merge_page, session, plan), counted=counted)
    if listing.shortfall is not None:
        return await _fell_short(session, plan, listing)
    async with session.database.read() as conn:
        live = await mirror.live_names(conn, plan.model, session.source_id)
    await bury(session, plan, live - listing.seen)
    if anchor is not None:
        async with session.database.write() as conn:
            await watermarks.put_cursor(
                conn, session.source_id, plan.doctype.name, modified=anchor.modified, name=anchor.name
            )
    return True


async def _changes(session: Session, plan: Plan) -> bool:
    """What changed since the cursor less the overlap. False: the listing fell short."""
    listing = await read_changes(session, plan.doctype, partial(merge_page, session, plan))
    return listing.shortfall is None or await _fell_short(session, plan, listing)


async def merge_page(session: Session, plan: Plan, page: Sequence[Any]) -> None:
    """Merge documents, mark the days they put in doubt, raise the versions: one short transaction."""
    if plan is plans.PERSON:
        await _make_linked(session, page)
        await _follow_renames(session, page)
    rows, bad = translated(session, plan, page)
    async with session.database.write() as conn:
        changes = await mirror.merge_documents(conn, plan.model, session.source_id, rows)
        await marks.mark_spans(conn, await _spans(conn, plan, changes), session.today)
        if plan is plans.PERSON:
            await _adopt(session, conn, changes)
        await session.keep_unreadable(conn, plan.doctype.name, bad, (row["upstream_name"] for row in rows))
        if changes:
            await raise_versions(conn, [MASTERS])
    _note(session, plan, changes, len(bad))
    await session.advance(len(page), plan.doctype.name)


def translated(session: Session, plan: Plan, page: Sequence[Any]) -> tuple[list[Row], list[tuple[str, str]]]:
    """The page's rows, and the documents that cannot be read with the reason.

    A document of somebody whom the site does not list to us is left out and counted: nobody can ask for them.
    """
    rows: list[Row] = []
    bad: list[tuple[str, str]] = []
    for document in page:
        try:
            rows.append(plan.translate(document, session.names))
        except UnknownPerson:
            session.report.counts["unknown_person"] += 1
        except BadValue as error:
            bad.append((document.name, f"{plan.doctype.name} {document.name} cannot be read: {error}"))
    return rows, bad


async def _spans(conn: WriteConnection, plan: Plan, changes: list[Change]) -> list[Span]:
    return [span for change in changes for span in await plan.spans(conn, change)]


def _note(session: Session, plan: Plan, changes: list[Change], bad: int) -> None:
    counts = session.report.counts
    inserted = sum(change.before is None for change in changes)
    counts["inserted"] += inserted
    counts["updated"] += len(changes) - inserted
    counts["unreadable"] += bad
    if plan.kind is not None:
        known = getattr(session.names, plan.kind)
        known.learn({change.after["upstream_name"]: change.id for change in changes})


async def _make_linked(session: Session, page: Sequence[documents.Employee]) -> None:
    """Branches and companies that employees name but no list shows (a missing right) exist nevertheless."""
    for model, known, named in (
        (Site, session.names.sites, {document.branch for document in page}),
        (Company, session.names.companies, {document.company for document in page}),
    ):
        missing = [name for name in named if name and known.find(name) is None]
        if missing:
            async with session.database.write() as conn:
                known.learn(await mirror.add_named(conn, model, session.source_id, missing))


async def _follow_renames(session: Session, page: Sequence[documents.Employee]) -> None:
    """A renamed employee stays the same person: same name and dates, and the old number is gone upstream."""
    if session.cursor(documents.EMPLOYEE.name).phase != "live":
        return
    for document in page:
        if session.names.people.find(document.name) is not None:
            continue
        try:
            row = translate.person(document, session.names)
        except BadValue:
            continue  # kept aside with its reason where the page is translated
        async with session.database.read() as conn:
            candidates = await mirror.find_namesakes(conn, session.source_id, row)
        for person_id, old in candidates:
            if not await session.client.exists(documents.EMPLOYEE, old):
                await _rename(session, person_id, old, document.name)
                break


async def _rename(session: Session, person_id: int, old: str, new: str) -> None:
    async with session.database.write() as conn:
        await mirror.rename_person(conn, person_id, new)
        await raise_versions(conn, [MASTERS])
    session.names.people.forget(old)
    session.names.people.learn({new: person_id})
    session.report.counts["renamed"] += 1
    await session.report.event("renamed", f"employee {old} is called {new} now", old=old, new=new)


async def _adopt(session: Session, conn: WriteConnection, changes: list[Change]) -> None:
    # In any phase: where a first load broke off, punches of a person new since then are here already.
    people = [change.id for change in changes if change.before is None]
    if people:
        adopted = await mirror.adopt_punches(conn, session.source_id, people)
        await marks.mark_around(conn, adopted, "checkin of a new person")


async def _holiday_lists(session: Session, *, again: bool) -> bool:
    """Holiday lists are read as single documents, with their days, where their head has changed."""
    plan = plans.HOLIDAY_LIST
    async with session.database.read() as conn:
        known = await mirror.modified_by_name(conn, plan.model, session.source_id)
    seen: set[str] = set()
    async for page in by_name(session.client, plan.doctype):
        for head in page:
            seen.add(head.name)
            stamp = head.modified
            if again or not is_wall_clock(stamp) or known.get(head.name) != wall_clock(stamp, session.zone):
                await _holiday_list(session, head.name)
        await session.advance(len(page), plan.doctype.name)
    await bury(session, plan, known.keys() - seen)
    return True


async def _holiday_list(session: Session, name: str) -> None:
    document = await session.client.document(documents.HOLIDAY_LIST, name, documents.HolidayList)
    if document is None:
        return
    try:
        days = translate.holidays(document)
        row = translate.holiday_list(document, session.names)
    except BadValue as error:
        async with session.database.write() as conn:
            reason = f"Holiday List {name} cannot be read: {error}"
            await session.keep_unreadable(conn, documents.HOLIDAY_LIST.name, [(name, reason)], [])
        session.report.counts["unreadable"] += 1
        return
    async with session.database.write() as conn:
        changes = await mirror.merge_documents(conn, plans.HOLIDAY_LIST.model, session.source_id, [row])
        list_id = changes[0].id if changes else session.names.holiday_lists[name]
        changed = await mirror.replace_holidays(conn, list_id, days)
        await marks.mark_dates(conn, session.source_id, changed, "holiday")
        await session.keep_unreadable(conn, documents.HOLIDAY_LIST.name, [], [name])
        if changes or changed:
            await raise_versions(conn, [MASTERS])
    _note(session, plans.HOLIDAY_LIST, changes, 0)


async def _fell_short(session: Session, plan: Plan, listing: Listing) -> bool:
    await session.record_gap(
        plan.doctype.name,
        str(listing.shortfall),
        expected_count=listing.expected,
        got_count=len(listing.seen),
    )
    return False
