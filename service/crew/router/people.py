"""Crew members: who can turn out and until when, what is known of each over time."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import Gone
from service.core.paging import Cursors, filter_hash, next_link
from service.crew.answers.asked import checked_range, stations_of
from service.crew.answers.histories import block_object, history_of, runs_of, segment_object
from service.crew.answers.people import person_object, skilled
from service.crew.answers.states import States, in_order, judged, shown_name, state_object, states_of
from service.crew.queries.states import AnyRow, StateRow, Whom, select_states
from service.crew.queries.stations import StationRow
from service.crew.router import people_examples as examples
from service.crew.router.answers import Call, CallDep
from service.crew.router.documented import CLOSED, PREFIX, TAGS
from service.crew.router.finding import CrewId, answer_person, scopes_of
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import read_responses
from service.schemas.crew.people import (
    Availability,
    AvailabilityAsk,
    Blocks,
    CrewAsk,
    CrewListing,
    CrewMember,
    PersonAsk,
    RangeAsk,
    Segments,
    SegmentsAsk,
)
from service.schemas.envelope import Page

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
LISTED: Final = "crew.crew"


@router.get(
    "",
    operation_id="crew_people",
    summary="People at an instant: who can turn out, and until when",
    response_model=CrewListing,
    responses=read_responses(examples.CREW, 410),
    dependencies=[Depends(strict_query(CrewAsk))],
)
async def crew(call: CallDep, ask: Annotated[CrewAsk, Query()]) -> Response:
    """Who is available first, then by rank (WC, CM, CC, FFC, FFD, FFT, others) and name.

    The pages of one list are of one instant and of what was known at the first of them.
    """
    place = None
    filters = filter_hash(LISTED, ask, [])
    if ask.cursor is not None:
        place = Cursors.of(call.runtime.settings).verify(ask.cursor, filters)
    at, known_at = (ask.at or call.now, ask.known_at) if place is None else (place[0], place[1])

    async def build(conn: ReadConnection) -> Answer:
        stations = await stations_of(conn, call.caller, ask.station)
        whom = Whom([one.id for one in stations], known_at=known_at)
        skills = await skilled(conn, call.settings)
        rows = [
            row
            for row in await select_states(conn, whom, at)
            if (ask.role is None or row.role == ask.role.upper())
            and (ask.skill is None or skills.has(ask.skill, row.role, row.skills))
        ]
        found = await judged(conn, call.runtime.settings, stations, whom, at, call.now, rows)
        return _page(call, ask, found, filters, place)

    return await answer(call, build, await scopes_of(call, ask.station), kept=place is None)


def _page(call: Call, ask: CrewAsk, found: States, filters: str, place: tuple[Any, ...] | None) -> Answer:
    ordered = [row for row in in_order(found.rows) if ask.state in (None, row.state)]
    rest = ordered if place is None else _after(ordered, place[2])
    shown = rest[: ask.limit]
    following = None
    if len(rest) > ask.limit:
        known_at = call.now if place is None and ask.known_at is None else (place or (0, ask.known_at))[1]
        following = Cursors.of(call.runtime.settings).sign([found.at, known_at, shown[-1].id], filters)
    total = len(ordered) if ask.include == "total" else None
    page = Page(next=following, has_more=following is not None, limit=ask.limit, total=total)
    counted = {
        state: sum(row.state == state for row in found.rows)
        for state in ("available", "unavailable", "unknown")
    }
    body = {
        "items": [_shown(call, row, found.at, redact=ask.redact) for row in shown],
        "page": page.model_dump(),
        "at": found.at.astimezone(UTC),
        **counted,
        "data": found.standing.as_json(),
    }
    until = found.until if ask.at is None else found.standing.until
    return Answer(body, until, next_link(str(call.request.url), following))


def _after(ordered: list[StateRow], crew_id: int) -> list[StateRow]:
    """Those behind the last one of the page before."""
    for number, row in enumerate(ordered):
        if row.id == crew_id:
            return ordered[number + 1 :]
    raise Gone(
        "what this cursor stands on is no longer kept; start from the first page", code="cursor_expired"
    )


@router.get(
    "/{crew_id:number}",
    operation_id="crew_person",
    summary="One person",
    response_model=CrewMember,
    responses=read_responses(examples.PERSON, 404),
    dependencies=[Depends(strict_query(PersonAsk))],
)
async def person(call: CallDep, crew_id: CrewId, ask: Annotated[PersonAsk, Query()]) -> Response:
    """The profile as the newest look at a grid has it; contacts are apart."""

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        today = (call.now, call.now + timedelta(microseconds=1))
        body, stands = await person_object(
            conn, call.runtime.settings, station, row, today, redact=ask.redact
        )
        return Answer(body, stands.until)

    return await answer_person(call, crew_id, build)


@router.get(
    "/{crew_id:number}/availability",
    operation_id="crew_person_availability",
    summary="How one person stands at an instant",
    response_model=Availability,
    responses=read_responses(examples.AVAILABILITY, 404),
    dependencies=[Depends(strict_query(AvailabilityAsk))],
)
async def availability(call: CallDep, crew_id: CrewId, ask: Annotated[AvailabilityAsk, Query()]) -> Response:
    """Available, unavailable and why, or not known and why not; until when, and when next."""
    at = ask.at or call.now

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        whom = Whom([station.id], [row.id], ask.known_at)
        found = await states_of(conn, call.runtime.settings, [station], whom, at, call.now)
        body = _shown(call, found.rows[0], at, redact=ask.redact)
        until = found.until if ask.at is None else found.standing.until
        return Answer({**body, "data": found.standing.as_json()}, until)

    return await answer_person(call, crew_id, build, whom=lambda one: _then(one, ask.known_at))


@router.get(
    "/{crew_id:number}/segments",
    operation_id="crew_person_segments",
    summary="What was observed of one person",
    response_model=Segments,
    responses=read_responses(examples.SEGMENTS, 404),
    dependencies=[Depends(strict_query(SegmentsAsk))],
)
async def segments(call: CallDep, crew_id: CrewId, ask: Annotated[SegmentsAsk, Query()]) -> Response:
    """The segments that touch the range, whole, with reasons; each is of one local day."""
    checked_range(ask.from_, ask.to)

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        whom = Whom([station.id], [row.id], ask.known_at)
        window = (ask.from_, ask.to)
        found = await history_of(conn, call.runtime.settings, station, whom, window, call.now)
        shown = [
            segment_object(one, call.settings.codes)
            for one in found.segments
            if ask.state in (None, one.state)
        ]
        head = _of_a_range(ask, station, row)
        return Answer({**head, "segments": shown, "data": found.standing.as_json()}, found.standing.until)

    return await answer_person(call, crew_id, build, whom=lambda one: _then(one, ask.known_at))


@router.get(
    "/{crew_id:number}/blocks",
    operation_id="crew_person_blocks",
    summary="The runs of one person's availability",
    response_model=Blocks,
    responses=read_responses(examples.BLOCKS, 404),
    dependencies=[Depends(strict_query(RangeAsk))],
)
async def blocks(call: CallDep, crew_id: CrewId, ask: Annotated[RangeAsk, Query()]) -> Response:
    """Runs that touch the range, whole, joined over midnight; at the edge of what is known a bound is one."""
    checked_range(ask.from_, ask.to)

    async def build(conn: ReadConnection, station: StationRow, row: AnyRow) -> Answer:
        whom = Whom([station.id], [row.id], ask.known_at)
        window = (ask.from_, ask.to)
        found, stands = await runs_of(conn, call.runtime.settings, station, whom, window, call.now)
        shown = [block_object(one, station.zone) for one in found]
        head = _of_a_range(ask, station, row)
        return Answer({**head, "blocks": shown, "data": stands.as_json()}, stands.until)

    return await answer_person(call, crew_id, build, whom=lambda one: _then(one, ask.known_at))


def _shown(call: Call, row: StateRow, at: datetime, *, redact: bool) -> dict[str, Any]:
    return state_object(row, at.astimezone(UTC), call.settings.codes, redact=redact)


def _then(whom: Whom, known_at: datetime | None) -> Whom:
    return Whom(whom.stations, whom.people, known_at)


def _of_a_range(ask: RangeAsk, station: StationRow, row: AnyRow) -> dict[str, Any]:
    return {
        "crew_id": row.id,
        "station": station.code,
        "name": shown_name(row.id, row.name, redact=ask.redact),
        "from": ask.from_.astimezone(UTC),
        "to": ask.to.astimezone(UTC),
    }
