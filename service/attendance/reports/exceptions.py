"""What needs somebody's attention: each thing with what is needed, what there is, and what would mend it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from service.attendance.queries.exceptions import select_incidents
from service.attendance.reports.causes import Shown, causes_among
from service.attendance.reports.fixes import fixes_of_day, ripens
from service.attendance.reports.frame import day_link
from service.attendance.reports.incident_words import INCIDENTS
from service.attendance.reports.of_nobody import of_nobody, wrong_clocks
from service.attendance.reports.periods import DEFAULT_RULE_SET, choose, period_of, resolved, scopes_of
from service.attendance.reports.standing import standing
from service.attendance.rules.codes import SETTABLE, incident_names
from service.attendance.rules.zones import site_clock, site_instant
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import BuildContext, Built, Difference, Report, Sealing
from service.schemas.attendance.reports import ExceptionRow, ExceptionsParams
from service.schemas.envelope import Cause

_OF_NOBODY = {"unknown_person", "unmapped_device", "clock_skew"}
KINDS = sorted({words[0] for words in INCIDENTS.values()} | _OF_NOBODY)


async def exceptions(conn: ReadConnection, params: ExceptionsParams, context: BuildContext) -> Built:
    """Rows by day and person; punches and devices of nobody only for who sees all sites."""
    if params.kind is not None and params.kind not in KINDS:
        raise unknown_value("/query/kind", "kind", params.kind, KINDS)
    chosen = await choose(conn, params, context)
    completeness, zone = await standing(conn, chosen)
    now = site_clock(context.now, zone)
    found = await select_incidents(conn, chosen.rule_set.id, chosen.start, chosen.end, chosen.ids)
    named = None if chosen.rule_set.name == DEFAULT_RULE_SET else chosen.rule_set.name
    rows = [row for day in found for row in day_exceptions(day, now, named)]
    if params.person is None and params.department is None:
        rows += await wrong_clocks(conn, chosen, context.caller.sites_for(params.site))
    if context.caller.sites is None and not any((params.site, params.person, params.department)):
        rows += await of_nobody(conn, chosen)
    if params.kind is not None:
        rows = [row for row in rows if row["kind"] == params.kind]
    return Built(
        rows=sorted(_shown(rows, params), key=_place),
        completeness=completeness,
        timezone=zone,
        rules_version=chosen.rule_set.key,
        summary=_counts(rows),
        next_change=_next_proposal(found, now, zone),
    )


def day_exceptions(day: Row[Any], now: datetime, rule_set: str | None = None) -> Iterator[dict[str, Any]]:
    """What is not as it should be on one day, as rows of the report; `now` as the site's clock reads.

    Their links explain the day under the rule set named, or the default one.
    """
    for name in _names(day):
        kind, need, have, remedies = INCIDENTS[name]
        yield {
            "kind": kind,
            "person": day.number,
            "person_name": day.name,
            "site": day.site,
            "day": day.work_date.isoformat(),
            "subject": f"{day.shift or 'no shift'} on {day.work_date}",
            "need": need,
            "have": _have(name, have, day),
            "reason": _reason(name, day),
            "remedies": list(remedies),
            "fixes": list(fixes_of_day(name, day, now)),
            "dismissed": (day.dismissed or {}).get(name),
            "link": day_link(day.number, day.work_date, rule_set),
        }


def _names(day: Row[Any]) -> list[str]:
    names = incident_names(day.incidents)
    if day.status in {"MISSING_IN", "MISSING_OUT"} and day.status not in names:
        names = [day.status, *names]
    return names


def _shown(rows: Sequence[dict[str, Any]], params: ExceptionsParams) -> list[dict[str, Any]]:
    return [row for row in rows if params.dismissed or row["dismissed"] is None]


def _place(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (row["day"], row["person"] or "", row["kind"], row["subject"])


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Open ones by kind, then how many were dismissed; nothing is left out quietly."""
    counts = {kind: sum(row["kind"] == kind and row["dismissed"] is None for row in rows) for kind in KINDS}
    counts["dismissed"] = sum(row["dismissed"] is not None for row in rows)
    return {word: count for word, count in counts.items() if count}


