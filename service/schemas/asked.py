"""Dates and words as lists may be asked for: what cannot be meant is refused before a statement sees it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d")
_NUMBER = re.compile(r"[+-]?[\d.]+")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


def _calendar_date(given: Any) -> date:
    # pydantic by itself also takes 1761955200 and 2026-10-01T00:00:00 for dates.
    if type(given) is date:
        return _in_range(given)
    if isinstance(given, str) and _INSTANT.match(given):
        if _OFFSET.search(given):
            raise PydanticCustomError("date_expected", "this is an instant; give a date such as 2026-10-31")
        raise PydanticCustomError(
            "offset_required", "this is an instant without offset; give a date such as 2026-10-31"
        )
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise PydanticCustomError("bad_date", "give a date such as 2026-10-31")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise PydanticCustomError("bad_date", "there is no such date; give one such as 2026-10-31") from None
    return _in_range(day)


def _in_range(given: date) -> date:
    if not EARLIEST <= given <= LATEST:
        raise PydanticCustomError("date_out_of_range", "give a date of the years 1900 to 2199")
    return given


def _an_instant(given: Any) -> Any:
    # pydantic by itself also takes 1772704800 for an instant.
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given.strip())):
        raise PydanticCustomError("datetime_parsing", "give an instant such as 2026-10-31T08:00:00Z")
    return given


def _of_our_time(given: datetime) -> datetime:
    if not EARLIEST.year <= given.year < LATEST.year:
        raise PydanticCustomError("date_out_of_range", "give an instant of the years 1900 to 2198")
    return given.astimezone(UTC)


def usable(given: str) -> str:
    """The text; refuses what no name and no note can hold (`unusable_text`)."""
    # PostgreSQL stores no NUL, and UTF-8 has no lone surrogates.
    if "\0" in given or any("\ud800" <= letter <= "\udfff" for letter in given):
        raise PydanticCustomError("unusable_text", "this holds characters that no name can have")
    return given


def _pattern(given: str) -> str:
    if (len(given) - len(given.rstrip("\\"))) % 2:
        raise PydanticCustomError("bad_pattern", "the last \\ of the pattern stands before nothing")
    return given


@dataclass(frozen=True, slots=True)
class WrittenAs:
    """Stands behind a `Field(pattern=…)`: who writes it otherwise is told how, and not the pattern.

    `words` finish the sentence "write …", with an example.
    """

    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema before it, with another sentence for what it refuses."""
        return core_schema.custom_error_schema(
            handler(source), "written_otherwise", custom_error_message=f"write {self.words}"
        )


Sentences = Annotated[str, Field(max_length=2000), AfterValidator(usable)]
"""What somebody wants to say, such as a note or a reason."""

CalendarDate = Annotated[date, BeforeValidator(_calendar_date)]
"""A date, nothing that merely resembles one: `bad_date`, `date_expected`, `offset_required`."""

Moment = Annotated[AwareDatetime, BeforeValidator(_an_instant), AfterValidator(_of_our_time)]
"""An instant with its offset that can be computed with (`offset_required`), in UTC whatever that was."""

Word = Annotated[str, Field(min_length=1, max_length=140), AfterValidator(usable)]
"""A name or number as the upstream knows it (Frappe's names have at most 140 characters)."""

Pattern = Annotated[Word, AfterValidator(_pattern)]
"""A LIKE pattern: `%` any text, `_` any character, `\\` before either means the character itself."""
