"""What a pound of a style costs, what an order costs, and what differed from the standard."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.envelope import Ask, Wire
from service.schemas.exports import Locale
from service.schemas.mill.fields import MillAsOf, MillCode, MillData, MillPounds

MillCostReason = Literal["COST_MISSING", "CONVERSION_MISSING", "NO_BOM", "BOM_CYCLE"]
Price = Annotated[Decimal, Field(ge=0, le=10**7, decimal_places=4)]


class MillCostAsk(Ask):
    """Costs by the recipe of a day and the prices of now."""

    as_of: MillAsOf = None


class MillCostLine(Wire):
    """A way through the recipes: a yarn, or what is done to a style, for a pound of the style on top."""

    level: int = Field(
        description="0 for the style itself and what is done to it, 1 for its yarns and parts."
    )
    path: list[str]
    component: str
    kind: Literal["yarn", "conversion"]
    per_top_lb: Decimal
    cost_per_lb: Decimal | None = Field(description="Null: nobody states it; 0: the customer's own.")
    amount_per_lb: Decimal | None


class MillStyleCost(Wire):
    """Cost of a pound of a style; the unit cost is null as long as a part of it is not known."""

    style_code: str
    as_of: date
    material_per_lb: Decimal | None = Field(
        description="Of the yarns whose cost is known; null where none is."
    )
    conversion_per_lb: Decimal | None = Field(
        description="Of the styles whose cost of conversion is known; null where none is."
    )
    overhead_per_lb: Decimal | None
    unit_cost_per_lb: Decimal | None
    complete: bool
    reason: MillCostReason | None
    missing_costs: int = Field(description="Ways to a yarn whose cost is not known.")
    missing: list[str] = Field(description="Yarns without a cost.")
    missing_conversion: list[str] = Field(description="Styles without a cost of conversion.")
    lines: list[MillCostLine]
    assumptions: list[str]
    data: MillData


class MillOrderCostAsk(MillCostAsk):
    """The cost of an order."""

    setups: Annotated[int, Field(ge=0, le=1000)] = Field(1, description="How often a machine is set up.")


class MillOrderCost(Wire):
    """What an order costs: unit cost x pounds, and the hours of setting up."""

    order_no: str
    style_code: str
    as_of: date
    balance_lb: Decimal
    unit_cost_per_lb: Decimal | None
    setup_hours: Decimal
    machine_rate_per_hour: Decimal | None
    cost: Decimal | None
    complete: bool
    reason: str | None
    missing: list[str]
    missing_conversion: list[str]
    assumptions: list[str]
    data: MillData


class MillVarianceItem(Ask):
    """What was paid and used, and what should have been."""

    yarn: MillCode | None = None
    actual_price: Price | None = None
    standard_price: Price | None = Field(None, description="Default: the cost of the yarn.")
    actual_lb: MillPounds
    standard_lb: MillPounds | None = None


class MillVariancesAsk(Ask):
    """Which variances to reckon."""

    items: list[MillVarianceItem] = Field(min_length=1, max_length=1000)


class MillVarianceAmount(Wire):
    """Money above (`unfavourable`) or below the standard, without a sign; null with the reason why not."""

    amount: Decimal | None
    verdict: Literal["unfavourable", "favourable", "none"] | None
    reason: str | None


class MillVariance(Wire):
    """Price: (actual - standard price) x actual lb. Usage: (actual - standard lb) x standard price."""

    yarn_code: str | None
    actual_price: Decimal | None
    standard_price: Decimal | None
    standard_price_source: Literal["request", "yarn"] | None
    actual_lb: Decimal
    standard_lb: Decimal | None
    price: MillVarianceAmount
    usage: MillVarianceAmount


class MillVariances(Wire):
    """Each item in the order it was asked in."""

    items: list[MillVariance]
    data: MillData


class MillStyleCostParams(Ask):
    """Parameters of the report `style-costs`."""

    as_of: MillAsOf = None
    style: Word | None = Field(None, description="A part of the code.")
    complete: bool | None = Field(None, description="Only those whose cost is known, or is not.")


class MillStyleCostRow(Wire):
    """A style and what a pound of it costs."""

    style_code: str = Field(title="Style")
    material_per_lb: Decimal | None = Field(title="Material per lb")
    conversion_per_lb: Decimal | None = Field(title="Conversion per lb")
    overhead_per_lb: Decimal | None = Field(title="Overhead per lb")
    unit_cost_per_lb: Decimal | None = Field(title="Cost per lb")
    complete: bool = Field(title="Complete")
    reason: str | None = Field(title="Why not")
    missing_costs: int = Field(title="Costs missing")
    missing: str = Field(title="Yarns without a cost")
    missing_conversion: str = Field(title="Styles without a conversion cost")


class MillCostRunAsk(MillStyleCostParams):
    """Every style's cost as a file, in the background."""

    format: Literal["csv", "xlsx", "ndjson"] = "xlsx"
    locale: Locale = "en"
