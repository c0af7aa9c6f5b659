"""The job `monitoring.alerts`: every 30 seconds it reads every rule's value, judges it, and tells.

It runs once over all replicas. Times are the database's, and a duration grows by what was watched, so neither
a restart nor a clock that jumps fires a rule or resolves it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from service.core.batches import together
from service.core.database import WriteConnection
from service.core.errors import UpstreamError
from service.core.flags import NAMES
from service.core.outbound import Outbound
from service.core.retries import RetryPolicy
from service.core.runtime import Runtime
from service.core.tasks import Job, JobContext
from service.core.telemetry import get_logger, happened
from service.monitoring.alerts import queries
from service.monitoring.alerts.asking import limits_of
from service.monitoring.alerts.sources import EVALUATION, Sources
from service.monitoring.alerts.states import EVERY, Reading, Standing, judged, to_tell
from service.monitoring.alerts.telling import channels_of, tell_waiting
from service.monitoring.flags.changing import switch_off
from service.reporting.desk import Desk

_AT_ONCE: Final = 4
"""Values read at once: each may take a minute, and ten slow reports one by one took the whole deadline."""
_HEARTBEAT_WITHIN: Final = 10.0

log = get_logger(__name__)


def alerts_job(desks: Sequence[Desk]) -> Job:
    """The job, for an installation with these desks."""

    async def run(context: JobContext) -> dict[str, Any]:
        counts = await evaluate(context.runtime, desks)
        context.counts.update(counts)
        await heartbeat(context.runtime)
        return counts

    seconds = int(EVERY.total_seconds())
    return Job(
        name=EVALUATION,
        title="Judge the alert rules",
        run=run,
        deadline=timedelta(minutes=10),
        cron=lambda settings: f"* * * * * */{seconds}" if settings.monitoring.enabled else None,
    )


async def evaluate(runtime: Runtime, desks: Sequence[Desk]) -> dict[str, int]:
    """Judge every rule that is switched on, and tell; how many rules, changes and messages that were."""
    sources = Sources(runtime, desks)
    async with runtime.database.read() as conn:
        rows = await queries.select_enabled(conn)

    async def read(row: Row[Any]) -> tuple[UUID, Reading]:
        return row.id, await sources.read(row.source, row.comparison)

    readings = dict(await together(rows, read, at_once=_AT_ONCE))
    changed = await settle(runtime, rows, readings)
    # "written" is a change: such a run is kept on record for longer than the hour of the quiet ones.
    counts = {"rules": len(rows), "changes_written": changed, "told_written": await tell_waiting(runtime)}
    return {name: count for name, count in counts.items() if count}


async def settle(runtime: Runtime, rows: Sequence[Row[Any]], readings: Mapping[UUID, Reading]) -> int:
    """Put on record how the rules stand after their readings; how many went into another state.

    A rule that was changed or removed since it was read waits for the next evaluation.
    """
    versions = {row.id: row.version for row in rows}
    changes, rolled_back = 0, []
    if not rows:
        return changes
    async with runtime.database.write() as conn:
        now = await queries.select_now(conn)
        for row in await queries.lock_standings(conn, list(versions)):
            if row.version == versions[row.id] and row.enabled:
                before = Standing(row.state, row.state_since, row.evaluated_at)
                standing = judged(limits_of(row), before, readings[row.id], now)
                await _put_on_record(conn, row, standing, readings[row.id])
                changes += standing.state != row.state
                if row.flag in NAMES and standing.state == "firing" != row.state:
                    rolled_back.append(row)
        for row in rolled_back:  # last: it raises a data version, whose row stays locked until the commit
            why = f"{row.name}: {readings[row.id].detail}"
            await switch_off(conn, runtime.versions, row.flag, reason=why, by=f"alert:{row.id}")
    return changes


async def _put_on_record(conn: WriteConnection, row: Row[Any], standing: Standing, reading: Reading) -> None:
    now = standing.evaluated_at
    assert now is not None
    values = {"state": standing.state, "state_since": standing.since, "evaluated_at": now}
    await queries.update_rule(conn, row.id, **values, value=reading.value, detail=reading.detail)
    silenced = row.silenced_until is not None and row.silenced_until > now
    told = channels_of(row, now) if to_tell(standing, row.told_state, silenced=silenced) else []
    if standing.state != row.state:
        event = {"rule_id": row.id, "at": now, "state": standing.state, "value": reading.value}
        detail = {"threshold": row.threshold, "detail": reading.detail, "told": told}
        await queries.insert_event(conn, event | detail)
    elif told:
        await queries.tell_newest(conn, row.id, told)


async def heartbeat(runtime: Runtime) -> None:
    """Ask the watchdog outside, where one is set up: it notices when this stops."""
    url = runtime.settings.monitoring.heartbeat_url
    if url is None:
        return
    try:
        async with Outbound(
            "heartbeat", runtime.settings.delivery, policy=RetryPolicy(attempts=1)
        ) as outbound:
            await outbound.get(str(url), deadline=_HEARTBEAT_WITHIN, max_bytes=64 * 1024)
    except UpstreamError as error:
        happened("alert.heartbeat", "failed")
        log.warning("the watchdog outside did not hear of us", code=error.code)
