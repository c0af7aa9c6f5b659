"""The jobs of access, each once over all replicas."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from service.access import audit, audited
from service.core.auth import SYSTEM
from service.core.database import WriteConnection
from service.core.tasks import Job, JobContext

MONTHS_AHEAD: Final = 3
"""So long may the job fail before rows fall into the default partition; even then none is lost."""


async def keep_months(conn: WriteConnection, today: date, kept: int) -> dict[str, int]:
    """Make the months ahead and drop those that ended more than `kept` months ago; how many of each.

    What is dropped is noted in the audit itself: which month, how many rows.
    """
    made = await audited.make_months(conn, today, MONTHS_AHEAD)
    first = _months_before(today, kept)
    dropped = 0
    for partition, month in await audited.months(conn):
        if month < first:
            await _note(conn, partition, await audited.rows_of(conn, partition))
            await audited.drop_month(conn, partition)
            dropped += 1
    if await audited.rest_ended_before(conn, first):
        await _note(conn, "audit_rest", await audited.rows_of(conn, "audit_rest"))
        await audited.renew_rest(conn)
        dropped += 1
    return {"months_made_inserted": len(made), "months_removed": dropped}


async def _note(conn: WriteConnection, partition: str, rows: int) -> None:
    await audit.record(conn, SYSTEM, "audit.month_dropped", f"audit:{partition}", after={"rows": rows})


def _months_before(today: date, months: int) -> date:
    """The first day of the oldest month that is kept: this one and `months` whole ones before it."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)


async def _run(context: JobContext) -> dict[str, Any]:
    kept = context.runtime.settings.access.audit_months
    async with context.runtime.database.write(timeout=60) as conn:
        context.counts.update(await keep_months(conn, datetime.now(UTC).date(), kept))
    return dict(context.counts)


AUDIT_MONTHS: Final = Job(
    name="access.audit_months",
    title="Make the audit's months ahead and drop those past their time",
    run=_run,
    deadline=timedelta(minutes=10),
    cron=lambda _: "27 2 * * *",
)
JOBS: Final[Sequence[Job]] = (AUDIT_MONTHS,)
