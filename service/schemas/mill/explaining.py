"""Which figure of a plan is to be explained."""

from typing import Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.envelope import Ask
from service.schemas.mill.fields import MillCode


class MillExplainAsk(Ask):
    """A yarn, a yarn's week, what an order needs of a yarn, an order, or an advice."""

    yarn: MillCode | None = Field(None, description="Code of a yarn.")
    week: int | None = Field(None, ge=0, le=103, description="Bucket of a week of the yarn, 0 is this one.")
    order: MillCode | None = Field(None, description="Number of an order; with `yarn` what it needs of it.")
    action: int | None = Field(None, ge=1, le=2**31 - 1, description="Number of an advice.")
    figure: Word | None = Field(
        None,
        description="Of a week: balance, receipts, demand, shortage, new_shortage, planned, available; of a"
        " yarn: first_short_on, gross, undated, beyond, past_due, planned, largest_short, weeks_of_supply; of"
        " an order: coverage, ready_on, quantity.",
    )
    format: Literal["json", "html", "fragment"] | None = None
    locale: Literal["en", "es"] = "en"
