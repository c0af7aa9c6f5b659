"""Instants, weeks and words as the crew desk is asked for them, and `data` as it answers them."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import EARLIEST, LATEST, WrittenAs, usable
from service.schemas.envelope import Ask, Instant, Wire

State = Literal["available", "unavailable", "unknown"]
MOST_ASKED: Final = 500
"""People or names in one batch (spec D.7)."""

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_NUMBER = re.compile(r"[+-]?[\d.]+")


def _an_instant(given: Any) -> Any:
    # pydantic by itself also takes 1772704800 for an instant.
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given.strip())):
        raise PydanticCustomError("datetime_parsing", "give an instant such as 2026-10-31T08:00:00Z")
    return given


def _of_our_time(given: datetime) -> datetime:
    if not EARLIEST.year <= given.year < LATEST.year:
        raise PydanticCustomError("date_out_of_range", "give an instant of the years 1900 to 2198")
    return given.astimezone(UTC)


def _a_week(given: str) -> str:
    found = _WEEK.fullmatch(given)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or not EARLIEST.year < monday.year < LATEST.year:
        raise PydanticCustomError("bad_week", "give an ISO week such as 2026-W10")
    return given


Moment = Annotated[Instant, BeforeValidator(_an_instant), AfterValidator(_of_our_time)]
"""An instant with its offset that can be computed with (`offset_required`), in UTC whatever that was."""
Week = Annotated[str, AfterValidator(_a_week)]
"""An ISO week, `2026-W10`."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,20}$"), WrittenAs("a station's code such as P22")]
"""The code of a station."""
Short = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(usable)]
"""A role or skill as the grid writes it."""
PersonName = Annotated[str, Field(min_length=1, max_length=140), AfterValidator(usable)]
"""A name as the grid writes it."""
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
"""Of a crew member."""
Redact = Annotated[bool, Field(description="Numbers in place of names, for displays that everybody sees.")]


class Redacting(Ask):
    """What is asked for names people, or their numbers in place of names."""

    redact: Redact = False


class Data(Wire):
    """How far the answer can be trusted (spec D.7)."""

    version: int = Field(description="Of the station's data; of several stations the sum of theirs.")
    as_of: Instant | None = Field(description="The oldest look among the days used; null: there is none.")
    stale: bool = Field(description="Whether a day used is older than three times its freshness.")
    complete: bool = Field(description="Whether nothing of what was asked for is unknown.")
    reasons: list[str] = Field(description="What is unknown.")
