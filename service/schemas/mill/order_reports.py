"""Parameters and rows of the reports on orders, receipts, recipes and the files they came in."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from service.schemas.asked import CalendarDate, Word
from service.schemas.envelope import Ask, Wire
from service.schemas.mill.fields import MillCode, MillKitStatus, MillMessageSeverity, MillRisk

MillOpenStatus = Literal["pending", "assigned", "in_progress", "on_hold"]
MillReceiptKind = Literal["past_due", "dated", "later"]
MillVerdict = Literal["OK", "BOM_SUM_NEAR", "BOM_SUM_OFF"]


class MillOpenOrdersParams(Ask):
    """Which orders."""

    status: MillOpenStatus | None = Field(None, description="Only orders in this status.")
    style: MillCode | None = Field(None, description="Code of a style.")
    q: Word | None = Field(None, description="Text that the number or the customer holds.")
    late: bool = Field(False, description="Only orders whose due date has passed.")
    min_risk: MillRisk | None = Field(None, description="Only orders of at least this risk.")


class MillOpenOrderRow(Wire):
    """A knit order that is not finished: how far it is, when it is due, whether its yarn is there."""

    order_no: str
    style_code: str
    customer_ref: str | None
    status: MillOpenStatus
    priority: int = Field(description="1 critical to 4 low.")
    ordered_lb: Decimal
    produced_lb: Decimal = Field(description="Greige in stock.")
    shipped_lb: Decimal
    seconds_lb: Decimal = Field(description="Rejects: they are knitted again.")
    balance_lb: Decimal = Field(description="What is still to be knitted.")
    completion_percent: Decimal | None = Field(description="Knitted or shipped; null: nothing was ordered.")
    over_shipped_percent: Decimal | None = Field(description="Beyond what is allowed; null: within it.")
    start_date: date | None
    due_date: date | None
    days_until_due: int | None = Field(description="0 today, negative once overdue; null: no due date.")
    kit_status: MillKitStatus | None = Field(description="Of the newest plan; null: not known.")
    coverage_percent: Decimal | None
    ready_on: date | None = Field(description="When all of its yarn is there.")
    has_recipe: bool
    risk_score: Decimal | None = Field(description="0 to 100; null without a due date.")
    risk: MillRisk | None
    risk_delivery: Decimal | None
    risk_quantity: int
    risk_production: int
    risk_material: int
    reason: str | None = Field(description="NO_DUE_DATE, NO_BOM, or why the plan leaves it out.")


class MillOpenOrderFigureParams(Ask):
    """A figure of an order."""

    order_no: MillCode = Field(description="Number of the order.")
    figure: Literal[
        "balance_lb", "completion_percent", "over_shipped_percent", "days_until_due", "risk_score", "risk",
        "risk_delivery", "risk_quantity", "risk_production", "risk_material",
    ]  # fmt: skip


class MillReceiptsParams(Ask):
    """Which receipts."""

    kind: MillReceiptKind | None = Field(None, description="Only past due, dated, or for later.")
    supplier: MillCode | None = Field(None, description="Code of a supplier.")
    yarn: MillCode | None = Field(None, description="Code of a yarn.")
    single_source: bool = Field(False, description="Only of yarns that one supplier alone delivers.")


class MillReceiptRow(Wire):
    """What a purchase still brings, and what is at stake with it."""

    po_no: str
    line_no: int
    receipt: int = Field(description="Number of the receipt.")
    yarn_code: str
    supplier: str | None
    kind: MillReceiptKind
    due_date: date | None
    days_late: int | None = Field(description="Since its day; null: in time, or no day is stated.")
    quantity_lb: Decimal
    ordered_lb: Decimal
    received_lb: Decimal
    price_per_lb: Decimal | None
    money: Decimal | None = Field(description="Quantity times price; null: no price is stated.")
    single_source: bool | None = Field(
        description="One supplier alone delivers the yarn; null: nobody says who does."
    )
    supplier_open_lb: Decimal = Field(description="All that the supplier still owes.")
    supplier_past_due_lb: Decimal
    supplier_past_due_percent: Decimal | None
    yarn_planning_balance_lb: Decimal | None = Field(description="Null: the inventory has no row of it.")
    yarn_risk: MillRisk | None


class MillReceiptFigureParams(Ask):
    """A figure of a receipt."""

    receipt: int = Field(ge=1, le=2**62, description="Number of the receipt.")
    figure: Literal[
        "quantity_lb", "days_late", "money", "single_source", "supplier_past_due_percent", "yarn_risk"
    ]


class MillBomChecksParams(Ask):
    """Which recipes, on which day."""

    verdict: MillVerdict | None = Field(None, description="Only recipes judged so.")
    style: MillCode | None = Field(None, description="Code of a style.")
    as_of: CalendarDate | None = Field(
        None, description="Lines in force on this day; default the day of the newest stock."
    )


class MillBomCheckRow(Wire):
    """A recipe held against one pound of yarn for a pound of fabric (Q6)."""

    style_code: str
    bom_status: str
    total: Decimal = Field(description="Sum of its yarn fractions.")
    lines: int
    verdict: MillVerdict
    style_lines: int = Field(description="Lines that name another style: they are not in the sum.")
    unknown_yarns: int = Field(description="Yarns that the inventory has no row of.")
    unknown: str = Field(description="Their codes.")
    open_balance_lb: Decimal = Field(description="Of open orders of the style itself.")


class MillBomCheckFigureParams(Ask):
    """A figure of a recipe."""

    style_code: MillCode = Field(description="Code of the style.")
    as_of: CalendarDate | None = Field(
        None, description="Lines in force on this day; default the day of the newest stock."
    )
    figure: Literal["total", "verdict", "lines"]


class MillDataQualityParams(Ask):
    """Which findings."""

    severity: MillMessageSeverity | None = Field(None, description="Only of this severity.")


class MillDataQualityRow(Wire):
    """Something that is wrong with the data, out of a file or found by the newest plan."""

    source: str = Field(description="Kind of the file, or `plan`.")
    number: int = Field(description="Of the import, or of the plan.")
    code: str
    severity: str
    count: int = Field(description="Cells or rows of the file, or what the plan found it at.")
    pounds_lb: Decimal | None = Field(description="Demand or supply that it touches; null: not counted.")
    message: str
    subjects: str = Field(description="What it concerns, as far as one cell holds it.")
    link: str


class MillDataQualityFigureParams(Ask):
    """A finding."""

    source: Word = Field(description="Kind of the file, or `plan`.")
    code: Word = Field(description="Of the finding.")
    figure: Literal["count"] = "count"
