"""When each person of a station was available over a period, and how much of it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP
from functools import cached_property
from typing import Final

from service.core.errors import unknown_value
from service.crew.queries.station_days import MemberRow
from service.crew.queries.stations import StationRow
from service.crew.reports.frame import Frame
from service.crew.reports.tallied import written
from service.crew.reports.trust import said_of
from service.crew.rules.attribution import SECOND, seconds
from service.crew.rules.slots import Stretch
from service.crew.rules.spans import clip, intersection, length, union
from service.schemas.envelope import ExplanationInput

HOUR: Final = 3600


@dataclass(frozen=True)
class PersonTime:
    """A person's time within a window: available, and known at all."""

    member: MemberRow
    window: Stretch
    available: Sequence[Stretch]
    known: Sequence[Stretch]
    days: int

    @cached_property
    def available_seconds(self) -> int:
        """How long they were available."""
        return spent(self.available)

    @property
    def known_seconds(self) -> int:
        """How long their state is known."""
        return spent(self.known)

    @property
    def period_seconds(self) -> int:
        """How long the window is."""
        return seconds(*self.window)

    @property
    def contract_seconds(self) -> int | None:
        """The weekly contract, by days: a month of 31 days has 31 sevenths of it. None: none is known."""
        hours = self.member.contract_hours
        if hours is None:
            return None
        return int((hours * HOUR * self.days / 7).to_integral_value(ROUND_HALF_UP))

    def within(self, stretches: Sequence[Stretch]) -> int:
        """How long they were available within some stretches."""
        return spent(intersection(self.available, stretches))


def times_of(frame: Frame, station: StationRow) -> list[PersonTime]:
    """Of everybody who was listed around these days, by name."""
    window = frame.window(station)
    days = (frame.last - frame.first).days + 1
    return [
        PersonTime(
            one,
            window,
            clip(available_of(frame, one.id), *window),
            clip(said_of(frame, one.id), *window),
            days,
        )
        for one in frame.crew_of(station)
    ]


def available_of(frame: Frame, crew_id: int) -> list[Stretch]:
    """When a person is available, as far as it was read; neighbouring days merged."""
    said = frame.known.crew.get(crew_id, ())
    return union((one.start, one.end) for one in said if one.state == "available")


def named(frame: Frame, station: StationRow, crew_id: int) -> PersonTime:
    """The time of one person. Raises `Invalid` where there is no such person in the report."""
    for one in times_of(frame, station):
        if one.member.id == crew_id:
            return one
    raise unknown_value("/query/crew_id", "crew member", str(crew_id), [])


def spent(spans: Sequence[Stretch]) -> int:
    """Stretches in seconds."""
    return length(spans) // SECOND


def inputs(spans: Sequence[Stretch], what: str = "") -> list[ExplanationInput]:
    """Stretches as what a figure is made of."""
    beside = f": {what}" if what else ""
    return [
        ExplanationInput(
            name=f"{written(start)} – {written(end)}{beside}", value=seconds(start, end), unit="seconds"
        )
        for start, end in spans
    ]
