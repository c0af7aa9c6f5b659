"""Files of the crew desk: what is asked, what is reported."""

from typing import Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.crew.fields import Code, Moment
from service.schemas.envelope import Ask, Instant
from service.schemas.files import ImportedFile, UploadName

CrewFileKind = Literal["report", "details"]


class CrewImportAsk(Ask):
    """Whose file it is, how it is to be read, and whether it is to be applied."""

    station: Code = Field(description="Code of the station that the file is of.")
    kind: Literal["auto", "report", "details"] = Field(
        "auto",
        description="`report`: availability by person and date; `details`: names, phones and e-mail; `auto`: "
        "by what the file holds.",
    )
    zone: Word | None = Field(
        None, description="IANA zone of the station's clock; needed once for a station that is new here."
    )
    as_of: Moment | None = Field(
        None,
        description="When a report was made, required with one: what was observed later stays in force.",
    )
    dry_run: bool = Field(False, description="Say what it would do, and do nothing.")
    lenient: bool = Field(
        False, description="Apply the good rows where others are rejected; else one refuses the whole file."
    )
    name: Word | None = Field(None, description="The file's name, for people to read.")


class CrewImportParams(CrewImportAsk):
    """Parameters of the job `crew.import`; `upload` is the name it was stored under."""

    upload: UploadName


class CrewImportResult(ImportedFile):
    """What an import did, or in a dry run would do: the result of its run.

    Of a report `days` counts local dates by what came of them (`applied`, `unchanged`, `stale`), of details
    `people` counts those who were told apart as `changed`, `unchanged` and `unknown` (not of this station).
    `refused`: nothing is written, because rows are rejected and it is not lenient. No finding holds anybody's
    name.
    """

    kind: CrewFileKind
    station: str
    as_of: Instant | None = None
    days: dict[str, int] = {}
    people: dict[str, int] = {}
