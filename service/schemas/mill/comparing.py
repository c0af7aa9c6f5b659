"""Two plans beside each other, and plans that only might be."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from service.schemas.asked import CalendarDate
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillAllocationMode, MillCode
from service.schemas.mill.plans import MillPlanData

Weight = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=4, description="Decimal pounds.")]
Counted = Annotated[Decimal, Field(ge=-(10**9), le=10**9, decimal_places=4, description="Decimal pounds.")]
Fraction = Annotated[Decimal, Field(ge=0, le=1, decimal_places=8)]
Line = Annotated[int, Field(ge=0, le=2**31 - 1)]


class MillCompareAsk(Ask):
    """Which differences."""

    yarn: MillCode | None = Field(None, description="Of yarns only this one.")
    order: MillCode | None = Field(None, description="Of orders only this one.")


class MillChangeCause(Wire):
    """Something that the plans stood on and that differs."""

    number: int = Field(description="What differences name it by.")
    code: str = Field(description="Such as order_new, receipt_late, stock_counted, parameter_changed.")
    subject: str
    detail: str
    before: Any
    after: Any
    touches_everything: bool


class MillFigure(Wire):
    """A figure with its value in both plans."""

    figure: str
    before: Any
    after: Any


class MillDifference(Wire):
    """What differs of a yarn, an order or an advice. Not `cause_known`: nothing we know of explains it."""

    subject: str
    kind: Literal["changed", "appeared", "vanished"]
    figures: list[MillFigure]
    causes: list[int]
    cause_known: bool


class MillShortYarn(Wire):
    """A yarn that runs short, and when."""

    yarn: str
    first_short_on: date


class MillPlanFigures(Wire):
    """A plan in a few figures."""

    as_of: date
    short_yarns: list[MillShortYarn]
    late_orders: list[str] = Field(description="Orders whose yarn is there only after they need it.")
    orders_without_ready_day: list[str] = Field(description="Orders of which nobody knows when it is there.")
    actions: int


class MillComparison(Wire):
    """What differs between two plans in what both have, and why."""

    before: MillPlanFigures
    after: MillPlanFigures
    causes: list[MillChangeCause]
    yarns: list[MillDifference]
    orders: list[MillDifference]
    actions: list[MillDifference]
    left_out: list[Literal["promises", "advice"]] = Field(
        description="What only one of the plans has, being of another kind, and nothing is compared of: "
        "promises, that is kit_status, coverage and ready_on of orders; advice, that is actions."
    )
    other: MillPlanData
    data: MillPlanData


class MillAddOrder(Ask):
    """A knit order that there is not."""

    change: Literal["add_order"]
    order: MillCode
    style: MillCode
    quantity_lb: Weight
    priority: int = Field(3, ge=1, le=4)
    due_date: CalendarDate | None = None
    start_date: CalendarDate | None = None


class MillCancelOrder(Ask):
    """An order is not knitted."""

    change: Literal["cancel_order"]
    order: MillCode


class MillMoveOrder(Ask):
    """An order has other dates or another priority; what is not named stays."""

    change: Literal["move_order"]
    order: MillCode
    due_date: CalendarDate | None = None
    start_date: CalendarDate | None = None
    priority: int | None = Field(None, ge=1, le=4)


class MillResizeOrder(Ask):
    """So many pounds remain of an order."""

    change: Literal["resize_order"]
    order: MillCode
    quantity_lb: Weight


class MillDelayReceipt(Ask):
    """What a purchase order line brings comes so many days later; negative: earlier, not before today."""

    change: Literal["delay_receipt"]
    purchase_order: MillCode
    line: Line | None = Field(None, description="One line of it; default: all.")
    days: int = Field(ge=-730, le=730)


class MillCancelReceipt(Ask):
    """What a purchase order line was to bring does not come."""

    change: Literal["cancel_receipt"]
    purchase_order: MillCode
    line: Line | None = None


class MillAddReceipt(Ask):
    """Yarn is bought that is not."""

    change: Literal["add_receipt"]
    yarn: MillCode
    quantity_lb: Weight
    due_date: CalendarDate


class MillCountStock(Ask):
    """So many pounds of a yarn are counted."""

    change: Literal["count_stock"]
    yarn: MillCode
    quantity_lb: Counted


class MillSetParameters(Ask):
    """Planning parameters have other values."""

    change: Literal["set_parameters"]
    values: dict[str, Any]


class MillSetRecipeLine(Ask):
    """A pound of a style takes so much of a yarn or another style; 0 takes it out of the recipe."""

    change: Literal["set_recipe_line"]
    style: MillCode
    component: MillCode
    quantity_per: Fraction
    loss: Annotated[Decimal, Field(ge=0, lt=1)] = Decimal(0)


MillChange = Annotated[
    MillAddOrder
    | MillCancelOrder
    | MillMoveOrder
    | MillResizeOrder
    | MillDelayReceipt
    | MillCancelReceipt
    | MillAddReceipt
    | MillCountStock
    | MillSetParameters
    | MillSetRecipeLine,
    Field(discriminator="change"),
]


class MillWhatIfAsk(Ask):
    """Changes to try out, one after the other; nothing is written."""

    changes: list[MillChange] = Field(min_length=1, max_length=100)
    as_of: CalendarDate | None = Field(None, description="Day that is planned from, as of a plan.")
    mode: MillAllocationMode = "independent"


class MillSufferer(Wire):
    """An order that a late or cancelled receipt harms: pounds that come later, or not at all."""

    order: str
    yarn: str
    receipt: str
    pounds_late_lb: str
    days_late: int | None = Field(description="At most; null: nobody knows when they come.")
    pounds_unmet_lb: str


class MillWhatIf(Wire):
    """What would differ, against the plan of what is there now, and why."""

    before: MillPlanFigures
    after: MillPlanFigures
    causes: list[MillChangeCause]
    yarns: list[MillDifference]
    orders: list[MillDifference]
    actions: list[MillDifference]
    suffering: list[MillSufferer] = Field(description="Whom receipts harm that come later or not at all.")
    as_of: date
    complete: bool
    reasons: list[str]
    assumptions: list[dict[str, Any]]
