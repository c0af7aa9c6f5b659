"""The desk's reports, each declared once."""

from collections.abc import Sequence
from typing import Any

from service.reporting.report import Report

REPORTS: Sequence[Report[Any, Any]] = ()
