"""Two plans beside each other, and what would be if."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from service.core.database import ReadConnection
from service.core.errors import NotFound
from service.mill.answers.comparing import comparison_shown, figures_of, only
from service.mill.answers.plans import MadePlan, find_made_plan
from service.mill.planning.job import read_ground
from service.mill.planning.plan import parts_apart
from service.mill.planning.what_if import Trial, codes_named, tried
from service.mill.queries import scopes
from service.mill.queries.known import require_known
from service.mill.queries.plan_facts import select_facts
from service.mill.queries.plan_runs import select_newest_plan
from service.mill.router import comparing_examples as examples
from service.mill.router.answers import CallDep
from service.mill.router.documented import CLOSED, PREFIX, TAGS
from service.mill.router.plans import PlanPath
from service.mill.rules.comparing import compare
from service.reporting.entities import Answer, answer
from service.reporting.query import strict_query
from service.reporting.route_responses import asked_responses, read_responses
from service.schemas.envelope import Ask
from service.schemas.mill.comparing import MillCompareAsk, MillComparison, MillWhatIf, MillWhatIfAsk

router = APIRouter(prefix=PREFIX, tags=TAGS, dependencies=CLOSED)
PREVIOUS: Final = "previous"
OtherPath = Annotated[
    str, Path(description="Number of an earlier plan, or `previous`: the last of the kind before.")
]


@router.get(
    "/plan-runs/{plan}/compare/{other}",
    operation_id="mill_compare_plans",
    summary="What a plan finds otherwise than an earlier one, and why",
    response_model=MillComparison,
    responses=read_responses(examples.COMPARISON, 404, 409),
    dependencies=[Depends(strict_query(MillCompareAsk))],
)
async def compare_plans(
    call: CallDep, plan: PlanPath, other: OtherPath, ask: Annotated[MillCompareAsk, Query()]
) -> Response:
    """Yarns, orders and advice that differ, each with what changed in the data and may have made it so.

    Of plans of different kinds the parts that both have are compared, `left_out` names the others.
    """

    async def build(conn: ReadConnection) -> Answer:
        now = await find_made_plan(conn, plan)
        then = await _other(conn, now, other)
        await require_known(conn, ask, now.number, then.number)
        before, after = await select_facts(conn, then.row), await select_facts(conn, now.row)
        apart = parts_apart(then.row.kind, now.row.kind)
        found = await call.runtime.compute.in_thread(compare, before, after, apart)
        shown = comparison_shown(found)
        body = {
            **shown,
            "yarns": only(shown["yarns"], ask.yarn),
            "orders": only(shown["orders"], ask.order),
            "before": figures_of(before),
            "after": figures_of(after),
            "left_out": found.left_out,
            "other": then.data,
            "data": now.data,
        }
        return Answer(body)

    return await answer(call, build, [scopes.PLANS])


@router.post(
    "/what-if",
    operation_id="mill_what_if",
    summary="What would be if",
    response_model=MillWhatIf,
    responses=asked_responses(examples.WHAT_IF),
    dependencies=[Depends(strict_query(Ask))],
    openapi_extra={"requestBody": {"content": {"application/json": {"example": examples.ASK}}}},
)
async def what_if(call: CallDep, asked: MillWhatIfAsk) -> Response:
    """The plan of what is there now, beside that of the same with the changes; nothing is written.

    A receipt that comes late or not at all also tells which orders it harms.
    """

    async def build(conn: ReadConnection) -> Answer:
        now = datetime.now(UTC)
        ground = await read_ground(conn, call.settings, now, asked.as_of, named=codes_named(asked.changes))
        trial = await call.runtime.compute.in_thread(tried, ground, asked.changes, asked.mode)
        return Answer(_shown(trial))

    return await answer(call, build, scopes.PLANNED, kept=False)


async def _other(conn: ReadConnection, plan: MadePlan, asked: str) -> MadePlan:
    if asked != PREVIOUS:
        return await find_made_plan(conn, asked)
    row = await select_newest_plan(conn, plan.row.kind, plan.number)
    if row is None:
        raise NotFound(f"there is no plan of the kind before {plan.number}", code="plan_not_found")
    return await find_made_plan(conn, str(row.id))


def _shown(trial: Trial) -> dict[str, Any]:
    ground = trial.base.ground
    doubts = [
        f"{gate.code}: {gate.message}" for gate in trial.base.gates if gate.severity in ("error", "warning")
    ]
    return {
        **comparison_shown(trial.comparison),
        "before": figures_of(trial.before),
        "after": figures_of(trial.after),
        "suffering": [
            {
                "order": one.harm.order,
                "yarn": one.yarn,
                "receipt": one.receipt,
                "pounds_late_lb": f"{one.harm.pounds_late:.4f}",
                "days_late": one.harm.days_late,
                "pounds_unmet_lb": f"{one.harm.pounds_unmet:.4f}",
            }
            for one in trial.suffering
        ],
        "as_of": ground.as_of,
        "complete": not doubts,
        "reasons": doubts,
        "assumptions": trial.base.assumptions,
    }
