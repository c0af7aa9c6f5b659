"""One plan as a run: read in one snapshot, computed off the loop, written in one transaction or not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.core.errors import FieldError, Invalid, ServiceError
from service.core.settings import MillSettings
from service.core.tasks import Cancelled, JobContext
from service.core.versions import read_versions
from service.mill.planning.plan import Plan, plan
from service.mill.planning.scheduling import schedule_start
from service.mill.planning.storing import store
from service.mill.queries import scopes
from service.mill.queries.ground import select_as_of, select_ground
from service.mill.queries.parameters import InForce, select_parameters
from service.mill.queries.plan_runs import (
    begin_plan,
    end_plan,
    give_up_plan,
    queue_plan,
    select_plan,
)
from service.mill.queries.plant import select_plant
from service.mill.rules.ground import Ground
from service.mill.rules.parameters import BadParameters, Parameters
from service.schemas.mill.plans import MillPlanParams

STATEMENT_SECONDS: Final = 300.0
STEPS: Final = 4
SCHEDULED: Final = ("plan", "six_phase", "schedule")
"""Kinds of plans that have a schedule."""


async def run(context: JobContext) -> dict[str, Any]:
    """The job `mill.plan`. Raises `Invalid` for parameters that there are not."""
    params: MillPlanParams = context.params
    number = await _begun(context, params)
    try:
        return await _made(context, params, number)
    except Cancelled:
        await _gave_up(context, number, "cancelled", "somebody stopped it")
        raise
    except ServiceError as error:
        await _gave_up(context, number, "failed", error.detail)
        raise


async def _made(context: JobContext, params: MillPlanParams, number: int) -> dict[str, Any]:
    runtime = context.runtime
    await context.progress(0, STEPS, "steps", "reading")
    ground = await _read(context, params, number)
    await context.progress(1, STEPS, "steps", "planning")
    made = await runtime.compute.in_thread(plan, ground, mode=params.mode)
    await context.progress(2, STEPS, "steps", "writing")
    async with runtime.database.write(timeout=STATEMENT_SECONDS) as conn:
        rows = await store(conn, number, made)
        await end_plan(conn, number, **_found(params, made))
        await runtime.versions.raise_in(conn, [scopes.PLANS])
    context.counts.update({f"{table}_written": count for table, count in rows.items()})
    await context.progress(STEPS, STEPS, "steps", "done")
    return {"plan": number, "link": f"/v1/mill/plan-runs/{number}", **made.stats}


async def _begun(context: JobContext, params: MillPlanParams) -> int:
    async with context.runtime.database.write() as conn:
        number = await begin_plan(conn, context.run_id)
        if number is None:
            today = mill_today(context.runtime.settings.mill, datetime.now(UTC))
            asked = params.model_dump(mode="json")
            await queue_plan(
                conn, params.kind, params.as_of or today, asked, f"run:{context.run_id}", context.run_id
            )
            number = await begin_plan(conn, context.run_id)
    assert number is not None
    return number


async def _read(context: JobContext, params: MillPlanParams, number: int) -> Ground:
    runtime, now = context.runtime, datetime.now(UTC)
    zone = runtime.settings.mill.time_zone
    async with runtime.database.snapshot() as conn:
        held = await select_parameters(conn)
        in_force = InForce(with_changes(held.values, params.parameters), held.since)
        as_of = params.as_of or await select_as_of(conn) or mill_today(runtime.settings.mill, now)
        versions, _ = await read_versions(conn, scopes.PLANNED)
        ground = replace(await select_ground(conn, as_of, in_force, now), versions=versions)
        if params.kind not in SCHEDULED:
            return ground
        asked = await select_plan(conn, number)
        start = params.schedule_from or schedule_start(as_of, zone, now if asked is None else asked.queued_at)
        return replace(ground, plant=await select_plant(conn, zone, start, as_of, sorted(ground.styles)))


def with_changes(values: Parameters, changes: dict[str, Any]) -> Parameters:
    """A set with some values of this run alone. Raises `Invalid`."""
    try:
        return Parameters.from_values({**values.as_values(), **changes})
    except BadParameters as error:
        raise Invalid(str(error), errors=[FieldError("/parameters", "bad_parameter", str(error))]) from None


def mill_today(settings: MillSettings, now: datetime) -> date:
    """The day at the mill."""
    return now.astimezone(ZoneInfo(settings.time_zone)).date()


def _found(params: MillPlanParams, made: Plan) -> dict[str, Any]:
    ground = made.ground
    return {
        "as_of": ground.as_of,
        "params": {**params.model_dump(mode="json"), "parameters": ground.parameters.as_values()},
        "assumptions": made.assumptions,
        "gates": [gate.as_value() for gate in made.gates],
        "stats": made.stats,
        "input_hash": ground.hash(),
        "versions": {**ground.versions, "parameters": ground.parameters_version},
    }


async def _gave_up(context: JobContext, number: int, status: str, detail: str) -> None:
    async with context.runtime.database.write() as conn:
        await give_up_plan(conn, number, status, {"detail": detail})
        await context.runtime.versions.raise_in(conn, [scopes.PLANS])
