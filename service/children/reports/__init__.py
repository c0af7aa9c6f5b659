"""The desk's reports, each declared once."""

from collections.abc import Sequence
from typing import Any

from service.children.reports.caseload import CASELOAD
from service.children.reports.progress import PROGRESS
from service.children.reports.sessions import SESSIONS
from service.reporting.report import Report

REPORTS: Sequence[Report[Any, Any]] = (PROGRESS, SESSIONS, CASELOAD)
