"""One plan as a run: read in one snapshot, computed off the loop, written in one transaction or not."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from service.core.collecting import collecting_seldom
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import ServiceError
from service.core.settings import MillSettings
from service.core.tasks import Cancelled, JobContext
from service.core.versions import read_versions
from service.mill.answers.parameters import with_changes
from service.mill.models.plans import WHOLE
from service.mill.planning.plan import Plan, steps_of
from service.mill.planning.storing import store
from service.mill.queries import scopes
from service.mill.queries.ground import select_as_of, select_ground
from service.mill.queries.locks import lock_decisions, lock_starting_plan
from service.mill.queries.parameters import InForce, select_parameters
from service.mill.queries.plan_actions import carry_decided, supersede
from service.mill.queries.plan_runs import (
    begin_plan,
    end_plan,
    give_up_plan,
    queue_plan,
    select_newest_plan,
    select_plan,
)
from service.mill.queries.plant import select_plant
from service.mill.rules.ground import Ground
from service.mill.rules.shop_floor import schedule_start
from service.mill.rules.weeks import day_in
from service.schemas.mill.plans import MillPlanParams

STATEMENT_SECONDS: Final = 300.0
AROUND: Final = 2
"""Steps beside those of the plan itself: reading and writing."""
SCHEDULED: Final = (*WHOLE, "schedule")
"""Kinds of plans that have a schedule."""
ADVISING: Final = WHOLE
"""Kinds whose advice takes over what was decided about the one before."""


async def run(context: JobContext) -> dict[str, Any]:
    """The job `mill.plan`. Raises `Invalid` for parameters that there are not."""
    params: MillPlanParams = context.params
    number = await _begun(context, params)
    try:
        with collecting_seldom():
            return await _made(context, params, number)
    except Cancelled:
        await _gave_up(context, number, "cancelled", "somebody stopped it")
        raise
    except ServiceError as error:
        await _gave_up(context, number, "failed", error.detail)
        raise


async def _made(context: JobContext, params: MillPlanParams, number: int) -> dict[str, Any]:
    runtime, steps = context.runtime, steps_of(params.kind)
    total = len(steps) + AROUND
    await _reached(context, 0, total, "reading")
    made = Plan(ground=await _read(context, params, number), mode=params.mode)
    for at, (name, step) in enumerate(steps, 1):
        await _reached(context, at, total, name)
        await runtime.compute.in_thread(step, made)
    await _reached(context, total - 1, total, "writing")
    found = await runtime.compute.in_thread(_found, params, made)
    async with runtime.database.write(timeout=STATEMENT_SECONDS) as conn:
        rows = await store(conn, number, made)
        if params.kind in ADVISING:
            await _carry_on(conn, params.kind, number)
        await end_plan(conn, number, **found)
        await runtime.versions.raise_in(conn, [scopes.PLANS])
    context.counts.update({f"{table}_written": count for table, count in rows.items()})
    await context.progress(total, total, "steps", "done")
    return {"plan": number, "link": f"/v1/mill/plan-runs/{number}", **made.stats, **_told(made)}


async def _reached(context: JobContext, done: int, total: int, name: str) -> None:
    """Say so, and stop where somebody asked for it."""
    await context.progress(done, total, "steps", name)
    await context.store()
    context.raise_if_cancelled()


async def _begun(context: JobContext, params: MillPlanParams) -> int:
    async with context.runtime.database.write() as conn:
        number = await begin_plan(conn, context.run_id)
        if number is None:
            today = day_in(context.runtime.settings.mill.time_zone, datetime.now(UTC))
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
    async with AsyncExitStack() as stack:
        async with runtime.database.write(timeout=STATEMENT_SECONDS) as publishing:
            # The first statement takes the snapshot: up to it no file is being put in force (E.11).
            await lock_starting_plan(publishing)
            snapshot = runtime.database.snapshot(timeout=STATEMENT_SECONDS)
            conn = await stack.enter_async_context(snapshot)
            held = await select_parameters(conn)
        changed = InForce(with_changes(held.values, params.parameters, "/parameters"), held.since)
        ground = await read_ground(conn, runtime.settings.mill, now, params.as_of, changed)
        versions, _ = await read_versions(conn, scopes.PLANNED)
        ground = replace(ground, versions=versions)
        if params.kind not in SCHEDULED:
            return ground
        asked = await select_plan(conn, number)
        asked_at = now if asked is None else asked.queued_at
        start = params.schedule_from or schedule_start(ground.as_of, zone, asked_at)
        plant = await select_plant(conn, zone, start, ground.as_of, sorted(ground.styles))
        return replace(ground, plant=plant)


async def read_ground(
    conn: ReadConnection,
    settings: MillSettings,
    now: datetime,
    as_of: date | None,
    held: InForce | None = None,
    named: Sequence[str] = (),
) -> Ground:
    """What a plan of a day stands on; without a day, of that of the newest stock, else of today."""
    in_force = held or await select_parameters(conn)
    day = as_of or await select_as_of(conn) or day_in(settings.time_zone, now)
    return await select_ground(conn, day, in_force, now, named)


async def _carry_on(conn: WriteConnection, kind: str, number: int) -> None:
    """The same advice keeps who has it and what was decided; what is gone is superseded (E.6.10)."""
    await lock_decisions(conn)
    before = await select_newest_plan(conn, kind, number)
    if before is not None:
        await carry_decided(conn, before.id, number)
        await supersede(conn, before.id, number)


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


def _told(made: Plan) -> Mapping[str, Any]:
    """For who reads the run's result: the first yarns that run short, and how doubtful the plan is."""
    short = sorted((one.first_short.day, one.yarn.code) for one in made.yarns if one.first_short is not None)
    return {
        "first_short": [f"{code} on {day}" for day, code in short[:10]],
        "doubts": {gate.code: len(gate.subjects) for gate in made.gates if gate.severity != "info"},
    }


async def _gave_up(context: JobContext, number: int, status: str, detail: str) -> None:
    async with context.runtime.database.write() as conn:
        await give_up_plan(conn, number, status, {"detail": detail})
        await context.runtime.versions.raise_in(conn, [scopes.PLANS])
