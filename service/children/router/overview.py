"""Children by search and in counts, and presets that stand for nobody."""

from hashlib import sha256
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from service.children.door import note_reading
from service.children.family import lists
from service.children.router import profile_examples as examples
from service.children.router.answers import CallDep, note_list, read, read_page
from service.children.router.documented import CLOSED, PREFIX, TAGS, list_responses, one_responses
from service.children.rules.templates import TEMPLATES
from service.core.auth import needs
from service.reporting.query import strict_query
from service.schemas.children.family import (
    ChildrenSearchAsk,
    ChildrenStatistics,
    ChildSummary,
    ChildTemplates,
)
from service.schemas.envelope import Ask, Listing

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
_READS = Depends(needs("children:read"))
_FIGURES = Depends(needs("children:read", "analytics:read"))
_PLAIN = Depends(strict_query(Ask))
_PRESETS: Final = ChildTemplates.model_validate({"items": TEMPLATES}).model_dump_json().encode()
_PRESETS_TAG: Final = f'"{sha256(_PRESETS).hexdigest()[:16]}"'


@router.get(
    "/search",
    operation_id="children_search",
    summary="Search among the children you may see",
    description="By part of the name or diagnosis, support level and age; archived ones too.",
    response_model=Listing[ChildSummary],
    responses=list_responses(examples.BRIEF),
    dependencies=[_READS, Depends(strict_query(ChildrenSearchAsk))],
)
async def search(request: Request, call: CallDep, ask: Annotated[ChildrenSearchAsk, Query()]) -> Response:
    """A page of children that were found."""
    async with call.runtime.database.read() as conn:
        listing = await lists.search(conn, call, ask)
    await note_list(call, "child.search", listing)
    return read_page(request, listing)


@router.get(
    "/statistics",
    operation_id="children_statistics",
    summary="The children you may see, counted",
    response_model=ChildrenStatistics,
    responses=one_responses(examples.STATISTICS),
    dependencies=[_FIGURES, _PLAIN],
)
async def statistics(call: CallDep) -> Response:
    """By level of support, age and style, with what they played lately."""
    async with call.runtime.database.read() as conn:
        found = await lists.statistics(conn, call)
    await note_reading(call.runtime.database, call.caller, "child.statistics")
    return read(found)


@router.get(
    "/templates",
    operation_id="children_templates",
    summary="Presets to begin a description with",
    description="One for each level of support; they never change within a version of the service.",
    response_model=ChildTemplates,
    responses={
        **one_responses({"items": list(TEMPLATES)}),
        304: {"description": "The presets you have (`If-None-Match`) are still these."},
    },
    dependencies=[_READS, _PLAIN],
)
async def templates(
    if_none_match: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """Static, and nothing of any child: the one answer of this desk that may be kept."""
    headers = {"ETag": _PRESETS_TAG, "Cache-Control": "private, max-age=3600"}
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if known & {_PRESETS_TAG, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(_PRESETS, headers=headers, media_type="application/json")
