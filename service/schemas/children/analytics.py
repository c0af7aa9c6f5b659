"""Figures of one child: what they may be asked for, and how they are answered (spec D4, D7).

Metric values are JSON numbers that are rounded already (spec D4); what cannot be known is null beside `n` 0.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate, Word
from service.schemas.children.figures import (
    Activities,
    BucketUnit,
    ByType,
    Comparison,
    Emotions,
    Metric,
    Series,
    Streaks,
    Summary,
    Timeseries,
    Trends,
)
from service.schemas.children.words import SessionType, words
from service.schemas.envelope import Ask, Instant, Meta, Wire

DEFINITIONS: Final = "1"
"""Version of the definitions of spec D7 that every figure follows."""

WindowWord = Literal["7d", "30d", "90d", "180d", "365d"]


def _known_window(given: Any) -> Any:
    if given is not None and given not in words(WindowWord):
        listed = ", ".join(words(WindowWord))
        raise PydanticCustomError("unknown_window", "give one of {listed}", {"listed": listed})
    return given


def _known_zone(given: Any) -> Any:
    try:
        if given is not None:
            ZoneInfo(given)
    except (ValueError, OSError, KeyError, TypeError):  # a folder of zones, a path, no text
        raise PydanticCustomError("unknown_timezone", "give an IANA time zone such as Europe/Rome") from None
    return given


WindowCode = Annotated[WindowWord, BeforeValidator(_known_window)]
ZoneName = Annotated[str, BeforeValidator(_known_zone), Field(max_length=64)]


class WindowAsk(Ask):
    """Local days: so many up to today, or from one date to another, both included; at most 366."""

    window: WindowCode | None = Field(None, description="So many local days up to today; default 30d.")
    from_: CalendarDate | None = Field(None, alias="from", description="First day; with `to`.")
    to: CalendarDate | None = Field(None, description="Last day, included.")
    tz: ZoneName | None = Field(None, description="Time zone of the days; default the child's.")


class FiguresAsk(WindowAsk):
    """A window, and one type of session if not all."""

    session_type: SessionType | None = None


class TimeseriesAsk(FiguresAsk):
    """A window in buckets of the local calendar."""

    bucket: BucketUnit = Field("week", description="Weeks are ISO weeks: Monday to Sunday.")
    metric: Metric | None = Field(None, description="Only this metric; the counts come with every one.")


class StreaksAsk(FiguresAsk):
    """Streaks as they stood on a day."""

    as_of: CalendarDate | None = Field(None, description="Default: the last day of the window, or today.")


class AnalyticsAsk(TimeseriesAsk):
    """Every section at once."""

    as_of: CalendarDate | None = Field(None, description="For the streaks.")


class ExplainAsk(AnalyticsAsk):
    """The figure to explain, by its path in the section: `score.mean`, `dental_visit.completion_rate`."""

    figure: Word


class Period(Wire):
    """Days of a window, and the instants it runs from (included) and to (excluded)."""

    from_: date = Field(alias="from")
    to: date
    days: int
    timezone: str
    from_at: Instant
    to_at: Instant
    hours: float = Field(description="Elapsed: a day of a clock change has 23 or 25.")


class _Answer(Wire):
    child_id: int
    window: Period
    definitions_version: str = DEFINITIONS
    generated_at: Instant | None = Field(None, description="When the newest data in it came.")
    meta: Meta


class SummaryAnswer(_Answer):
    """The summary of a window."""

    summary: Summary


class TrendsAnswer(_Answer):
    """The trends of a window."""

    trends: Trends


class TimeseriesAnswer(_Answer):
    """The buckets of a window."""

    timeseries: Timeseries


class SeriesAnswer(_Answer):
    """The completed sessions of a window, one by one."""

    series: Series


class EmotionsAnswer(_Answer):
    """The states in a window."""

    emotions: Emotions


class ActivitiesAnswer(_Answer):
    """The activities of a window."""

    activities: Activities


class ByTypeAnswer(_Answer):
    """The types of session in a window."""

    by_type: ByType


class StreaksAnswer(_Answer):
    """The streaks."""

    streaks: Streaks


class ComparisonAnswer(_Answer):
    """The window against the one before."""

    comparison: Comparison


class AnalyticsAnswer(
    SummaryAnswer,
    TrendsAnswer,
    TimeseriesAnswer,
    SeriesAnswer,
    EmotionsAnswer,
    ActivitiesAnswer,
    ByTypeAnswer,
    StreaksAnswer,
    ComparisonAnswer,
):
    """Every section of a window."""
