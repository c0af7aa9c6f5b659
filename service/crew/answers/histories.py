"""What is known of one person over a range: segments as observed, and runs of availability (spec D.5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from service.core.database import ReadConnection
from service.core.settings import Settings
from service.crew.answers.standing import Standing, standing, station_versions
from service.crew.answers.states import MINUTE, local
from service.crew.queries.states import AROUND, AnyRow, Whom, select_looks_of, select_segments
from service.crew.queries.stations import StationRow
from service.crew.rules.slots import Stretch
from service.crew.rules.spans import clip, difference, run_at, union

_TOLD: Final = 5
"""Unknown stretches that are named one by one."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of availability; a bound that is an end of what is known is not certain."""

    start: datetime
    end: datetime
    start_is_known: bool
    end_is_lower_bound: bool


@dataclass(frozen=True, slots=True)
class History:
    """Segments of a person that touch a range, and how far they can be trusted."""

    segments: Sequence[AnyRow]
    standing: Standing


async def history_of(
    conn: ReadConnection, settings: Settings, station: StationRow, whom: Whom, window: Stretch,
    now: datetime, *, around: timedelta = timedelta(0),
) -> History:  # fmt: skip
    """What is known of the one person of `whom` in a range, with segments from `around` it as well."""
    start, end = window
    segments = await select_segments(conn, whom, start - around, end + around)
    looks = await select_looks_of(conn, whom, start, end)
    versions = await station_versions(conn, [station.code])
    missing = difference([window], _spans(segments))
    stands = standing(
        settings, versions[station.code], looks.get(station.id, []), station.zone, whom.known_at or now,
        told(station.code, missing),
    )  # fmt: skip
    return History(segments, stands)


async def runs_of(
    conn: ReadConnection, settings: Settings, station: StationRow, whom: Whom, window: Stretch, now: datetime
) -> tuple[list[Run], Standing]:
    """The runs of availability that touch a range, whole (up to 35 days beyond it)."""
    history = await history_of(conn, settings, station, whom, window, now, around=AROUND)
    return runs(history.segments, *window), history.standing


def runs(segments: Sequence[AnyRow], start: datetime, end: datetime) -> list[Run]:
    """The runs of availability that touch a window, from segments in the order of time."""
    known = _spans(segments)
    available = _spans(row for row in segments if row.state == "available")
    return [_run(span, run_at(known, span[0]) or span) for span in available if clip([span], start, end)]


def told(place: str, missing: Sequence[Stretch]) -> list[str]:
    """What is not known, as sentences."""
    named = [f"{place}: nothing is known of {_written(a)} – {_written(b)}" for a, b in missing[:_TOLD]]
    more = len(missing) - _TOLD
    return [*named, f"{place}: nor of {more} more stretches"] if more > 0 else named


def partly_told(many: int) -> str:
    """That days were read which do not tell all of so many people."""
    return f"of {many} of the people a part of the range is not known"


def segment_object(row: AnyRow, meanings: Mapping[str, str]) -> dict[str, Any]:
    """A stored segment as it is answered."""
    meaning = None if row.reason is None else meanings.get(row.reason, row.reason)
    return {
        "from": row.start,
        "until": row.end,
        "local_date": row.local_date,
        "state": row.state,
        "reason": row.reason,
        "meaning": meaning,
    }


def block_object(run: Run, zone: str) -> dict[str, Any]:
    """A run as it is answered."""
    return {
        "from": run.start,
        "from_local": local(run.start, zone),
        "from_is_known_start": run.start_is_known,
        "until": run.end,
        "until_local": local(run.end, zone),
        "until_is_lower_bound": run.end_is_lower_bound,
        "minutes": (run.end - run.start) // MINUTE,
    }


def _run(span: Stretch, known: Stretch) -> Run:
    return Run(*span, start_is_known=span[0] == known[0], end_is_lower_bound=span[1] == known[1])


def _spans(rows: Iterable[AnyRow]) -> list[Stretch]:
    return union((row.start, row.end) for row in rows)


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes").replace("+00:00", "Z")
