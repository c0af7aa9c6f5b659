"""Sessions of play."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.children.door import note_reading
from service.children.play import ending, going_on, starting, voiding
from service.children.play.batches import keep_all
from service.children.play.reading import read_session, rows_of
from service.children.queries.scopes import of_child, of_sessions
from service.children.queries.sessions import keys_of, sessions_like
from service.children.router import sessions_examples as examples
from service.children.router.again import while_all_seen
from service.children.router.answers import IfMatch, read, read_page, versioned
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.children.router.played import (
    READS,
    WRITES,
    Call,
    CallDep,
    write,
)
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.paging import Paging
from service.reporting.query import strict_query
from service.schemas.children.play import (
    Ended,
    Session,
    SessionBatchAsk,
    SessionEndAsk,
    SessionFeedbackAsk,
    SessionListed,
    SessionOutcomes,
    SessionProgressAsk,
    SessionRecord,
    SessionsAsk,
    SessionStartAsk,
    SessionVoided,
    VoidAsk,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN = Depends(strict_query(Ask))
_READING = [Depends(needs(READS)), _PLAIN]
_WRITING = [Depends(needs(WRITES)), _PLAIN]


@router.post(
    "/sessions/batch",
    operation_id="children_send_sessions",
    summary="Send sessions that were played offline",
    status_code=207,
    response_model=SessionOutcomes,
    responses=written_responses(207, examples.OUTCOMES, 409),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.BATCH}}}},
)
async def send_sessions(asked: SessionBatchAsk, call: CallDep) -> Response:
    """Each by itself, with its outcome; sent again, those that are there `exist`."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        kept = await keep_all(conn, call.caller, asked, call.policy, call.request.url.path)
        return Answered(SessionOutcomes(items=kept.outcomes), 207), kept.scopes

    children = {item.child_id for item in asked.items if isinstance(item, SessionRecord)}
    return await write(call, deed, while_all_seen(call.caller, children))


@router.get(
    "/sessions/{session_id:int}",
    operation_id="children_session",
    summary="One session",
    response_model=Session,
    responses=one_responses(examples.SESSION),
    dependencies=_READING,
)
async def one_session(session_id: int, call: CallDep) -> Response:
    """A session with its details, and what it earned."""
    found = await read_session(call.runtime.database, call.caller, session_id)
    return read(found, **versioned(found.version))


