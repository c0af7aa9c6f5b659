"""The performance report: what each part took, what is slow and why, and how that went."""

from typing import Annotated, Any, Literal

from pydantic import Field

from service.schemas.asked import Sentences, Word, WrittenAs
from service.schemas.envelope import Ask, Instant, PageAsk, Wire
from service.schemas.monitoring.memory import MemoryReport
from service.schemas.monitoring.tasks import TasksHealth

Category = Literal["SLOW_RESPONSE", "MODERATE_RESPONSE", "LOW_SUCCESS_RATE", "HIGH_VARIANCE"]
Severity = Literal["critical", "warning", "info"]
Area = Literal["cache", "database", "pool", "memory", "processor"]
Verdict = Literal["better", "worse", "same", "too_few"]


class PerformanceAsk(Ask):
    """What to compare with."""

    baseline: Word | None = Field(None, description="Id or name of a baseline to compare with.")


class EndpointStatistics(Wire):
    """One operation: how often it was called since the start, how long it took, how often it failed.

    Percentiles are known to a tenth. Of what was never called every figure but the counts is null.
    """

    operation: str | None = Field(description="Its `operationId`; null: not in the OpenAPI document.")
    method: str
    route: str
    count: int
    refused: int = Field(description="Answers of 4xx: the caller's doing.")
    failed: int = Field(description="Answers of 5xx: ours.")
    success_rate: float | None = Field(None, description="Percent of answers that were not 5xx.")
    min_ms: float | None = None
    mean_ms: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    variance_ms2: float | None = Field(None, description="Population variance, square milliseconds.")
    database_percent: float | None = Field(None, description="Share of its time spent in SQL statements.")
    pool_percent: float | None = Field(None, description="Share of its time spent waiting for a connection.")
    main_statement: str | None = Field(None, description="Fingerprint of the statement that took the most.")


class Coverage(Wire):
    """Whether the report leaves an operation out."""

    operations: int = Field(description="Operations of the OpenAPI document.")
    listed: int = Field(description="Of these, how many are among the endpoints.")
    percent: float
    called: int = Field(description="Of these, how many were called.")


class OperationTimes(Wire):
    """A piece of the service's own work that is timed: a run, a call to an upstream, a step."""

    name: str
    count: int
    errors: int
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    total_ms: float


class OptimizationStatistics(Wire):
    """An optimisation: whether it is on, how often it acted and what it saved."""

    name: str
    description: str
    enabled: bool
    share_percent: int = Field(description="Share of callers that have it.")
    acted: int | None = Field(description="Times it acted since the start; null: nobody counts that.")
    saved: float | None = Field(description="What that saved, in `unit`; null: not measured.")
    unit: str | None
    basis: str | None = Field(description="How it was measured.")


class StatementTimes(Wire):
    """One kind of SQL statement, without the time spent waiting for a connection."""

    fingerprint: str
    statement: str
    calls: int
    rows: int
    errors: int
    slow: int
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    total_ms: float


class QueryStatistics(Wire):
    """The SQL statements of all workers since the start; the dearest in all first."""

    kinds: int
    calls: int
    errors: int
    slow: int
    total_ms: float
    mean_ms: float
    p95_ms: float
    statements: list[StatementTimes] = Field(description="The twenty that took most.")


class ConnectionPool(Wire):
    """The pools of all workers together, since the start."""

    name: str
    capacity: int = Field(description="`POOL_SIZE` and `MAX_OVERFLOW` of all workers.")
    size: int
    in_use: int
    idle: int
    waiting: int
    utilization_percent: float
    checkouts: int
    waited: int = Field(description="Checkouts that had to wait.")
    wait_mean_ms: float
    wait_p95_ms: float
    wait_max_ms: float
    timeouts: int


class CacheStatistics(Wire):
    """One namespace of a cache: `response` are finished answers by route, `shared` is computed data."""

    level: str
    namespace: str
    hits: int
    misses: int
    joins: int
    evictions: int
    expired: int
    entries: int
    bytes: int
    hit_percent: float | None


class Bottleneck(Wire):
    """An endpoint that breaks a rule, with the rule, the figures, and what they suggest."""

    category: Category
    severity: Severity
    operation: str | None
    method: str
    route: str
    rule: str = Field(description="The rule in words, such as `p95 > 500 ms`.")
    figures: dict[str, float]
    recommendation: str


class Recommendation(Wire):
    """Something to change, and the figures that say so."""

    area: Area
    advice: str
    evidence: str


class EndpointComparison(Wire):
    """How an endpoint's p95 stands to that of the baseline; the smaller of both samples counts."""

    operation: str | None
    method: str
    route: str
    before_count: int
    after_count: int
    before_p95_ms: float | None
    after_p95_ms: float | None
    ratio: float | None = Field(description="After over before.")
    verdict: Verdict


class Comparison(Wire):
    """The endpoints against those of a baseline; more than 10 % apart is better or worse."""

    baseline: str
    name: str
    taken_at: Instant
    better: int
    worse: int
    endpoints: list[EndpointComparison] = Field(description="Called before or now; the worst first.")


class Trend(Wire):
    """A straight line through the last hour (least squares), and when it meets the limit.

    `slope_per_hour` is null with too few samples; `seconds_to_limit` where it does not clearly rise.
    """

    name: str
    unit: str
    samples: int
    current: float | None
    slope_per_hour: float | None
    limit: float | None
    seconds_to_limit: float | None


class MonitoringCost(Wire):
    """What monitoring takes of the process that answers, measured in it."""

    sampling_seconds: float = Field(description="Processor time of samples and exchange since the start.")
    counting_seconds: float = Field(
        description="Requests counted, times what counting one takes, measured now."
    )
    processor_percent: float = Field(description="Of the processor time of the process.")
    bytes: int = Field(description="Of samples, series and points.")
    memory_percent: float = Field(description="Of the memory of the process.")


class PerformanceReport(Wire):
    """Everything measured since the workers started, over all of them."""

    as_of: Instant
    since: Instant = Field(description="When the process that answers started to count.")
    version: str
    workers: int
    requests: int
    coverage: Coverage
    optimization_stats: list[OptimizationStatistics]
    memory_report: MemoryReport = Field(description="Of the process that answers.")
    query_stats: QueryStatistics
    connection_pool: list[ConnectionPool]
    cache_stats: list[CacheStatistics]
    background_tasks: TasksHealth
    endpoints: list[EndpointStatistics]
    operations: list[OperationTimes]
    bottlenecks: list[Bottleneck]
    recommendations: list[Recommendation]
    comparison: Comparison | None = Field(description="Null: no baseline was asked for.")
    trends: list[Trend]
    monitoring: MonitoringCost


class BaselineAsk(Ask):
    """Keep the report of now under a name."""

    name: Annotated[
        str,
        Field(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]*$"),
        WrittenAs("letters, digits, dots, dashes and spaces, such as release-1.4"),
    ]
    note: Sentences = ""


class BaselinesAsk(PageAsk):
    """Where in the list of baselines."""


class Baseline(Wire):
    """A report that is kept to compare later ones with."""

    id: str
    name: str
    note: str
    created_by: str
    created_at: Instant
    requests: int = Field(description="Requests it stands on.")


class KeptBaseline(Baseline):
    """A baseline with its report, as `/v1/performance-report` told it then."""

    report: dict[str, Any]
