"""What was accepted of a plan, to be sent to suppliers."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.versions import token
from service.mill.answers.order_list import TITLES, by_supplier, cells
from service.mill.answers.plans import find_made_plan
from service.mill.queries import scopes
from service.mill.queries.advice import select_advice
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plan_examples import DATA
from service.mill.router.plans import PlanPath
from service.reporting.completeness import completeness_headers
from service.reporting.entities import Answer, answer, seen_by
from service.reporting.files.receiving import XLSX
from service.reporting.files.sheets import Format, sheet_file
from service.reporting.negotiation import chosen_format
from service.reporting.openapi import problem_responses
from service.reporting.query import strict_query
from service.schemas.mill.order_list import MillPlanOrderList, MillPlanOrderListAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
OFFERED: Final = {"json": "application/json", "csv": "text/csv", "xlsx": XLSX}
_LIST: Final[dict[str, Any]] = {
    "suppliers": [
        {
            "supplier": "SUP-A",
            "quantity_lb": "600.0000",
            "money": "2550.00",
            "changes": 0,
            "lines": [
                {
                    "seq": 2,
                    "action": "RELEASE",
                    "yarn": "Y3",
                    "description": "1/150/36 POLY SEMI-DULL",
                    "quantity_lb": "600.0000",
                    "purchase_order": None,
                    "release_date": "2025-09-03",
                    "need_date": "2025-09-03",
                    "price_per_lb": "4.2500",
                    "money": "2550.00",
                    "decided_by": "person:3",
                    "note": None,
                }
            ],
        }
    ],
    "data": DATA,
}


@router.get(
    "/plan-runs/{plan}/order-list",
    operation_id="mill_plan_order_list",
    summary="What was accepted of a plan, by supplier",
    response_model=MillPlanOrderList,
    responses={
        200: {
            "content": {
                "application/json": {"example": _LIST},
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "Supplier,Action,Yarn\r\nSUP-A,ORDER,Y3\r\n",
                },
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            }
        },
        **problem_responses(400, 401, 403, 404, 406, 409, 422, 429, 503),
    },
    dependencies=[Depends(strict_query(MillPlanOrderListAsk))],
)
async def order_list(
    call: CallDep, plan: PlanPath, ask: Annotated[MillPlanOrderListAsk, Query()]
) -> Response:
    """To be sent as it is: quantities, when each leaves and is needed; in a file no text is a formula."""
    name = chosen_format(ask.format, call.request.headers.get("accept"), OFFERED)
    if name != "json":
        return await _file(call, plan, "xlsx" if name == "xlsx" else "csv")

    async def build(conn: ReadConnection) -> Answer:
        made = await find_made_plan(conn, plan)
        found = await select_advice(conn, made.number, state="accepted")
        return Answer({"suppliers": by_supplier(found, made.row.as_of), "data": made.data})

    # Prices and descriptions are those of the yarns now.
    return await answer(call, build, [scopes.PLANS, scopes.STOCK])


async def _file(call: CallDep, plan: str, name: Format) -> Response:
    async with seen_by(call, [scopes.PLANS, scopes.STOCK]) as seen:
        made = await find_made_plan(seen.conn, plan)
        found = await select_advice(seen.conn, made.number, state="accepted")
        headers = {
            **completeness_headers(made.data["complete"], made.data["reasons"]),
            "Data-Version": token(seen.versions),
        }
        rows = cells(found, made.row.as_of)

        async def blocks() -> AsyncIterator[list[list[Any]]]:
            yield rows

        return await sheet_file(
            call.runtime.compute, f"order-list-{made.number}", name, TITLES, blocks(), **headers
        )
