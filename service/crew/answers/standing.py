"""How far an answer of the desk can be trusted: its `data` (spec D.7), the same for every entity.

`as_of` is the oldest look among the days used. `stale`: one of these days is older than three times its
freshness (spec D.4). `complete`: nothing that was asked for is unknown; what is, `reasons` say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.core.settings.groups import GartanSettings
from service.core.versions import read_versions
from service.crew.queries import scopes
from service.crew.queries.station_days import Look
from service.crew.rules.slots import Stretch, day_bounds
from service.crew.rules.spans import difference, union
from service.reporting.report import Completeness

STALE_AFTER: Final = 3
"""Times its freshness, from which a day is stale (spec D.7)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What `data` says. `version` is the station's data version (of several stations their sum).

    `until` is when the same data become stale.
    """

    version: int
    as_of: datetime | None
    stale: bool
    reasons: tuple[str, ...] = ()
    until: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing that was asked for is unknown."""
        return not self.reasons

    def as_json(self) -> dict[str, Any]:
        """As `data` of an answer."""
        return {
            "version": self.version,
            "as_of": self.as_of,
            "stale": self.stale,
            "complete": self.complete,
            "reasons": list(self.reasons),
        }

    def completeness(self, source: str, through: datetime | None = None) -> Completeness:
        """The same for the `meta` of a report, where data that are stale are a reason too."""
        aged = (f"the newest look at {source} is older than it should be",) if self.stale else ()
        reasons = (*self.reasons, *aged)
        return Completeness(
            complete=not reasons, as_of=self.as_of, complete_through={source: through}, reasons=reasons
        )


async def station_versions(conn: ReadConnection, codes: Iterable[str]) -> Mapping[str, int]:
    """The data version of each of these stations, as this snapshot has it."""
    names = list(dict.fromkeys(codes))
    known, _ = await read_versions(conn, [scopes.of_station(code) for code in names])
    return {code: known[scopes.of_station(code)] for code in names}


def standing(
    settings: Settings,
    version: int,
    looks: Iterable[Look],
    zone: str,
    now: datetime,
    reasons: Sequence[str] = (),
) -> Standing:
    """The standing of an answer that uses these days of one station.

    `now` is the instant of asking, or `known_at`. `reasons` say what is not known of what was asked for.
    """
    gartan = settings.upstream.gartan
    seen = [(look.day, min(look.fetched_at, now)) for look in looks]
    used = [(fetched, stale_at(gartan, day, fetched, zone)) for day, fetched in seen]
    ends = [end for _, end in used if end is not None]
    as_of = min((fetched for fetched, _ in used), default=None)
    until = min((end for end in ends if end > now), default=None)
    return Standing(version, as_of, any(end <= now for end in ends), tuple(reasons), until)


def together(standings: Sequence[Standing]) -> Standing:
    """One standing of the answers about several stations: the oldest look, the first doubt, every reason."""
    return Standing(
        sum(one.version for one in standings),
        min((one.as_of for one in standings if one.as_of is not None), default=None),
        any(one.stale for one in standings),
        tuple(dict.fromkeys(reason for one in standings for reason in one.reasons)),
        min((one.until for one in standings if one.until is not None), default=None),
    )


def stale_at(gartan: GartanSettings, day: date, fetched_at: datetime, zone: str) -> datetime | None:
    """The instant from which a day that was last seen at `fetched_at` is stale; None: it is final (D.4).

    A day is judged by what it is at that instant: seen as a day ahead and not again, it is stale in the end
    by the freshness of today.
    """
    start, end = day_bounds(day, zone)
    if fetched_at >= end + timedelta(seconds=gartan.final_grace):
        return None
    eve = day_bounds(day - timedelta(days=1), zone)[0]
    phases = (
        (fetched_at, eve, gartan.fresh_later),
        (eve, start, gartan.fresh_tomorrow),
        (start, datetime.max.replace(tzinfo=UTC), gartan.fresh_today),
    )
    ends = (
        (max(opens, fetched_at + timedelta(seconds=STALE_AFTER * freshness)), closes)
        for opens, closes, freshness in phases
    )
    return next(stale for stale, closes in ends if stale < closes)


def not_fetched(looks: Iterable[Look], start: datetime, end: datetime) -> list[Stretch]:
    """The parts of a window that no look of these covers."""
    return difference([(start, end)], union(*(look.covered for look in looks)))
