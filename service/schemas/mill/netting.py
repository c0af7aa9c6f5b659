"""Finished demand against fabric in its stages."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillAsOf, MillCode, MillData, MillPounds
from service.schemas.mill.recipes import MillUnit

MillNettingStage = Literal["F01", "I01", "G02", "G00", "KO"]


class MillDemandAsk(Ask):
    """A wish for fabric; a negative one (a return) asks for nothing."""

    order_no: MillCode
    style: MillCode
    quantity: Annotated[Decimal, Field(ge=-(10**9), le=10**9, decimal_places=4)]
    uom: MillUnit = "lb"
    priority: Annotated[int, Field(strict=True, ge=1, le=4)] = 3
    due_date: CalendarDate | None = None


class MillStageStockAsk(Ask):
    """Pounds of a style in a stage, instead of what the files say."""

    style: MillCode
    stage: MillNettingStage
    quantity_lb: MillPounds


class MillNettingAsk(Ask):
    """Demands that share one pool of fabric."""

    demands: list[MillDemandAsk] = Field(min_length=1, max_length=1000)
    stock: list[MillStageStockAsk] | None = Field(
        None,
        max_length=5000,
        description="The pool; default: fabric in stages, and open knit orders (KO), as the files have them.",
    )
    stage_order: list[MillNettingStage] | None = Field(
        None, min_length=1, max_length=5, json_schema_extra={"uniqueItems": True},
        description="Which stage is used first, each once; default: the parameter.",
    )  # fmt: skip
    weeks: Annotated[int, Field(ge=1, le=104)] | None = Field(None, description="Default: the parameter.")
    as_of: MillAsOf = None

    @field_validator("stage_order")
    @classmethod
    def _once(cls, stages: list[str] | None) -> list[str] | None:
        if stages is not None and len(set(stages)) < len(stages):
            raise PydanticCustomError("repeated_stage", "a stage stands there twice")
        return stages


class MillNettedStyle(Wire):
    """A style with all that was asked for of it: what each stage gives, what has to be knitted (spec A.7)."""

    style_code: str
    demand_lb: Decimal
    used_lb: dict[str, Decimal] = Field(description="By stage, those that gave something.")
    net_lb: Decimal
    coverage_pct: Decimal | None = Field(description="Null: nothing was asked for.")
    first_available: date | None
    reason: str | None = Field(
        description="Why that date is not known: NO_STAGE_LEAD, NOTHING_IN_STOCK, NOTHING_ASKED."
    )


class MillNettedLine(MillNettedStyle):
    """A demand: what each stage gives it and what has to be knitted."""

    order_no: str
    priority: int
    due_date: date | None


class MillNetWeek(Wire):
    """A style in a week; without a week: demand without a date."""

    style_code: str
    week_start: date | None
    iso_week: str | None
    demand_lb: Decimal
    net_lb: Decimal


class MillPlannedKnit(Wire):
    """A knit order that would cover what stock does not, of at least a batch."""

    style_code: str
    quantity_lb: Decimal
    due_date: date | None
    priority: int
    serves: list[str]


class MillStageLeft(Wire):
    """What is left of a style in a stage."""

    style_code: str
    stage: str
    quantity_lb: Decimal


class MillNetting(Wire):
    """Every demand in the order of service; each pound of the pool is used once."""

    as_of: date
    stage_order: list[str]
    items: list[MillNettedLine]
    styles: list[MillNettedStyle]
    weeks: list[MillNetWeek]
    planned_orders: list[MillPlannedKnit]
    used_lb: dict[str, Decimal]
    left: list[MillStageLeft]
    demand_lb: Decimal
    net_lb: Decimal
    data: MillData
