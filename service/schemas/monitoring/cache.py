"""The caches as they stand: both levels by namespace, the shared store, warming, advice about lifetimes."""

from typing import Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire
from service.schemas.monitoring.process import ProcessId

TtlVerdict = Literal["keep", "longer", "shorter", "unknown"]


class CacheNamespace(Wire):
    """What one namespace did since the process started. Rates are hits of all lookups, null without any."""

    namespace: str
    hits: int
    misses: int
    joins: int = Field(description="Lookups that waited for a build somebody else had begun.")
    evictions: int = Field(description="Entries dropped for want of room.")
    expired: int = Field(description="Entries whose life was over.")
    outdated: int = Field(description="Entries found after their data had changed.")
    unchanged: int = Field(description="Expired entries that were built again, byte for byte the same.")
    entries: int
    bytes: int
    hit_rate: float | None
    hit_rate_1min: float | None
    hit_rate_5min: float | None
    oldest_seconds: int | None = Field(description="Age of the oldest entry.")


class CacheCleanup(Wire):
    """The periodic clean-ups of one level, which give back the memory of what has expired."""

    every_seconds: int = Field(description="`TASKS__CACHE_CLEANUP`; 0: none.")
    times: int
    removed: int
    last_removed: int | None
    last_at: Instant | None


class CacheStore(Wire):
    """Where a level keeps its entries; of a shared store, what this process asked of it."""

    kind: Literal["memory", "redis"]
    well: bool = Field(description="Whether it is used; if not, answers are built from the database.")
    address: str | None
    reason: str | None
    advice: str | None
    found: int
    missing: int
    written: int
    dropped: int = Field(description="Too large, too many at once, refused, or while it was away.")
    failures: int = Field(description="Questions it did not answer in time.")
    refused: int = Field(description="Values that this service has not written.")
    used_bytes: int | None
    max_bytes: int | None


class CacheLevel(Wire):
    """One level: `responses` are finished answers before the routes, `shared` what they are built from."""

    level: Literal["responses", "shared"]
    enabled: bool
    entries: int
    bytes: int
    max_entries: int
    max_bytes: int
    hit_rate: float | None
    store: CacheStore
    cleanup: CacheCleanup
    namespaces: list[CacheNamespace]


class CacheWarming(Wire):
    """What was built again after commits, before somebody asked."""

    enabled: bool
    under_way: int
    remembered: int = Field(description="Questions known by their askings; at most 1,000.")
    rounds: int
    warmed: int
    refused: int = Field(description="Whoever had asked has lost the rights.")
    failed: int
    left_over: int = Field(description="For want of time (`CACHE__WARM_SECONDS`).")
    used: int = Field(description="Warmed answers that were asked for.")
    saved_seconds: float = Field(description="What building those would have taken their readers.")
    spent_seconds: float
    last_at: Instant | None
    last_ms: float | None
    last_warmed: int | None


class TtlAdvice(Wire):
    """How long the answers of a route should live, and what that is taken from."""

    namespace: str
    verdict: TtlVerdict
    ttl_seconds: int
    advised_seconds: int | None = Field(description="Null where too little is known.")
    reason: str
    observed_seconds: int
    requests: int
    changes_per_hour: float | None = Field(description="Of the data under one question.")
    expired: int
    unchanged: int


class CacheHealth(Wire):
    """The caches of the process that answers."""

    as_of: Instant
    process: ProcessId
    status: Literal["ok", "degraded", "off"]
    reasons: list[str]
    versions_trusted: bool = Field(description="While not, nothing is answered from a cache.")
    levels: list[CacheLevel]
    warming: CacheWarming
    ttl_advice: list[TtlAdvice]


class CacheClearAsk(Ask):
    """What to forget."""

    namespace: str | None = Field(
        None,
        max_length=300,
        description="A route's template or a namespace of the shared level; left out: everything.",
    )


class CacheCleared(Wire):
    """What was forgotten, on every replica."""

    namespace: str | None
    entries: int = Field(description="Entries of the process that answers.")
    data_version: str = Field(description="Send it as `Min-Data-Version` to read past the clear anywhere.")
