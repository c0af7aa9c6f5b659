"""What people decide about days and how they are judged: corrections, weekly schedules, sites of devices."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from service.schemas.asked import CalendarDate, Word, usable
from service.schemas.attendance.entities import WindowAsk
from service.schemas.envelope import Ask, Instant, Wire

Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S"), AfterValidator(usable)]
"""Why somebody decided so; it stays with the decision for ever."""
CorrectionKind = Literal["status", "checkin", "dismissal"]
HalfOfMonth = Literal["both", "first", "second"]


class CorrectionAsk(Ask):
    """One correction: a status for a day, a forgotten check-in, or an incident that needs nothing more."""

    person: Word = Field(description="The number payroll knows.")
    day: CalendarDate = Field(description="The work date: that on which the shift starts.")
    kind: CorrectionKind
    status: Word | None = Field(None, description="With `status`: what the day is, such as `ON_DUTY`.")
    shift: int | None = Field(
        None, ge=0, le=98, description="With `status`: only this shift of the day, from 0."
    )
    time: datetime | None = Field(
        None, description="With `checkin`: the clock on the wall, without offset: `2026-10-07T17:00:00`."
    )
    log_type: Literal["IN", "OUT"] | None = Field(None, description="With `checkin`: entry or exit.")
    incident: Word | None = Field(None, description="With `dismissal`: which, such as `OFF_SHIFT`.")
    reason: Reason

    @model_validator(mode="after")
    def _complete(self) -> Self:
        given = {"status": self.status, "checkin": self.time, "dismissal": self.incident}
        names = {"status": "status", "checkin": "time", "dismissal": "incident"}
        if given[self.kind] is None:
            raise ValueError(f"a {self.kind} needs `{names[self.kind]}`")
        surplus = [names[kind] for kind, value in given.items() if kind != self.kind and value is not None]
        if surplus:
            raise ValueError(f"a {self.kind} takes no `{surplus[0]}`")
        if self.time is not None and self.time.tzinfo is not None:
            raise ValueError("`time` is the clock on the wall at the site: give it without offset")
        return self


class CorrectionsAsk(Ask):
    """Corrections to make, each by itself: one that is refused leaves the others as they are."""

    items: list[CorrectionAsk] = Field(min_length=1, max_length=1000)


class RevokeAsk(Ask):
    """Why a correction holds no longer."""

    reason: Reason


class Correction(Wire):
    """What somebody decided about a day; never changed, only revoked."""

    id: int
    person: str
    person_name: str | None = None
    day: date
    kind: CorrectionKind
    shift: int | None = None
    status: str | None = None
    status_before: str | None = Field(None, description="What the day was when this was decided.")
    local_time: datetime | None = None
    log_type: str | None = None
    incident: str | None = None
    reason: str
    created_by: str
    created_at: Instant
    revoked_by: str | None = None
    revoked_at: Instant | None = None
    revoked_reason: str | None = None


class CorrectionOutcome(Wire):
    """What became of one correction of several: the correction, or the problem that refused it."""

    index: int
    status: int
    correction: Correction | None = None
    problem: dict[str, Any] | None = None


class CorrectionOutcomes(Wire):
    """One outcome for each correction asked for, in the same order."""

    items: list[CorrectionOutcome]


class CorrectionsListAsk(WindowAsk):
    """Filters of corrections, by the days they are about; by default the days of this month."""

    kind: CorrectionKind | None = None
    standing: bool | None = Field(None, description="True: only those not revoked; false: only revoked ones.")


class ScheduleAsk(Ask):
    """A weekly schedule: a shift type on weekdays, from a date on."""

    person: Word
    shift_type: Word
    weekdays: list[Annotated[int, Field(ge=1, le=7)]] = Field(
        min_length=1, max_length=7, description="1 is Monday, 7 is Sunday."
    )
    half: HalfOfMonth = Field("both", description="Of the month: days 1 to 15, 16 to the end, or both.")
    priority: Literal[1, 2] = Field(2, description="1 stands before the general rows, 2.")
    valid_from: CalendarDate
    valid_to: CalendarDate | None = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("`valid_to` must not be before `valid_from`")
        return self


class ScheduleEndAsk(Ask):
    """The last date a schedule holds."""

    valid_to: CalendarDate


class Schedule(Wire):
    """One weekday of a weekly schedule."""

    id: int
    person: str
    person_name: str | None = None
    shift_type: str
    start_time: time
    end_time: time
    weekday: int
    half: HalfOfMonth
    priority: int
    valid_from: date
    valid_to: date | None = None
    created_by: str
    created_at: Instant


class Schedules(Wire):
    """Weekdays of a weekly schedule that belong together."""

    items: list[Schedule]


class SchedulesListAsk(WindowAsk):
    """Filters of weekly schedules; `from` and `to` ask for those that hold on one of these dates."""


class DeviceSiteAsk(Ask):
    """Where a device hangs."""

    device: Word
    site: Word | None = Field(description="Name of a site; null: nobody knows.")
