"""The report `off-the-run`: how long each appliance was off the run, and for what (issue 6.4)."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.errors import FieldError, Invalid, unknown_value
from service.crew.queries.appliances import ApplianceRow
from service.crew.reports.asked import sites
from service.crew.reports.causes import causes_of_rows
from service.crew.reports.frame import Frame, framed, period_of, resolved, scopes_of
from service.crew.reports.tallied import (
    RULES,
    combination_column,
    figures,
    inputs_of,
    reason_columns,
    rule_steps,
)
from service.crew.reports.words import LABELS
from service.crew.rules.attribution import Piece, Tally, pieces, tallies
from service.crew.rules.calendar import Bucket, buckets
from service.reporting.columns import Column, columns_of_row
from service.reporting.report import BuildContext, Built, Report
from service.schemas.crew.reports import OffTheRunFigureParams, OffTheRunParams, OffTheRunRow
from service.schemas.envelope import Explanation

_MAPPINGS: Final = ("by_reason", "percent_by_reason", "by_combination")
_NAMES: Final = ("station", "appliance", "period", "first_day", "last_day")
NOTES: Final = (
    "Where several things are wrong at once each reason has the whole time, so reasons overlap.",
    "Combinations do not overlap: they sum to the time off the run.",
    "`flag`: the grid itself has the appliance off. Percentages are of the time known.",
)


async def off_the_run(conn: ReadConnection, params: OffTheRunParams, context: BuildContext) -> Built:
    """A row for each appliance and bucket. Raises `Invalid` for an appliance that is not there."""
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_built, frame, params, context)


def _built(frame: Frame, params: OffTheRunParams, context: BuildContext) -> Built:
    wanted = _wanted(frame, params.appliance)
    rows, whole = [], Tally()
    for one in wanted:
        for bucket, tally in _of_each(frame, one, params):
            rows.append(_row(one, bucket, tally))
            _add(whole, tally)
    return Built(
        rows=rows,
        completeness=frame.completeness(),
        timezone=frame.zone,
        rules_version=frame.rules_version,
        notes=NOTES,
        summary=_summary(whole, len(wanted)),
        next_change=frame.next_change(context.now),
    )


def _wanted(frame: Frame, name: str | None) -> list[ApplianceRow]:
    found = [one for one in frame.appliances if name in (None, one.name)]
    if name is not None and not found:
        known = {one.name for one in frame.appliances}
        raise unknown_value("/query/appliance", "appliance", name, known)
    return found


def _of_each(frame: Frame, one: ApplianceRow, params: OffTheRunParams) -> Iterator[tuple[Bucket, Tally]]:
    parts = buckets(frame.first, frame.last, params.by)
    found = pieces(frame.courses[one.id].intervals, frame.window(one.station))
    return zip(parts, tallies(found, [part.bounds(one.station.zone) for part in parts]), strict=True)


def _row(one: ApplianceRow, bucket: Bucket, tally: Tally) -> dict[str, Any]:
    return {
        "station": one.station.code,
        "appliance": one.name,
        "period": bucket.word,
        "first_day": bucket.first,
        "last_day": bucket.last,
        **figures(tally),
    }


def _add(whole: Tally, tally: Tally) -> None:
    whole.on += tally.on
    whole.unknown += tally.unknown
    whole.by_combination = Counter(whole.by_combination) + tally.by_combination


def _summary(whole: Tally, appliances: int) -> dict[str, Any]:
    shown = figures(whole)
    # Of the reasons the rows tell: in a card of a page they were a column of words.
    return {"appliances": appliances, **{name: shown[name] for name in shown if "_by_" not in f"_{name}"}}


async def explain_off_the_run(
    conn: ReadConnection, params: OffTheRunFigureParams, context: BuildContext
) -> Explanation:
    """The stretches that make up a figure, with the rule that was enforced; `Invalid` for no such row."""
    part = _part_of(params)
    frame = await framed(conn, params, context, *period_of(params))
    return await asyncio.to_thread(_explained, frame, params, part)


def _part_of(params: OffTheRunFigureParams) -> Bucket:
    """The row's period. Raises `Invalid` (`unknown_period`), which tells how the days of a row are named."""
    first, last = period_of(params)
    for part in buckets(first, last, params.by):
        if part.word == params.period:
            return part
    detail = (
        f"there is no {params.period} in the report of {first} to {last} by {params.by}; "
        "name its days with month, week, or from and to"
    )
    raise Invalid(detail, errors=[FieldError("/query/period", "unknown_period", detail)])


def _explained(frame: Frame, params: OffTheRunFigureParams, part: Bucket) -> Explanation:
    one = next(iter(_wanted(frame, params.appliance)))
    found = pieces(frame.courses[one.id].intervals, part.bounds(one.station.zone))
    return explanation(frame, one, found, part.word, params.figure, params.reason)


