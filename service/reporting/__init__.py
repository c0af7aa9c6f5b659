"""What every desk's reports share: the declaration and all that follows from it."""

from service.reporting.columns import Column
from service.reporting.desk import Desk
from service.reporting.rendering import RenderedReport, run_report
from service.reporting.report import (
    BuildContext,
    Built,
    Completeness,
    Formatter,
    Report,
    Streamed,
    Style,
    View,
)
from service.reporting.routes import report_routes

__all__ = [
    "BuildContext",
    "Built",
    "Column",
    "Completeness",
    "Desk",
    "Formatter",
    "RenderedReport",
    "Report",
    "Streamed",
    "Style",
    "View",
    "report_routes",
    "run_report",
]
