"""The desk's reports, each declared once."""

from typing import Any

from service.crew.reports.availability import AVAILABILITY
from service.crew.reports.coverage import COVERAGE
from service.crew.reports.fairness import FAIRNESS
from service.crew.reports.forecast import FORECAST
from service.crew.reports.gap_cover import GAP_COVER
from service.crew.reports.gaps import GAPS
from service.crew.reports.hours import HOURS
from service.crew.reports.monthly_return import MONTHLY_RETURN
from service.crew.reports.off_the_run import OFF_THE_RUN
from service.crew.reports.recovery import RECOVERY
from service.crew.reports.turnout import TURNOUT
from service.reporting.report import Report

REPORTS: tuple[Report[Any, Any], ...] = (
    TURNOUT,
    HOURS,
    FORECAST,
    GAPS,
    COVERAGE,
    OFF_THE_RUN,
    RECOVERY,
    GAP_COVER,
    FAIRNESS,
    AVAILABILITY,
    MONTHLY_RETURN,
)