@router.patch(
    "/sessions/{session_id:int}",
    operation_id="children_update_session",
    summary="Tell how far a session is",
    description="Counts are totals since its beginning and never fall; lists are what is new.",
    response_model=Session,
    responses=written_responses(200, examples.OPEN, 409, 412, 428),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.PROGRESS}}}},
)
async def update_session(
    session_id: int, asked: SessionProgressAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """Only while it is in progress."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        changed = await going_on.go_on(conn, call.caller, session_id, asked, if_match, call.policy)
        return _told(changed), [of_sessions(changed.child_id)]

    return await write(call, deed)


@router.post(
    "/sessions/{session_id:int}/complete",
    operation_id="children_complete_session",
    summary="Complete a session",
    description="Points and achievements come with it. The same end told again is the same answer.",
    response_model=Session,
    responses=written_responses(200, examples.SESSION, 409),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.END}}}},
)
async def complete_session(session_id: int, asked: SessionEndAsk, call: CallDep) -> Response:
    """It was played to its end."""
    return await _end(call, session_id, "completed", asked)


@router.post(
    "/sessions/{session_id:int}/abandon",
    operation_id="children_abandon_session",
    summary="Say that a session was given up",
    response_model=Session,
    responses=written_responses(200, examples.SESSION | {"completion_status": "abandoned"}, 409),
    dependencies=_WRITING,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"exit_reason": "user_quit"}}}}
    },
)
async def abandon_session(session_id: int, asked: SessionEndAsk, call: CallDep) -> Response:
    """The child did not want to go on; no points."""
    return await _end(call, session_id, "abandoned", asked)


@router.post(
    "/sessions/{session_id:int}/interrupt",
    operation_id="children_interrupt_session",
    summary="Say that a session was interrupted",
    response_model=Session,
    responses=written_responses(200, examples.SESSION | {"completion_status": "interrupted"}, 409),
    dependencies=_WRITING,
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"exit_reason": "technical"}}}}
    },
)
async def interrupt_session(session_id: int, asked: SessionEndAsk, call: CallDep) -> Response:
    """Something came between; no points."""
    return await _end(call, session_id, "interrupted", asked)


@router.patch(
    "/sessions/{session_id:int}/feedback",
    operation_id="children_rate_session",
    summary="Rate a session, as a guardian",
    description="Also after its end; no figure of the session changes by it.",
    response_model=Session,
    responses=written_responses(200, examples.SESSION, 409, 412, 428),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.FEEDBACK}}}},
)
async def rate_session(
    session_id: int, asked: SessionFeedbackAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """What is not named stays; null takes it away."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        rated = await going_on.rate(conn, call.caller, session_id, asked, if_match)
        return _told(rated), [of_sessions(rated.child_id)]

    return await write(call, deed)


@router.delete(
    "/sessions/{session_id:int}",
    operation_id="children_void_session",
    summary="Void a session",
    description="It counts nowhere any more and its points are taken back; achievements stay.",
    response_model=SessionVoided,
    responses=written_responses(200, examples.VOIDED, 409),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.VOID}}}},
)
async def void_session(session_id: int, asked: VoidAsk, call: CallDep) -> Response:
    """By guardians; by a professional within a day of recording it themselves."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        voided = await voiding.void(conn, call.caller, session_id, asked.reason)
        return Answered(voided), _with_points(voided.child_id)

    return await write(call, deed)


@router.get(
    "/{child_id:int}/sessions",
    operation_id="children_sessions",
    summary="A child's sessions",
    response_model=Listing[SessionListed],
    responses=list_responses(examples.LISTED, 404),
    dependencies=[Depends(needs(READS)), Depends(strict_query(SessionsAsk))],
)
async def list_sessions(child_id: int, ask: Annotated[SessionsAsk, Query()], call: CallDep) -> Response:
    """By start or by score, newest or highest first unless asked otherwise."""
    keys = keys_of(ask)
    paging = Paging(call.cursors, ask, f"children/{child_id}/sessions", keys)
    database, what = call.runtime.database, "session.list"
    rows, page = await rows_of(
        database, call.caller, child_id, sessions_like(child_id, ask), paging, keys, what
    )
    await note_reading(database, call.caller, what, child_id)
    items = [SessionListed.model_validate(row._asdict()) for row in rows]
    return read_page(call.request, Listing[SessionListed](items=items, page=page))


@router.post(
    "/{child_id:int}/sessions",
    operation_id="children_start_session",
    summary="Start a session",
    status_code=201,
    response_model=Session,
    responses=written_responses(201, examples.OPEN, 409)
    | {200: {"description": "It is there already.", "model": Session}},
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.START}}}},
)
async def start_session(child_id: int, asked: SessionStartAsk, call: CallDep) -> Response:
    """With an id of the game's own, a repetition answers the session that is there (200)."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made, is_new = await starting.start(conn, call.caller, child_id, asked, call.policy)
        place = {"Location": f"{PREFIX}/sessions/{made.id}"}
        told = Answered(made, 201 if is_new else 200, {**versioned(made.version), **place})
        return told, [of_sessions(child_id)] if is_new else []

    return await write(call, deed)


async def _end(call: Call, session_id: int, status: Ended, asked: SessionEndAsk) -> Response:
    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        ended, changed = await ending.end(conn, call.caller, session_id, status, asked, call.policy)
        if not changed:
            return _told(ended), []
        completed = status == "completed"
        child = ended.child_id
        return _told(ended), _with_points(child) if completed else [of_sessions(child)]

    return await write(call, deed)


def _told(session: Session) -> Answered:
    return Answered(session, headers=versioned(session.version))


def _with_points(child_id: int) -> list[str]:
    return [of_sessions(child_id), of_child(child_id)]
