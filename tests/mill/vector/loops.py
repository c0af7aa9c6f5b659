"""The ten operations as a person would do them by hand: one row after the other, in Decimals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
FOUR = Decimal("0.0001")


def amount(raw: Any) -> Decimal | None:
    """A clean cell: None, int, float, Decimal or plain text."""
    return None if raw is None or raw == "" else Decimal(str(raw)).quantize(FOUR, ROUND_HALF_UP)


def quotient(top: Decimal, bottom: Decimal) -> Decimal:
    exact = Fraction(top) / Fraction(bottom) * 10_000
    size = int(abs(exact) + Fraction(1, 2))
    return Decimal(size if exact >= 0 else -size).scaleb(-4)


def served(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["priority"], row["due_date"] or "9999", row["order_no"]))


def planning_balance(rows: Sequence[Row]) -> list[Decimal]:
    return [
        sum(
            (amount(row[name]) or Decimal(0) for name in ("theoretical_balance", "allocated", "on_order")),
            Decimal(0),
        )
        for row in rows
    ]


def shortages(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    found = []
    for row in rows:
        balance, level = amount(row["planning_balance"]), amount(row["min_stock"]) or Decimal(0)
        if balance is not None and balance < level:
            found.append((balance, row["yarn_id"], level - balance))
    return [(yarn, short) for _, yarn, short in sorted(found)]


def explode(orders: Sequence[Row], bom: Sequence[Row]) -> dict[tuple[str, str], Decimal]:
    own = {line["style_id"] for line in bom}

    def yarns(style: str, lb: Fraction) -> Iterable[tuple[str, Fraction]]:
        for line in bom:
            if line["style_id"] == style:
                part = lb * Fraction(line["quantity_per"]) * (1 + Fraction(line["loss"]))
                yield from (
                    yarns(line["yarn_id"], part) if line["yarn_id"] in own else [(line["yarn_id"], part)]
                )

    found: dict[tuple[str, str], Fraction] = {}
    for order in orders:
        for yarn, lb in yarns(order["style_id"], Fraction(order["quantity"])):
            key = (order["order_no"], yarn)
            found[key] = found.get(key, Fraction(0)) + lb
    return {key: Decimal(int(lb * 10_000 + Fraction(1, 2))).scaleb(-4) for key, lb in found.items()}


def allocate(requirements: Sequence[Row], stock: dict[str, Any]) -> list[tuple[str, Decimal]]:
    left = {yarn: max(Decimal(0), amount(lb) or Decimal(0)) for yarn, lb in stock.items()}
    found = []
    for row in served(requirements):
        got = min(amount(row["required_quantity"]) or Decimal(0), left.get(row["yarn_id"], Decimal(0)))
        left[row["yarn_id"]] = left.get(row["yarn_id"], Decimal(0)) - got
        found.append((row["order_no"], got))
    return found


def schedule(orders: Sequence[Row], hours: dict[str, int]) -> list[tuple[Any, ...]]:
    ends: dict[str, Fraction] = {}
    found: list[tuple[Any, ...]] = []
    for row in served(orders):
        rate, centre = row["production_rate"], row["work_center_id"]
        rate = 100 if rate is None else rate
        if centre not in hours or rate == 0:
            found.append((row["order_no"], None, None, False))
            continue
        milliseconds = int(Fraction(row["quantity"]) / rate * 3_600_000 + Fraction(1, 2))
        begin = ends.get(centre, Fraction(0))
        ends[centre] = begin + Fraction(milliseconds, 3_600_000)
        found.append((row["order_no"], float(begin), float(ends[centre]), ends[centre] <= hours[centre]))
    return found


def cost(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for row in rows:
        parts = [amount(row[name]) for name in ("material_cost", "labor_cost", "overhead_cost")]
        pieces = amount(row["quantity"])
        if any(part is None for part in parts):
            found.append((None, None, "COST_MISSING"))
            continue
        total = sum((part for part in parts if part is not None), Decimal(0))
        reason = "NO_QUANTITY" if pieces is None else "ZERO_QUANTITY" if pieces == 0 else None
        found.append((total, None if reason else quotient(total, pieces or Decimal(1)), reason))
    return found


def dates(rows: Sequence[Row], as_of: date) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for row in rows:
        order, due = (day(row[name]) for name in ("order_date", "due_date"))
        delivery = day(row["delivery_date"])
        lead = None if order is None or delivery is None else (delivery - order).days
        left = None if due is None else (due - as_of).days
        found.append((lead, left, None if left is None else left < 0))
    return found


def day(raw: Any) -> date | None:
    if raw is None:
        return None
    form = "%m/%d/%Y" if "/" in raw else "%Y-%m-%d"
    return datetime.strptime(raw, form).date()


def aggregate(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    groups: dict[tuple[str, int], list[Decimal]] = {}
    for row in rows:
        known = groups.setdefault((row["style_id"], row["priority"]), [])
        if (lb := amount(row["quantity"])) is not None:
            known.append(lb)
    return [
        (
            *key,
            sum(found),
            quotient(sum(found, Decimal(0)), Decimal(len(found))),
            min(found),
            max(found),
            len(found),
        )
        if found
        else (*key, None, None, None, None, 0)
        for key, found in sorted(groups.items())
    ]


def choose(rows: Sequence[Row]) -> list[str]:
    return [
        "critical" if row["quantity"] < -1000 else "high" if row["quantity"] < -100 else row["level"]
        for row in rows
    ]


def clean_text(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    def tidy(raw: Any) -> Any:
        return " ".join(raw.replace("\u00a0", " ").split()) if isinstance(raw, str) else raw

    return [
        (
            tidy(row["note"]),
            tidy(row["yarn_id"]).upper(),
            row["price"].strip().replace("$", "").replace(",", ""),
        )
        for row in rows
    ]