def explanation(
    frame: Frame, one: ApplianceRow, found: Sequence[Piece], period: str, figure: str, reason: str | None
) -> Explanation:
    """Why a figure of an appliance is what it is; the figure follows from the inputs alone."""
    [tally] = tallies(found, [(found[0].start, found[-1].end)])
    shown = figures(tally)
    value = shown["by_reason"].get(reason, 0) if figure == "by_reason" else shown[figure]
    return Explanation(
        subject=f"{one.name} ({one.station.code}), {period}" + (f", {reason}" if reason else ""),
        value=value,
        unit="%" if figure.endswith("_percent") else "seconds",
        rule=RULES[figure],
        rule_version=frame.rules_version,
        inputs=inputs_of(figure, found, shown, reason),
        steps=rule_steps(frame.known, one.id),
    )


def columns(answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
    """The row's fields, with a column for each reason in place of what holds them by name."""
    labels = LABELS.get(locale, {})
    own = {column.key: column for column in columns_of_row(OffTheRunRow, labels)}
    plain = [
        column if column.key in _NAMES else _asking(column)
        for column in own.values()
        if column.key not in _MAPPINGS
    ]
    by_reason = reason_columns(answer["items"], locale)
    return [*plain, *by_reason, combination_column(own["by_combination"].label)]


def _asking(column: Column) -> Column:
    return Column(
        key=column.key, label=column.label, kind=column.kind, note=column.note,
        explain={"figure": column.key},
    )  # fmt: skip


_EXAMPLE_ROW: Final[dict[str, Any]] = {
    "station": "P22",
    "appliance": "P22P6",
    "period": "2026-03-05",
    "first_day": "2026-03-05",
    "last_day": "2026-03-05",
    "period_seconds": 86400,
    "on_the_run_seconds": 32400,
    "off_seconds": 54000,
    "unknown_seconds": 0,
    "known_seconds": 86400,
    "on_the_run_percent": "37.50",
    "off_percent": "62.50",
    "by_reason": {
        "flag": 28800, "total_crew": 54000, "ba_non_officer": 36000, "officer": 3600, "senior_ba": 3600,
    },
    "percent_by_reason": {
        "flag": "33.33", "total_crew": "62.50", "ba_non_officer": "41.67", "officer": "4.17",
        "senior_ba": "4.17",
    },
    "by_combination": {
        "total_crew+ba_non_officer": 25200,
        "flag+total_crew": 14400,
        "flag+total_crew+ba_non_officer": 10800,
        "flag+total_crew+officer+senior_ba": 3600,
    },
}  # fmt: skip
OFF_THE_RUN: Final[Report[OffTheRunParams, OffTheRunRow]] = Report(
    name="off-the-run",
    title="Off the run, by reason",
    titles={"es": "Fuera de servicio, por motivo"},
    description="How long each appliance was off the run in a month, week or day, and for what: too few, no "
    "officer, no driver, too few BA, off by the grid. What is not known stands apart.",
    params=OffTheRunParams,
    row=OffTheRunRow,
    build=off_the_run,
    scope=scopes_of,
    resolve=resolved,
    lifetime=timedelta(minutes=15),
    key=("station", "appliance", "period"),
    period=period_of,
    sites=sites,
    causes=causes_of_rows,
    columns=columns,
    explain=explain_off_the_run,
    explain_params=OffTheRunFigureParams,
    explain_example={
        "params": {
            "station": "P22", "from": "2026-03-05", "to": "2026-03-05", "by": "day", "appliance": "P22P6",
            "period": "2026-03-05", "figure": "by_reason", "reason": "officer",
        },
        "answer": {
            "subject": "P22P6 (P22), 2026-03-05, officer",
            "value": 3600,
            "unit": "seconds",
            "rule": RULES["by_reason"],
            "rule_version": "crew-turnout/1 p22p6 0f3a9c1d",
            "inputs": [
                {
                    "name": "2026-03-05T12:00:00Z – 2026-03-05T13:00:00Z: flag+total_crew+officer+senior_ba",
                    "value": 3600,
                    "unit": "seconds",
                }
            ],
        },
    },
    labels=LABELS,
    example={
        "params": {"station": "P22", "from": "2026-03-05", "to": "2026-03-05", "by": "day"},
        "items": [_EXAMPLE_ROW],
        "summary": {
            "appliances": 1,
            **{name: value for name, value in _EXAMPLE_ROW.items() if name.endswith("_seconds")},
        },
        "notes": list(NOTES),
    },
)  # fmt: skip
