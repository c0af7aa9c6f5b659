"""Yarns that may stand for one another."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Sentences
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillAsOf, MillCode, MillData, MillPounds

Score = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]


class MillSubstitutesAsk(Ask):
    """What may stand for a yarn, and for how many pounds of it."""

    short_lb: MillPounds | None = Field(None, description="Default: what its planning balance lacks.")
    min_score: Score | None = Field(None, description="Of yarns that nobody named but that are alike.")
    as_of: MillAsOf = None


class MillSize(Wire):
    """A yarn's size and its weight: grams of a kilometre (tex)."""

    text: str | None
    form: Literal["spun", "filament"] | None
    system: str | None
    tex: Decimal | None
    reason: str | None = Field(
        description="Why it is not known: SIZE_BLANK, SIZE_DATE, SIZE_FORMAT, SIZE_RANGE."
    )


class MillLikeness(Wire):
    """How alike two yarns are: 0.3 colour + 0.4 composition + 0.3 weight; 0 for spun with filament."""

    score: Decimal | None
    colour: Decimal | None
    composition: Decimal | None
    weight: Decimal | None
    difference_pct: Decimal | None = Field(description="Of tex, of the heavier.")
    tolerance_pct: Decimal | None = Field(description="What passes between their systems.")
    near: bool | None
    reason: str | None = Field(description="Why there is no score: what of either is not known.")


class MillSubstitute(Wire):
    """A yarn that somebody named as a substitute, or that is alike."""

    yarn_code: str
    description: str
    source: Literal["named", "alike"]
    score: Decimal | None = Field(description="As it was named, else as computed.")
    factor: Decimal = Field(description="Pounds of it for a pound.")
    approved: bool
    valid_from: date | None
    valid_to: date | None = Field(description="The first day without.")
    usable: bool = Field(description="Approved, on its days, and something free: planning may propose it.")
    planning_balance_lb: Decimal | None
    safety_stock_lb: Decimal
    free_lb: Decimal | None = Field(description="What nobody counts on; null: nobody counted it.")
    size: MillSize
    likeness: MillLikeness
    row_version: int | None = Field(description="Of a named one, for `If-Match`.")


class MillSubstituteProposal(Wire):
    """Pounds of a substitute for what is short; for a person to accept."""

    yarn_code: str
    use_lb: Decimal
    covers_lb: Decimal


class MillGroup(Wire):
    """Yarns that approved substitutes tie together, seen as one."""

    members: list[str]
    uncounted: list[str] = Field(description="Members that nobody counted: not in the sums.")
    total_lb: Decimal = Field(description="Planning balances added.")
    aggregated_shortage_lb: Decimal
    individual_shortage_lb: Decimal
    can_substitute: bool


class MillSubstituteList(Wire):
    """What may stand for a yarn: approved ones first, then by score."""

    yarn_code: str
    as_of: date
    planning_balance_lb: Decimal | None
    short_lb: Decimal
    size: MillSize
    items: list[MillSubstitute]
    proposals: list[MillSubstituteProposal]
    group: MillGroup
    data: MillData


class MillSubstituteAsk(Ask):
    """Name a yarn as a substitute, and whether planning may propose it."""

    substitute: MillCode
    approved: bool = True
    factor: Annotated[Decimal, Field(gt=0, le=10, decimal_places=6)] = Decimal(1)
    score: Score | None = Field(None, description="Default: as computed; needed where it cannot be.")
    valid_from: CalendarDate | None = None
    valid_to: CalendarDate | None = None
    reason: Sentences | None = None


class MillSubstituteGoneAsk(Ask):
    """Which substitute is one no longer."""

    substitute: MillCode = Field(description="Code of the yarn that stood for it.")
    reason: Annotated[str, Field(max_length=140)] | None = Field(None, description="Why, for people to read.")


class MillNamedSubstitute(Wire):
    """A yarn as somebody named it."""

    yarn_code: str
    substitute: str
    score: Decimal
    factor: Decimal
    approved: bool
    valid_from: date | None
    valid_to: date | None
    row_version: int
