"""Yarns, suppliers and receipts: what is asked, and what they are."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.asked import Sentences, Word
from service.schemas.envelope import Ask, Page, PageAsk, Wire
from service.schemas.mill.fields import MillCode, MillData, MillRisk
from service.schemas.mill.order_reports import MillReceiptKind
from service.schemas.mill.stock_reports import MillMethod

MillPolicy = Annotated[str, Field(pattern=r"^(exclude|now|offset:\d{1,2})$", max_length=9)]
MillStockStatus = Literal["active", "hold", "obsolete"]
Bound = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
Weight = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4)]


class YarnsAsk(PageAsk):
    """Which yarns, in which order, with which fields."""

    q: Word | None = Field(None, description="Text that the code or the description holds.")
    supplier: MillCode | None = Field(None, description="Code of a supplier.")
    color: Word | None = Field(None, description="Only of this colour, as the inventory has it.")
    status: MillStockStatus | None = Field(None, description="Of the inventory.")
    risk: MillRisk | None = Field(None, description="Only yarns of this risk.")
    min_planning_balance: Bound | None = Field(None, description="At least, in pounds.")
    max_planning_balance: Bound | None = Field(None, description="At most, in pounds.")
    stocked: bool = Field(
        True, description="Yarns of the inventory; false: those that only recipes and purchases name."
    )
    sort: Literal[
        "yarn_code", "planning_balance", "-planning_balance", "theoretical_balance", "-theoretical_balance"
    ] = Field("yarn_code", description="A minus sorts downwards.")
    fields: Annotated[str, Field(max_length=600)] | None = Field(
        None, description="Only these fields of each yarn, by commas; `yarn_code` is always there."
    )

    @model_validator(mode="after")
    def _balances_are_of_the_stocked(self) -> Self:
        bounds = (self.min_planning_balance, self.max_planning_balance)
        of_stock = self.sort != "yarn_code" or self.risk or self.status
        if not self.stocked and (of_stock or any(bound is not None for bound in bounds)):
            raise PydanticCustomError(
                "not_stocked", "what is not in the inventory has no balance, status or risk"
            )
        return self

    @model_validator(mode="after")
    def _least_below_most(self) -> Self:
        least, most = self.min_planning_balance, self.max_planning_balance
        if least is not None and most is not None and least > most:
            raise PydanticCustomError("bad_bounds", "the least planning balance lies above the most")
        return self


class YarnItem(Wire):
    """A yarn of a list. With `fields=` only those are there."""

    yarn_code: str
    description: str | None = None
    color: str | None = None
    blend: str | None = None
    material: str | None = None
    size: str | None = None
    supplier: str | None = None
    customer: str | None = None
    active: bool | None = None
    status: MillStockStatus | None = None
    theoretical_balance_lb: str | None = None
    allocated_lb: str | None = None
    on_order_lb: str | None = None
    planning_balance_lb: str | None = None
    min_stock_lb: str | None = None
    shortage_lb: str | None = None
    risk: MillRisk | None = None
    cost_per_lb: str | None = Field(None, description="0: the customer's own; null: unknown.")
    row_version: int | None = None


class YarnListing(Wire):
    """A page of yarns."""

    items: list[YarnItem]
    page: Page
    data: MillData


class MillYarn(Wire):
    """A yarn with what is set for it. `row_version` is what `If-Match` of a change must name."""

    yarn_code: str
    description: str
    color: str | None
    blend: str | None
    material: str | None
    fibre_form: str
    size: str | None
    tex: str | None
    supplier: str | None
    customer: str | None
    cost_per_lb: str | None
    min_stock_lb: str | None = Field(description="Null: the inventory has no row of it.")
    safety_stock_lb: str
    moq_lb: str
    order_multiple_lb: str
    order_max_lb: str = Field(description="0: no maximum.")
    lead_time_days: int | None = Field(description="Null: the supplier's, else that of its origin.")
    lead_days: int = Field(description="What plans take.")
    lead_source: str = Field(description="`yarn`, `supplier` or `default`.")
    status: MillStockStatus | None
    active: bool
    row_version: int
    data: MillData


class YarnChangeAsk(Ask):
    """What is set for a yarn from now on; what is not named stays."""

    min_stock_lb: Weight | None = None
    safety_stock_lb: Weight | None = None
    moq_lb: Weight | None = None
    order_multiple_lb: Weight | None = None
    order_max_lb: Weight | None = None
    lead_time_days: Annotated[int, Field(ge=0, le=730)] | None = Field(
        None, description="Null takes it back to the supplier's."
    )
    reason: Sentences | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """By column."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"reason"}}

    @model_validator(mode="after")
    def _something_that_can_be(self) -> Self:
        if not self.changes:
            raise PydanticCustomError("nothing_to_change", "name at least one value to set")
        empty = [name for name, value in self.changes.items() if value is None and name != "lead_time_days"]
        if empty:
            raise PydanticCustomError(
                "null_value", "{names} cannot be null; 0 is none", {"names": ", ".join(sorted(empty))}
            )
        return self


