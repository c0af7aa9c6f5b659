"""The formats every report has beside JSON: CSV files and HTML pages."""

from collections.abc import Mapping
from typing import Any

from service.reporting.formats.csv_file import CSV
from service.reporting.formats.html_page import HTML
from service.reporting.report import Formatter, Report

JSON_MEDIA_TYPE = "application/json"


def formatters(report: Report[Any, Any]) -> Mapping[str, Formatter]:
    """The formatters of a report by name; `json` has none, its bytes are the answer itself."""
    return {"csv": CSV, "html": HTML, **report.formats}
