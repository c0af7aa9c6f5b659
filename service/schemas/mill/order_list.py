"""Accepted advice of a plan, as it is sent to suppliers."""

from datetime import date
from typing import Literal

from pydantic import Field

from service.schemas.envelope import Ask, Wire
from service.schemas.mill.plan_parts import MillActionKind
from service.schemas.mill.plans import MillPlanData


class MillPlanOrderListAsk(Ask):
    """How the list is written."""

    format: Literal["json", "csv", "xlsx"] | None = Field(None, description="Default json, or by `Accept`.")


class MillOrderLine(Wire):
    """What is to be ordered or changed; without a known price there is no money either."""

    seq: int
    action: MillActionKind
    yarn: str
    description: str
    quantity_lb: str
    purchase_order: str | None
    release_date: date | None
    need_date: date | None
    price_per_lb: str | None
    money: str | None = Field(description="Null too where nothing is bought, such as CANCEL.")
    decided_by: str | None
    note: str | None


class MillSupplierOrders(Wire):
    """The lines of a supplier; null: nobody states who sells these yarns."""

    supplier: str | None
    quantity_lb: str = Field(description="Of what is bought: ORDER, RELEASE, INCREASE.")
    money: str | None = Field(description="Of what is bought; null where a price of it is not known.")
    changes: int = Field(description="Lines that hasten, put off or give back what was ordered; in no sum.")
    lines: list[MillOrderLine]


class MillPlanOrderList(Wire):
    """What was accepted of a plan and goes to a supplier: no substitutes, no warnings inside the fence."""

    suppliers: list[MillSupplierOrders]
    data: MillPlanData
