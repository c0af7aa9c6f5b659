"""The job `<desk>.deliver`: each minute it takes what is due, writes the report, hands it to its channel.

An instant is taken once over all replicas: it is put on record, unique, in the transaction that moves the
subscription on. Whoever takes a delivery has it for `LEASE`; should they die, it is taken again, so a
receiver may see one delivery twice (with the same id), never none.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from service.access.keys import holder
from service.core.auth import Caller
from service.core.batches import together
from service.core.cron import due_after
from service.core.database import WriteConnection
from service.core.errors import Invalid, NotAllowed, NotFound, ServiceError
from service.core.retries import RetryPolicy
from service.core.runtime import Runtime
from service.core.tasks import Job, JobContext
from service.core.telemetry import get_logger, told
from service.reporting.answer import Question, question_of
from service.reporting.desk import Desk
from service.reporting.exports import Written, write_report
from service.reporting.filenames import file_stem
from service.reporting.report import BuildContext, Report, Style
from service.reporting.subjects import require_own
from service.reporting.subscriptions import folder, mail, queries, webhook
from service.reporting.subscriptions.asking import skipped
from service.reporting.subscriptions.parcel import Parcel, Undeliverable
from service.reporting.subscriptions.schedule import due_until
from service.schemas.envelope import Ask

Channel = Callable[[Parcel], Awaitable[str | None]]
CHANNELS: Final[Mapping[str, Channel]] = {"folder": folder.drop, "webhook": webhook.post, "email": mail.send}
AGAIN: Final = RetryPolicy(attempts=5, base=60, factor=4, cap=3600, jitter=0)
"""After 1, 4, 16 and 60 minutes; not drawn, since the job looks once a minute and takes a few at a time."""
MOST_FAILURES: Final = 5
"""Failed deliveries in a row after which a subscription is paused."""
LONGEST: Final = timedelta(minutes=20)
LEASE: Final = timedelta(minutes=30)
MISSED: Final = "the service was not running then; a later delivery stands for it"

log = get_logger(__name__)


def job_name(desk: str) -> str:
    """The desk's delivery job."""
    return f"{desk}.deliver"


