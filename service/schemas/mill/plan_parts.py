"""What a plan found, part by part: weeks, advice, requirements, pegs, promises, orders, yarns."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from service.schemas.asked import Sentences, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.mill.fields import MillAllocationKind, MillCode, MillDemandKind, MillKitStatus
from service.schemas.mill.plans import MillPlanData

MillActionKind = Literal[
    "ORDER", "MAKE", "RELEASE", "EXPEDITE", "DEFER", "CANCEL", "INCREASE", "DECREASE", "SUBSTITUTE",
    "FENCE_CONFLICT",
]  # fmt: skip
MillActionState = Literal["open", "accepted", "dismissed", "superseded"]
MillSupplyKind = Literal["stock", "receipt", "planned", "unmet"]


class MillPlanOfYarnAsk(PageAsk):
    """Which part of a plan, by yarn."""

    yarn: MillCode | None = Field(None, description="Only this yarn, by its code.")


class MillPlanOfOrderAsk(MillPlanOfYarnAsk):
    """Which part of a plan, by yarn and order."""

    order: MillCode | None = Field(None, description="Only this order, by its number.")


class MillPlanWeeksAsk(MillPlanOfYarnAsk):
    """Which weeks."""

    short: bool | None = Field(None, description="Only weeks that are short, or that are not.")


class MillPlanWeek(Wire):
    """A week of a yarn (R9). `planned_lb` is what the plan advises to arrive, `available_lb` with it."""

    yarn: str
    bucket: int
    week_start: date
    iso_week: str
    receipts_lb: str
    demand_lb: str
    balance_lb: str
    shortage_lb: str
    new_shortage_lb: str
    planned_lb: str
    available_lb: str


class MillPlanWeeks(Wire):
    """Weeks, by yarn."""

    items: list[MillPlanWeek]
    page: Page
    data: MillPlanData


class MillActionsAsk(MillPlanOfYarnAsk):
    """Which advice."""

    action: MillActionKind | None = Field(None, description="Only advice of this kind.")
    state: MillActionState | None = Field(None, description="Only advice in this state.")
    assignee: Word | None = Field(None, description="Only what this person has been given.")


class MillPlanAction(Wire):
    """What a plan advises (E.6.10); nothing is done by itself. `trigger`: the values that led to it."""

    seq: int
    key: str = Field(description="Names the same advice from plan to plan.")
    action: MillActionKind
    item: str = Field(description="The yarn, of MAKE the style.")
    yarn: str | None
    quantity_lb: str | None
    receipt_id: int | None
    purchase_order: str | None
    substitute: str | None
    from_date: date | None
    to_date: date | None
    release_date: date | None
    days_late: int | None
    trigger: dict[str, Any]
    state: MillActionState
    assignee: str | None
    note: str | None
    decided_by: str | None
    decided_at: Instant | None
    row_version: int


class MillPlanActions(Wire):
    """Advice, in the order of the plan."""

    items: list[MillPlanAction]
    page: Page
    data: MillPlanData


class MillActionAsk(Ask):
    """What is decided about an advice; what is not named stays."""

    state: Literal["open", "accepted", "dismissed"] | None = Field(
        None, description="`accepted` puts it onto the order list."
    )
    assignee: Word | None = Field(None, description="Who is to see to it; null takes it from everybody.")
    note: Sentences | None = Field(None, description="Why, for people to read.")

    @property
    def changes(self) -> dict[str, Any]:
        """What is named, by column; a state of null names none."""
        named = self.model_dump(exclude_unset=True)
        return {name: value for name, value in named.items() if name != "state" or value is not None}


class MillPlanRequirement(Wire):
    """Pounds of a yarn that an order needs, by the styles of its recipe joined by `>`."""

    yarn: str
    order: str
    path: str
    need_date: date | None
    bucket: int | None
    gross_lb: str


class MillPlanRequirements(Wire):
    """Requirements, by yarn and order of service."""

    items: list[MillPlanRequirement]
    page: Page
    data: MillPlanData


class MillPegsAsk(MillPlanOfOrderAsk):
    """Which pegs."""

    supply: MillSupplyKind | None = Field(None, description="Only pegs to this kind of supply.")
    receipt_id: int | None = Field(None, ge=1, le=2**63 - 1, description="Only pegs to this receipt.")


class MillPlanPeg(Wire):
    """Which supply serves which order; `unmet` where none does. `days_late` null: nobody knows."""

    seq: int
    yarn: str
    supply: MillSupplyKind
    receipt_id: int | None
    purchase_order: str | None
    supply_date: date | None
    order: str
    need_date: date | None
    quantity_lb: str
    days_late: int | None


class MillPlanPegs(Wire):
    """Pegs, in the order of the plan."""

    items: list[MillPlanPeg]
    page: Page
    data: MillPlanData


class MillPlanAllocation(Wire):
    """What a plan promises an order of a yarn: out of stock, or out of a receipt from a day on."""

    yarn: str
    order: str
    part: int
    kind: MillAllocationKind
    required_lb: str
    quantity_lb: str
    receipt_id: int | None
    available_on: date | None
    reason: str | None


class MillPlanAllocations(Wire):
    """Promises, by yarn and order of service."""

    items: list[MillPlanAllocation]
    page: Page
    data: MillPlanData


class MillPlanOrdersAsk(PageAsk):
    """Which orders of a plan."""

    order: MillCode | None = Field(None, description="Only this order, by its number.")
    kind: MillDemandKind | None = Field(None, description="Only orders of this kind.")
    kit: MillKitStatus | None = Field(None, description="Only orders with this state of their yarn.")
    plannable: bool | None = Field(None, description="Only orders whose yarn is known, or is not.")


class MillPlanOrder(Wire):
    """An order as the plan saw it. `ready_on`: when all of its yarn is there, its earliest start."""

    seq: int = Field(description="Its place in the order of service (R10).")
    order: str
    kind: MillDemandKind
    style: str
    quantity_lb: str
    priority: int
    status: str
    start_date: date | None
    due_date: date | None
    need_date: date | None
    machine: str | None
    plannable: bool
    reason: str | None
    bom_status: str
    kit_status: MillKitStatus | None
    coverage: str | None = Field(description="0 to 1, of its scarcest yarn out of stock.")
    ready_on: date | None
    serves: list[Any] = Field(description="Of a planned order: the sales and forecasts it is for.")


class MillPlanOrders(Wire):
    """Orders, in the order of service."""

    items: list[MillPlanOrder]
    page: Page
    data: MillPlanData


class MillPlanYarnsAsk(MillPlanOfYarnAsk):
    """Which yarns of a plan."""

    short: bool | None = Field(None, description="Only yarns that run short, or that do not.")


class MillCulprit(Wire):
    """An order that suffers: what it needs of the yarn, and what of it lacks."""

    order: str
    need_lb: str
    short_lb: str


class MillSupplyWeeks(Wire):
    """For how many weeks stock lasts: on dated demand, and on its mean; null with a reason."""

    value: str | None
    mean: str | None
    method: str | None
    reason: str | None


class MillPlanYarn(Wire):
    """A yarn as the plan saw it. `culprits`: orders that make it short on its first short day.

    `sufferers`: every order that stock and receipts leave short, in the order of service.
    """

    yarn: str
    known: bool = Field(description="Whether the inventory has a row of it; else its opening counts as none.")
    opening_lb: str
    allocated_lb: str
    on_order_lb: str
    planning_balance_lb: str
    min_stock_lb: str
    safety_stock_lb: str
    past_due_lb: str
    dated_lb: str
    later_lb: str
    gross_lb: str
    undated_lb: str
    beyond_lb: str
    planned_lb: str
    first_short_on: date | None
    first_short_lb: str | None
    largest_short_lb: str
    lead_days: int
    lead_source: str
    weeks_of_supply: MillSupplyWeeks
    culprits: list[MillCulprit]
    sufferers: list[MillCulprit]
    reasons: list[str]


class MillPlanYarns(Wire):
    """Yarns, by code."""

    items: list[MillPlanYarn]
    page: Page
    data: MillPlanData
