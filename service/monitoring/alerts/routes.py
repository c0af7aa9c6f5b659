"""`/v1/alerts`: rules, how they stand, what became of them; silence and trial."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from service.access.answering import IfMatch
from service.core.auth import needs
from service.core.database import WriteConnection
from service.core.idempotency import Answered, write_once
from service.core.inbound import CallerDep, RuntimeDep, Snapshot
from service.core.paging import Cursors, Paging, count_up_to, next_link
from service.monitoring.alerts import asking, examples, queries
from service.monitoring.alerts.catalogue import catalogue
from service.monitoring.alerts.sources import Sources
from service.monitoring.alerts.states import Standing, judged
from service.reporting.desk import Desk
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.envelope import Ask, Listing
from service.schemas.monitoring.alerts import (
    AlertAsk,
    AlertEvent,
    AlertEventsAsk,
    AlertFigures,
    AlertRule,
    AlertsAsk,
    AlertVerdict,
    NewAlertRule,
    SilenceAsk,
)

router = APIRouter(tags=["alerts"], dependencies=[Depends(needs("admin"))])

_HEADERS = {"Cache-Control": "no-store"}
_PLAIN = [Depends(strict_query(Ask))]


@router.get(
    "/v1/alerts",
    operation_id="alerts_list",
    summary="The alert rules and how they stand, newest first",
    response_model=Listing[AlertRule],
    responses={
        **problem_responses(400, 401, 403, 410, 422, 503),
        200: examples.shown(examples.page_of(examples.RULE)),
    },
    dependencies=[Depends(strict_query(AlertsAsk))],
)
async def list_alerts(
    request: Request, runtime: RuntimeDep, conn: Snapshot, asked: Annotated[AlertsAsk, Query()]
) -> Response:
    """Every rule, or those that are in a state, of a severity, or switched on."""
    paging = Paging(Cursors.of(runtime.settings), asked, "alerts", queries.NEWEST_FIRST)
    statement = queries.rules_like(state=asked.state, severity=asked.severity, enabled=asked.enabled)
    rows = (await conn.execute(paging.narrow(statement))).all()
    total = await count_up_to(conn, statement) if paging.wants_total else None
    shown, page = paging.page(rows, total)
    listing = Listing[AlertRule](items=[asking.rule_of(row) for row in shown], page=page)
    return _json(listing, next_link(str(request.url), page.next))


@router.post(
    "/v1/alerts",
    operation_id="alerts_create",
    summary="Watch something",
    description="A figure of the service, a business figure of any report or gap, the age of data, or the "
    "latency objective. The secret of webhooks is in this answer only.",
    status_code=201,
    response_model=NewAlertRule,
    responses={
        **problem_responses(400, 401, 403, 409, 422, 503),
        201: examples.shown(examples.NEW),
    },
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def create_alert(request: Request, runtime: RuntimeDep, caller: CallerDep, asked: AlertAsk) -> Response:
    """Make a rule."""
    asking.check(asked, _desks(request), runtime.settings)

    async def effect(conn: WriteConnection) -> Answered:
        made = await asking.add(conn, runtime.settings, asked, caller)
        return Answered(made, 201, _of_version(made, Location=f"/v1/alerts/{made.id}"))

    return await write_once(runtime.database, request, caller.id, effect)


@router.get(
    "/v1/alerts/{rule_id}",
    operation_id="alerts_get",
    summary="One rule and how it stands",
    response_model=AlertRule,
    responses={**problem_responses(401, 403, 404, 422, 503), 200: examples.shown(examples.RULE)},
    dependencies=_PLAIN,
)
async def get_alert(conn: Snapshot, rule_id: str) -> Response:
    """A rule."""
    rule = asking.rule_of(await asking.find(conn, rule_id))
    return _json(rule, _of_version(rule))


@router.put(
    "/v1/alerts/{rule_id}",
    operation_id="alerts_update",
    summary="Change a rule",
    description="The whole rule as it is to be. How it stands stays, unless it is switched off.",
    response_model=NewAlertRule,
    responses={
        **problem_responses(400, 401, 403, 404, 409, 412, 422, 428, 503),
        200: examples.shown(examples.NEW),
    },
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def update_alert(
    request: Request,
    runtime: RuntimeDep,
    caller: CallerDep,
    rule_id: str,
    asked: AlertAsk,
    if_match: IfMatch = None,
) -> Response:
    """Change a rule that is at the version that `If-Match` names."""
    asking.check(asked, _desks(request), runtime.settings)

    async def effect(conn: WriteConnection) -> Answered:
        row = await asking.hold(conn, rule_id)
        asking.require_version(row, if_match)
        changed = await asking.change(conn, runtime.settings, row, asked, caller)
        return Answered(changed, 200, _of_version(changed))

    return await write_once(runtime.database, request, caller.id, effect)


@router.delete(
    "/v1/alerts/{rule_id}",
    operation_id="alerts_delete",
    summary="Remove a rule for good, with its events",
    response_model=AlertRule,
    responses={**problem_responses(400, 401, 403, 404, 422, 503), 200: examples.shown(examples.RULE)},
    dependencies=_PLAIN,
)
async def delete_alert(request: Request, runtime: RuntimeDep, caller: CallerDep, rule_id: str) -> Response:
    """Remove a rule; a built-in one does not come back."""

    async def effect(conn: WriteConnection) -> Answered:
        row = await asking.hold(conn, rule_id)
        return Answered(await asking.remove(conn, row, caller), 200, _HEADERS)

    return await write_once(runtime.database, request, caller.id, effect)


@router.post(
    "/v1/alerts/{rule_id}/silence",
    operation_id="alerts_silence",
    summary="Tell nobody until an instant",
    description="It is judged all the same. If it still fires when the silence ends, people are told then.",
    response_model=AlertRule,
    responses={**problem_responses(400, 401, 403, 404, 422, 503), 200: examples.shown(examples.RULE)},
    dependencies=_PLAIN,
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.SILENCE}}}},
)
async def silence_alert(
    request: Request, runtime: RuntimeDep, caller: CallerDep, rule_id: str, asked: SilenceAsk
) -> Response:
    """Silence a rule, or end its silence."""

    async def effect(conn: WriteConnection) -> Answered:
        row = await asking.hold(conn, rule_id)
        silenced = await asking.silence(conn, row, asked, caller)
        return Answered(silenced, 200, _of_version(silenced))

    return await write_once(runtime.database, request, caller.id, effect)


@router.get(
    "/v1/alerts/{rule_id}/events",
    operation_id="alerts_events",
    summary="What became of a rule, newest first, and who was told",
    response_model=Listing[AlertEvent],
    responses={
        **problem_responses(400, 401, 403, 404, 410, 422, 503),
        200: examples.shown(examples.page_of(examples.EVENT)),
    },
    dependencies=[Depends(strict_query(AlertEventsAsk))],
)
async def list_events(
    request: Request,
    runtime: RuntimeDep,
    conn: Snapshot,
    rule_id: str,
    asked: Annotated[AlertEventsAsk, Query()],
) -> Response:
    """The changes of state of a rule."""
    paging = Paging(Cursors.of(runtime.settings), asked, f"alerts/{rule_id}", queries.LATEST_FIRST)
    found = await asking.find(conn, rule_id)
    statement = queries.events_of(found.id)
    rows = (await conn.execute(paging.narrow(statement))).all()
    total = await count_up_to(conn, statement) if paging.wants_total else None
    shown, page = paging.page(rows, total)
    listing = Listing[AlertEvent](items=[asking.event_of(row) for row in shown], page=page)
    return _json(listing, next_link(str(request.url), page.next))


@router.post(
    "/v1/alerts/{rule_id}/test",
    operation_id="alerts_test",
    summary="What an evaluation now would say",
    description="Nothing is changed and nobody is told.",
    response_model=AlertVerdict,
    responses={**problem_responses(401, 403, 404, 422, 503), 200: examples.shown(examples.VERDICT)},
    dependencies=_PLAIN,
)
async def try_alert(request: Request, runtime: RuntimeDep, rule_id: str) -> Response:
    """Read the value and judge it, without consequences."""
    async with runtime.database.snapshot() as conn:
        row = await asking.find(conn, rule_id)
        now = await queries.select_now(conn)
    limits = asking.limits_of(row)
    reading = await Sources(runtime, _desks(request)).read(row.source, row.comparison)
    after = judged(limits, Standing(row.state, row.state_since, row.evaluated_at), reading, now)
    verdict = AlertVerdict(
        value=reading.value,
        unit=reading.unit,
        detail=reading.detail,
        beyond=None if reading.value is None else limits.beyond(reading.value),
        state=row.state,
        next_state=after.state,
        as_of=now,
    )
    return _json(verdict)


@router.get(
    "/v1/alert-figures",
    operation_id="alerts_figures",
    summary="What rules can watch",
    response_model=AlertFigures,
    responses={**problem_responses(401, 403, 422, 503), 200: examples.shown(examples.FIGURES)},
    dependencies=_PLAIN,
)
async def list_figures(request: Request, conn: Snapshot) -> Response:
    """Figures, reports, gaps, sources and flags."""
    return _json(await catalogue(conn, _desks(request)))


def _desks(request: Request) -> Sequence[Desk]:
    desks: Sequence[Desk] = request.app.state.desks
    return desks


def _of_version(rule: AlertRule, **more: str) -> dict[str, str]:
    return {"ETag": f'"{rule.version}"', **more, **_HEADERS}


def _json(content: BaseModel, headers: Mapping[str, Any] | None = None) -> Response:
    together = {**(headers or {}), **_HEADERS}
    return Response(content.model_dump_json(by_alias=True), headers=together, media_type="application/json")