def _next_proposal(found: Sequence[Row[Any]], now: datetime, zone: str) -> datetime | None:
    """The next instant at which a punch that is missing can be proposed."""
    ahead = [ripe for day in found for name in _names(day) if (ripe := ripens(name, day, now)) is not None]
    return site_instant(min(ahead), ZoneInfo(zone)) if ahead else None


def _have(name: str, have: str, day: Row[Any]) -> str:
    if name == "MISSING_OUT" and day.first_in is not None:
        return f"only a punch at {day.first_in:%H:%M:%S}"
    if name == "MISSING_IN" and day.last_out is not None:
        return f"only a punch at {day.last_out:%H:%M:%S}"
    return have


def _reason(name: str, day: Row[Any]) -> str:
    if name in {"MISSING_IN", "MISSING_OUT"} and day.window_start is not None:
        return f"one punch between {day.window_start:%m-%d %H:%M} and {day.window_end:%m-%d %H:%M}"
    if day.set_aside:
        return "set aside: " + ", ".join(day.set_aside)
    return name.lower().replace("_", " ")


async def _causes(
    conn: ReadConnection,
    params: ExceptionsParams,
    found: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    """What happened to the days, and what was dismissed: the only report that stands on that."""
    shown = Shown(kinds={name: words[0] for name, words in INCIDENTS.items()}, dismissed=params.dismissed)
    return await causes_among(conn, params, found, sealing, context, shown)


def _columns(_answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The row's fields, proposals and dismissals in words."""
    labels = EXCEPTIONS.labels_in(locale)
    said = {"fixes": _fixes_in_words, "dismissed": _dismissal_in_words}
    return [replace(column, pick=said.get(column.key)) for column in columns_of_row(ExceptionRow, labels)]


def _fixes_in_words(row: Mapping[str, Any]) -> list[str]:
    return [f"{fix['label']} ({fix['basis']})" for fix in row.get("fixes", ())]


def _dismissal_in_words(row: Mapping[str, Any]) -> str | None:
    dismissed = row.get("dismissed")
    return dismissed and f"{dismissed['reason']} ({dismissed['by']}, {dismissed['at'][:10]})"


EXCEPTIONS: Report[ExceptionsParams, ExceptionRow] = Report(
    name="exceptions",
    title="Exceptions",
    titles={"es": "Incidencias"},
    description="What needs somebody's attention, each with what would mend it.",
    params=ExceptionsParams,
    row=ExceptionRow,
    build=exceptions,
    scope=scopes_of,
    key=("kind", "person", "day", "subject"),
    period=period_of,
    causes=_causes,
    resolve=resolved,
    columns=_columns,
    advice=("fixes",),
    overrides=tuple(status.name for status in SETTABLE),
    labels={
        "es": {
            "kind": "Tipo",
            "person": "Número",
            "person_name": "Nombre",
            "site": "Sucursal",
            "day": "Día",
            "subject": "Asunto",
            "need": "Hace falta",
            "have": "Hay",
            "reason": "Motivo",
            "remedies": "Remedios",
            "fixes": "Propuestas",
            "link": "Explicación",
        }
    },
    example={
        "params": {"month": "2026-10", "site": "Villas", "rule_set": "recommended"},
        "items": [
            {
                "kind": "missing_punch",
                "person": "HR-EMP-00044",
                "person_name": "Ana Pérez",
                "site": "Villas",
                "day": "2026-10-07",
                "subject": "Day 08-17 on 2026-10-07",
                "need": "a punch out",
                "have": "only a punch at 08:02:11",
                "reason": "one punch between 10-07 00:00 and 10-07 23:59",
                "remedies": ["add the punch out upstream", "ask the person when they left"],
                "fixes": [
                    {
                        "action": "correct",
                        "label": "add an exit at 2026-10-07 17:00",
                        "basis": "the exit is missing, and the shift Day 08-17 ends then",
                        "route": "/v1/attendance/corrections",
                        "body": {
                            "person": "HR-EMP-00044",
                            "day": "2026-10-07",
                            "kind": "checkin",
                            "time": "2026-10-07T17:00:00",
                            "log_type": "OUT",
                            "reason": "proposed: the exit is missing, the shift ends then",
                        },
                    }
                ],
                "dismissed": None,
                "link": "/v1/attendance/days/HR-EMP-00044/2026-10-07/explain",
            }
        ],
        "summary": {"missing_punch": 1},
    },
    lifetime=timedelta(minutes=15),
)
