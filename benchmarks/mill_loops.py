"""The ten table operations row by row: over a pandas frame as it is often written, and over plain tuples.

Each takes tables by name and answers the columns that are compared.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from operator import itemgetter
from typing import Any, Final

from benchmarks.mill_ground import AS_OF, COSTS, ONE_QUANTITY

Tables = dict[str, Any]
Columns = tuple[list[Any], ...]
Row = dict[str, Any]
BALANCE: Final = ("theoretical_balance", "allocated", "on_order")
SERVICE: Final = ("priority", "due_date", "order_no")
AMOUNTS: Final = str.maketrans("", "", "$,")
NEEDED: Final = {
    "planning balance": ("inventory", BALANCE),
    "shortages": ("inventory", ("planning_balance", "min_stock")),
    "explosion": ("bom", ("quantity_per",)),
    "allocation": ("orders", (*SERVICE, "yarn_id", "required_quantity")),
    "scheduling": ("orders", (*SERVICE, "work_center_id", "quantity", "production_rate")),
    "cost": ("orders", (*COSTS, "quantity")),
    "dates": ("orders", ("order_date", "delivery_date", "due_date")),
    "aggregation": ("orders", ("style_id", "quantity")),
    "choice": ("inventory", ("planning_balance",)),
    "text": ("orders", ("note", "yarn_id", "price")),
}
"""Of each operation the table it goes over, and the columns it looks at."""


def balance(rows: Iterable[Any], _: Tables) -> Columns:
    """Sum of three."""
    return ([held + given + coming for held, given, coming in rows],)


def shortages(rows: Iterable[Any], _: Tables) -> Columns:
    """What is below its threshold, lowest first."""
    short = sorted(((have, least - have) for have, least in rows if have < least), key=itemgetter(0))
    return [one for one, _ in short], [one for _, one in short]


def explosion(rows: Iterable[Any], _: Tables) -> Columns:
    """One quantity by each line."""
    return ([ONE_QUANTITY * share for (share,) in rows],)


def allocation(rows: Iterable[Any], tables: Tables) -> Columns:
    """One requirement after the other takes from what is left."""
    stock = tables["stock"]
    left = dict(zip(stock["yarn_id"], stock["available_quantity"], strict=True))
    names, given = [], []
    for _, _, name, yarn, wanted in sorted(rows):
        got = min(wanted, left[yarn])
        left[yarn] -= got
        names.append(name)
        given.append(got)
    return names, given


def scheduling(rows: Iterable[Any], tables: Tables) -> Columns:
    """Running hours of each work centre against its hours."""
    limits = dict(
        zip(tables["capacity"]["work_center_id"], tables["capacity"]["available_hours"], strict=True)
    )
    hours: dict[str, float] = defaultdict(float)
    names, ends, fits = [], [], []
    for _, _, name, center, amount, rate in sorted(rows):
        hours[center] += amount / rate
        names.append(name)
        ends.append(hours[center])
        fits.append(hours[center] <= limits[center] + 1e-9)
    return names, ends, fits


def cost(rows: Iterable[Any], _: Tables) -> Columns:
    """Three costs and their share of a piece."""
    found = [(one + two + three, amount) for one, two, three, amount in rows]
    return [total for total, _ in found], [total / amount for total, amount in found]


def dates(rows: Iterable[Any], _: Tables) -> Columns:
    """Days between dates that are text."""
    lead, left = [], []
    for ordered, delivered, due in rows:
        lead.append((date.fromisoformat(delivered) - date.fromisoformat(ordered)).days)
        left.append((date.fromisoformat(due) - AS_OF).days)
    return lead, left


def aggregation(rows: Iterable[Any], _: Tables) -> Columns:
    """Sum, mean, greatest and number of each style."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for style, amount in rows:
        groups[style].append(amount)
    names = sorted(groups)
    found = [groups[name] for name in names]
    return (
        names,
        [*map(sum, found)],
        [sum(one) / len(one) for one in found],
        [*map(max, found)],
        [*map(len, found)],
    )


def choice(rows: Iterable[Any], _: Tables) -> Columns:
    """The first of three conditions."""
    levels = (("CRITICAL", -1000), ("HIGH", -100), ("MEDIUM", 0))
    return ([next((name for name, below in levels if have < below), "LOW") for (have,) in rows],)


def text(rows: Iterable[Any], _: Tables) -> Columns:
    """Trimmed, in capitals, without money marks."""
    found = [
        (note.strip(), yarn.strip().upper(), price.strip().translate(AMOUNTS)) for note, yarn, price in rows
    ]
    return [one[0] for one in found], [one[1] for one in found], [one[2] for one in found]


WORKS: Final[dict[str, Callable[[Iterable[Any], Tables], Columns]]] = {
    "planning balance": balance,
    "shortages": shortages,
    "explosion": explosion,
    "allocation": allocation,
    "scheduling": scheduling,
    "cost": cost,
    "dates": dates,
    "aggregation": aggregation,
    "choice": choice,
    "text": text,
}


def over_frame(name: str, frames: Tables) -> Columns:
    """By `iterrows`, a pandas row for each row; dates parsed by pandas cell by cell, as such loops do."""
    table, columns = NEEDED[name]
    rows = (tuple(row[column] for column in columns) for _, row in frames[table].iterrows())
    return WORKS[name](map(_parsed, rows) if name == "dates" else rows, frames)


def _parsed(cells: tuple[str, ...]) -> tuple[str, ...]:
    import pandas as pd  # noqa: PLC0415  # only where it is installed

    return tuple(pd.to_datetime(cell).date().isoformat() for cell in cells)


def as_tuples(name: str, tables: Tables) -> list[Any]:
    """The rows that an operation looks at, made before anything is timed."""
    table, columns = NEEDED[name]
    return list(zip(*(tables[table][column].tolist() for column in columns), strict=True))
