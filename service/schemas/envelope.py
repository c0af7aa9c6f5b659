"""Shapes that every desk's answers share: pages, completeness, gaps, explanations, runs, problems.

Form follows the API conventions: every response is a JSON object, instants are RFC 3339 with offset,
durations are integer seconds (suffix ``_seconds``), quantities are decimal strings with a unit beside them.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Instant = AwareDatetime
"""A moment: RFC 3339 with offset. In requests an instant without offset is refused (``offset_required``)."""

RunState = Literal["queued", "running", "done", "failed", "cancelled", "partial"]


class Wire(BaseModel):
    """Base of everything we answer. Unknown fields are ignored, so an older client reads a newer server."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


class Ask(BaseModel):
    """Base of everything we are asked. Unknown names are refused: a typo in a filter is a wrong report."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


T = TypeVar("T")


class Page(Wire):
    """Where a list stands. ``next`` is an opaque signed cursor, null on the last page."""

    next: str | None = Field(None, description="Cursor of the next page; send it back as `cursor`.")
    has_more: bool
    limit: int
    total: int | None = Field(None, description="Exact count, only with `include=total`, up to a cap.")
    total_capped: bool = Field(False, description="True when there are more rows than `total` says.")


class Window(Wire):
    """A range of dates, both ends inclusive."""

    from_: date = Field(alias="from")
    to: date


class Gap(Wire):
    """Something that is needed and not there: a missing punch, an unread window, a yarn short."""

    code: str = Field(description="Stable snake_case word of the kind of gap.")
    need: str
    have: str
    from_: Instant | None = Field(None, alias="from")
    to: Instant | None = None
    reasons: list[str] = []
    remedies: list[str] = []
    subject: str | None = Field(None, description="Whom or what it concerns (person, device, source).")
    link: str | None = Field(None, description="Path of the resource that shows more.")


class Fix(Wire):
    """A proposal that mends something: approved by posting `body` to `route`, or in words alone."""

    action: Literal["correct", "map_device", "upstream", "dismiss"]
    label: str
    basis: str = Field(description="Why this is proposed.")
    route: str | None = Field(None, description="Path that takes the body; null: to be done elsewhere.")
    body: dict[str, Any] | None = Field(
        None, description="Of `correct` and `dismiss` one of the route's `items`, else the whole body."
    )


class Seal(Wire):
    """That a report of this period was signed: by whom, when, and the hash of what was signed."""

    id: str
    report: str
    sealed_at: Instant
    sealed_by: str
    sha256: str
    link: str


class Meta(Wire):
    """As of when, complete through when per source, and if not complete, why.

    ``complete`` is true only when every source's watermark covers the window and no gap is open.
    """

    as_of: Instant | None = None
    complete_through: dict[str, Instant | None] = {}
    complete: bool
    incomplete_reasons: list[str] = []
    gaps: list[Gap] = []
    timezone: str = "UTC"
    rules_version: str | None = None
    data_version: str = ""
    generated_at: Instant | None = Field(
        None, description="Commit time of the newest data in the answer: equal data give equal bytes."
    )
    sealed: list[Seal] = Field([], description="Statements of this report that share days with this answer.")


class ExplanationInput(Wire):
    """A value that went into a figure, with a link to where it comes from."""

    name: str
    value: Any = None
    unit: str | None = None
    link: str | None = None


class ExplanationStep(Wire):
    """One rule that was applied: its threshold, what it decided, the value after it."""

    rule: str
    figure: str | None = Field(None, description="What this step decides; later steps use it by this name.")
    source: str | None = Field(None, description="Where the rule is laid down.")
    threshold: Any = None
    outcome: str
    value: Any = None
    unit: str | None = None
    inputs: list[ExplanationInput] = []


class Explanation(Wire):
    """Why a figure is what it is; the figure can be recomputed from this alone."""

    subject: str
    value: Any = None
    unit: str | None = None
    rule: str
    rule_version: str
    threshold: Any = None
    inputs: list[ExplanationInput] = []
    steps: list[ExplanationStep] = []
    gaps: list[Gap] = []


class Cause(Wire):
    """Something that happened and made a figure differ: what, when we learnt of it, where it can be seen."""

    code: str = Field(description="Stable snake_case word, such as `checkin_late`, `shift_type_edited`.")
    detail: str
    at: Instant | None = Field(None, description="When it came to be known here.")
    subject: str | None = Field(None, description="The document it is about, by its upstream name.")
    link: str | None = None


class Change(Wire):
    """A figure that would differ today, with what caused it; `appeared` and `vanished` are whole rows."""

    kind: Literal["changed", "appeared", "vanished"]
    key: dict[str, Any] = Field(description="What names the row, by the report's key.")
    figure: str | None = Field(None, description="Path in the row, such as days.2026-10-07; null: the row.")
    sealed: Any = None
    today: Any = None
    causes: list[Cause] = []


class FieldProblem(Wire):
    """One part of a request that was refused. ``pointer`` is a JSON pointer, e.g. ``/query/month``."""

    pointer: str
    code: str
    detail: str


class Problem(Wire):
    """An error as ``application/problem+json`` (RFC 9457), with our ``code`` and ``request_id``."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    code: str
    request_id: str | None = None
    errors: list[FieldProblem] = []