class YarnCover(Wire):
    """Weeks that what lies there lasts; null with the reason why it is not known (spec E.3)."""

    value: str | None
    mean: str | None = Field(description="The same by the mean demand of a week.")
    method: MillMethod | None
    reason: str | None


class YarnBalance(Wire):
    """How a yarn stands; pounds with 4 decimals (spec E.4)."""

    yarn_code: str
    as_of: date
    unit: Literal["lb"] = "lb"
    beginning_balance: str
    received: str
    consumed: str
    adjustments: str
    misc: str
    theoretical_balance: str
    allocated: str
    on_order: str
    planning_balance: str
    available_now: str
    min_stock: str
    shortage: str
    risk: MillRisk
    balance_score: str
    criticality_score: int
    criticality: MillRisk
    weekly_demand: str | None
    weeks_of_supply: YarnCover
    first_short_on: date | None
    first_short_lb: str | None
    culprits: list[dict[str, str]]
    row_version: int
    data: MillData


class YarnTimelineAsk(Ask):
    """How many weeks, how past-due receipts count, as what."""

    weeks: Annotated[int, Field(ge=1, le=104)] | None = Field(None, description="Default: the parameter's.")
    policy: MillPolicy | None = Field(
        None, description="Past-due receipts: exclude, now or offset:<week>; default: the parameter's."
    )
    format: Literal["json", "html"] | None = Field(None, description="`html`: the chart.")
    locale: Literal["en", "es"] = Field("en", description="Language of the page.")


class YarnWeek(Wire):
    """A week, in pounds."""

    bucket: int
    week_start: date
    iso_week: str
    receipts: str
    demand: str
    balance: str
    shortage: str
    new_shortage: str


class YarnFirstShortage(Wire):
    """The first week that is short."""

    bucket: int
    quantity: str


class YarnAdvice(Wire):
    """What would mend it: from a week (of a receipt) to a week."""

    action: str
    from_bucket: int | None
    to_bucket: int | None
    quantity: str
    receipt: int | None
    release_date: date | None
    days_late: int


class YarnIdentity(Wire):
    """I9: closing with all receipts and all demand is the planning balance, if `allocated` is all demand."""

    closing: str
    planning_balance: str
    difference: str
    explained_by: dict[str, str] = Field(
        description="Where they differ: allocated against demand, on order against receipts, no date."
    )
    agrees: bool


class YarnTimeline(Wire):
    """A yarn week by week (spec E.4, R9)."""

    yarn_code: str
    as_of: date
    unit: Literal["lb"] = "lb"
    policy: MillPolicy
    level: str = Field(description="Balance below which a week is short.")
    opening: str
    past_due_receipts: str
    later_receipts: str
    later_demand: str
    undated_demand: str
    weeks: list[YarnWeek]
    first_shortage: YarnFirstShortage | None
    recovery: int | None = Field(description="The first week after it that is not short.")
    to_buy: str = Field(description="The deepest shortage: what would cover every week.")
    actions: list[YarnAdvice]
    demand_of: str = Field(description="`plan 41`, or `open knit orders` where no plan is current.")
    check: YarnIdentity | None = Field(description="I9; null: the inventory has no row of it.")
    data: MillData


class MillSuppliersAsk(PageAsk):
    """Which suppliers."""

    q: Word | None = Field(None, description="Text that the code or the name holds.")
    origin: Literal["domestic", "international", "unknown"] | None = Field(
        None, description="Only from there."
    )
    only_active: bool = Field(False, description="Without those that files mark as removed.")


class MillSupplierItem(Wire):
    """Who sells yarn, and how they stand."""

    supplier_code: str
    name: str
    origin: str
    lead_time_days: int | None = Field(description="Null: plans take the parameter of its origin.")
    moq_lb: str
    active: bool
    yarns: int
    single_source_yarns: int = Field(description="Yarns that nobody else is named for.")
    open_lb: str
    past_due_lb: str
    past_due_percent: str | None = Field(description="Null: it owes nothing.")


class MillSupplierListing(Wire):
    """A page of suppliers."""

    items: list[MillSupplierItem]
    page: Page
    data: MillData


class MillReceiptListAsk(PageAsk):
    """Which receipts."""

    yarn: MillCode | None = Field(None, description="Code of a yarn.")
    supplier: MillCode | None = Field(None, description="Code of a supplier.")
    po: MillCode | None = Field(None, description="Number of a purchase order.")
    kind: MillReceiptKind | None = Field(None, description="Only past due, dated, or for later.")


class MillReceiptItem(Wire):
    """What a purchase still brings."""

    receipt: int
    po_no: str
    line_no: int
    yarn_code: str
    supplier: str | None
    kind: MillReceiptKind
    due_date: date | None
    days_late: int | None
    quantity_lb: str
    price_per_lb: str | None


class MillReceiptListing(Wire):
    """A page of receipts, those without a day last."""

    items: list[MillReceiptItem]
    page: Page
    data: MillData
