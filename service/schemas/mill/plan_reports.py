"""Parameters and rows of the reports out of the newest plan: weeks, requirements, what to buy."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import Word
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillCode

MillBuyAction = Literal[
    "ORDER", "RELEASE", "EXPEDITE", "INCREASE", "DECREASE", "DEFER", "CANCEL", "SUBSTITUTE", "FENCE_CONFLICT"
]  # fmt: skip


class MillYarnWeeksParams(Ask):
    """Of which yarns."""

    yarn: MillCode | None = Field(
        None, description="Code of one yarn, computed now; default all yarns of the newest plan."
    )
    short: bool = Field(
        False, description="Only yarns that are short on some day, or at the end of some week."
    )


class MillYarnWeekRow(Wire):
    """A week of a yarn: balance = the balance before + receipts - demand (spec R9)."""

    yarn_code: str
    bucket: int = Field(description="0 is the ISO week of the as-of day.")
    week_start: date
    iso_week: str
    receipts_lb: Decimal
    demand_lb: Decimal
    balance_lb: Decimal
    shortage_lb: Decimal = Field(description="What the week is below its level.")
    new_shortage_lb: Decimal = Field(description="What this week adds to it.")


class MillYarnWeekFigureParams(Ask):
    """A figure of a week."""

    yarn_code: MillCode = Field(description="Code of the yarn.")
    bucket: int = Field(ge=0, le=103)
    figure: Literal["receipts_lb", "demand_lb", "balance_lb", "shortage_lb", "new_shortage_lb"] = "balance_lb"


class MillRequirementsParams(Ask):
    """Of which yarns."""

    yarn: MillCode | None = Field(None, description="Code of a yarn.")


class MillRequirementRow(Wire):
    """Pounds of a yarn that orders need in a week."""

    yarn_code: str
    week: str = Field(description="ISO week; `undated` without a date, `later` behind the last week.")
    week_start: date | None
    gross_lb: Decimal
    orders: int
    needed_by: str = Field(description="The orders in their order of service, with what each needs.")


class MillRequirementFigureParams(Ask):
    """What a yarn is needed for in a week."""

    yarn_code: MillCode = Field(description="Code of the yarn.")
    week: Word = Field(description="Such as 2025-W36, `later` or `undated`.")
    figure: Literal["gross_lb", "orders"] = "gross_lb"


class MillProcurementParams(Ask):
    """Which advice."""

    action: MillBuyAction | None = Field(None, description="Only advice of this kind.")
    supplier: MillCode | None = Field(None, description="Code of a supplier.")
    yarn: MillCode | None = Field(None, description="Code of a yarn.")
    state: Literal["open", "accepted", "dismissed"] | None = Field(
        None, description="Only advice in this state."
    )


class MillProcurementRow(Wire):
    """A piece of advice of the newest plan: what to buy or move, by when to send it, and why."""

    number: int = Field(description="Of the advice in the plan.")
    yarn_code: str
    supplier: str | None
    action: MillBuyAction
    quantity_lb: Decimal | None
    from_date: date | None = Field(description="Of a receipt that is moved: its day.")
    need_date: date | None = Field(description="Monday of the week, of this week the plan's own day.")
    release_date: date | None = Field(description="When the order has to leave; never in the past.")
    days_late: int | None
    lead_days: int
    lead_source: str = Field(description="Who states the lead time; `default:…`: the parameters assume it.")
    cost_per_lb: Decimal | None
    money: Decimal | None = Field(description="Null: nobody states the cost.")
    po_no: str | None = Field(description="The purchase that is moved or changed.")
    trigger: str = Field(description="The values that led to it.")
    alternatives: str = Field(description="Approved substitutes with what they would take.")
    predecessor_lb: Decimal | None = Field(
        description="What the predecessor's rule would have ordered, for comparison; null: no demand known."
    )
    state: str
    assignee: str | None


class MillProcurementFigureParams(Ask):
    """A figure of a piece of advice."""

    number: int = Field(ge=0, le=2**31 - 1, description="Of the advice in the plan.")
    figure: Literal["quantity_lb", "release_date", "days_late", "money", "predecessor_lb"]


class MillOrderListParams(Ask):
    """Of which supplier."""

    supplier: MillCode | None = Field(None, description="Code of a supplier.")


class MillOrderListRow(Wire):
    """An accepted piece of advice, as it is sent to a supplier."""

    supplier: str | None
    yarn_code: str
    description: str
    action: MillBuyAction
    quantity_lb: Decimal
    release_date: date | None
    need_date: date | None
    po_no: str | None
    cost_per_lb: Decimal | None
    money: Decimal | None = Field(description="Null too where nothing is bought, such as CANCEL.")
    decided_by: str | None
    note: str | None
    number: int
