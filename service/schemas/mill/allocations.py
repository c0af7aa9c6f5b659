"""Allocations of yarn to knit orders: tried out, committed, listed, released."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from service.schemas.asked import Sentences, Word
from service.schemas.envelope import Ask, Instant, Page, PageAsk, Wire
from service.schemas.mill.fields import (
    MillAllocationKind,
    MillAllocationMode,
    MillAsOf,
    MillCode,
    MillData,
    MillKitStatus,
    MillQuantity,
)

Fraction = Annotated[Decimal, Field(ge=0, le=1)]
_LEAST = "A kit covered by less than this fraction is given nothing; default: the planning parameter."


class MillAllocationPreviewAsk(Ask):
    """Which orders to serve, and how."""

    orders: list[MillCode] | None = Field(
        None, min_length=1, max_length=1000, description="Numbers of knit orders; default: all open ones."
    )
    mode: MillAllocationMode = Field(
        "independent", description="Each yarn by itself, or all yarns of an order in the same proportion."
    )
    min_fraction: Fraction | None = Field(None, description=_LEAST)
    expected: bool = Field(True, description="Whether dated receipts are promised for what stock lacks.")
    as_of: MillAsOf = None


class MillPromise(Wire):
    """Pounds of a receipt for an order, there from a day on."""

    receipt_id: int
    po_no: str
    quantity_lb: Decimal
    available_on: date
    days_late: int | None = Field(description="After the due date of the order; null: it has none.")


class MillAllocationLine(Wire):
    """A yarn of an order: required = held + allocated + short; what is expected is part of the short."""

    yarn_code: str
    required_lb: Decimal
    held_lb: Decimal = Field(description="What live allocations of stock give it already.")
    allocated_lb: Decimal = Field(description="What it would be given out of stock.")
    expected_lb: Decimal = Field(description="What receipts bring for it, held or promised here.")
    short_lb: Decimal = Field(description="What stock does not cover.")
    reason: str | None = Field(description="NO_STOCK_ROW: nobody ever counted this yarn.")
    expected: list[MillPromise]


class MillKit(Wire):
    """How far the yarn of an order is there: coverage by its scarcest yarn."""

    status: MillKitStatus
    coverage: Decimal
    producible_lb: Decimal
    ready_on: date | None = Field(description="When all of it is there; null: not known.")
    missing: list[str] = Field(description="Yarns that nobody brings.")


class MillAllocatedOrder(Wire):
    """What an order would have."""

    order_no: str
    style_code: str
    priority: int
    due_date: date | None
    balance_lb: Decimal
    reason: str | None = Field(
        description="Why its yarn is not known: NO_BOM, BOM_REJECTED, BOM_CYCLE; PART_WITHOUT_BOM: not all "
        "of it; NOT_OPEN: it asks for none."
    )
    kit: MillKit | None
    lines: list[MillAllocationLine]


class MillStockLeft(Wire):
    """A yarn: what lies in store, what is held, what would be given, and what is left of it."""

    yarn_code: str
    theoretical_balance_lb: Decimal | None = Field(description="Null: nobody ever counted it.")
    held_lb: Decimal
    allocated_lb: Decimal
    left_lb: Decimal | None = Field(description="Null: nobody ever counted it.")


class MillAllocationPreview(Wire):
    """What each order would get, in the order of service: priority, due date, number. Nothing is written."""

    as_of: date
    mode: MillAllocationMode
    min_fraction: Decimal
    items: list[MillAllocatedOrder]
    yarns: list[MillStockLeft]
    required_lb: Decimal
    allocated_lb: Decimal
    short_lb: Decimal
    assumptions: list[str]
    data: MillData


class MillAllocationLineAsk(Ask):
    """Pounds of a yarn for an order."""

    order: MillCode
    yarn: MillCode
    quantity_lb: MillQuantity
    kind: MillAllocationKind = "soft"
    receipt_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        None, description="Of an `expected` line: the receipt that it is promised from."
    )


class MillAllocationCommitAsk(Ask):
    """What to allocate, as a preview gave it or as a planner wants it."""

    lines: list[MillAllocationLineAsk] = Field(min_length=1, max_length=1000)
    when_short: Literal["refuse", "remaining"] = Field(
        "refuse", description="Where less is left than asked: refuse all (409), or give what is left."
    )
    mode: MillAllocationMode = Field("independent", description="How what is left is given out.")
    min_fraction: Fraction | None = Field(None, description=_LEAST)
    reason: Sentences | None = None


class MillAllocation(Wire):
    """Pounds of a yarn that an order holds, or held until they were released."""

    id: int
    order_no: str
    style_code: str
    yarn_code: str
    kind: MillAllocationKind
    required_lb: Decimal
    quantity_lb: Decimal
    receipt_id: int | None
    receipt_known: bool | None = Field(description="Whether the newest file still has that receipt.")
    available_on: date | None
    created_by: str
    created_at: Instant
    released_at: Instant | None
    released_by: str | None
    release_reason: str | None


class MillGivenLine(Wire):
    """A line that was asked for: what was given of it, and what not."""

    order_no: str
    yarn_code: str
    kind: MillAllocationKind
    asked_lb: Decimal
    given_lb: Decimal
    short_lb: Decimal


class MillAllocationCommit(Wire):
    """What was written, line by line, and what is left of each yarn."""

    lines: list[MillGivenLine]
    items: list[MillAllocation]
    yarns: list[MillStockLeft]


class MillAllocationsAsk(PageAsk):
    """Allocations of an order, a yarn, a kind."""

    order: MillCode | None = Field(None, description="Only of this order, by its number.")
    yarn: MillCode | None = Field(None, description="Only of this yarn, by its code.")
    kind: MillAllocationKind | None = Field(None, description="Only of this kind.")
    live: bool = Field(True, description="False: those that were released as well.")


class MillAllocationTotals(Wire):
    """Over the whole filter."""

    count: int
    quantity_lb: Decimal


class MillAllocations(Wire):
    """A page of allocations, the newest first."""

    items: list[MillAllocation]
    page: Page
    totals: MillAllocationTotals
    data: MillData


class MillReleaseAsk(Ask):
    """Why an allocation is released."""

    reason: Word | None = Field(None, description="Why, for people to read.")
