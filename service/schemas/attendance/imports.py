"""Imports of files: what is asked, what is reported."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask, Instant
from service.schemas.files import ImportedFile, UploadName

ImportKind = Literal["punches", "people", "shifts", "schedules", "weekly", "leaves", "holidays"]
FileKind = Literal["auto", "punches", "people", "shifts", "schedules", "weekly", "leaves", "holidays"]
DateOrder = Literal["auto", "dmy", "mdy"]
SourceName = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class ImportAsk(Ask):
    """How a file is to be read, and whether it is to be applied."""

    kind: FileKind = Field("auto", description="What the rows are; `auto`: by the columns.")
    dry_run: bool = Field(False, description="Say what it would do, and do nothing.")
    lenient: bool = Field(
        False, description="Apply the good rows where others are rejected; else one refuses the whole file."
    )
    zone: Word | None = Field(
        None, description="IANA zone of the file's clock; needed once for a new source."
    )
    source: SourceName = Field("files", description="Name of the source that the rows belong to.")
    complete_through: CalendarDate | None = Field(
        None, description="The last date through which nothing of this kind is missing in the source."
    )
    date_order: DateOrder = Field(
        "auto", description="Order of dates such as 03/04/2026; `auto`: by the evidence in the file."
    )
    name: Word | None = Field(None, description="The file's name, for people to read.")


class ImportParams(ImportAsk):
    """Parameters of the job `attendance.import`; `upload` is the name it was stored under.

    A dry run first does `before`, other uploads of the same command, and undoes them too; the files stay.
    """

    upload: UploadName
    before: tuple[UploadName, ...] = ()


class ImportResult(ImportedFile):
    """What an import did, or in a dry run would do: the result of its run.

    `outcome`: `refused` means that nothing is written, because rows are rejected and it is not lenient. A
    `dry_run` says what would be and leaves everything as it is.
    """

    kind: ImportKind
    source: str
    zone: str
    records: int = Field(description="What the rows hold: a row in wide form may hold several punches.")
    inserted: int
    updated: int
    unchanged: int
    removed: int = 0
    complete_through: Instant | None = None
