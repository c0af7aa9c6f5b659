"""How far an answer of the desk can be trusted: `data` beside an entity, `meta` of a report."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from service.core.database import ReadConnection
from service.mill.queries.sources import select_source_states
from service.mill.rules.sources import PLAN_NEEDS, Standing, standing
from service.reporting.report import Completeness


async def standing_of(conn: ReadConnection, now: datetime, needed: Iterable[str] = PLAN_NEEDS) -> Standing:
    """What is known of the files that an answer needs."""
    return standing(needed, await select_source_states(conn), now)


def data_of(known: Standing) -> dict[str, Any]:
    """The `data` of an entity's answer."""
    return {"as_of": known.as_of, "complete": known.complete, "reasons": list(known.reasons)}


def completeness_of(known: Standing, doubts: Iterable[str] = (), zone: str = "UTC") -> Completeness:
    """The completeness of a report; `doubts` are what it found itself, days begin by the clocks of `zone`."""
    reasons = [*known.reasons, *doubts]
    as_of = None if known.as_of is None else datetime.combine(known.as_of, time(), ZoneInfo(zone))
    return Completeness(
        complete=not reasons, as_of=as_of, complete_through=dict(known.through), reasons=reasons
    )
