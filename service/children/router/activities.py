"""Activities and what they earn."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.children.door import note_reading
from service.children.play import activities
from service.children.play import points as earning
from service.children.play.reading import rows_of
from service.children.queries import activities as kept
from service.children.queries.points import NEWEST_FIRST, entries_like
from service.children.queries.scopes import of_activities, of_child
from service.children.router import activities_examples as examples
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
    CallDep,
    write,
)
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.core.paging import Paging
from service.reporting.query import strict_query
from service.schemas.children.activities import (
    ActivitiesAsk,
    Activity,
    ActivityAsk,
    ActivityChangeAsk,
    ActivityVoided,
    VerifyAsk,
)
from service.schemas.children.play import VoidAsk
from service.schemas.children.points import Achievements, LedgerAsk, PointEntry, PointsAsk, PointsAwarded
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_PLAIN = Depends(strict_query(Ask))
_WRITING = [Depends(needs(WRITES)), _PLAIN]


@router.get(
    "/activities/{activity_id:int}",
    operation_id="children_activity",
    summary="One activity",
    response_model=Activity,
    responses=one_responses(examples.ACTIVITY),
    dependencies=[Depends(needs(READS)), _PLAIN],
)
async def one_activity(activity_id: int, call: CallDep) -> Response:
    """An activity."""
    found = await activities.read_activity(call.runtime.database, call.caller, activity_id)
    return read(found, **versioned(found.version))


@router.patch(
    "/activities/{activity_id:int}",
    operation_id="children_update_activity",
    summary="Tell an activity otherwise",
    description="Type, time and points stay. Verifications of what it was are taken off.",
    response_model=Activity,
    responses=written_responses(200, examples.ACTIVITY, 409, 412, 428),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.CHANGE_ASK}}}},
)
async def update_activity(
    activity_id: int, asked: ActivityChangeAsk, call: CallDep, if_match: IfMatch = None
) -> Response:
    """What is not named stays."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        changed = await activities.change(conn, call.caller, activity_id, asked, if_match)
        return _told(changed), [of_activities(changed.child_id)]

    return await write(call, deed)


@router.post(
    "/activities/{activity_id:int}/verify",
    operation_id="children_verify_activity",
    summary="Verify an activity, for one's own side",
    response_model=Activity,
    responses=written_responses(200, examples.VERIFIED, 409),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.VERIFY_ASK}}}},
)
async def verify_activity(activity_id: int, asked: VerifyAsk, call: CallDep) -> Response:
    """Guardians verify for the family, professionals for themselves."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        verified = await activities.verify(conn, call.caller, activity_id, asked)
        return _told(verified), [of_activities(verified.child_id)]

    return await write(call, deed)


@router.delete(
    "/activities/{activity_id:int}",
    operation_id="children_void_activity",
    summary="Void an activity",
    description="It counts nowhere any more and its points are taken back; achievements stay.",
    response_model=ActivityVoided,
    responses=written_responses(200, examples.VOIDED, 409),
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.VOID}}}},
)
async def void_activity(activity_id: int, asked: VoidAsk, call: CallDep) -> Response:
    """By guardians; by a professional within a day of adding it themselves."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        voided = await activities.void(conn, call.caller, activity_id, asked.reason)
        return Answered(voided), [of_activities(voided.child_id), of_child(voided.child_id)]

    return await write(call, deed)


@router.get(
    "/{child_id:int}/activities",
    operation_id="children_activities",
    summary="A child's activities, newest first",
    response_model=Listing[Activity],
    responses=list_responses(examples.ACTIVITY, 404),
    dependencies=[Depends(needs(READS)), Depends(strict_query(ActivitiesAsk))],
)
async def list_activities(child_id: int, ask: Annotated[ActivitiesAsk, Query()], call: CallDep) -> Response:
    """By the time they were completed."""
    paging = Paging(call.cursors, ask, f"children/{child_id}/activities", kept.NEWEST_FIRST)
    database, what, statement = call.runtime.database, "activity.list", kept.activities_like(child_id, ask)
    rows, page = await rows_of(database, call.caller, child_id, statement, paging, kept.NEWEST_FIRST, what)
    await note_reading(database, call.caller, what, child_id)
    items = [Activity.model_validate(row._asdict()) for row in rows]
    return read_page(call.request, Listing[Activity](items=items, page=page))


@router.post(
    "/{child_id:int}/activities",
    operation_id="children_add_activity",
    summary="Add an activity",
    description="Its points are awarded once.",
    status_code=201,
    response_model=Activity,
    responses=written_responses(201, examples.ACTIVITY, 409)
    | {200: {"description": "It is there already.", "model": Activity}},
    dependencies=_WRITING,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ACTIVITY_ASK}}}},
)
async def add_activity(child_id: int, asked: ActivityAsk, call: CallDep) -> Response:
    """With an id of the sender's own, a repetition answers the activity that is there (200)."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        made, is_new = await activities.add(conn, call.caller, child_id, asked, call.policy)
        place = {"Location": f"{PREFIX}/activities/{made.id}"}
        told = Answered(made, 201 if is_new else 200, {**versioned(made.version), **place})
        return told, [of_activities(child_id), of_child(child_id)] if is_new else []

    return await write(call, deed)


@router.get(
    "/{child_id:int}/points",
    operation_id="children_points",
    summary="A child's ledger of points, newest first",
    response_model=Listing[PointEntry],
    responses=list_responses(examples.ENTRY, 404),
    dependencies=[Depends(needs("children:read")), Depends(strict_query(LedgerAsk))],
)
async def list_points(child_id: int, ask: Annotated[LedgerAsk, Query()], call: CallDep) -> Response:
    """The child's points are the sum of its entries."""
    paging = Paging(call.cursors, ask, f"children/{child_id}/points", NEWEST_FIRST)
    database, what, statement = call.runtime.database, earning.LEDGER_READ, entries_like(child_id, ask)
    rows, page = await rows_of(database, call.caller, child_id, statement, paging, NEWEST_FIRST, what)
    await note_reading(database, call.caller, what, child_id)
    items = [PointEntry.model_validate(row._asdict()) for row in rows]
    return read_page(call.request, Listing[PointEntry](items=items, page=page))


@router.post(
    "/{child_id:int}/points",
    operation_id="children_award_points",
    summary="Award points by hand",
    status_code=201,
    response_model=PointsAwarded,
    responses=written_responses(201, examples.AWARDED, 409),
    dependencies=[Depends(needs("points:write")), _PLAIN],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.POINTS_ASK}}}},
)
async def award_points(child_id: int, asked: PointsAsk, call: CallDep) -> Response:
    """Send an `Idempotency-Key`, so that a repetition adds nothing."""

    async def deed(conn: WriteConnection) -> tuple[Answered, list[str]]:
        return Answered(await earning.give(conn, call.caller, child_id, asked), 201), [of_child(child_id)]

    return await write(call, deed)


@router.get(
    "/{child_id:int}/achievements",
    operation_id="children_achievements",
    summary="What there is to earn, and how far the child is",
    response_model=Achievements,
    responses=one_responses(examples.ACHIEVEMENTS),
    dependencies=[Depends(needs("children:read")), _PLAIN],
)
async def list_achievements(child_id: int, call: CallDep) -> Response:
    """By counts; what was earned once is never taken away."""
    database = call.runtime.database
    async with database.snapshot() as conn:
        found = await earning.read_achievements(conn, call.caller, child_id)
    await note_reading(database, call.caller, earning.ACHIEVEMENTS_READ, child_id)
    return read(found)


def _told(activity: Activity) -> Answered:
    return Answered(activity, headers=versioned(activity.version))
