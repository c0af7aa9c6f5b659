"""The memory of a process on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire
from service.schemas.monitoring.process import ProcessId


class MemoryPoint(Wire):
    """What was held at a moment."""

    at: Instant
    rss_bytes: int
    heap_blocks: int = Field(description="Blocks that Python's own allocator holds.")


class MemoryTrend(Wire):
    """A least-squares slope per hour with its standard error."""

    unit: Literal["MiB/h", "blocks/h"]
    per_hour: float
    error: float
    samples: int
    window_seconds: int


class AllocationSite(Wire):
    """A line of code that holds memory, and how much more than at the snapshot before."""

    file: str = Field(description="From the package on, never a machine's path.")
    line: int
    size_bytes: int
    growth_bytes: int
    count: int
    count_growth: int


class LeakSuspicion(Wire):
    """Whether memory grows like a leak: the slope after the warm-up stays above a bound."""

    suspected: bool
    because: str
    bound_mib_per_hour: float
    growing: list[AllocationSite] = Field(
        description="What grew most in the last comparison of allocations; empty without one."
    )
    advice: str | None = Field(None, description="What to do next; null where nothing is suspected.")


class GcGeneration(Wire):
    """A generation of the garbage collector; the pauses are those that were measured."""

    generation: int
    threshold: int
    collections: int
    collected: int
    uncollectable: int
    pauses: int
    pause_seconds: float
    longest_pause_seconds: float


class MemoryCleanUp(Wire):
    """A clean-up of the memory and what it freed."""

    at: Instant
    because: Literal["schedule", "threshold"]
    entries_forgotten: int
    objects_collected: int
    freed_bytes: int
    rss_bytes: int
    seconds: float


class MemoryCleanUps(Wire):
    """The clean-ups of this process since its start."""

    every_seconds: float = Field(description="0: none by the clock.")
    times: int
    freed_bytes: int
    last: MemoryCleanUp | None


class AllocationTracing(Wire):
    """The tracing of allocations: whether it is on, and what grew at the last comparison."""

    process: ProcessId
    tracing: bool
    frames: int | None = None
    ends_at: Instant | None = None
    compared_at: Instant | None = None
    compared_with: Instant | None = Field(None, description="When the snapshot before was taken.")
    traced_bytes: int | None = Field(None, description="Held of what was allocated since the start.")
    growing: list[AllocationSite] = []


class AllocationAsk(Ask):
    """Trace allocations for a while, compare with the snapshot before, or stop."""

    action: Literal["start", "snapshot", "stop"]
    seconds: Annotated[int, Field(ge=1, le=600)] = Field(60, description="Until it stops by itself.")
    frames: Annotated[int, Field(ge=1, le=10)] = Field(1, description="Callers kept of each allocation.")


class MemoryReport(Wire):
    """The memory of the process that answers."""

    process: ProcessId
    rss_bytes: int
    threshold_bytes: int = Field(description="From here on a sample calls for the clean-up.")
    heap_blocks: int
    cache_bytes: int
    trend: MemoryTrend | None = Field(None, description="Of RSS; null with fewer than three samples.")
    heap_trend: MemoryTrend | None = None
    leak: LeakSuspicion
    gc: list[GcGeneration]
    clean_ups: MemoryCleanUps
    tracing: AllocationTracing
    points: list[MemoryPoint] = Field(description="The last hour, oldest first, at most 60.")
