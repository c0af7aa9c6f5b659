"""A tiny desk, a market stall: one report that is complete, one with gaps, on a real table."""

from datetime import date, timedelta
from typing import Any

from pydantic import AwareDatetime, Field, model_validator
from sqlalchemy import text

from service.core.auth import SCOPES
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.errors import NotFound, unknown_value
from service.core.versions import Versions
from service.reporting import BuildContext, Built, Column, Completeness, Desk, Report
from service.schemas.envelope import Ask, Explanation, ExplanationInput, ExplanationStep, Gap, Wire
from tests.reporting.ledger import LEDGER, THROUGH, ZONE, stands_on

SCOPES.setdefault("stall:read", "see the stall")
SCOPES.setdefault("stall:write", "also run the stall's jobs")

TABLES = """
CREATE SCHEMA stall;
CREATE TABLE stall.sale (
    item text NOT NULL, site text NOT NULL, sold_on date NOT NULL, quantity integer NOT NULL,
    price numeric(10, 2) NOT NULL, open_seconds integer, last_at timestamptz, PRIMARY KEY (item, sold_on)
);
"""


class TakingsAsk(Ask):
    """What was sold in a window."""

    from_: date = Field(date(2026, 10, 1), alias="from", description="First day.")
    to: date = Field(date(2026, 10, 31), description="Last day, inclusive.")
    site: str | None = Field(None, title="Site", max_length=100)
    items: list[str] = Field([], title="Items")
    since: AwareDatetime | None = None

    @model_validator(mode="after")
    def in_order(self) -> "TakingsAsk":
        """Dates in order, at most 366 days."""
        if self.from_ > self.to:
            raise ValueError("from must not be after to")
        if (self.to - self.from_).days > 366:
            raise ValueError("a window has at most 366 days")
        return self


class TakingsRow(Wire):
    """One item on one day."""

    item: str = Field(title="Item")
    sold_on: date = Field(title="Day")
    quantity: int
    price: str
    open_seconds: int | None = Field(None, title="Open for")
    last_at: AwareDatetime | None = Field(None, title="Last sale")


class TakingsExplain(Ask):
    """One figure of the takings."""

    item: str
    sold_on: date
    figure: str = "quantity"


class SheetAsk(Ask):
    """A sheet with a column a day."""

    month: str | None = Field(None, pattern=r"^\d{4}-\d{2}$", title="Month")


class SheetRow(Wire):
    """One item with its days."""

    item: str
    days: dict[str, str]


SALES = """
    SELECT item, sold_on, quantity, price, open_seconds, last_at FROM stall.sale
    WHERE sold_on BETWEEN :from_ AND :to_ AND (CAST(:site AS text) IS NULL OR site = :site)
      AND (CAST(:items AS text[]) = '{}' OR item = ANY (CAST(:items AS text[])))
    ORDER BY item, sold_on
"""


async def build_takings(conn: ReadConnection, asked: TakingsAsk, context: BuildContext) -> Built:
    """The rows of the table."""
    if asked.site is not None and asked.site not in {"North", "South"}:
        raise unknown_value("/query/site", "site", asked.site, ["North", "South"])
    context.caller.sites_for(asked.site)
    found = await conn.execute(
        text(SALES), {"from_": asked.from_, "to_": asked.to, "site": asked.site, "items": asked.items}
    )
    rows = [dict(row._mapping) for row in found]
    return Built(
        rows=rows,
        completeness=Completeness(complete=True, as_of=THROUGH, complete_through={"till": THROUGH}),
        timezone=ZONE,
        rules_version="stall/1",
        summary={"sold": sum(row["quantity"] for row in rows), "open_seconds": 90_000},
        notes=["Prices without tax."],
    )


