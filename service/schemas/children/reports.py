"""Reports about a child: drafted with the figures they rest on, reviewed, published, shown to others."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from service.schemas.children.analytics import Period, WindowAsk
from service.schemas.children.bounds import Details, Text200, Text1000
from service.schemas.children.fields import Email, OneOf, Within
from service.schemas.children.words import ReportStatus, ReportType
from service.schemas.children.writings import Author
from service.schemas.envelope import Ask, Cause, Instant, Meta, Page, PageAsk, Wire
from service.schemas.exports import Locale
from service.schemas.statements import SummaryChange

Kind = Annotated[ReportType, OneOf()]
State = Annotated[ReportStatus, OneOf()]


class ReportAsk(WindowAsk):
    """A draft over a window of local days; its figures are worked out and kept with it."""

    type: Kind
    title: Text200 | None = Field(None, description="Default: its type and its days.")
    content: Details = Field({}, description="Its text by section, such as `executive_summary`.")


class ReportChangeAsk(Ask):
    """What a draft says otherwise; what is not named stays."""

    title: Text200 | None = None
    content: Details | None = None


class ReportsAsk(PageAsk):
    """Filters of the reports about a child."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")
    status: State | None = None
    type: Kind | None = None


class TransitionAsk(Ask):
    """Where a report goes."""

    to: State
    note: Text1000 | None = Field(None, description="What the reviewer says to the author.")


class ReportCorrectionAsk(Ask):
    """What is to be said of a published report that itself stays as it is."""

    note: Text1000


class ReportListed(Wire):
    """A report without its text and figures."""

    id: int
    child_id: int
    type: ReportType
    title: str
    status: ReportStatus
    author: Author
    approver: Author | None = None
    period_start: Instant
    period_end: Instant
    correction_note: str | None = None
    created_at: datetime
    submitted_at: Instant | None = None
    reviewed_at: Instant | None = None
    approved_at: Instant | None = None
    published_at: Instant | None = None
    archived_at: Instant | None = None
    version: int = Field(description="What `If-Match` of a change must name.")


class ReportFigures(Wire):
    """What a report was written from, as it was then."""

    window: Period
    definitions_version: str
    meta: Meta = Field(description="How complete the figures were.")
    sections: dict[str, Any] = Field(description="By section, as `/analytics` answers them.")
    sessions: int = Field(description="How many sessions they rest on.")
    activities: int = Field(description="How many activities they rest on.")


class ChildReport(ReportListed):
    """A report about a child."""

    content: dict[str, Any]
    figures: ReportFigures | None = Field(None, description="None in a report that came without any.")
    review_note: str | None = Field(None, description="For those who write and review.")
    statement_sha256: str | None = Field(None, description="Of what was published, as canonical JSON.")
    intact: bool | None = Field(None, description="Whether it still is what was published.")


class ReportRemoved(Wire):
    """A draft that is no more."""

    id: int
    child_id: int


class ReportChange(SummaryChange):
    """A figure that would differ today, and why; its path begins with its section."""

    causes: list[Cause]


class ReportChanges(Wire):
    """Everything in the figures of a report that would differ today."""

    report_id: int
    child_id: int
    intact: bool | None = None
    items: list[ReportChange]
    page: Page


class ShareAsk(Ask):
    """Show a published report to one more reader."""

    email: Email = Field(description="Who it is for; only a hash of it is kept.")
    days: Annotated[int, Field(strict=True), Within(1, 90)] = Field(30, description="How long it lasts.")


class Share(Wire):
    """A report shown to one more reader."""

    id: UUID
    report_id: int
    child_id: int
    shared_by: Author
    created_at: datetime
    expires_at: Instant
    revoked_at: Instant | None = None
    last_accessed_at: Instant | None = None


class NewShare(Share):
    """The same with its secret, in the first answer only: a repeated request is answered without it."""

    token: str | None = None
    path: str | None = Field(None, description="Where whoever has it reads the report, with nothing else.")


class SharesAsk(PageAsk):
    """Where in the list of shares."""

    limit: int = Field(20, ge=1, le=100, description="Items on a page; out of range is refused.")


class SharedReport(Wire):
    """A published report as its readers outside see it."""

    type: ReportType
    title: str
    author: str
    child: str = Field(description="First name or what the child is called by.")
    period_start: Instant
    period_end: Instant
    published_at: Instant
    correction_note: str | None = None
    content: dict[str, Any]
    figures: ReportFigures | None = None
    statement_sha256: str | None = None
    intact: bool | None = None


class ReportFileAsk(Ask):
    """How a report is to be written."""

    format: Literal["json", "csv", "html"] = "json"
    locale: Locale = "en"
