"""Check-ins that people here added, as a file that the upstream's own Data Import takes (F.1 `override`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from service.attendance.queries.corrections import select_added
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.frame import framed
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.core.database import ReadConnection
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import BuildContext, Built, Difference, Report, Sealing
from service.schemas.attendance.reports import UpstreamCorrectionRow, UpstreamCorrectionsParams
from service.schemas.envelope import Cause

# The fields of Frappe's Employee Checkin: its Data Import matches columns by these names, in any language.
FIELDS: Final = ("employee", "time", "log_type", "device_id")


async def upstream_corrections(
    conn: ReadConnection, params: UpstreamCorrectionsParams, context: BuildContext
) -> Built:
    """Standing check-ins of the period by time; those the upstream has by now are counted, not listed."""
    frame = await framed(conn, params, context)
    chosen = frame.chosen
    found = await select_added(conn, chosen.start, chosen.end + timedelta(days=1), chosen.ids)
    rows = [_row(added) for added in found if not added.known_upstream]
    summary = {"rows": len(rows), "already_upstream": len(found) - len(rows)}
    return frame.built(rows, summary)


def _row(added: Row[Any]) -> dict[str, Any]:
    return {
        "employee": added.number,
        "time": added.local_time.isoformat(),
        "log_type": added.log_type,
        "device_id": None,
        "reason": added.reason,
        "by": added.created_by,
    }


async def _causes(
    conn: ReadConnection,
    params: UpstreamCorrectionsParams,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """What happened to the days of these check-ins, whose person the upstream calls employee."""
    named = [replace(one, key={"person": one.key["employee"], "day": one.key["time"][:10]}) for one in found]
    return await causes_of_days(conn, params, named, sealing, context)


def _columns(_answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The upstream's fields under its own names, ours in the reader's language."""
    own = columns_of_row(UpstreamCorrectionRow, UPSTREAM_CORRECTIONS.labels_in(locale))
    return [_as_imported(column) if column.key in FIELDS else column for column in own]


def _as_imported(column: Column) -> Column:
    named = replace(column, label=column.key)
    # Data Import reads `2026-10-07 17:00:00`; the T of ISO 8601 it does not know.
    return replace(named, kind="text", pick=_clock) if column.key == "time" else named


def _clock(row: Mapping[str, Any]) -> str:
    return str(row["time"]).replace("T", " ")


UPSTREAM_CORRECTIONS: Report[UpstreamCorrectionsParams, UpstreamCorrectionRow] = Report(
    name="upstream-corrections",
    title="Corrections for the upstream",
    titles={"es": "Correcciones para el origen"},
    description="Check-ins added here, as a file for Frappe's Data Import of Employee Checkin.",
    params=UpstreamCorrectionsParams,
    row=UpstreamCorrectionRow,
    build=upstream_corrections,
    scope=scopes_of,
    key=("employee", "time", "log_type"),
    period=period_of,
    causes=_causes,
    resolve=resolved,
    columns=_columns,
    labels={"es": {name: name for name in FIELDS}},
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "employee": "HR-EMP-00044",
                "time": "2026-10-07T17:00:00",
                "log_type": "OUT",
                "device_id": None,
                "reason": "proposed: the exit is missing, the shift ends then",
                "by": "key:ab12cd34",
            }
        ],
        "summary": {"rows": 1, "already_upstream": 0},
    },
    lifetime=timedelta(minutes=15),
)
