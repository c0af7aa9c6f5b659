"""Reports whose rows are days: a declaration names the row, which days, and what they sum to."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from service.attendance.queries.day_rows import DayFilter, select_days
from service.attendance.queries.sheet import select_known
from service.attendance.reports.causes import causes_of_days
from service.attendance.reports.explain import explain_figure
from service.attendance.reports.frame import framed
from service.attendance.reports.periods import period_of, resolved, scopes_of
from service.attendance.rules.ruleset import RuleSet
from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.reporting.report import BuildContext, Built, Report
from service.schemas.attendance.day_reports import DayFigureParams, DayRow
from service.schemas.attendance.reports import PeopleFilter

P = TypeVar("P", bound=PeopleFilter)
R = TypeVar("R", bound=DayRow)
Rows = Sequence[Mapping[str, Any]]
Totals = Callable[[Rows], Mapping[str, Any]]

SPANISH = {
    "person": "Número",
    "person_name": "Nombre",
    "site": "Sucursal",
    "company": "Empresa",
    "department": "Departamento",
    "day": "Día",
    "shift": "Turno",
    "status": "Estado",
    "attendance": "Asistencia",
    "shift_start": "Entrada programada",
    "shift_end": "Salida programada",
    "first_in": "Entrada",
    "last_out": "Salida",
    "hours": "Horas",
    "worked_seconds": "Horas trabajadas",
    "expected_net_seconds": "Horas esperadas",
    "overtime_seconds": "Horas extra",
    "late": "Retardo",
    "late_minutes": "Minutos tarde",
    "late_seconds": "Tarde",
    "late_grace_seconds": "Tolerancia de entrada",
    "late_counted": "Retardo contado",
    "late_forgiven": "Retardo perdonado",
    "late_entry_seconds": "Entrada tarde",
    "early": "Salida anticipada",
    "early_minutes": "Minutos antes",
    "early_seconds": "Antes",
    "early_grace_seconds": "Tolerancia de salida",
    "early_exit_seconds": "Salida antes",
    "window_start": "Checadas desde",
    "window_end": "Checadas hasta",
    "upstream_name": "Documento de origen",
    "holiday": "Festivo",
    "holiday_list": "Calendario",
    "weekly_off": "Descanso semanal",
    "half_day_holiday": "Medio festivo",
    "day_off": "Día no laborable",
}
EXPLANATION = {
    "subject": "Ana Pérez (HR-EMP-00044) on 2026-10-07",
    "value": 1331,
    "unit": "seconds",
    "rule": "From the start of the shift to the entry.",
    "rule_version": "recommended/1",
    "inputs": [{"name": "check-in 2026-10-07T08:22:11 IN", "value": "inside the shift's window"}],
}


def day_report(
    *,
    name: str,
    title: str,
    spanish: str,
    description: str,
    params: type[P],
    row: type[R],
    wanted: Callable[[P], DayFilter],
    totals: Totals,
    example: Mapping[str, Any],
    finished: Callable[[dict[str, Any], P], dict[str, Any]] | None = None,
    reads: Sequence[str] = (),
) -> Report[P, R]:
    """A report of the days that `wanted` describes, with the row's fields read by their names.

    `finished` makes a row of what was read (the row's fields and `reads`); `totals` sums the rows up. Every
    figure of a row is explained by its day.
    """
    names = [*row.model_fields, *reads]

    async def build(conn: ReadConnection, asked: P, context: BuildContext) -> Built:
        frame = await framed(conn, asked, context)
        kept = wanted(asked)
        await _require_names(conn, kept)
        rules = RuleSet.from_json(frame.chosen.rule_set.parameters).punctuality
        found = await select_days(conn, frame.days, names, kept, rules)
        # Off the event loop: a month of 2,000 people is 60,000 rows.
        rows = await asyncio.to_thread(
            lambda: [dict(day) if finished is None else finished(dict(day), asked) for day in found]
        )
        return frame.built(rows, await asyncio.to_thread(totals, rows))

    return Report(
        name=name,
        title=title,
        titles={"es": spanish},
        description=description,
        params=params,
        row=row,
        build=build,
        scope=scopes_of,
        resolve=resolved,
        key=("person", "day", "shift"),
        period=period_of,
        causes=causes_of_days,
        explain=explain_figure,
        explain_params=DayFigureParams,
        explain_example={
            "params": {"person": "HR-EMP-00044", "day": "2026-10-07", "figure": "late_seconds"},
            "answer": EXPLANATION,
        },
        labels={"es": SPANISH},
        example=example,
        lifetime=timedelta(minutes=15),
    )


async def _require_names(conn: ReadConnection, days: DayFilter) -> None:
    """Raise `Invalid` for a shift or holiday list that is not there."""
    for what, word in (("shift", days.shift), ("holiday list", days.holiday_list)):
        known = [] if word is None else await select_known(conn, what)
        if word is not None and word not in known:
            raise unknown_value(f"/query/{what.replace(' ', '_')}", what, word, sorted(known))


def people_in(rows: Rows) -> int:
    """How many people the rows are of."""
    return len({row["person"] for row in rows})


def sum_of(rows: Rows, field: str) -> int:
    """A figure or a flag summed over the rows."""
    return sum(int(row[field]) for row in rows)
