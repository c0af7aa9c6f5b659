"""Which figure of a plan is to be explained."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

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
    format: Literal["json", "html", "fragment"] | None = Field(
        None, description="Default: what `Accept` asks for."
    )
    locale: Literal["en", "es"] = Field("en", description="Language of the page.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        """What would be passed over in silence is refused: the answer would be of something else."""
        of_yarn = (self.yarn, self.order, self.week, self.figure)
        if self.action is not None and any(one is not None for one in of_yarn):
            raise PydanticCustomError("named_alone", "an advice is named alone: `action` and nothing else")
        if self.week is not None and (self.yarn is None or self.order is not None):
            raise PydanticCustomError("week_of_a_yarn", "a week is that of a `yarn`, without an order")
        return self
