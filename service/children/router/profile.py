"""The child itself: made, listed, read, changed, archived."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.children.door import note_reading
from service.children.family import lists, profile, restriction
from service.children.router import profile_examples as examples
from service.children.router.again import write_seen
from service.children.router.answers import (
    NO_STORE,
    CallDep,
    IfMatch,
    note_list,
    read,
    read_page,
    versioned,
    written,
)
from service.children.router.documented import (
    CLOSED,
    PREFIX,
    TAGS,
    list_responses,
    one_responses,
    written_responses,
)
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.errors import NotFound
from service.core.idempotency import Answered
from service.reporting.query import strict_query
from service.schemas.children.care import SensoryDomainPatch, SomeSenses
from service.schemas.children.family import (
    ChildAsk,
    ChildDetail,
    ChildPatch,
    ChildrenAsk,
    ChildSummary,
    ProfileCompletion,
    SensoryProfileShown,
)
from service.schemas.children.words import SensoryDomain, words
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_READS = Depends(needs("children:read"))
_WRITES = Depends(needs("children:write"))
_CONSENTS = Depends(needs("consent:manage"))
_PLAIN = Depends(strict_query(Ask))


@router.get(
    "",
    operation_id="children_list",
    summary="The children you may see",
    description="Newest first. With `include=recent_sessions` the scope `sessions:read` is needed as well.",
    response_model=Listing[ChildSummary],
    responses=list_responses(examples.SUMMARY),
    dependencies=[_READS, Depends(strict_query(ChildrenAsk))],
)
async def list_children(request: Request, call: CallDep, ask: Annotated[ChildrenAsk, Query()]) -> Response:
    """A page of children."""
    if ask.include is not None and "recent_sessions" in ask.include:
        call.caller.require("sessions:read")
    async with call.runtime.database.snapshot() as conn:
        listing = await lists.page_of(conn, call, ask)
    await note_list(call, "child.list", listing)
    return read_page(request, listing)


@router.post(
    "",
    operation_id="children_add",
    summary="Add a child",
    description="By a parent, who becomes the primary guardian. Consent to `processing` belongs to it. "
    "Of an avatar the address is kept, no picture.",
    status_code=201,
    response_model=ChildSummary,
    responses=written_responses(201, examples.BRIEF),
    dependencies=[_WRITES, _PLAIN],
    openapi_extra=examples.asked(examples.CHILD_ASK),
)
async def add_child(request: Request, call: CallDep, asked: ChildAsk) -> Response:
    """A new child."""

    async def effect(conn: WriteConnection) -> Answered:
        made, headers = await profile.create(conn, call, asked)
        location = {"Location": f"{PREFIX}/{made.id}"}
        return written(made, {**headers, **versioned(made.version), **location}, 201)

    return await write_seen(call.runtime, request, call.caller, effect)


@router.get(
    "/{child_id:int}",
    operation_id="children_get",
    summary="One child",
    description="What you may not see is not in the answer, and `withheld` names it.",
    response_model=ChildDetail,
    responses=one_responses(examples.DETAIL),
    dependencies=[_READS, _PLAIN],
)
async def get_child(call: CallDep, child_id: int) -> Response:
    """A child."""
    async with call.runtime.database.snapshot() as conn:
        shown = await profile.look(conn, call, child_id)
    await note_reading(call.runtime.database, call.caller, "child.read", child_id)
    return read(shown, **versioned(shown["version"]))


@router.patch(
    "/{child_id:int}",
    operation_id="children_change",
    summary="Change a child's description",
    description="JSON Merge Patch (RFC 7396): null takes away, lists are given as a whole. Professionals "
    "with edit access change therapies and sensory profile.",
    response_model=ChildDetail,
    responses=written_responses(200, examples.DETAIL, 409, 412, 428),
    dependencies=[_WRITES, _PLAIN],
    openapi_extra=examples.asked(examples.PATCH),
)
async def change_child(call: CallDep, child_id: int, asked: ChildPatch, if_match: IfMatch = None) -> Response:
    """Change what is named."""
    patch = asked.model_dump(exclude_unset=True)

    async with call.runtime.database.write() as conn:
        changed, headers = await profile.change(conn, call, child_id, patch, if_match)
    return read(changed, **versioned(changed["version"]), **headers)


@router.delete(
    "/{child_id:int}",
    operation_id="children_archive",
    summary="Archive a child",
    description="Nothing is lost: guardians may restore it. To have it erased is another request.",
    status_code=204,
    responses=written_responses(204, None, 409),
    dependencies=[_WRITES, _PLAIN],
)
async def archive_child(call: CallDep, child_id: int) -> Response:
    """Put a child aside."""
    async with call.runtime.database.write() as conn:
        headers = await profile.archive(conn, call, child_id)
    return Response(status_code=204, headers={**NO_STORE, **headers})


@router.post(
    "/{child_id:int}/restore",
    operation_id="children_restore",
    summary="Restore an archived child",
    response_model=ChildSummary,
    responses=written_responses(200, examples.BRIEF, 409),
    dependencies=[_WRITES, _PLAIN],
)
async def restore_child(request: Request, call: CallDep, child_id: int) -> Response:
    """Take it back."""

    async def effect(conn: WriteConnection) -> Answered:
        restored, headers = await profile.restore(conn, call, child_id)
        return written(restored, {**headers, **versioned(restored.version)})

    return await write_seen(call.runtime, request, call.caller, effect)


@router.get(
    "/{child_id:int}/profile-completion",
    operation_id="children_profile_completion",
    summary="How complete a child's description is",
    response_model=ProfileCompletion,
    responses=one_responses(examples.COMPLETION),
    dependencies=[_READS, _PLAIN],
)
async def profile_completion(call: CallDep, child_id: int) -> Response:
    """Ten parts of ten percent each."""
    async with call.runtime.database.snapshot() as conn:
        found = await lists.completion(conn, call, child_id)
    await note_reading(call.runtime.database, call.caller, "child.read", child_id)
    return read(found)


@router.put(
    "/{child_id:int}/sensory-profile",
    operation_id="children_replace_sensory_profile",
    summary="Replace a child's sensory profile",
    description="Domains that are left out are taken away.",
    response_model=SensoryProfileShown,
    responses=written_responses(200, examples.SENSORY, 409, 412, 428),
    dependencies=[_WRITES, _PLAIN],
    openapi_extra=examples.asked(examples.SENSES),
)
async def replace_sensory_profile(
    call: CallDep, child_id: int, asked: SomeSenses, if_match: IfMatch = None
) -> Response:
    """The whole profile."""
    async with call.runtime.database.write() as conn:
        changed, headers = await profile.replace_senses(conn, call, child_id, asked, if_match)
    return _senses(changed, headers)


@router.patch(
    "/{child_id:int}/sensory-profile/{domain}",
    operation_id="children_change_sensory_domain",
    summary="Change one domain of a sensory profile",
    description="A domain that is not there yet needs its sensitivity.",
    response_model=SensoryProfileShown,
    responses=written_responses(200, examples.SENSORY, 409, 412, 428),
    dependencies=[_WRITES, _PLAIN],
    openapi_extra=examples.asked({"triggers": ["vacuum cleaner", "hand dryer"]}),
)
async def change_sensory_domain(
    call: CallDep, child_id: int, domain: str, asked: SensoryDomainPatch, if_match: IfMatch = None
) -> Response:
    """What is named of it."""
    if domain not in words(SensoryDomain):
        raise NotFound("there is no such sensory domain")
    patch = asked.model_dump(exclude_unset=True)
    async with call.runtime.database.write() as conn:
        changed, headers = await profile.change_domain(conn, call, child_id, domain, patch, if_match)
    return _senses(changed, headers)


@router.put(
    "/{child_id:int}/restriction",
    operation_id="children_restrict",
    summary="Restrict a child's record",
    description="Guardians read it, professionals see nothing, nothing new is recorded (GDPR, article 18).",
    response_model=ChildSummary,
    responses=written_responses(200, examples.BRIEF | {"restricted": True}, 412, 428),
    dependencies=[_CONSENTS, _PLAIN],
)
async def restrict(call: CallDep, child_id: int, if_match: IfMatch = None) -> Response:
    """Restrict it."""
    async with call.runtime.database.write() as conn:
        restricted, headers = await restriction.restrict(conn, call, child_id, if_match)
    return read(restricted, **versioned(restricted.version), **headers)


@router.delete(
    "/{child_id:int}/restriction",
    operation_id="children_lift_restriction",
    summary="Lift the restriction of a child's record",
    status_code=204,
    responses=written_responses(204, None, 409),
    dependencies=[_CONSENTS, _PLAIN],
)
async def lift_restriction(call: CallDep, child_id: int) -> Response:
    """It may be used again."""
    async with call.runtime.database.write() as conn:
        headers = await restriction.lift(conn, call, child_id)
    return Response(status_code=204, headers={**NO_STORE, **headers})


def _senses(changed: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    shown = SensoryProfileShown(
        child_id=changed["id"], sensory_profile=changed["sensory_profile"], version=changed["version"]
    )
    return read(shown, **versioned(shown.version), **headers)
