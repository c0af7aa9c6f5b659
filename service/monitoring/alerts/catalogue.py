"""What rules can watch: figures, reports, gaps, sources, and the flags that they may switch off."""

from collections.abc import Sequence
from typing import Any, get_args

from service.core.database import ReadConnection
from service.core.flags import NAMES
from service.monitoring.alerts.asking import columns_of, summary_names
from service.monitoring.history.reading import known_figures
from service.reporting.desk import Desk
from service.reporting.report import Report
from service.schemas.monitoring.alerts import AlertFigures, WatchableReport, WatchableSource

_NUMBERS = {"int", "float", "Decimal"}


async def catalogue(conn: ReadConnection, desks: Sequence[Desk]) -> AlertFigures:
    """Everything a rule's source can name, as these desks have it."""
    sources = [
        WatchableSource(desk=desk.name, source=name, complete_through=instant)
        for desk in desks
        if desk.freshness is not None
        for name, instant in (await desk.freshness(conn)).items()
    ]
    return AlertFigures(
        figures=known_figures(),
        reports=[_watchable(desk, report) for desk in desks for report in desk.reports],
        gaps=[desk.name for desk in desks],
        sources=sources,
        flags=list(NAMES),
    )


def _watchable(desk: Desk, report: Report[Any, Any]) -> WatchableReport:
    fields = report.row.model_fields.values()
    numeric = [_holds_numbers(info.annotation) for info in fields]
    columns = [name for name, yes in zip(columns_of(report), numeric, strict=True) if yes]
    summary = list(summary_names(report.example.get("summary", {})))
    return WatchableReport(
        desk=desk.name, report=report.name, title=report.title, columns=columns, summary=summary
    )


def _holds_numbers(annotation: Any) -> bool:
    parts = {getattr(part, "__name__", "") for part in (annotation, *get_args(annotation))}
    return bool(parts & _NUMBERS)
