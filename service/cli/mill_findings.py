"""What doctor finds at the mill: the files its answers stand on, and whether a plan stands on the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from service.core.findings import Finding
from service.core.runtime import open_database
from service.core.settings import Settings
from service.mill.answers.newest import NewestPlan, newest_plan
from service.mill.answers.standing import standing_of
from service.mill.rules.sources import Standing

NONE: Final = "mill: no file was ever read; muster import mill FOLDER reads those of an ERP"


async def mill_findings(settings: Settings) -> list[Finding]:
    """One finding for the files that plans need, one for the newest plan; none without any file."""
    async with open_database(settings, beside_owner=True) as (database, _), database.snapshot() as conn:
        known, plan = await standing_of(conn, datetime.now(UTC)), await newest_plan(conn)
    return [] if known.as_of is None else list(_told(known, plan))


def _told(known: Standing, plan: NewestPlan) -> Iterator[Finding]:
    whole = f"files: every kind that a plan needs was read whole, the oldest of {known.as_of}"
    lacking = f"files: {'; '.join(known.reasons)}: send them again (muster import mill FOLDER)"
    yield Finding("files", known.complete, whole if known.complete else lacking)
    made = f"plan {plan.id} of {plan.as_of} stands on the data of now"
    old = f"{'; '.join(plan.missing)} (muster run mill.plan)"
    yield Finding("plan", plan.current, made if plan.current else old)
