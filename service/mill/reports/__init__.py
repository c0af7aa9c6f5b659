"""The desk's reports, each declared once."""

from typing import Any

from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = ()
