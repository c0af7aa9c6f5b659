"""Parameters and rows of the reports on what lies in store: shortages, balances, value, forecast."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillCode, MillRisk

MillMethod = Literal["dated_demand", "consumed", "allocated"]
MillPlanReason = Literal["NO_PLAN", "PLAN_OLD"]


class YarnFilter(Ask):
    """Which yarns."""

    supplier: MillCode | None = Field(None, description="Code of a supplier.")
    q: Word | None = Field(None, description="Text that the code or the description holds.")


class MillStockParams(YarnFilter):
    """Which yarns, on which day."""

    as_of: CalendarDate | None = Field(
        None, description="Day of an earlier inventory that is kept; default the one in force."
    )


class MillShortagesParams(MillStockParams):
    """Which short yarns."""

    min_risk: MillRisk | None = Field(None, description="Only yarns of at least this risk.")


class YarnBalanceRow(Wire):
    """A yarn as it stands: what lies there, what is promised, what is bought (spec R3, R4)."""

    yarn_code: str
    description: str
    color: str | None
    supplier: str | None
    status: str
    theoretical_balance_lb: Decimal = Field(description="By the books; negative is told, never clamped.")
    allocated_lb: Decimal = Field(description="Promised to orders; never positive.")
    on_order_lb: Decimal
    planning_balance_lb: Decimal = Field(description="Theoretical + allocated + on order.")
    available_now_lb: Decimal = Field(description="Theoretical + allocated.")
    min_stock_lb: Decimal
    shortage_lb: Decimal = Field(description="Below the least stock; equal is not short.")
    risk: MillRisk = Field(description="By planning balance.")
    balance_score: Decimal = Field(description="0 to 100: a point for each hundred pounds below zero.")
    criticality_score: int = Field(description="0 to 100, of shortage, cover, purchases and demand.")
    criticality: MillRisk
    weekly_demand_lb: Decimal | None = Field(description="Null: not known, by no source.")
    weeks_of_supply: Decimal | None = Field(description="Weeks that what lies there lasts.")
    weeks_method: MillMethod | None
    weeks_reason: str | None = Field(
        description="NO_DEMAND: nothing is known; COVERS_HORIZON: it lasts at least so long."
    )
    first_short_on: date | None = Field(description="First day below zero by the newest plan.")
    first_short_lb: Decimal | None
    culprits: str = Field(description="Orders that make it short on that day, with what each lacks.")
    short_reason: MillPlanReason | None = Field(description="Why no first day is told: no plan is current.")


class YarnFigureParams(Ask):
    """A figure of a yarn."""

    yarn_code: MillCode = Field(description="Code of the yarn.")
    as_of: CalendarDate | None = Field(None, description="Day of an earlier inventory that is kept.")
    figure: Literal[
        "theoretical_balance_lb", "allocated_lb", "on_order_lb", "planning_balance_lb", "available_now_lb",
        "min_stock_lb", "shortage_lb", "risk", "balance_score", "criticality_score", "criticality",
        "weekly_demand_lb", "weeks_of_supply", "first_short_on", "first_short_lb",
    ]  # fmt: skip


class MillStockValueRow(Wire):
    """What a yarn in store is worth: physical balance times cost; what the books owe stands apart."""

    yarn_code: str
    description: str
    supplier: str | None
    customer: str | None = Field(description="Whose yarn it is, where it is a customer's own.")
    theoretical_balance_lb: Decimal
    cost_per_lb: Decimal | None = Field(description="0: the customer's own; null: unknown.")
    value: Decimal | None = Field(description="Of what lies there; what is on order is not stock yet.")
    negative_value: Decimal | None = Field(description="Of a balance below zero, never set off.")
    reason: str | None = Field(description="COST_MISSING: nobody states its cost.")


class MillStockValueFigureParams(Ask):
    """A figure of a yarn."""

    yarn_code: MillCode = Field(description="Code of the yarn.")
    as_of: CalendarDate | None = Field(None, description="Day of an earlier inventory that is kept.")
    figure: Literal["theoretical_balance_lb", "cost_per_lb", "value", "negative_value"]


class MillForecastParams(YarnFilter):
    """Which yarns."""

    min_urgency: MillRisk | None = Field(None, description="Only yarns of at least this urgency.")


class MillForecastRow(Wire):
    """What a yarn lacks over the weeks of the forecast, and when its stock runs out (spec A.5)."""

    yarn_code: str
    description: str
    supplier: str | None
    theoretical_balance_lb: Decimal
    balance_lb: Decimal = Field(description="The balance that the demand is held against.")
    balance_kind: Literal["planning_balance", "without_allocated"] = Field(
        description="Demand that comes from orders is not counted a second time as allocated."
    )
    weekly_demand_lb: Decimal
    method: MillMethod
    requirement_lb: Decimal
    net_position_lb: Decimal
    net_shortage_lb: Decimal
    stock_out_day: int = Field(description="Whole days that what lies there lasts.")
    stock_out_week: int
    urgency: MillRisk


class MillForecastFigureParams(Ask):
    """A figure of a yarn."""

    yarn_code: MillCode = Field(description="Code of the yarn.")
    figure: Literal[
        "theoretical_balance_lb", "balance_lb", "weekly_demand_lb", "requirement_lb", "net_position_lb",
        "net_shortage_lb", "stock_out_day", "stock_out_week", "urgency",
    ]  # fmt: skip


class MillSafetyStockParams(YarnFilter):
    """Which yarns."""


class MillSafetyStockRow(Wire):
    """What a yarn's demand and lead time ask for (spec E.6.8), beside the safety stock that is set for it."""

    yarn_code: str
    description: str
    supplier: str | None
    method: MillMethod | None = Field(description="Which source knew the demand; null: none does.")
    weekly_demand_lb: Decimal | None
    daily_demand_lb: Decimal | None
    sigma_lb: Decimal | None = Field(description="Standard deviation of a day's demand.")
    sigma_source: Literal["parameter", "dated_weeks"] | None
    lead_days: int
    lead_source: Literal["yarn", "supplier", "default"]
    lead_sigma_days: int = Field(description="What a lead time of its origin varies by.")
    safety_stock_lb: Decimal | None
    reorder_point_lb: Decimal | None
    economic_lb: Decimal | None = Field(description="Economic order quantity.")
    set_safety_stock_lb: Decimal = Field(description="What plans keep: set for the yarn by a planner.")
    reasons: str = Field(description="Why a figure is null: NO_DEMAND, NO_SPREAD, NO_COST.")


class MillSafetyStockFigureParams(Ask):
    """A figure of a yarn."""

    yarn_code: MillCode
    figure: Literal[
        "weekly_demand_lb", "daily_demand_lb", "sigma_lb", "lead_days", "safety_stock_lb",
        "reorder_point_lb", "economic_lb",
    ]  # fmt: skip
