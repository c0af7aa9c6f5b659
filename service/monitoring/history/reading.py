"""The history as it is shown: aligned points, holes as null."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row

from service.core.database import ReadConnection
from service.core.errors import unknown_value
from service.monitoring.figures import FIGURES, Figure
from service.monitoring.history import queries
from service.monitoring.history.spans import RINGS, Ring
from service.schemas.monitoring.history import (
    FigureSeries,
    History,
    HistoryAsk,
    KnownFigure,
    KnownInstance,
)

_LATE: Final = 3
"""Spans at the end that may not have been written yet: not shown as holes."""


def asked_figures(names: str | None) -> list[Figure]:
    """The figures of a list with commas. Raises `Invalid` with near matches for one that is not known."""
    wanted = list(FIGURES) if names is None else [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in FIGURES:
            raise unknown_value("/query/figures", "figure", name, FIGURES)
    return [FIGURES[name] for name in dict.fromkeys(wanted)]


def known_figures() -> list[KnownFigure]:
    """Every figure that is kept."""
    return [KnownFigure(**_about(figure)) for figure in FIGURES.values()]


async def read_history(conn: ReadConnection, asked: HistoryAsk, own: str) -> History:
    """The answer, from one snapshot. Raises `Invalid` for a figure or an instance that is not known."""
    figures = asked_figures(asked.figures)
    known = await queries.select_instances(conn)
    instance = asked.instance or own
    if instance not in {row.name for row in known} | {own}:
        raise unknown_value("/query/instance", "instance", instance, [row.name for row in known])
    ring = next(ring for ring in RINGS if ring.range == asked.range)
    now = await queries.select_clock(conn)
    current = int(now // ring.seconds)
    start = (current - ring.length - _LATE) * ring.seconds
    rows = await queries.select_spans(conn, ring.seconds, start, now, instance)
    return _answer(asked, ring, figures, instance, rows, known, now)


def _answer(
    asked: HistoryAsk,
    ring: Ring,
    figures: Sequence[Figure],
    instance: str,
    rows: Sequence[Row[Any]],
    known: Sequence[Row[Any]],
    now: float,
) -> History:
    current = int(now // ring.seconds)
    newest = rows[-1].number if rows else None
    last = newest if newest is not None and newest >= current - _LATE else current
    first = last - ring.length + 1
    values = {row.number: orjson.loads(row.figures)["values"] for row in rows if row.number >= first}
    spans = [values.get(number, {}) for number in range(first, last + 1)]
    return History(
        as_of=_instant(now),
        range=asked.range,
        resolution_seconds=ring.seconds,
        from_=_instant(first * ring.seconds),
        to=_instant((last + 1) * ring.seconds),
        newest=None if newest is None else _instant(newest * ring.seconds),
        instance=instance,
        figures=[_series(figure, spans) for figure in figures],
        instances=[KnownInstance(name=row.name, newest=row.newest) for row in known],
        catalogue=known_figures(),
    )


def _series(figure: Figure, spans: Sequence[dict[str, Sequence[float]]]) -> FigureSeries:
    found = [span.get(figure.name) for span in spans]
    value, lowest, highest = ([None if one is None else one[place] for one in found] for place in range(3))
    return FigureSeries(**_about(figure), points=value, lowest=lowest, highest=highest)


def _about(figure: Figure) -> dict[str, str]:
    return {"name": figure.name, "title": figure.title, "unit": figure.unit, "rollup": figure.rollup}


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
