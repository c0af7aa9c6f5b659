"""Who stands around a child: guardians, professionals, consents."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.children.door import note_reading
from service.children.family import assignments, consents, guardians
from service.children.router import around_examples as examples
from service.children.router.again import write_seen
from service.children.router.answers import (
    NO_STORE,
    CallDep,
    IfMatch,
    read,
    read_page,
    versioned,
    written,
)
from service.children.router.documented import CLOSED, PREFIX, TAGS, list_responses, written_responses
from service.children.router.profile_examples import asked as shown
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered
from service.reporting.query import strict_query
from service.schemas.children.around import (
    AroundAsk,
    AssignmentAsk,
    AssignmentPatch,
    AssignmentsAsk,
    AssignmentShown,
    ConsentAsk,
    ConsentShown,
    GuardianAsk,
    GuardianShown,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_READS = Depends(needs("children:read"))
_WRITES = Depends(needs("children:write"))
_ASSIGNS = Depends(needs("assignments:manage"))
_CONSENTS = Depends(needs("consent:manage"))
_PLAIN = Depends(strict_query(Ask))
_PAGED = Depends(strict_query(AroundAsk))
Paged = Annotated[AroundAsk, Query()]


@router.get(
    "/{child_id:int}/guardians",
    operation_id="children_guardians",
    summary="The guardians of a child",
    description="Their phone numbers and e-mail addresses only for who needs them; one's own always.",
    response_model=Listing[GuardianShown],
    responses=list_responses(examples.GUARDIAN, 404),
    dependencies=[_READS, _PAGED],
)
async def list_guardians(request: Request, call: CallDep, child_id: int, ask: Paged) -> Response:
    """A page of guardians."""
    async with call.runtime.database.snapshot() as conn:
        listing = await guardians.page_of(conn, call, child_id, ask)
    await note_reading(call.runtime.database, call.caller, "guardian.read", child_id)
    return read_page(request, listing)


@router.post(
    "/{child_id:int}/guardians",
    operation_id="children_add_guardian",
    summary="Let somebody stand by a child",
    description="By the primary guardian; the other one needs a verified parent's account.",
    status_code=201,
    response_model=GuardianShown,
    responses=written_responses(201, examples.GUARDIAN, 409),
    dependencies=[_WRITES, _PLAIN],
    openapi_extra=shown(examples.GUARDIAN_ASK),
)
async def add_guardian(request: Request, call: CallDep, child_id: int, asked: GuardianAsk) -> Response:
    """One more guardian."""

    async def effect(conn: WriteConnection) -> Answered:
        added, headers = await guardians.add(conn, call, child_id, asked)
        return written(added, headers, 201)

    return await write_seen(call.runtime, request, call.caller, effect)


@router.post(
    "/{child_id:int}/guardians/{user_id:int}/primary",
    operation_id="children_hand_over",
    summary="Make another guardian the primary one",
    description="By the primary guardian, who keeps full access.",
    response_model=GuardianShown,
    responses=written_responses(200, examples.PRIMARY, 409),
    dependencies=[_WRITES, _PLAIN],
)
async def hand_over(request: Request, call: CallDep, child_id: int, user_id: int) -> Response:
    """The primary guardian changes."""

    async def effect(conn: WriteConnection) -> Answered:
        primary, headers = await guardians.hand_over(conn, call, child_id, user_id)
        return written(primary, headers)

    return await write_seen(call.runtime, request, call.caller, effect)


@router.delete(
    "/{child_id:int}/guardians/{user_id:int}",
    operation_id="children_remove_guardian",
    summary="Let somebody no longer stand by a child",
    status_code=204,
    responses=written_responses(204, None, 409),
    dependencies=[_WRITES, _PLAIN],
)
async def remove_guardian(call: CallDep, child_id: int, user_id: int) -> Response:
    """One guardian less; never the primary one."""
    async with call.runtime.database.write() as conn:
        headers = await guardians.remove(conn, call, child_id, user_id)
    return Response(status_code=204, headers={**NO_STORE, **headers})


@router.get(
    "/assignments",
    operation_id="children_own_assignments",
    summary="Your own assignments, as a professional",
    description="Invitations among them, newest first; before you accept one you do not see the child.",
    response_model=Listing[AssignmentShown],
    responses=list_responses(examples.ASSIGNMENT),
    dependencies=[_ASSIGNS, Depends(strict_query(AssignmentsAsk))],
)
async def own_assignments(
    request: Request, call: CallDep, ask: Annotated[AssignmentsAsk, Query()]
) -> Response:
    """A page of them."""
    async with call.runtime.database.read() as conn:
        listing = await assignments.own_page(conn, call, ask)
    children = sorted({item.child_id for item in listing.items})
    await note_reading(call.runtime.database, call.caller, "assignment.list", child_ids=children)
    return read_page(request, listing)


@router.get(
    "/{child_id:int}/assignments",
    operation_id="children_assignments",
    summary="The professionals of a child",
    description="Guardians see all assignments, a professional their own; newest first.",
    response_model=Listing[AssignmentShown],
    responses=list_responses(examples.ASSIGNMENT, 404),
    dependencies=[_ASSIGNS, _PAGED],
)
async def list_assignments(request: Request, call: CallDep, child_id: int, ask: Paged) -> Response:
    """A page of assignments."""
    async with call.runtime.database.snapshot() as conn:
        listing = await assignments.page_of(conn, call, child_id, ask)
    await note_reading(call.runtime.database, call.caller, "assignment.read", child_id)
    return read_page(request, listing)


@router.post(
    "/{child_id:int}/assignments",
    operation_id="children_invite",
    summary="Invite a professional",
    description="Their licence has to be verified, and a guardian has to consent: `grant_consent` does that "
    "in the same call. They see the child once they have accepted.",
    status_code=201,
    response_model=AssignmentShown,
    responses=written_responses(201, examples.ASSIGNMENT, 409),
    dependencies=[_ASSIGNS, _PLAIN],
    openapi_extra=shown(examples.ASSIGNMENT_ASK),
)
async def invite(request: Request, call: CallDep, child_id: int, asked: AssignmentAsk) -> Response:
    """An invitation."""

    async def effect(conn: WriteConnection) -> Answered:
        invited, headers = await assignments.invite(conn, call, child_id, asked)
        return written(invited, {**headers, **versioned(invited.version)}, 201)

    return await write_seen(call.runtime, request, call.caller, effect)


@router.patch(
    "/assignments/{assignment_id:int}",
    operation_id="children_change_assignment",
    summary="Accept, decline or end an assignment",
    description="The professional accepts or declines an invitation; either side ends what is open.",
    response_model=AssignmentShown,
    responses=written_responses(200, examples.ACTIVE, 409, 412, 428),
    dependencies=[_ASSIGNS, _PLAIN],
    openapi_extra=shown({"action": "accept"}),
)
async def change_assignment(
    call: CallDep, assignment_id: int, asked: AssignmentPatch, if_match: IfMatch = None
) -> Response:
    """What becomes of it."""
    async with call.runtime.database.write() as conn:
        changed, headers = await assignments.change(conn, call, assignment_id, asked, if_match)
    return read(changed, **versioned(changed.version), **headers)


@router.get(
    "/{child_id:int}/consents",
    operation_id="children_consents",
    summary="The consents of a child",
    description="Newest first, withdrawn ones too.",
    response_model=Listing[ConsentShown],
    responses=list_responses(examples.CONSENT, 404),
    dependencies=[_CONSENTS, _PAGED],
)
async def list_consents(request: Request, call: CallDep, child_id: int, ask: Paged) -> Response:
    """A page of consents."""
    async with call.runtime.database.snapshot() as conn:
        listing = await consents.page_of(conn, call, child_id, ask)
    await note_reading(call.runtime.database, call.caller, "consent.read", child_id)
    return read_page(request, listing)


@router.post(
    "/{child_id:int}/consents",
    operation_id="children_grant_consent",
    summary="Give a consent",
    description="To the present policy. One to an older policy is replaced by it.",
    status_code=201,
    response_model=ConsentShown,
    responses=written_responses(201, examples.CONSENT, 409),
    dependencies=[_CONSENTS, _PLAIN],
    openapi_extra=shown(examples.CONSENT_ASK),
)
async def grant_consent(request: Request, call: CallDep, child_id: int, asked: ConsentAsk) -> Response:
    """A consent."""

    async def effect(conn: WriteConnection) -> Answered:
        granted, headers = await consents.grant(conn, call, child_id, asked)
        return written(granted, headers, 201)

    return await write_seen(call.runtime, request, call.caller, effect)


@router.post(
    "/consents/{consent_id:int}/withdraw",
    operation_id="children_withdraw_consent",
    summary="Withdraw a consent",
    description="At once: without consent to share, the professional's access ends; without consent to "
    "processing, the record can only be read by its guardians. Nothing is deleted by it.",
    response_model=ConsentShown,
    responses=written_responses(200, examples.WITHDRAWN, 409),
    dependencies=[_CONSENTS, _PLAIN],
)
async def withdraw_consent(request: Request, call: CallDep, consent_id: int) -> Response:
    """It ends."""

    async def effect(conn: WriteConnection) -> Answered:
        withdrawn, headers = await consents.withdraw(conn, call, consent_id)
        return written(withdrawn, headers)

    return await write_seen(call.runtime, request, call.caller, effect)
