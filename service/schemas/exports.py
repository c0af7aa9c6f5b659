"""How files are asked for: format, language, and what a CSV file is to look like; exports as runs."""

from typing import Any, Literal

from pydantic import Field

from service.schemas.envelope import Ask, Instant, Wire

Locale = Literal["en", "es"]
Delimiter = Literal[",", ";", "\t", "|"]
Durations = Literal["hms", "hours", "seconds"]


class ExportAsk(Ask):
    """Write a report as a file in the background, however large it is."""

    format: str = Field(description="csv, xlsx, ndjson, json, html, or a format of the report's own.")
    params: dict[str, Any] = Field({}, description="The report's parameters, as in its query.")
    locale: Locale = Field("en", description="Language of labels in HTML, CSV and XLSX.")
    delimiter: Delimiter = Field(",", description="Between the cells of a CSV file.")
    bom: bool = Field(False, description="Byte order mark in front of a CSV file.")
    durations: Durations = Field("hms", description="How CSV files write durations.")


class ExportParams(ExportAsk):
    """Parameters of a desk's job `export`: what was asked, for whom, and the start of the file's name."""

    report: str
    caller: str = Field("system", description="Who asked; the file shows what they may see.")
    sites: list[str] | None = Field(None, description="The sites they are limited to.")
    stem: str | None = Field(None, max_length=120)


class ExportedFile(Wire):
    """The file of a run, in its `result` under `file`."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    href: str
    expires_at: Instant
