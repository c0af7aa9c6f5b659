"""Profiles and slow requests on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire


class ProfilerAsk(Ask):
    """For how long, and in which form."""

    seconds: Annotated[int, Field(ge=1, le=60)] = Field(5, description="How long to sample.")
    format: Literal["html", "speedscope"] | None = Field(
        None, description="Default: what `Accept` asks for, else a page."
    )


class SpeedscopeProfile(Wire):
    """A file of speedscope: its own schema tells the rest."""

    name: str
    exporter: str
    profiles: list[dict[str, Any]]
    shared: dict[str, list[dict[str, Any]]]


class StatementTimes(Wire):
    """How often a request sent a statement."""

    fingerprint: str = Field(description="As in `/v1/performance/statements`.")
    times: int


class SlowRequest(Wire):
    """A request that took long: where its time went, and nothing that it said or was answered."""

    at: Instant = Field(description="When it ended.")
    request_id: str = Field(description="As in its log lines and its answer.")
    route: str = Field(description="The template, never the path.")
    method: str
    status: int
    ms: float
    spent_ms: dict[str, float] = Field(
        description="By kind of work: `db`, `pool` (waiting for a connection), `cache`, `build`, …"
    )
    counts: dict[str, int] = Field(description="How often each kind of work was done.")
    statements: list[StatementTimes] = Field(description="The most frequent first, at most 20.")
    cache: str | None = Field(None, description="Whether the answer was a `hit`, a `miss` or a `bypass`.")


class SlowRequestListing(Wire):
    """The latest slow requests, newest first."""

    threshold_ms: float
    kept: int = Field(description="How many are kept at most.")
    items: list[SlowRequest]
