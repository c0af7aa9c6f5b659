"""The files about what is knitted: recipes, styles, orders, machines, rates, rolls."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from service.simulators.mill.files.table import Row, Table, american, columns, dashed, plain, thousands
from service.simulators.mill.mill import Mill
from service.simulators.mill.orders import Order
from service.simulators.mill.recipes import WHOLE, finished_code, style_code

_WASTE = (Decimal("0.03"), Decimal("0.02"))
"""Loss of finishing, and of each stage before it (spec R7)."""


def bom(mill: Mill) -> Table:
    """Greige styles and their yarns, with placeholders and lines that stand twice as the ERP leaves them."""
    shown = columns(plain, "Style#", "Desc#", "BOM_Percentage", "unit")
    return Table("bom", "bom", shown, partial(_recipes, mill))


def bom_levels(mill: Mill) -> Table:
    """What finished styles are made of, stage by stage down to the greige style."""
    shown = columns(plain, "Style#", "Component_Style", "Desc#", "BOM_Percentage", "unit", "Loss")
    return Table("bom_levels", "bom", shown, partial(_levels, mill))


def styles(mill: Mill) -> Table:
    """Greige and finished styles: how wide, how heavy, where they are knitted."""
    shown = columns(
        plain, "Style#", "Base Style", "Stage", "Work Center", "Yds/Lbs", "Oz/Lin Yd", "Width", "Weight"
    )
    return Table("styles", "styles", shown, partial(_styles, mill))


def knit_orders(mill: Mill) -> Table:
    """Knit orders; some numbers come as links of a web page (I7 holds)."""
    shown = (
        *columns(plain, "Style #", "Order #", "Start Date"),
        *columns(american, "Quoted Date"),
        *columns(thousands, "Qty Ordered (lbs)"),
        *columns(plain, "G00 (lbs)", "Shipped (lbs)", "Balance (lbs)", "Seconds (lbs)"),
        *columns(plain, "BKI #s", "Machine", "PO#", "Modified"),
    )
    return Table("knit_orders", "knit_orders", shown, partial(_orders, mill))


def machines(mill: Mill) -> Table:
    """Machines by work centre; two centres are also written with a blank behind."""
    return Table("machines", "machines", columns(plain, "WC", "MACH"), partial(_machines, mill))


def rates(mill: Mill) -> Table:
    """Pounds a day of each greige style; one in 1,200 is negative."""
    return Table("rates", "rates", columns(plain, "Style#", "Lbs/Day"), partial(_rates, mill))


def rolls(mill: Mill, stage: str) -> Table:
    """The rolls of one stage: those of G00 are the greige pounds of the knit orders."""
    style = "Style #" if stage in {"F01", "I01"} else "gStyle"
    shown = (
        *columns(plain, "Stage", style, "Order #", "Roll #", "Yards", "Pounds", "Location"),
        *columns(dashed, "Date"),
    )
    draw = _greige_rolls if stage == "G00" else _rolls
    return Table(f"stage_inventory_{stage}", "stage_inventory", shown, partial(draw, mill, stage))


def _recipes(mill: Mill) -> Iterator[Row]:
    counts, recipes = mill.plan.counts, mill.styles.recipes
    twice = max(1, round(counts.styles * counts.twice))
    bare = range(len(recipes), len(mill.styles.centres), 2)
    blanks = max(0, counts.bom_lines - twice - len(bare) - sum(map(len, recipes)))
    placeholder = _every(blanks, len(recipes))
    repeated = 0
    for number, recipe in enumerate(recipes):
        # Trailing blanks, as B.4 shows them; some styles have a placeholder before their recipe.
        code = style_code(number) + (" " if number % 7 == 0 else "")
        for _ in range(placeholder(number)):
            yield [code, None, None, None]
        lines: list[Row] = [
            [code, mill.masters.yarns[line.yarn].code, line.fraction.normalize(), "lbs"] for line in recipe
        ]
        yield from lines
        if repeated < twice and sum(line.parts for line in recipe) == WHOLE and recipe[0].parts > 50:
            repeated += 1
            yield list(lines[0])
    for number in bare:
        yield [style_code(number), None, None, None]


def _every(total: int, places: int) -> "partial[int]":
    """How many of `total` fall on each of so many places, evenly."""
    return partial(_share, total, places)


def _share(total: int, places: int, number: int) -> int:
    return total * (number + 1) // places - total * number // places


def _levels(mill: Mill) -> Iterator[Row]:
    made = mill.styles
    for number, (base, second) in enumerate(zip(made.bases.tolist(), made.seconds.tolist(), strict=True)):
        code = finished_code(number)
        for level in range(mill.plan.counts.levels - 2):
            below = f"{finished_code(number)}-S{level + 1}"
            yield [code, below, None, 1, "lbs", _WASTE[min(level, 1)]]
            code = below
        first = Decimal(1) if second < 0 else Decimal("0.6")
        yield [code, style_code(base), None, first, "lbs", _WASTE[1]]
        if second >= 0:
            yield [code, style_code(second), None, 1 - first, "lbs", _WASTE[1]]


def _styles(mill: Mill) -> Iterator[Row]:
    made, greige = mill.styles, len(mill.styles.centres)
    for number in range(greige):
        centre = mill.masters.centres[int(made.centres[number])]
        code = style_code(number)
        yield [code, code.partition("/")[0], "greige", centre, *_measures(mill, number)]
    for number in range(len(made.bases)):
        base = style_code(int(made.bases[number]))
        yield [finished_code(number), base, "finished", None, *_measures(mill, greige + number)]


def _measures(mill: Mill, number: int) -> Row:
    """Yards per pound, ounces per linear yard, inches, grams per square metre."""
    yards = int(mill.styles.yields[number])
    ounces = (Decimal(1_600) / yards).quantize(Decimal("0.01")) if yards else None
    known = Decimal(yards) / 100 if yards else None
    return [known, ounces, int(mill.styles.widths[number]), int(mill.styles.weights[number])]


def _orders(mill: Mill) -> Iterator[Row]:
    for order in mill.orders:
        number = order.number % 100_000
        linked = f'<a href="/ko/{number}">{order.code}</a>' if number % 13 == 2 else order.code
        yield [style_code(order.style), linked, *_order_cells(mill, order)]


def _order_cells(mill: Mill, order: Order) -> Row:
    machine = None if order.machine is None else mill.masters.machines[order.machine].code
    done: Row = [value or None for value in (order.produced, order.shipped)]
    made: Row = [order.start, order.quoted, order.ordered, *done, order.balance, order.seconds or None]
    return [*made, None, machine, order.purchase, order.modified]


def _machines(mill: Mill) -> Iterator[Row]:
    centres = mill.masters.centres
    for number, machine in enumerate(mill.masters.machines):
        yield [centres[machine.centre] + (" " if number in {0, 1} else ""), machine.code]


def _rates(mill: Mill) -> Iterator[Row]:
    for number, rate in enumerate(mill.styles.rates.tolist()):
        yield [style_code(number), -rate if number % 1_200 == 1_199 else rate]


def _rolls(mill: Mill, stage: str) -> Iterator[Row]:
    chance = mill.plan.chance(f"rolls {stage}")
    running = mill.styles.running
    for number in range(mill.plan.counts.rolls[stage]):
        finished = stage in {"F01", "I01"}
        at = int(chance.integers(len(mill.styles.bases) if finished else len(running)))
        style = finished_code(at) if finished else style_code(running[at])
        order = mill.orders[int(chance.integers(len(mill.orders)))].code
        pounds = Decimal(int(chance.integers(2_000, 7_500))) / 100
        yield _roll(mill, stage, style, order, number, pounds)


def _greige_rolls(mill: Mill, stage: str) -> Iterator[Row]:
    """Each order with greige in stock has as many rolls as its share of all, one at least."""
    knitted = [order for order in mill.orders if order.produced > 0]
    total = sum((order.produced for order in knitted), Decimal(0))
    number = 0
    for order in knitted:
        count = max(1, int(order.produced * mill.plan.counts.rolls[stage] / total))
        each = (order.produced / count).quantize(Decimal("0.01"))
        for at in range(count):
            pounds = each if at < count - 1 else order.produced - each * (count - 1)
            yield _roll(mill, stage, style_code(order.style), order.code, number, pounds)
            number += 1


def _roll(mill: Mill, stage: str, style: str, order: str, number: int, pounds: Decimal) -> Row:
    yards = (pounds * Decimal("1.29")).quantize(Decimal("0.1"))
    place = f"{stage}-{number % 40 + 1:02}"
    return [stage, style, order, f"{stage}{100_001 + number}", yards, pounds, place, mill.as_of]
