"""Notes and assessments."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.children.clinical import assessments, notes
from service.children.door import note_reading
from service.children.play.reading import rows_of
from service.children.queries import writings as queries
from service.children.queries.scopes import of_writings
from service.children.router import writings_examples as examples
from service.children.router.answers import IfMatch, read, read_page, versioned
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.children.router.played import CallDep, write
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.paging import Paging
from service.reporting.query import strict_query
from service.schemas.children.writings import (
    Assessment,
    AssessmentAsk,
    AssessmentListed,
    AssessmentsAsk,
    NoteAsk,
    NoteChangeAsk,
    NoteRemoved,
    NotesAsk,
    ProgressNote,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN = Depends(strict_query(Ask))
_WRITES_NOTES = [Depends(needs("notes:write")), _PLAIN]


@router.get(
    "/{child_id:int}/notes",
    operation_id="children_notes",
    summary="Notes about a child",
    response_model=Listing[ProgressNote],
    responses=list_responses(examples.NOTE, 404),
    dependencies=[Depends(needs("notes:read")), Depends(strict_query(NotesAsk))],
)
async def list_notes(child_id: int, ask: Annotated[NotesAsk, Query()], call: CallDep) -> Response:
    """Those that are meant for the reader's side, and their own; the newest first."""
    paging = Paging(call.cursors, ask, f"children/{child_id}/notes", queries.NOTE_KEYS)
    database, statement = call.runtime.database, queries.notes_like(call.caller, child_id, ask)
    rows, page = await rows_of(
        database, call.caller, child_id, statement, paging, queries.NOTE_KEYS, notes.LISTED
    )
    await note_reading(database, call.caller, notes.LISTED, child_id)
    items = [notes.note_of(row) for row in rows]
    return read_page(call.request, Listing[ProgressNote](items=items, page=page))


@router.post(
    "/{child_id:int}/notes",
    operation_id="children_add_note",
    summary="Write a note about a child",
    status_code=201,
    response_model=ProgressNote,
    responses=written_responses(201, examples.NOTE, 409),
    dependencies=_WRITES_NOTES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.NOTE_ASK}}}},
)
async def add_note(child_id: int, asked: NoteAsk, call: CallDep) -> Response:
    """For one side, or for all."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made = await notes.add(conn, call.caller, child_id, asked, call.policy)
        return Answered(made, 201, versioned(made.version)), [of_writings(child_id)]

    return await write(call, deed)


@router.patch(
    "/notes/{note_id:int}",
    operation_id="children_change_note",
    summary="Change a note, within a day of writing it",
    response_model=ProgressNote,
    responses=written_responses(200, examples.NOTE | {"version": 2}, 409, 412, 428),
    dependencies=_WRITES_NOTES,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.NOTE_CHANGE}}}},
)
async def change_note(
    note_id: int, asked: NoteChangeAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """By its author alone."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        changed = await notes.change(conn, call.caller, note_id, asked, if_match)
        return Answered(changed, headers=versioned(changed.version)), [of_writings(changed.child_id)]

    return await write(call, deed)


@router.delete(
    "/notes/{note_id:int}",
    operation_id="children_remove_note",
    summary="Remove a note, within a day of writing it",
    response_model=NoteRemoved,
    responses=written_responses(200, examples.NOTE_REMOVED, 409),
    dependencies=_WRITES_NOTES,
)
async def remove_note(note_id: int, call: CallDep) -> Response:
    """By its author alone; nobody is shown it any more."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        removed = await notes.remove(conn, call.caller, note_id)
        return Answered(removed), [of_writings(removed.child_id)]

    return await write(call, deed)


@router.get(
    "/{child_id:int}/assessments",
    operation_id="children_assessments",
    summary="Assessments of a child",
    response_model=Listing[AssessmentListed],
    responses=list_responses(examples.ASSESSMENT_LISTED, 404),
    dependencies=[Depends(needs("assessments:read")), Depends(strict_query(AssessmentsAsk))],
)
async def list_assessments(child_id: int, ask: Annotated[AssessmentsAsk, Query()], call: CallDep) -> Response:
    """The latest first, without what was found."""
    keys, what = queries.ASSESSMENT_KEYS, assessments.LISTED
    paging = Paging(call.cursors, ask, f"children/{child_id}/assessments", keys)
    database, statement = call.runtime.database, queries.assessments_like(child_id, ask)
    rows, page = await rows_of(database, call.caller, child_id, statement, paging, keys, what)
    await note_reading(database, call.caller, what, child_id)
    items = [assessments.listed_of(row) for row in rows]
    return read_page(call.request, Listing[AssessmentListed](items=items, page=page))


@router.post(
    "/{child_id:int}/assessments",
    operation_id="children_add_assessment",
    summary="Add an assessment of a child",
    status_code=201,
    response_model=Assessment,
    responses=written_responses(201, examples.ASSESSMENT, 409),
    dependencies=[Depends(needs("assessments:write")), _PLAIN],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASSESSMENT_ASK}}}},
)
async def add_assessment(child_id: int, asked: AssessmentAsk, call: CallDep) -> Response:
    """By professionals who may comment or edit; it is not changed afterwards."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made = await assessments.add(conn, call.caller, child_id, asked, call.policy)
        place = {"Location": f"{PREFIX}/assessments/{made.id}"}
        return Answered(made, 201, {**versioned(made.version), **place}), [of_writings(child_id)]

    return await write(call, deed)


@router.get(
    "/assessments/{assessment_id:int}",
    operation_id="children_assessment",
    summary="One assessment",
    response_model=Assessment,
    responses=one_responses(examples.ASSESSMENT),
    dependencies=[Depends(needs("assessments:read")), _PLAIN],
)
async def one_assessment(assessment_id: int, call: CallDep) -> Response:
    """With everything that was found."""
    found = await assessments.read(call.runtime.database, call.caller, assessment_id)
    return read(found, **versioned(found.version))
