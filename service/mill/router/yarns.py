"""Yarns, one by one and as a list; suppliers, and what they still bring."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from sqlalchemy import Row
from starlette.responses import Response

from service.access.answering import IfMatch, etag
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import NotFound
from service.core.idempotency import Answered, write_once
from service.core.paging import next_link
from service.core.versions import token
from service.mill.answers import pictures
from service.mill.answers.naming import no_yarn
from service.mill.answers.newest import NewestPlan, newest_plan
from service.mill.answers.standing import data_of, standing_of
from service.mill.answers.timelines import Timeline, timeline_of
from service.mill.answers.yarn_states import yarn_states
from service.mill.answers.yarns import (
    balance_shown,
    fields_asked,
    receipt_item,
    supplier_item,
    timeline_shown,
    yarn_item,
    yarn_shown,
)
from service.mill.decisions.yarns import change_yarn
from service.mill.queries import browse, scopes
from service.mill.queries.ground import select_as_of
from service.mill.queries.known import require_known
from service.mill.queries.one_yarn import select_yarn
from service.mill.queries.parameters import InForce, select_parameters
from service.mill.queries.stocks import StockAsk, StockedYarn, select_stocks
from service.mill.reports.words import LABELS
from service.mill.router import yarn_examples as examples
from service.mill.router.answers import Call, CallDep, Planner
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.rules.balance_chart import balance_chart
from service.mill.rules.parameters import Parameters
from service.mill.rules.sources import PLAN_NEEDS
from service.mill.rules.weeks import iso_week, week_start
from service.reporting.entities import Answer, answer, seen_by
from service.reporting.formats.html_page import HTML
from service.reporting.negotiation import chosen_format
from service.reporting.query import strict_query
from service.reporting.route_responses import also_as, read_responses, written_responses
from service.schemas.envelope import Ask, PageAsk
from service.schemas.mill import yarns as wire
from service.schemas.mill.fields import MillCode

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
Code = Annotated[MillCode, Path(description="Code of a yarn.")]
_PLAIN: Final = [Depends(strict_query(Ask))]
_STOCK: Final = ("yarn_inventory",)
_RECEIPTS: Final = ("expected_receipts", "suppliers")
Shown = Callable[[Row[Any], InForce, date], Any]


@router.get(
    "/yarns",
    operation_id="mill_yarns",
    summary="Yarns and what lies in store of them",
    response_model=wire.YarnListing,
    responses=read_responses(examples.page_with_data(examples.ITEM), 410),
    dependencies=[Depends(strict_query(wire.YarnsAsk))],
)
async def yarns(call: CallDep, ask: Annotated[wire.YarnsAsk, Query()]) -> Response:
    """Filtered and sorted; the risk is by planning balance."""
    fields = fields_asked(ask.fields)

    def listed(in_force: InForce, _: date) -> browse.Listed:
        return browse.yarns(ask, in_force.values)

    def shown(row: Row[Any], in_force: InForce, _: date) -> Any:
        return yarn_item(row, fields, in_force.values)

    return await _page(call, ask, listed, shown, _STOCK)


@router.get(
    "/suppliers",
    operation_id="mill_suppliers",
    summary="Suppliers, what they owe and how late they are",
    response_model=wire.MillSupplierListing,
    responses=read_responses(examples.page_with_data(examples.SUPPLIER), 410),
    dependencies=[Depends(strict_query(wire.MillSuppliersAsk))],
)
async def suppliers(call: CallDep, ask: Annotated[wire.MillSuppliersAsk, Query()]) -> Response:
    """By code, with the yarns that nobody else is named for."""
    return await _page(
        call,
        ask,
        lambda _, as_of: browse.suppliers(ask, as_of),
        lambda row, *_: supplier_item(row),
        _RECEIPTS,
    )


@router.get(
    "/receipts",
    operation_id="mill_receipt_list",
    summary="What purchases still bring",
    response_model=wire.MillReceiptListing,
    responses=read_responses(examples.page_with_data(examples.RECEIPT), 410),
    dependencies=[Depends(strict_query(wire.MillReceiptListAsk))],
)
async def receipts(call: CallDep, ask: Annotated[wire.MillReceiptListAsk, Query()]) -> Response:
    """By day; what is past due or later has none and comes last."""
    return await _page(
        call, ask, lambda *_: browse.receipts(ask), lambda row, _, as_of: receipt_item(row, as_of),
        _RECEIPTS[:1],
    )  # fmt: skip


@router.get(
    "/yarns/{code:path}/balance",
    operation_id="mill_yarn_balance",
    summary="How one yarn stands",
    response_model=wire.YarnBalance,
    responses=read_responses(examples.BALANCE, 404),
    dependencies=_PLAIN,
)
async def balance(call: CallDep, code: Code) -> Response:
    """What lies there, what is promised and bought; risk, cover with its method, and the first short day."""

    async def build(conn: ReadConnection) -> Answer:
        yarn, in_force, plan, as_of = await _found(conn, call, code)
        stocked = await _stock(conn, yarn)
        if stocked is None:
            raise NotFound(f"the inventory has no row of the yarn {code}", code="no_stock_row")
        [state] = await yarn_states(conn, [stocked], in_force.values, plan, as_of)
        body = balance_shown(state, as_of, yarn.row_version)
        return Answer({**body, "data": await _data(conn, call, _STOCK, plan.missing)})

    return await answer(call, build, scopes.ALL)


@router.get(
    "/yarns/{code:path}/timeline",
    operation_id="mill_yarn_timeline",
    summary="One yarn week by week",
    response_model=wire.YarnTimeline,
    responses=also_as(read_responses(examples.TIMELINE, 404, 406), {"text/html": {}}),
    dependencies=[Depends(strict_query(wire.YarnTimelineAsk))],
)
async def timeline(call: CallDep, code: Code, ask: Annotated[wire.YarnTimelineAsk, Query()]) -> Response:
    """Computed now: receipts, demand, balance, what would mend it, and whether the sums agree (I9).

    `format=html` is the chart.
    """
    kind = chosen_format(ask.format, call.request.headers.get("accept"), pictures.OFFERED)

    async def build(conn: ReadConnection) -> Answer:
        made, stocked = await _timeline(conn, call, code, ask)
        body = timeline_shown(made, None if stocked is None else stocked.stock)
        return Answer({**body, "data": await _data(conn, call, PLAN_NEEDS, made.notes)})

    if kind == "json":
        return await answer(call, build, scopes.ALL)
    async with seen_by(call, scopes.ALL) as seen:
        made, _ = await _timeline(seen.conn, call, code, ask)
    return Response(_chart(made, ask), headers=pictures.HEADERS, media_type=HTML.media_type)


@router.get(
    "/yarns/{code:path}",
    operation_id="mill_yarn",
    summary="One yarn and what is set for it",
    response_model=wire.MillYarn,
    responses=read_responses(examples.YARN, 404),
    dependencies=_PLAIN,
)
async def get_yarn(call: CallDep, code: Code) -> Response:
    """Least stock, safety stock, lots and lead time; `row_version` is what a change names."""

    async def build(conn: ReadConnection) -> Answer:
        yarn, in_force, _, _ = await _found(conn, call, code)
        body = {**yarn_shown(yarn, in_force.values), "data": await _data(conn, call, _STOCK)}
        return Answer(body, headers=etag(yarn.row_version))

    return await answer(call, build, scopes.ALL, kept=False)


@router.patch(
    "/yarns/{code:path}",
    operation_id="mill_change_yarn",
    summary="Set least stock, safety stock, lots or lead time of a yarn",
    response_model=wire.MillYarn,
    responses=written_responses(200, examples.YARN, 404, 409, 412, 428),
    dependencies=_PLAIN,
    openapi_extra={
        "requestBody": {
            "content": {"application/json": {"example": {"min_stock_lb": "1200", "reason": "autumn"}}}
        }
    },
)
async def patch_yarn(
    call: CallDep, caller: Planner, code: Code, asked: wire.YarnChangeAsk, if_match: IfMatch = None
) -> Response:
    """At the version that `If-Match` names. The newest plan is old from then on."""

    async def effect(conn: WriteConnection) -> Answered:
        raised = await change_yarn(conn, caller, code, asked, if_match)
        row = await select_yarn(conn, code)
        assert row is not None
        in_force = await select_parameters(conn)
        data = await _data(conn, call, _STOCK)
        body = wire.MillYarn.model_validate({**yarn_shown(row, in_force.values), "data": data})
        return Answered(body, headers={**etag(row.row_version), "Data-Version": token(raised)})

    return await write_once(call.runtime.database, call.request, caller.id, effect)


async def _found(conn: ReadConnection, call: Call, code: str) -> tuple[Row[Any], InForce, NewestPlan, date]:
    yarn = await select_yarn(conn, code)
    if yarn is None:
        raise await no_yarn(conn, code)
    as_of = await select_as_of(conn) or call.today
    return yarn, await select_parameters(conn), await newest_plan(conn), as_of


async def _stock(conn: ReadConnection, yarn: Row[Any]) -> StockedYarn | None:
    found = await select_stocks(conn, StockAsk(code=yarn.yarn_code)) if yarn.stocked else []
    return found[0] if found else None


async def _timeline(
    conn: ReadConnection, call: Call, code: str, ask: wire.YarnTimelineAsk
) -> tuple[Timeline, StockedYarn | None]:
    yarn, in_force, plan, as_of = await _found(conn, call, code)
    parameters = _asked(in_force.values, ask)
    made = await timeline_of(conn, yarn, parameters, plan, as_of)
    return made, await _stock(conn, yarn)


def _asked(parameters: Parameters, ask: wire.YarnTimelineAsk) -> Parameters:
    """The parameters in force, with the weeks and the policy of the question."""
    changed: dict[str, Any] = {}
    if ask.weeks is not None:
        changed["weeks_horizon"] = ask.weeks
    if ask.policy is not None:
        changed["past_due_policy"] = ask.policy
    return replace(parameters, **changed)


def _chart(made: Timeline, ask: wire.YarnTimelineAsk) -> str:
    names = [iso_week(week_start(made.as_of, week.bucket)) for week in made.record.weeks]
    said = LABELS[ask.locale]
    facts = [(said["as_of"], str(made.as_of)), (said["policy"], made.policy)]
    frame = pictures.PictureFrame(facts=facts, notes=made.notes, locale=ask.locale)
    return pictures.balances_page([balance_chart(made.code, made.record.weeks, names, made.level)], frame)


async def _data(
    conn: ReadConnection, call: Call, kinds: Sequence[str], doubts: Sequence[str] = ()
) -> dict[str, Any]:
    """How far the answer can be trusted, with what it found itself."""
    data = data_of(await standing_of(conn, call.now, kinds))
    reasons = [*data["reasons"], *doubts]
    return {**data, "complete": not reasons, "reasons": reasons}


async def _page(
    call: Call,
    ask: PageAsk,
    listed: Callable[[InForce, date], browse.Listed],
    shown: Shown,
    kinds: Sequence[str],
) -> Response:
    """One page of a list."""

    async def build(conn: ReadConnection) -> Answer:
        await require_known(conn, ask)
        in_force = await select_parameters(conn)
        as_of = await select_as_of(conn) or call.today
        rows, page = await browse.read_list(conn, call.cursors, ask, listed(in_force, as_of))
        body = {
            "items": [shown(row, in_force, as_of) for row in rows],
            "page": page.model_dump(mode="json"),
            "data": await _data(conn, call, kinds),
        }
        return Answer(body, headers=next_link(str(call.request.url), page.next))

    return await answer(call, build, scopes.ALL, kept=ask.cursor is None)
