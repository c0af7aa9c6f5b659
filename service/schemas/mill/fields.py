"""Codes and pounds as the mill desk is asked for them, and `data` as it answers them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from service.schemas.asked import CalendarDate, usable
from service.schemas.envelope import Wire


def as_stored(given: str) -> str:
    """A code as it lies in the tables: upper case, single blanks, none around it."""
    return " ".join(given.upper().split())


MillCode = Annotated[
    str, Field(min_length=1, max_length=140), AfterValidator(usable), AfterValidator(as_stored)
]
"""Of a yarn, style or machine; case and blanks around it do not matter."""
MillPounds = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=4)]
"""Zero or more, with at most four decimals."""
MillQuantity = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=4)]
"""More than nothing, in whatever unit is said beside it."""
MillShare = Annotated[Decimal, Field(ge=0, lt=1)]
"""A fraction below 1."""
MillKitStatus = Literal["READY", "PARTIAL", "WAITING", "SHORT"]
"""How far the yarn of an order is there (spec E.6)."""
MillAllocationKind = Literal["hard", "soft", "expected"]
"""Of stock, bound or not, and of receipts on their way."""
MillAllocationMode = Literal["independent", "kit"]
"""Each yarn for itself, or all of an order's together."""
MillMessageSeverity = Literal["error", "warning", "info"]
"""Of what a file or a plan says of itself."""
MillDemandKind = Literal["firm", "planned", "forecast"]
"""Of an order: what was ordered, what a plan adds, what is foreseen."""
MillRisk = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
"""The worst first."""
MillAsOf = Annotated[
    CalendarDate | None,
    Field(
        description="Day that is asked about; default: the day of the newest stock, else today at the mill."
    ),
]


class MillData(Wire):
    """How far an answer can be trusted: complete exactly when there is no reason why not."""

    as_of: date | None = Field(description="The oldest of the days that the files behind it speak of.")
    complete: bool
    reasons: list[str]