def deliver_job(desk: Desk) -> Job:
    """The job of a desk."""

    async def run(context: JobContext) -> dict[str, Any]:
        return await Round(context.runtime, desk, run=context.run_id, context=context).carry_out()

    return Job(
        name=job_name(desk.name),
        title=f"Deliver the subscribed reports of {desk.title}",
        run=run,
        deadline=timedelta(hours=1),
        cron=lambda _: "* * * * *",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended; `again` and `stop` as of `Undeliverable`."""

    state: str
    detail: str | None = None
    again: bool = False
    stop: bool = False
    known: Mapping[str, Any] | None = None


class Round:
    """One look at what is due, until nothing is; `clock` gives the time by which that is judged."""

    def __init__(
        self,
        runtime: Runtime,
        desk: Desk,
        *,
        run: UUID | None = None,
        context: JobContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.runtime = runtime
        self.desk = desk
        self.run = run
        self.context = context
        self.clock = clock
        self.states: dict[str, int] = {}

    async def carry_out(self) -> dict[str, Any]:
        """Deliver everything that is due; how many ended in which state."""
        at_once = self.runtime.settings.delivery.max_in_flight
        await together(range(at_once), self._until_nothing_is_due, at_once=at_once)
        return dict(self.states)

    async def _until_nothing_is_due(self, _: int) -> None:
        while await self._next_one():
            if self.context is not None:
                await self.context.progress(sum(self.states.values()), None, "deliveries")

    async def _next_one(self) -> bool:
        """Take one delivery and see it to its end; False when there was none."""
        now = self.clock()
        async with self.runtime.database.write() as conn:
            moved = await self._put_on_record(conn, now)
            delivery = await queries.take_open(conn, self.desk.name, now, now + LEASE, self.run)
            if delivery is None:
                return moved
            # Here, while its delivery is held: with a child that is erased it goes, and its deliveries too.
            found = await queries.select_subscription(
                conn, self.desk.name, delivery.subscription_id, owner=None
            )
            assert found is not None
        await self._record(found, delivery, await self._attempt(found, delivery))
        return True

    async def _put_on_record(self, conn: WriteConnection, now: datetime) -> bool:
        """The instants of one subscription that have come: the newest to deliver, the others missed."""
        found = await queries.lock_due(conn, self.desk.name, now)
        if found is None:
            return False
        due = due_until(found.cron, found.timezone, found.next_at, now)
        newest = skipped(found.id, due[-1], "", now)
        newest |= {"state": "waiting", "detail": None, "retry_at": now, "finished_at": None}
        missed = [skipped(found.id, at, MISSED, now) for at in due[:-1]]
        await queries.insert_deliveries(conn, [*missed, newest])
        next_at = due_after(found.cron, found.timezone, now)
        await queries.update_subscription(conn, found.id, next_at=next_at)
        return True

    async def _attempt(self, found: Row[Any], delivery: Row[Any]) -> Outcome:
        if found.state != "active":
            return Outcome(state="skipped", detail=f"the subscription is {found.state}: {found.detail}")
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                return await self._delivered(found, delivery)
        except Undeliverable as failure:
            return Outcome(state="failed", detail=failure.detail, again=failure.again, stop=failure.stop)
        except ServiceError as error:
            return Outcome(state="failed", detail=error.detail, again=error.status >= 500)
        except TimeoutError:
            return Outcome(state="failed", detail=f"it took longer than {LONGEST}", again=True)
        except Exception as error:  # whatever it is, the other deliveries go on
            log.error(
                "delivery_failed", subscription=str(found.id), error=type(error).__name__, detail=told(error)
            )
            kind = type(error).__name__
            return Outcome(state="failed", detail=f"the report could not be delivered ({kind})", again=True)

    async def _delivered(self, found: Row[Any], delivery: Row[Any]) -> Outcome:
        question, style = await self._question(found, delivery.due_at), Style(**found.style)
        stem = f"{file_stem(question)[:80]}_{str(found.id)[:8]}"  # two subscriptions never share a name
        with tempfile.TemporaryFile() as file:
            written = await write_report(
                self.runtime, self.desk, question, found.format, style, file, stem=stem
            )
            size = file.tell()
            parcel = Parcel(
                subscription=found.id,
                delivery=delivery.id,
                target=found.target,
                secret_hash=found.secret_hash,
                title=question.report.title_in(style.locale),
                due_at=delivery.due_at,
                written=written,
                file=file,
                size=size,
                settings=self.runtime.settings,
            )
            who = question.context.caller
            what = f"{question.report.snake}.deliver"
            await self.desk.note(self.runtime.database, who, what, written.subjects)
            said = await CHANNELS[found.channel](parcel)
        return Outcome(
            state="delivered" if said is None else "logged", detail=said, known=_known(written, size)
        )

    async def _question(self, found: Row[Any], due_at: datetime) -> Question:
        """The report as its owner may see it now, of the period that was meant when it was due.

        Raises `Undeliverable` where they may not see it at all.
        """
        report = self.desk.report(found.report)
        if report is None:
            raise Undeliverable(f"there is no report {found.report} any more", again=False, stop=True)
        try:
            caller = await holder(self.runtime.database, found.created_by)
            caller.require(self.desk.reads_of(report))
            params = report.params.model_validate(found.params)
            caller.sites_for(getattr(params, "site", None))
            await self._require_seen(report, params, found, caller, due_at)
        except (NotAllowed, NotFound, Invalid) as refusal:
            detail = f"its owner may not read it: {refusal.detail}"
            raise Undeliverable(detail, again=False, stop=True) from refusal
        if report.resolve is not None:  # a day late, "the month of yesterday" would be another month
            then = BuildContext(now=due_at, caller=caller, settings=self.runtime.settings)
            params = report.resolve(params, then)
        return question_of(self.runtime, self.desk.name, report, params, caller)

    async def _require_seen(
        self, report: Report[Any, Any], params: Ask, found: Row[Any], caller: Caller, due_at: datetime
    ) -> None:
        """Raise what the report raises for somebody its owner may not see, or for a target not theirs."""
        if report.whom is None:
            return
        context = BuildContext(now=due_at, caller=caller, settings=self.runtime.settings)
        async with self.runtime.database.read() as conn:
            await report.whom(conn, report.resolve(params, context) if report.resolve else params, context)
            await require_own(conn, self.desk.subjects, caller, found.channel, found.target)

    async def _record(self, found: Row[Any], delivery: Row[Any], outcome: Outcome) -> None:
        now = self.clock()
        values = _ended(outcome, delivery.attempts, now)
        async with self.runtime.database.write() as conn:
            if not await queries.finish_delivery(conn, delivery.id, delivery.attempts, values):
                return
            if values["state"] == "failed":
                await _count_failure(conn, found, outcome, self.run)
            elif values["state"] in ("delivered", "logged"):
                await queries.update_subscription(
                    conn, found.id, failures=0, last_run=self.run, detail=outcome.detail
                )
        self.states[values["state"]] = self.states.get(values["state"], 0) + 1
        if self.context is not None:
            self.context.counts[f"{values['state']}_written"] += 1  # a run with counts is kept on record


def _known(written: Written, size: int) -> dict[str, Any]:
    return {"file_name": written.name, "size_bytes": size, "complete": written.complete}


def _ended(outcome: Outcome, attempts: int, now: datetime) -> dict[str, Any]:
    """The columns of a delivery after an attempt: it ended, or waits for the next one."""
    values = {"detail": outcome.detail, **(outcome.known or {})}
    if outcome.again and attempts < AGAIN.attempts:
        return {**values, "state": "waiting", "retry_at": now + timedelta(seconds=AGAIN.pause(attempts))}
    return {**values, "state": outcome.state, "retry_at": None, "finished_at": now}


async def _count_failure(conn: WriteConnection, found: Row[Any], outcome: Outcome, run: UUID | None) -> None:
    """One more failure in a row; at the fifth, or where no later delivery can succeed, it is paused."""
    counted = await queries.count_failure(conn, found.id, outcome.detail or "", run)
    if counted.state == "active" and (outcome.stop or counted.failures >= MOST_FAILURES):
        await queries.update_subscription(conn, found.id, state="paused")
