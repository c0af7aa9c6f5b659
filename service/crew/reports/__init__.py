"""The desk's reports, each declared once."""

from typing import Any

from service.crew.reports.off_the_run import OFF_THE_RUN
from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = (OFF_THE_RUN,)
