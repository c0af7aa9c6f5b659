"""Plans asked for, published; what is decided about their advice."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Row

from service.access.answering import require_version
from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, NotFound
from service.core.runtime import Runtime
from service.core.versions import raise_versions
from service.mill.answers.parameters import with_changes
from service.mill.answers.plans import find_made_plan, find_plan
from service.mill.queries import scopes
from service.mill.queries.locks import lock_decisions
from service.mill.queries.parameters import select_parameters
from service.mill.queries.plan_actions import decide_later, lock_action, put_action
from service.mill.queries.plan_parts import select_action
from service.mill.queries.plan_runs import publish_plan, queue_plan
from service.mill.queries.plant import SCHEDULE
from service.schemas.mill.plan_parts import MillActionAsk
from service.schemas.mill.plans import MillPlanParams

JOB: Final = "mill.plan"


async def ask_for_plan(
    conn: WriteConnection, runtime: Runtime, caller: Caller, asked: MillPlanParams, today: date
) -> tuple[Row[Any], Mapping[str, int]]:
    """A plan and the run that makes it; and the versions raised.

    Raises `Invalid` for parameters there are not, `Conflict` where a plan of the kind is under way.
    """
    held = await select_parameters(conn)
    with_changes(held.values, asked.parameters)
    run = await runtime.tasks.start(JOB, asked, caller.id, conn)
    values = asked.model_dump(mode="json")
    number = await queue_plan(conn, asked.kind, asked.as_of or today, values, caller.id, run.id)
    await record(conn, caller, "mill.plan_asked", f"plan:{number}", after=values)
    raised = await raise_versions(conn, [scopes.PLANS])
    return await find_plan(conn, str(number)), raised


async def decide_action(
    conn: WriteConnection, caller: Caller, plan: str, seq: int, asked: MillActionAsk, if_match: str | None
) -> tuple[Row[Any], Mapping[str, int]]:
    """What is decided about an advice, and the versions raised.

    Raises `NotFound`, `Conflict` for advice that is superseded, `PreconditionRequired`, `PreconditionFailed`.
    """
    await lock_decisions(conn)
    made = await find_made_plan(conn, plan)
    before = await lock_action(conn, made.number, seq)
    if before is None:
        raise NotFound(f"plan {made.number} has no advice {seq}", code="action_not_found")
    require_version(before.row_version, if_match)
    if before.state == "superseded":
        raise Conflict("a later plan has no such advice any more", code="action_superseded")
    changes = asked.changes
    if not changes:
        return await _action(conn, made.number, seq), {}
    await put_action(conn, made.number, seq, changes, caller.id)
    # Who decides while a new plan is made means that advice too: the order list is of the newest plan.
    await decide_later(conn, made.number, seq)
    await record(
        conn, caller, "mill.action_decided", f"plan:{made.number}/action:{seq}",
        before={name: getattr(before, name) for name in changes}, after=changes,
    )  # fmt: skip
    raised = await raise_versions(conn, [scopes.PLANS])
    return await _action(conn, made.number, seq), raised


async def _action(conn: WriteConnection, number: int, seq: int) -> Row[Any]:
    row = await select_action(conn, number, seq)
    assert row is not None  # it is locked
    return row


async def publish(conn: WriteConnection, caller: Caller, plan: str) -> tuple[Row[Any], Mapping[str, int]]:
    """The mill's plan of its kind from now on; the versions raised. Raises `Conflict` for a schedule."""
    made = await find_made_plan(conn, plan)
    if made.row.kind == SCHEDULE:
        detail = f"a schedule gives orders their machines: POST /v1/mill/schedule-runs/{made.number}/publish"
        raise Conflict(detail, code="publish_the_schedule")
    await publish_plan(conn, made.row.kind, made.number, caller.id)
    await record(conn, caller, "mill.plan_published", f"plan:{made.number}", after={"kind": made.row.kind})
    raised = await raise_versions(conn, [scopes.PLANS])
    return await find_plan(conn, str(made.number)), raised
