"""Files that are imported, whatever desk they are for: their name here, and what is said of single rows."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.envelope import Wire

UploadName = Annotated[str, Field(pattern=r"^[0-9a-f]{32}\.(csv|xlsx)$")]


class ImportFinding(Wire):
    """One thing about one row of a file.

    `line` counts from 1 with the header; of a row over several lines it is the first. A `rejected` row is not
    imported, a `warning` is imported as the message says.
    """

    line: int
    column: str | None = None
    code: str
    severity: Literal["rejected", "warning", "info"]
    message: str


class ImportedFile(Wire):
    """What an import did, or in a dry run would do, whatever the desk.

    `outcome`: `refused` means that nothing is written, because rows are rejected and it is not lenient. A
    `dry_run` says what would be and leaves everything as it is.
    """

    outcome: Literal["applied", "refused"]
    dry_run: bool
    file: str
    rows: int
    rejected_rows: int
    codes: dict[str, int] = Field({}, description="Findings by code.")
    findings: list[ImportFinding] = Field([], description="The first 1,000; all are in `findings_link`.")
    findings_link: str