async def explain_takings(conn: ReadConnection, asked: TakingsExplain, _: BuildContext) -> Explanation:
    """Why a figure is what it is."""
    row = (
        await conn.execute(
            text("SELECT quantity FROM stall.sale WHERE item = :item AND sold_on = :day"),
            {"item": asked.item, "day": asked.sold_on},
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"nothing of {asked.item!r} was sold on {asked.sold_on}")
    return Explanation(
        subject=f"{asked.item}, {asked.sold_on}: {asked.figure}",
        value=row.quantity,
        unit="pieces",
        rule="count_of_sales",
        rule_version="stall/1",
        inputs=[ExplanationInput(name="sales", value=row.quantity, unit="pieces", link="/v1/stall/sales")],
        steps=[ExplanationStep(rule="sum", outcome="added up", value=row.quantity)],
        gaps=[Gap(code="no_receipt", need="a receipt", have="none", subject="<b>till</b>")],
    )


async def build_sheet(conn: ReadConnection, asked: SheetAsk, context: BuildContext) -> Built:
    """A sheet that changes every hour and has a gap."""
    rows = (await conn.execute(text("SELECT DISTINCT item FROM stall.sale ORDER BY item"))).scalars()
    hole = Gap.model_validate(
        {
            "code": "till_unread",
            "need": "every receipt of the day",
            "have": "none after 12:30",
            "from": THROUGH,
            "to": THROUGH + timedelta(hours=6),
            "reasons": ["the till did not answer"],
            "remedies": ["run `muster sync stall` again"],
            "subject": "till 2",
            "link": "/v1/runs/7",
        }
    )
    return Built(
        rows=[{"item": item, "days": {"2026-10-01": "P", "2026-10-02": "A"}} for item in rows],
        completeness=Completeness(
            complete=False,
            complete_through={"till": THROUGH, "scale": None},
            reasons=["the scale has never been read"],
            gaps=[hole],
        ),
        timezone=ZONE,
        next_change=context.now + timedelta(hours=1),
    )


def sheet_columns(answer: Any, locale: str) -> list[Column]:
    """The item, then a narrow column for each day."""
    days = sorted({day for row in answer["items"] for day in row["days"]})
    first = Column(key="item", label="Artículo" if locale == "es" else "Item")
    return [first] + [
        Column(
            key=day,
            label=day[8:],
            pick=lambda row, day=day: row["days"].get(day),
            explain={"sold_on": day},
            mark=lambda row, day=day: {"A": "absent", "P": "good"}.get(row["days"].get(day), ""),
            hint=lambda row, day=day: f"{row['item']}, {day}",
            width="code",
        )
        for day in days
    ]


def last_month(asked: SheetAsk, context: BuildContext) -> SheetAsk:
    """Without a month: the one before this."""
    first = context.now.date().replace(day=1) - timedelta(days=1)
    return asked if asked.month else asked.model_copy(update={"month": f"{first:%Y-%m}"})


EXPLAINED = {
    "params": {"item": "corn", "sold_on": "2026-10-01", "figure": "quantity"},
    "answer": {
        "subject": "corn, 2026-10-01: quantity",
        "value": 7,
        "unit": "pieces",
        "rule": "count_of_sales",
        "rule_version": "stall/1",
    },
}

TAKINGS = Report(
    name="takings",
    title="Takings",
    description="What was sold, by item and day.",
    params=TakingsAsk,
    row=TakingsRow,
    build=build_takings,
    explain=explain_takings,
    explain_params=TakingsExplain,
    explain_example=EXPLAINED,
    scope=stands_on,
    lifetime=timedelta(minutes=15),
    labels={"es": {"item": "Artículo", "sold_on": "Día", "quantity": "Cantidad"}},
    titles={"es": "Ventas"},
    key=("item", "sold_on"),
    example={
        "params": {"from": "2026-10-01", "to": "2026-10-31"},
        "items": [{"item": "corn", "sold_on": "2026-10-01", "quantity": 7, "price": "12.50"}],
    },
)

SHEET = Report(
    name="day-sheet",
    title="Day sheet",
    description="One column a day.",
    params=SheetAsk,
    row=SheetRow,
    build=build_sheet,
    explain=explain_takings,
    explain_params=TakingsExplain,
    explain_example=EXPLAINED,
    scope=stands_on,
    lifetime=timedelta(minutes=15),
    columns=sheet_columns,
    resolve=last_month,
    example={"params": {"month": "2026-10"}, "items": [{"item": "corn", "days": {"2026-10-01": "P"}}]},
)


async def open_gaps(_: ReadConnection, context: BuildContext) -> list[Gap]:
    """Three holes."""
    return [
        Gap(code="till_unread", need="receipts", have="none", subject=f"till {number}", from_=THROUGH)
        for number in (3, 1, 2)
    ]


STALL = Desk(
    name="stall",
    title="Stall",
    description="What a market stall sold.",
    sources=("till",),
    reports=(TAKINGS, SHEET, LEDGER),
    scopes=("stall:read", "stall:write"),
    gaps=open_gaps,
)

ITEMS = {"corn": "North", "beans": "South", "<script>alert(1)</script>": "North", "=1+1": "South"}


async def set_up(database: Database) -> None:
    """The table with some sales."""
    async with database.write() as conn:
        for statement in filter(str.strip, TABLES.split(";")):
            await conn.execute(text(statement))
        for place, (item, site) in enumerate(ITEMS.items()):
            await sell(conn, item, site, date(2026, 10, 1 + place), 7 - place)


async def sell(conn: WriteConnection, item: str, site: str, day: date, quantity: int) -> None:
    """One row, and nothing said to anybody."""
    await conn.execute(
        text("INSERT INTO stall.sale VALUES (:item, :site, :day, :quantity, -12.50, :open, :at)"),
        {
            "item": item, "site": site, "day": day, "quantity": quantity,
            "open": 30_600 if quantity % 2 else None, "at": THROUGH,
        },
    )  # fmt: skip


async def sell_and_tell(
    database: Database, versions: Versions, item: str, day: date, quantity: int
) -> dict[str, int]:
    """One more sale as a job would write it: row, data version, commit."""
    async with database.write() as conn:
        await sell(conn, item, "North", day, quantity)
        return await versions.raise_in(conn, ["stall/sales"])
