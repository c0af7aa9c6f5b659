"""The desk's reports, each declared once."""

from typing import Any

from service.crew.reports.hours import HOURS
from service.crew.reports.turnout import TURNOUT
from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = (TURNOUT, HOURS)
