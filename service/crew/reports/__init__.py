"""The desk's reports, each declared once."""

from typing import Any

from service.crew.reports.availability import AVAILABILITY
from service.crew.reports.coverage import COVERAGE
from service.crew.reports.forecast import FORECAST
from service.crew.reports.gaps import GAPS
from service.crew.reports.hours import HOURS
from service.crew.reports.off_the_run import OFF_THE_RUN
from service.crew.reports.turnout import TURNOUT
from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = (
    TURNOUT,
    HOURS,
    FORECAST,
    GAPS,
    COVERAGE,
    OFF_THE_RUN,
    AVAILABILITY,
)
