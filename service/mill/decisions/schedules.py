"""A schedule becomes the mill's: its orders have machine and day of it (spec E.7)."""

from collections.abc import Mapping
from typing import Final

from service.access.audit import record
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.versions import raise_versions
from service.mill.answers.schedules import find_schedule
from service.mill.queries import scopes
from service.mill.queries.plan_runs import publish_plan
from service.mill.queries.plant import SCHEDULE
from service.mill.queries.publishing import lock_publishing, place_orders, release_orders, select_skipped
from service.mill.queries.schedules import select_published_schedule
from service.schemas.mill.schedules import MillPublished

_TOUCHED: Final = (scopes.PLANS,)
"""Not the orders: no plan needs other yarn because of it, so none is old once its schedule is published."""


async def publish_schedule(
    conn: WriteConnection, caller: Caller, plan: str
) -> tuple[MillPublished, Mapping[str, int]]:
    """The schedule of a plan is the mill's from now on; and the versions raised.

    Orders that are still open get its machine and day; those that only the one before had placed lose them
    again. Whom somebody gave another machine since keeps it. Raises `NotFound`, `Conflict`.
    """
    await lock_publishing(conn)
    found = await find_schedule(conn, plan)
    before = await select_published_schedule(conn)
    skipped = await select_skipped(conn, found.number, before)
    released = await release_orders(conn, found.number, before)
    placed = await place_orders(conn, found.number, before, found.stats["zone"])
    await publish_plan(conn, SCHEDULE, found.number, caller.id)
    told = MillPublished(
        run_id=found.number, before=before, placed=placed, released=released, skipped=skipped
    )
    await record(
        conn, caller, "mill.schedule_published", f"plan:{found.number}", before={"run_id": before},
        after=told.model_dump(mode="json"),
    )  # fmt: skip
    return told, await raise_versions(conn, _TOUCHED)
