"""Knit orders: listed, changed, whether their yarn is there, and why a figure is what it is."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.asked import CalendarDate, Sentences, Word
from service.schemas.envelope import Ask, Page, PageAsk, Wire
from service.schemas.mill.allocations import MillAllocation, MillAllocationLine, MillKit
from service.schemas.mill.fields import MillAsOf, MillCode, MillData, MillDemandKind, MillPounds, MillRisk

MillOrderStatus = Literal["pending", "assigned", "in_progress", "completed", "on_hold", "cancelled"]
Priority = Annotated[int, Field(strict=True, ge=1, le=4)]


class MillOrdersAsk(PageAsk):
    """Which knit orders."""

    status: list[MillOrderStatus] | None = Field(None, max_length=6, description="Any of these.")
    style: MillCode | None = Field(None, description="Only of this style, by its code.")
    customer: Word | None = Field(None, description="Only for this customer.")
    priority: Annotated[int, Field(ge=1, le=4)] | None = Field(None, description="1 critical to 4 low.")
    due_from: CalendarDate | None = Field(None, description="Due on this day or later.")
    due_to: CalendarDate | None = Field(None, description="Due on this day or before.")
    late: bool | None = Field(None, description="Open, and due before the day that is asked about; or not.")
    as_of: MillAsOf = None

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.due_from and self.due_to and self.due_from > self.due_to:
            raise PydanticCustomError("bad_window", "give `due_to` on or after `due_from`")
        return self


class MillOrder(Wire):
    """A knit order and what remains of it: ordered - greige in stock - shipped + rejects (R5)."""

    order_no: str
    style_code: str
    status: MillOrderStatus
    priority: int
    demand_kind: MillDemandKind
    quantity_lb: Decimal
    produced_lb: Decimal = Field(description="Greige in stock (G00).")
    shipped_lb: Decimal
    seconds_lb: Decimal = Field(description="Rejects: they are knitted again.")
    balance_lb: Decimal
    completion_pct: Decimal | None = Field(description="Knitted or shipped; null: nothing was ordered.")
    over_shipped_pct: Decimal | None = Field(description="Beyond what may be over-shipped; null: within.")
    start_date: date | None
    due_date: date | None
    scheduled_date: date | None
    days_until_due: int | None = Field(description="0 is today, negative is overdue; null: no due date.")
    late: bool
    machine_code: str | None
    customer: str | None
    sales_order: str | None
    closed_reason: str | None
    row_version: int = Field(description="For `If-Match`.")


class MillOrderTotals(Wire):
    """Over the whole filter, not the page."""

    count: int
    quantity_lb: Decimal
    balance_lb: Decimal
    late: int


class MillOrders(Wire):
    """A page of knit orders in the order of service: priority, due date (missing last), number."""

    items: list[MillOrder]
    page: Page
    as_of: date
    totals: MillOrderTotals
    data: MillData


class MillOrderAsk(Ask):
    """One knit order on a day."""

    as_of: MillAsOf = None


class MillOrderDetail(MillOrder):
    """One knit order with what it holds."""

    as_of: date
    allocations: list[MillAllocation]
    may_become: list[MillOrderStatus]
    data: MillData


class MillOrderChangeAsk(Ask):
    """What to change of a knit order; what is not named stays. Null takes a date or a machine away."""

    status: MillOrderStatus | None = None
    priority: Priority | None = None
    start_date: CalendarDate | None = None
    due_date: CalendarDate | None = None
    machine: MillCode | None = None
    quantity_lb: MillPounds | None = Field(None, description="Less than before gives allocations back.")
    release_hard: bool = Field(
        False, description="Whether an order that is made smaller may give back what it holds hard."
    )
    reason: Sentences | None = Field(None, description="Closing an order with a balance needs one.")


class MillReleased(Wire):
    """Pounds of an allocation that went back."""

    allocation_id: int
    yarn_code: str
    kind: str
    quantity_lb: Decimal


class MillOrderChanged(MillOrder):
    """The order as it is now, what it gave back, and the plan that does not know of it yet."""

    released: list[MillReleased]
    stale_plan: int | None = Field(description="The newest plan, made before this; null: there is none.")


class MillOrderRisk(Wire):
    """What is at stake, 0 to 100 with its parts (A.10); without a due date only the parts are known."""

    score: Decimal | None
    level: MillRisk | None
    delivery: Decimal | None
    quantity: int
    production: int
    material: int
    reason: str | None


class MillFirstShortage(Wire):
    """The yarn that lacks first, by when, how much."""

    yarn_code: str
    short_lb: Decimal
    needed_on: date | None


class MillFeasibility(Wire):
    """Whether an order can be knitted: with what it holds, and with what it gets in the order of service."""

    order_no: str
    style_code: str
    status: MillOrderStatus
    as_of: date
    balance_lb: Decimal
    need_date: date | None = Field(description="When its yarn has to be there.")
    due_date: date | None
    reason: str | None = Field(description="Why nothing can be said of its yarn.")
    held: MillKit | None = Field(description="With its live allocations alone.")
    planned: MillKit | None = Field(description="With what it gets when all open orders are served in order.")
    producible_lb: Decimal | None
    first_shortage: MillFirstShortage | None
    earliest_start: date | None = Field(description="When all of its yarn is there; null: nobody can tell.")
    days_late: int | None = Field(description="The earliest start after the need date.")
    risk: MillOrderRisk
    lines: list[MillAllocationLine]
    assumptions: list[str]
    data: MillData


class MillOrderExplainAsk(Ask):
    """Which figure of an order."""

    figure: Literal["balance_lb", "completion_pct", "days_until_due", "risk", "required_lb", "coverage"] = (
        "balance_lb"
    )
    yarn: MillCode | None = Field(None, description="Of `required_lb`: which yarn; default: all together.")
    as_of: MillAsOf = None
    format: Literal["json", "html", "fragment"] | None = Field(
        None, description="Default: what `Accept` asks for."
    )
    locale: Literal["en", "es"] = Field("en", description="Language of the page.")
