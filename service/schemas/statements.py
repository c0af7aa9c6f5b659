"""Sealed reports on the wire: what was signed, whether it is still intact, what would differ today."""

from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Sentences, Word
from service.schemas.envelope import Ask, Change, Instant, Meta, Page, PageAsk, Window, Wire


class StatementAsk(Ask):
    """Seal a report of a desk as it reads now."""

    report: Word = Field(description="Name of the report.")
    params: dict[str, Any] = Field({}, description="Its parameters, as in its query.")
    note: Sentences = Field("", description="What the signer wants to say with it.")
    accept_incomplete: bool = Field(
        False, description="Seal it although it is not complete; the statement then says so for ever."
    )


class WithdrawAsk(Ask):
    """Stand by a statement no longer."""

    reason: Sentences = Field(min_length=1, pattern=r"\S")


class StatementsAsk(PageAsk):
    """Which statements to list."""

    desk: Word | None = Field(None, description="Only statements of this desk.")
    report: Word | None = Field(None, description="Only statements of this report.")
    from_: CalendarDate | None = Field(None, alias="from", description="Only those with a day from here on.")
    to: CalendarDate | None = Field(None, description="Only those with a day up to here.")


class StatementChangesAsk(PageAsk):
    """Where in the list of differences."""


class Withdrawal(Wire):
    """Who withdrew a statement, when, and why."""

    by: str
    at: Instant
    reason: str


class Statement(Wire):
    """A report as somebody signed it; it never changes."""

    id: str
    desk: str
    report: str
    title: str
    note: str
    params: dict[str, Any]
    period: Window | None = Field(None, description="The days it is about, where the report has any.")
    sites: list[str] | None = Field(None, description="Whose figures it shows; null: everywhere.")
    row_count: int
    complete: bool
    sealed_by: str
    sealed_by_name: str
    sealed_at: Instant
    read_from: Instant = Field(
        description="What was committed before this instant is in it; what came later may not be."
    )
    sha256: str
    digests: dict[str, str] = Field(description="SHA-256 of each signed part as canonical JSON.")
    withdrawn: Withdrawal | None = None


class SealedReport(Statement):
    """A statement whole. `sha256` is that of `digests` as canonical JSON: keys sorted, no spaces, UTF-8."""

    items: list[dict[str, Any]]
    summary: dict[str, Any]
    notes: list[str]
    meta: Meta
    sources: dict[str, Any] = Field(description="Complete through when per source, and the data versions.")


class StatementCheck(Wire):
    """Whether a statement is what was signed."""

    id: str
    intact: bool
    sha256: str = Field(description="The hash as it was kept.")
    computed: str = Field(description="The hash of what is there now.")
    differs: list[str] = Field([], description="The parts that are not what was signed.")


class SummaryChange(Wire):
    """A figure of a report's summary that would differ today; null on the side that does not have it."""

    figure: str = Field(description="Path in the summary, such as people or status.absent.")
    sealed: Any = None
    today: Any = None


class ChangeListing(Wire):
    """Every figure of a statement that would differ today; `counts` and `summary` are over all pages."""

    items: list[Change]
    summary: list[SummaryChange] = Field(
        [], description="What the rows that differ, or those that a report only counts, come to."
    )
    page: Page
    counts: dict[Literal["changed", "appeared", "vanished"], int] = {}
    statement: Statement
    meta: Meta = Field(description="How complete the report of today is.")
