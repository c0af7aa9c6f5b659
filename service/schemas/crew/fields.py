"""Instants, weeks and words as the crew desk is asked for them, and `data` as it answers them."""

import re
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas import asked
from service.schemas.asked import EARLIEST, LATEST, WrittenAs, usable
from service.schemas.envelope import Ask, Instant, Wire

State = Literal["available", "unavailable", "unknown"]
MOST_ASKED: Final = 500
"""People or names in one batch (spec D.7)."""

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def _a_week(given: str) -> str:
    found = _WEEK.fullmatch(given)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or not EARLIEST.year < monday.year < LATEST.year:
        raise PydanticCustomError("bad_week", "give an ISO week such as 2026-W10")
    return given


Moment = asked.Moment
"""An instant with its offset, in UTC whatever that was."""
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
