"""The formats every report has beside JSON: CSV and NDJSON files, workbooks and HTML pages."""

from collections.abc import Mapping
from typing import Any

from service.reporting.formats.csv_file import CSV
from service.reporting.formats.html_page import HTML
from service.reporting.formats.json_file import MEDIA_TYPE as JSON_MEDIA_TYPE
from service.reporting.formats.ndjson_file import NDJSON
from service.reporting.formats.xlsx_file import XLSX
from service.reporting.report import Formatter, Report

__all__ = ["JSON_MEDIA_TYPE", "formatters"]


def formatters(report: Report[Any, Any]) -> Mapping[str, Formatter]:
    """The formatters of a report by name; `json` has none, its bytes are the answer itself."""
    return {"csv": CSV, "html": HTML, "xlsx": XLSX, "ndjson": NDJSON, **report.formats}
