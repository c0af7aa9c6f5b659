"""The mill's own reports of what is needed: by yarn and week, by style and order."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import chain

from service.simulators.mill.files.materials import by_week
from service.simulators.mill.files.table import Row, Table, columns, plain
from service.simulators.mill.mill import Mill
from service.simulators.mill.recipes import style_code
from service.simulators.mill.weeks import COLUMNS, PAST_DUE

_NOTHING = Decimal(0)
_TOTALS = ("Monday Inventory", "Total Demand", "Total Receipt", "Balance", "Past Due Receipts")


def yarn_demand(mill: Mill) -> Table:
    """Stock, demand and receipts of each week, below two header rows; past due is in no week (I5, I6)."""
    weekly = ("Demand", "Receipts", "Balance") * COLUMNS
    labels = chain.from_iterable((label, "", "") for label in mill.weeks.labels())
    above = ("",) * (1 + len(_TOTALS)) + tuple(labels)
    shown = columns(plain, "Desc#", *_TOTALS, *weekly)
    return Table("yarn_demand", "yarn_demand", shown, partial(_by_yarn, mill), (above,))


def demand_by_order(mill: Mill) -> Table:
    """What each order takes of each yarn (I8); here percentages go from 0 to 100."""
    shown = columns(plain, "Style#", "Order #", "Desc#", "Percentage", *mill.weeks.labels(), "Total")
    return Table("yarn_demand_by_order", "yarn_demand_by_order", shown, partial(_by_order, mill))


def _by_yarn(mill: Mill) -> Iterator[Row]:
    demand: defaultdict[int, list[Decimal]] = defaultdict(lambda: [_NOTHING] * COLUMNS)
    for need in mill.needs:
        demand[need.line.yarn][need.column] += need.quantity
    receipts: defaultdict[int, list[Decimal]] = defaultdict(lambda: [_NOTHING] * (COLUMNS + 1))
    for line in mill.purchases:
        summed = zip(receipts[line.yarn], by_week(line, mill.weeks), strict=True)
        receipts[line.yarn] = [one + other for one, other in summed]
    for yarn in sorted(demand.keys() | receipts.keys()):
        if yarn < len(mill.stock):
            yield _weekly(mill, yarn, demand[yarn], receipts[yarn])


def _weekly(mill: Mill, yarn: int, demand: list[Decimal], receipts: list[Decimal]) -> Row:
    monday = mill.stock[yarn].balance
    needed, coming = sum(demand, _NOTHING), sum(receipts, _NOTHING)
    made: Row = [mill.masters.yarns[yarn].code, monday, needed, coming, monday - needed + coming]
    made.append(receipts[PAST_DUE])
    balance = monday
    for taken, came in zip(demand, receipts[:PAST_DUE], strict=True):
        balance += came - taken
        made += [taken, came, balance]
    return made


def _by_order(mill: Mill) -> Iterator[Row]:
    for need in mill.needs:
        weekly: Row = [_NOTHING] * COLUMNS
        weekly[need.column] = need.quantity
        percentage = need.line.fraction * 100
        made: Row = [style_code(need.order.style), need.order.code, mill.masters.yarns[need.line.yarn].code]
        yield [*made, percentage.normalize() if percentage % 10 else int(percentage), *weekly, need.quantity]
