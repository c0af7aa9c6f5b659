"""`/health/cache`: both levels as they stand; `/v1/cache/clear`: forget, on every replica."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from service.access import audit
from service.core.auth import Caller, needs
from service.core.cache.clearing import scope_of
from service.core.database import WriteConnection
from service.core.errors import unknown_value
from service.core.idempotency import Answered, write_once
from service.core.inbound import RuntimeDep
from service.core.responses import Responses
from service.core.runtime import Runtime
from service.core.versions import token
from service.monitoring.cache_example import CLEARED, EXAMPLE
from service.monitoring.cache_figures import cache_health
from service.reporting.documented import document_of
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask
from service.schemas.monitoring.cache import CacheClearAsk, CacheCleared, CacheHealth

router = APIRouter()

_NO_STORE: Final = {"Cache-Control": "no-store"}
Admin = Annotated[Caller, Depends(needs("admin"))]


@router.get(
    "/health/cache",
    tags=["health"],
    operation_id="health_cache",
    summary="The caches: hit rates, memory, clean-ups, the shared store, warming, advice about lifetimes",
    description="Figures are of the process that answers, since its start.",
    response_model=CacheHealth,
    responses={
        **problem_responses(401, 403, 422),
        200: {"content": {"application/json": {"example": EXAMPLE}}},
    },
    dependencies=[Depends(needs("health:detail")), Depends(strict_query(Ask))],
)
async def get_cache(request: Request, runtime: RuntimeDep) -> Response:
    state = request.app.state
    health = await cache_health(runtime, state.responses, state.warmer)
    return Response(health.model_dump_json(by_alias=True), headers=_NO_STORE, media_type="application/json")


@router.post(
    "/v1/cache/clear",
    tags=["cache"],
    operation_id="cache_clear",
    summary="Forget kept answers, on every replica",
    description="A route's template forgets its finished answers; a namespace of the shared level, or none, "
    "forgets all finished answers too, as they are built from it. The next request of each builds anew.",
    response_model=CacheCleared,
    responses={
        **problem_responses(400, 401, 403, 409, 422, 503),
        200: {"content": {"application/json": {"example": CLEARED}}},
    },
    dependencies=[Depends(strict_query(CacheClearAsk))],
)
async def clear_cache(
    request: Request, runtime: RuntimeDep, caller: Admin, asked: Annotated[CacheClearAsk, Query()]
) -> Response:
    namespace, responses = asked.namespace, request.app.state.responses
    if namespace is not None:
        known = await _namespaces(request, runtime, responses)
        if namespace not in known:
            raise unknown_value("/query/namespace", "namespace", namespace, known)

    async def effect(conn: WriteConnection) -> Answered:
        entries = _entries(runtime, responses, namespace)
        await audit.record(conn, caller, "cache.cleared", f"cache:{namespace or 'all'}")
        raised = await runtime.versions.raise_in(conn, [scope_of(namespace)])
        version = token(raised)
        cleared = CacheCleared(namespace=namespace, entries=entries, data_version=version)
        return Answered(cleared, headers={"Data-Version": version})

    return await write_once(runtime.database, request, caller.id, effect)


async def _namespaces(request: Request, runtime: Runtime, responses: Responses) -> set[str]:
    """What there can be on any replica: routes that are read, the desks' shared data, and what is here."""
    paths = (await document_of(request))["paths"]
    return {
        *(path for path, operations in paths.items() if "get" in operations),
        *(f"report/{desk.name}" for desk in request.app.state.desks),
        *responses.kept.tallies,
        *runtime.cache.stats(),
    }


def _entries(runtime: Runtime, responses: Responses, namespace: str | None) -> int:
    both = ({**responses.stats()}, {**runtime.cache.stats()})
    return sum(found.entries for level in both for name, found in level.items() if namespace in (None, name))
