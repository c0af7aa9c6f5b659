"""Figures over all children who take part, withheld where they would tell of few (spec E8)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson

from service.children.analytics.answers import Answered
from service.children.door import note_reading
from service.children.queries.figures.population import select_bounds, select_cells
from service.children.rules.rounding import Exact, rounded
from service.children.rules.suppression import Key, rounded_down, withheld
from service.children.rules.windows import span_of
from service.core.auth import Caller
from service.reporting.rendering import quarter_hour_after
from service.reporting.snapshots import Platform
from service.schemas.children.across import Population, PopulationAsk, PopulationCell, PopulationFigures

NAMESPACE: Final = "children/population"
LIFE: Final = timedelta(minutes=15)
"""The same question has the same answer for so long, whatever happens meanwhile: no two to subtract."""


async def population(platform: Platform, caller: Caller, ask: PopulationAsk) -> Answered:
    """The figures of everybody, by groups; kept for a quarter of an hour for all who may ask."""
    now = datetime.now(UTC)
    span_of(ask)  # refuses a window that cannot be before anything is looked for
    key = _key(ask, now, platform.settings.children.smallest_group)
    built = False

    async def build() -> bytes:
        nonlocal built
        built = True
        return (await worked(platform, ask, now)).model_dump_json(by_alias=True).encode()

    body = await platform.cache.get_or_build(key, build, ttl=LIFE, namespace=NAMESPACE)
    await note_reading(platform.database, caller, "population.read")
    return Answered(body=body, hit=not built, data_version="")


async def worked(platform: Platform, ask: PopulationAsk, now: datetime) -> Population:
    """The figures as they are now."""
    span = span_of(ask)
    zone = span.zone or "UTC"
    async with platform.database.snapshot() as conn:
        bounds = await select_bounds(
            conn, first=span.first, last=span.last, days=span.days or 1, zone=zone, now=now
        )
        window = (bounds.from_at, bounds.to_at, now.date())
        everybody = await select_cells(conn, (), *window)
        cells = await select_cells(conn, ask.by, *window) if ask.by else ()
    smallest = platform.settings.children.smallest_group
    days = (bounds.last - bounds.first).days + 1
    overall = _figures(everybody[0] if everybody else None, days, smallest)
    return Population.model_validate(
        {
            "window": {
                "from": bounds.first,
                "to": bounds.last,
                "days": days,
                "timezone": zone,
                "from_at": bounds.from_at,
                "to_at": bounds.to_at,
                "hours": (bounds.to_at - bounds.from_at).total_seconds() / 3600,
            },
            "smallest_group": smallest,
            "overall": overall,
            "by": ask.by,
            "cells": [] if overall.suppressed else _cells(cells, ask.by, days, smallest),
            "generated_at": now,
        }
    )


def _cells(rows: Sequence[Any], by: Sequence[str], days: int, smallest: int) -> list[PopulationCell]:
    hidden = withheld({tuple(row.key): row.n for row in rows}, smallest)
    untold = {name: _untold(rows, f"{name}_n", smallest, hidden) for name in _MEANS}
    cells = []
    for row in rows:
        key = tuple(row.key)
        told = _figures(None if key in hidden else row, days, smallest).model_dump()
        told |= {figure: None for name, figure in _MEANS.items() if key in untold[name]}
        cells.append(PopulationCell(key=dict(zip(by, row.key, strict=True)), **told))
    return cells


def _untold(rows: Sequence[Any], number: str, smallest: int, hidden: frozenset[Key]) -> frozenset[Key]:
    """The groups that withhold a mean: what few of its children contribute to could else be subtracted."""
    counts: Mapping[Key, int] = {tuple(row.key): getattr(row, number) for row in rows if getattr(row, number)}
    return withheld(counts, smallest, hidden)


def _figures(row: Any, days: int, smallest: int) -> PopulationFigures:
    """Figures of a group, each from k children at least; None is a group that is withheld."""
    if row is None or row.n < smallest:
        return PopulationFigures(suppressed=True)
    means = {
        figure: _from_enough(getattr(row, name), getattr(row, f"{name}_n"), smallest)
        for name, figure in _MEANS.items()
    }
    return PopulationFigures(
        n_children=rounded_down(row.n),
        sessions_per_week=rounded(Decimal(row.finished) * 7 / days, 1),
        completion_rate=rounded(row.completion, 1),
        **means,
    )


_MEANS: Final = {
    "score": "score", "engagement": "engagement", "accuracy": "accuracy", "minutes": "active_minutes",
}  # fmt: skip
"""Means that not every child of a group contributes to, by their column, and what they are called."""


def _from_enough(value: Exact | None, n: int, smallest: int) -> float | None:
    return None if n < smallest else rounded(value, 1)


def _key(ask: PopulationAsk, now: datetime, smallest: int) -> str:
    asked = orjson.dumps(ask.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    moment = quarter_hour_after(now).isoformat() if ask.to is None else ""
    text = b"\0".join([asked, moment.encode(), str(smallest).encode()])
    return hashlib.sha256(text).hexdigest()[:32]
