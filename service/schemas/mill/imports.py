"""Files of the mill desk: what is asked, what was read, what is told of each row (spec E.8)."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.files import UploadName
from service.schemas.mill.fields import MillMessageSeverity

MillFileKind = Literal[
    "yarn_inventory", "bom", "knit_orders", "expected_receipts", "yarn_po", "yarn_demand", "sales",
    "style_map", "styles", "machines", "rates", "suppliers", "stage_inventory", "forecasts",
]  # fmt: skip
MillImportMode = Literal["dry_run", "strict", "lenient"]


class MillImportAsk(Ask):
    """What a file is, how it is to be read, and what is to be done with rows that are wrong."""

    kind: MillFileKind = Field(description="What the file is.")
    mode: MillImportMode = Field(
        "strict",
        description="`strict`: one error and nothing is written, and many warnings are errors; `lenient`: "
        "good rows are written, bad ones reported; `dry_run`: writes nothing, says what `lenient` would.",
    )
    snapshot_date: CalendarDate | None = Field(
        None, description="The day that the file speaks of, none to come; default: today at the mill."
    )
    lead_unit: Literal["days", "weeks"] | None = Field(
        None,
        description="Unit of the lead times of `suppliers`: the file does not say, and nothing is guessed.",
    )
    allow_shrink: bool = Field(
        False, description="Take a snapshot that lacks more than a fifth of the one in force."
    )
    close_missing: bool = Field(
        False, description="Of `knit_orders`: open orders that the file does not have are completed."
    )
    normalise: bool = Field(False, description="Of `bom`: recipes that add to nearly 1 are scaled to 1.")
    sheet: Word | None = Field(None, description="Sheet of a workbook; default: the first filled one.")
    name: Word | None = Field(
        None,
        description="The file's name, for people to read; the stage of rolls without a column for it "
        "stands there: `F01.csv`.",
    )


class MillImportParams(MillImportAsk):
    """Parameters of the job `mill.import`; `upload` is the name it was stored under."""

    upload: UploadName


class MillImportMessage(Wire):
    """One thing about one cell. `row` counts physical lines from 1, the header's; 0: not in the file.

    `used` is what was stored in place of `raw`.
    """

    row: int
    column: str | None = None
    code: str
    severity: MillMessageSeverity
    raw: str | None = None
    used: str | None = None
    action: Literal["rejected", "repaired", "kept", "skipped"]
    message: str


class MillImportReport(Wire):
    """What came of a file (E.8): rows, sums, and what is wrong where.

    A row is repaired when it has a warning and no error. `errors` are errors and warnings by row and column,
    the first 1,000; `messages` counts all that was told, `counts` by code, and `messages_link` has all that
    were kept (10,000 at most, the worst first), with information such as commas taken off.
    """

    job_id: int
    run_id: str | None = None
    kind: MillFileKind
    mode: MillImportMode
    status: Literal["queued", "running", "done", "refused", "failed"] = Field(
        description="`done`: written, or for a dry run looked at; `refused`: nothing was written."
    )
    file: str
    sha256: str
    snapshot_date: date | None = None
    rows_read: int
    rows_ok: int
    rows_repaired: int
    rows_rejected: int
    errors: list[MillImportMessage] = []
    totals: dict[str, str] = Field({}, description="Sums of what is stored, as decimal strings in pounds.")
    counts: dict[str, int] = Field({}, description="Everything told, by code.")
    messages: int = 0
    messages_kept: int = 0
    messages_link: str
    stored: dict[str, int] = Field({}, description="What was written, by what it is.")
    strict_errors: int = Field(0, description="How many of them refuse the file in a strict import.")
    in_force: bool = Field(description="Whether what it wrote is not replaced by a later file.")
    repeated: bool = Field(False, description="The same file was read before: this is that import.")
    requested_by: str
    created_at: Instant
    finished_at: Instant | None = None
    options: dict[str, Any] = {}


class MillImports(Wire):
    """Files that were read, the newest first."""

    items: list[MillImportReport]
    page: Page


class MillImportsAsk(PageAsk):
    """Which of them."""

    kind: MillFileKind | None = Field(None, description="Only files of this kind.")
    mode: MillImportMode | None = Field(None, description="Only files that were read so.")


class MillMessagesAsk(PageAsk):
    """Which messages, and as what."""

    format: Literal["json", "csv", "xlsx"] = Field("json", description="A file has all at once.")
    severity: MillMessageSeverity | None = Field(None, description="Only what is so bad.")
    code: Word | None = Field(None, description="Only of this code, such as `NUM_FORMAT`.")


class MillExportAsk(Ask):
    """As what a table is written."""

    format: Literal["csv", "xlsx"] = Field("csv", description="Of the file.")


class MillImportLine(MillImportMessage):
    """A message with the row that it is about, as the file has it."""

    original: list[str] | None = None


class MillImportMessages(Wire):
    """All messages of a file that were kept, by row and column."""

    job_id: int
    items: list[MillImportLine]
    page: Page
    messages: int = Field(description="How many were told in all.")
    messages_kept: int = Field(description="How many of them were kept, the worst first: 10,000 at most.")
    header: list[str] | None = Field(None, description="The file's header: what the cells of `original` are.")