class Progress(Wire):
    """How far a run is; ``total`` and ``seconds_left`` are null while nobody can know them."""

    done: int = 0
    total: int | None = None
    unit: str = "rows"
    rate_per_second: float | None = None
    seconds_left: int | None = None
    message: str | None = None


class Run(Wire):
    """One execution of a long work (sync, import, recompute, export); survives restarts."""

    id: str
    job: str
    scope: str = ""
    state: RunState
    params: dict[str, Any] = {}
    progress: Progress = Progress()
    counts: dict[str, int] = {}
    requested_by: str | None = None
    created_at: Instant
    started_at: Instant | None = None
    finished_at: Instant | None = None
    deadline_at: Instant | None = None
    starts: int = Field(0, description="How often the run was started; more than 1 after a crash.")
    attempt: int = Field(1, description="Which attempt of a scheduled run this is; a failed one has others.")
    retry_at: Instant | None = Field(None, description="When a failed run is tried again, as a new run.")
    correlation_id: str | None = Field(
        None, description="`X-Correlation-Id` or `X-Request-Id` of who asked; of a repetition the first run."
    )
    error: Problem | None = None
    result: dict[str, Any] | None = None


class RunEvent(Wire):
    """Something a run said, numbered within the run."""

    sequence: int
    at: Instant
    kind: str
    message: str
    data: dict[str, Any] = {}


class RunAsk(Ask):
    """Start a job."""

    job: str = Field(min_length=1, max_length=200)
    params: dict[str, Any] = {}


class Listing(Wire, Generic[T]):
    """A page of rows: ``items``, ``page`` and, where completeness matters, ``meta``."""

    items: list[T]
    page: Page
    meta: Meta | None = None


class ReportAnswer(Wire, Generic[T]):
    """A report: what was asked, its rows, totals and notes, and how complete it is."""

    report: str
    params: dict[str, Any]
    items: list[T]
    summary: dict[str, Any] = {}
    notes: list[str] = []
    meta: Meta


class GapListing(Wire):
    """The open gaps of all desks, most urgent first; ``desks`` says how many each has."""

    items: list[Gap]
    page: Page
    desks: dict[str, int] = {}


class PageAsk(Ask):
    """What every list can be asked beside its filters; a list's own params inherit from it."""

    limit: int = Field(100, ge=1, le=1000, description="Items on a page; out of range is refused.")
    cursor: str | None = Field(None, max_length=2000, description="`page.next` of the page before.")
    include: Literal["total"] | None = Field(None, description="`total`: an exact count, up to a cap.")


class CatalogueEntry(Wire):
    """One report."""

    name: str
    title: str
    description: str
    path: str
    formats: list[str]
    explains: bool
    params: dict[str, Any]


class Catalogue(Wire):
    """The reports of a desk, all on one page."""

    items: list[CatalogueEntry]
    page: Page


class Alive(Wire):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Wire):
    """The process can do its work: the database answers and has the newest schema."""

    status: Literal["ok"] = "ok"
