# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Monitoring`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Listing
from service.schemas.monitoring.database import StatementListing, StatementPlan, StatementSort
from service.schemas.monitoring.flags import Flag, FlagAsk, FlagListing
from service.schemas.monitoring.history import History
from service.schemas.monitoring.logs import ChangedLevel, LevelAsk, LoggerLevels
from service.schemas.monitoring.memory import AllocationAsk, AllocationTracing, MemoryReport
from service.schemas.monitoring.performance import Baseline, BaselineAsk, KeptBaseline, PerformanceReport
from service.schemas.monitoring.profiler import SlowRequestListing, SpeedscopeProfile


class Monitoring(Desk):
    """What the service notes about itself."""

    async def performance_report_v2(
        self,
        *,
        baseline: str | None = None,
        options: CallOptions | None = None,
    ) -> PerformanceReport:
        """What each part takes, what is slow and why.

        Deprecated. The same as `/v1/performance-report`, at its predecessor's path.

        - baseline: Id or name of a baseline to compare with.
        """
        return await self._call(
            PerformanceReport,
            "GET",
            "/api/v2/performance-report",
            query={"baseline": baseline},
            options=options,
        )

    def baselines(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Baseline]:
        """The reports that are kept, newest first."""
        return self._list(
            Baseline,
            Listing[Baseline],
            "/v1/baselines",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    async def keep_baseline(self, body: BaselineAsk, *, options: CallOptions | None = None) -> Baseline:
        """Keep the performance report of now.

        Under a name of its own; `GET /v1/performance-report?baseline=<name>` compares with it.
        """
        return await self._call(Baseline, "POST", "/v1/baselines", body=body, options=options)

    async def baseline(self, baseline_id: str, *, options: CallOptions | None = None) -> KeptBaseline:
        """A report that is kept."""
        return await self._call(KeptBaseline, "GET", f"/v1/baselines/{segment(baseline_id)}", options=options)

    async def delete_baseline(self, baseline_id: str, *, options: CallOptions | None = None) -> Baseline:
        """Forget a report that is kept.

        Answers what it was; a second time there is none.
        """
        return await self._call(Baseline, "DELETE", f"/v1/baselines/{segment(baseline_id)}", options=options)

    async def flags(self, *, options: CallOptions | None = None) -> FlagListing:
        """Optimisations and who has them.

        The master first. What each did is counted by all workers together, since they started.
        """
        return await self._call(FlagListing, "GET", "/v1/flags", options=options)

    async def set_flag(self, name: str, body: FlagAsk, *, options: CallOptions | None = None) -> Flag:
        """Change the share of callers that have an optimisation.

        In force on every replica within a second, and kept over restarts. Twice changes nothing.
        """
        return await self._call(Flag, "PUT", f"/v1/flags/{segment(name)}", body=body, options=options)

    async def reset_flag(self, name: str, *, options: CallOptions | None = None) -> Flag:
        """Let the setting hold again.

        Where it was not changed, this changes nothing.
        """
        return await self._call(Flag, "DELETE", f"/v1/flags/{segment(name)}", options=options)

    async def history(
        self,
        *,
        figures: str | None = None,
        range_: Literal["1h", "24h", "30d"] | None = None,
        instance: str | None = None,
        options: CallOptions | None = None,
    ) -> History:
        """How the service's figures went.

        One point per span, oldest first. A span in which nothing was noted is null, never zero.

        - figures: Names of figures with commas between, such as `p95_ms,rss_mib`; default: all.
        - range_: 1 h by 10 s, 24 h by minute, or 30 d by hour.
        - instance: Which installation; default: the one that answers.
        """
        return await self._call(
            History,
            "GET",
            "/v1/history",
            query={"figures": figures, "range": range_, "instance": instance},
            options=options,
        )

    async def logs(self, *, options: CallOptions | None = None) -> LoggerLevels:
        """The loggers and their levels.

        Those with a rule, and every logger of the service; in the process that answers.
        """
        return await self._call(LoggerLevels, "GET", "/v1/logs", options=options)

    async def set_log_level(
        self,
        logger: str,
        body: LevelAsk,
        *,
        options: CallOptions | None = None,
    ) -> ChangedLevel:
        """Change the level of a logger.

        Of this logger and those below it (`service.core` for `service.core.tasks`), at once, in every
        process of the installation that is connected to the database. It holds until they restart.
        `service.sql` at `DEBUG` shows the statements, without their values.
        """
        return await self._call(
            ChangedLevel,
            "PUT",
            f"/v1/logs/{segment(logger)}",
            body=body,
            options=options,
        )

    async def performance_report(
        self,
        *,
        baseline: str | None = None,
        options: CallOptions | None = None,
    ) -> PerformanceReport:
        """What each part takes, what is slow and why.

        Of all workers together, since they started: every operation of this document, called or not.
        `baseline` compares with a report that was kept.

        - baseline: Id or name of a baseline to compare with.
        """
        return await self._call(
            PerformanceReport,
            "GET",
            "/v1/performance-report",
            query={"baseline": baseline},
            options=options,
        )

    async def memory(self, *, options: CallOptions | None = None) -> MemoryReport:
        """What this process holds, and how that goes.

        RSS and Python's heap over the last hour, their slope, collections and clean-ups.
        """
        return await self._call(MemoryReport, "GET", "/v1/performance/memory", options=options)

    async def profile(
        self,
        *,
        seconds: int | None = None,
        options: CallOptions | None = None,
    ) -> SpeedscopeProfile:
        """Where this process spends its time.

        Samples the event loop's thread, and the work that begins in the compute threads, for `seconds`;
        then answers a page or a file for speedscope. Functions, files and lines, never values.

        - seconds: How long to sample.
        """
        return await self._call(
            SpeedscopeProfile,
            "POST",
            "/v1/performance/profile",
            query={"seconds": seconds},
            options=options,
        )

    async def slow_requests(self, *, options: CallOptions | None = None) -> SlowRequestListing:
        """The latest requests that took long.

        Newest first, the last 100 of each process; from `MONITORING__SLOW_REQUEST` seconds on.
        """
        return await self._call(SlowRequestListing, "GET", "/v1/performance/slow-requests", options=options)

    async def statements(
        self,
        *,
        sort: StatementSort | None = None,
        top: int | None = None,
        options: CallOptions | None = None,
    ) -> StatementListing:
        """What each kind of SQL statement costs.

        Of the process that answers, since it started; statements that differ in values or in the length of
        a list are one. Without the time spent waiting for a connection.

        - sort: The largest first.
        - top: Only the first so many.
        """
        return await self._call(
            StatementListing,
            "GET",
            "/v1/performance/statements",
            query={"sort": sort, "top": top},
            options=options,
        )

    async def explain_statement(
        self,
        fingerprint: str,
        *,
        options: CallOptions | None = None,
    ) -> StatementPlan:
        """How the server would carry a statement out.

        The generic plan of a statement that this process has sent: EXPLAIN without ANALYZE, since
        parameters are kept nowhere. Read-only, nothing is run, and no SQL is taken from the caller.
        """
        return await self._call(
            StatementPlan,
            "POST",
            f"/v1/performance/statements/{segment(fingerprint)}/explain",
            options=options,
        )

    async def tracemalloc(
        self,
        body: AllocationAsk,
        *,
        options: CallOptions | None = None,
    ) -> AllocationTracing:
        """Trace where this process allocates memory, for a while.

        `start` traces for `seconds` and then stops by itself; `snapshot` says what grew since the one
        before; `stop` says that once more and ends it. Tracing makes allocating about twice as dear.
        """
        return await self._call(
            AllocationTracing,
            "POST",
            "/v1/performance/tracemalloc",
            body=body,
            options=options,
        )


class MonitoringSync(DeskSync):
    """`Monitoring`, blocking."""

    performance_report_v2 = Blocking(Monitoring.performance_report_v2)
    baselines = BlockingList(Monitoring.baselines)
    keep_baseline = Blocking(Monitoring.keep_baseline)
    baseline = Blocking(Monitoring.baseline)
    delete_baseline = Blocking(Monitoring.delete_baseline)
    flags = Blocking(Monitoring.flags)
    set_flag = Blocking(Monitoring.set_flag)
    reset_flag = Blocking(Monitoring.reset_flag)
    history = Blocking(Monitoring.history)
    logs = Blocking(Monitoring.logs)
    set_log_level = Blocking(Monitoring.set_log_level)
    performance_report = Blocking(Monitoring.performance_report)
    memory = Blocking(Monitoring.memory)
    profile = Blocking(Monitoring.profile)
    slow_requests = Blocking(Monitoring.slow_requests)
    statements = Blocking(Monitoring.statements)
    explain_statement = Blocking(Monitoring.explain_statement)
    tracemalloc = Blocking(Monitoring.tracemalloc)
