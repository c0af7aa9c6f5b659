"""Counts, texts and details of play, as they may be sent."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from service.schemas.asked import EARLIEST, LATEST, usable
from service.schemas.children.fields import LARGEST_NUMBER, Text, Within
from service.schemas.envelope import Instant

LARGEST: Final = 2**31 - 1
"""What a column of whole numbers holds."""
LONGEST_DETAILS: Final = 16_384
"""Characters of JSON in one field of details."""


def _of_our_time(given: datetime) -> datetime:
    if not EARLIEST.year <= given.year <= LATEST.year:
        raise PydanticCustomError("date_out_of_range", "give an instant of the years 1900 to 2199")
    return given


def _remembered(given: datetime) -> datetime:
    if given.year < EARLIEST.year:
        raise PydanticCustomError("date_out_of_range", "give an instant of the year 1900 or later")
    return given


def _number(written: str) -> Decimal:
    # What is larger comes back from the database as an integer that a copy or a hash cannot be written with.
    if abs(number := Decimal(written)) > LARGEST_NUMBER:
        raise PydanticCustomError("out_of_range", "give numbers below 2^63")
    return number


def _details(given: dict[str, Any]) -> dict[str, Any]:
    text = usable(json.dumps(given, ensure_ascii=False, allow_nan=False))
    json.loads(text, parse_int=_number, parse_float=_number)
    if len(text) > LONGEST_DETAILS:
        raise PydanticCustomError(
            "too_long", "give at most {most} characters of JSON", {"most": LONGEST_DETAILS}
        )
    if "\\u0000" in text:
        raise PydanticCustomError("unusable_text", "this holds characters that cannot be kept")
    return given


Moment = Annotated[Instant, AfterValidator(_of_our_time)]
"""An instant that can be stored and computed with."""
Observed = Annotated[Instant, AfterValidator(_remembered)]
"""The same of what somebody saw; that it has come to pass is judged by the clock."""
Whole = Annotated[int, Field(strict=True), Within(0, LARGEST)]
"""A count: a number in JSON, not a text."""
Rating = Annotated[int, Field(strict=True), Within(1, 5)]
Text20 = Annotated[str, Text(20)]
Text50 = Annotated[str, Text(50)]
Text100 = Annotated[str, Text(100)]
Text200 = Annotated[str, Text(200)]
Text500 = Annotated[str, Text(500)]
Text1000 = Annotated[str, Text(1000)]
Details = Annotated[dict[str, Any], AfterValidator(_details)]
"""An object whose inside is the game's own affair."""
