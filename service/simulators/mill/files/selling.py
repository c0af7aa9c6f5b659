"""The files about what is sold: invoices, open orders, and which greige style a finished one is."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from service.simulators.mill.files.table import (
    Row,
    Table,
    american,
    columns,
    dashed,
    dollars,
    plain,
    thousands,
)
from service.simulators.mill.masters import CUSTOMERS
from service.simulators.mill.mill import Mill
from service.simulators.mill.recipes import finished_code, style_code

_AT_ONCE = 10_000
MOST_ROWS = 400_000
"""Rows of one file: an import takes half a million (spec E.8)."""
_UNITS = (("yds", 0.90), ("each", 0.06), ("kg", 0.04))
_OPEN_UNITS = ("yds", "yds", "yds", "lbs", "kg", "panels")
_HOLD = '<input type="checkbox" disabled{}>'


def sales(mill: Mill) -> list[Table]:
    """Invoiced lines of a year, in as many files as they need."""
    total = mill.plan.counts.sales
    if total <= MOST_ROWS:
        return [_invoiced("sales", mill, range(total))]
    starts = range(0, total, MOST_ROWS)
    return [
        _invoiced(f"sales_{part}", mill, range(start, min(total, start + MOST_ROWS)))
        for part, start in enumerate(starts, 1)
    ]


def _invoiced(name: str, mill: Mill, lines: range) -> Table:
    shown = (
        *columns(plain, "Document", "Line"),
        *columns(dashed, "Invoice Date"),
        *columns(plain, "Customer", "fStyle#"),
        *columns(thousands, "Yds_ordered"),
        *columns(plain, "UOM"),
        *columns(dollars, "Unit Price", "Line Price"),
    )
    return Table(name, "sales", shown, partial(_sales, mill, lines))


def open_sales(mill: Mill) -> Table:
    """Open sales orders as the ERP's web page gives them: a box instead of a word, no day of shipping."""
    shown = (
        *columns(plain, "SO #", "Line", "On Hold", "Customer", "fStyle#"),
        *columns(american, "Quoted Date", "Ship Date"),
        *columns(thousands, "Ordered", "Shipped", "Balance"),
        *columns(plain, "UOM", "Unit Price"),
    )
    return Table("sales_open", "sales_open", shown, partial(_open, mill))


def style_map(mill: Mill) -> Table:
    """Versions of finished styles and the greige style each is made of; a fifth of the styles is missing."""
    shown = (
        *columns(plain, "fStyle", "cFBase", "style", "fVersion", "gBase", "gVer"),
        *columns(american, "Created"),
    )
    return Table("style_map", "style_map", shown, partial(_map, mill))


def _sales(mill: Mill, lines: range) -> Iterator[Row]:
    """Drawn by ten thousand, so that a million lines are never held."""
    finished = len(mill.styles.bases)
    for first in range(lines.start, lines.stop, _AT_ONCE):
        chance = mill.plan.chance(f"sales {first}")
        size = min(_AT_ONCE, lines.stop - first)
        days = chance.integers(1, 366, size=size)
        customers = chance.integers(len(CUSTOMERS), size=size)
        styles = (finished * chance.random(size) ** 2).astype(int)
        yards = chance.lognormal(5.6, 1.1, size).astype(int) + 1
        prices = chance.integers(250, 1_400, size=size)
        units = chance.choice(3, size=size, p=[share for _, share in _UNITS])
        drawn = zip(*(each.tolist() for each in (days, customers, styles, yards, prices, units)), strict=True)
        for at, (ago, customer, style, amount, price, unit) in enumerate(drawn, first):
            each = Decimal(price) / 100
            made: Row = [f"INV{200_001 + at // 3}", at % 3 + 1, mill.plan.as_of - timedelta(days=ago)]
            made += [CUSTOMERS[customer], finished_code(style), Decimal(amount), _UNITS[unit][0]]
            yield [*made, each, each * amount]


def _open(mill: Mill) -> Iterator[Row]:
    chance = mill.plan.chance("open sales")
    for number in range(mill.plan.counts.open_sales):
        ordered = Decimal(int(chance.integers(1, 60)) * 50)
        shipped = (ordered * int(chance.integers(0, 6)) / 10).quantize(Decimal(1), ROUND_HALF_UP)
        unit = _OPEN_UNITS[int(chance.integers(len(_OPEN_UNITS)))]
        price = Decimal(int(chance.integers(250, 1_400))) / 100
        made: Row = [f"SO{30_001 + number // 2}", number % 2 + 1]
        made += [_HOLD.format(" checked" if chance.random() < 0.1 else "")]
        made += [CUSTOMERS[int(chance.integers(len(CUSTOMERS)))]]
        made += [finished_code(int(chance.integers(len(mill.styles.bases))))]
        made += [mill.plan.as_of + timedelta(days=int(chance.integers(-5, 60))), None]
        yield [*made, ordered, shipped, ordered - shipped, unit, f"${price} ({unit})"]


def _map(mill: Mill) -> Iterator[Row]:
    bases = mill.styles.bases.tolist()
    mapped = max(1, len(bases) * 4 // 5)
    for number in range(mill.plan.counts.map_rows):
        style, version = number % mapped, number // mapped + 1
        greige = style_code(bases[style])
        base, _, greige_version = greige.partition("/")
        made: Row = [finished_code(style), f"CF{20_001 + style}", greige, version, base, greige_version]
        yield [*made, mill.plan.as_of - timedelta(days=30 * version + style % 30)]
