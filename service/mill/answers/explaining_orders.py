"""Why an order needs so much of a yarn, is covered so far, or was planned at all."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from service.core.database import ReadConnection
from service.mill.answers.comparing import value_shown
from service.mill.answers.explaining import Rule, explained, given, no_figure, part_link
from service.mill.answers.plans import MadePlan
from service.mill.queries.plan_explained import select_given, select_recipes
from service.schemas.envelope import Explanation, ExplanationInput, ExplanationStep

REQUIREMENT: Final[Rule] = ("value = sum of what every path gives", "spec E.5 Q2")
PATH: Final[Rule] = (
    "pounds of the order x quantity_per x (1 + loss) of each line (yield: / (1 - loss)), four places half up",
    "spec R7",
)
COVERAGE: Final[Rule] = (
    "the least of allocated / required over its yarns; 1 where all lacks are within the tolerance",
    "spec E.6 kit status",
)
READY: Final[Rule] = (
    "the as-of day where nothing lacks, else the last day a receipt comes; not known where a pound lacks",
    "spec E.6 kit status",
)
LOT: Final[Rule] = ("the sum of what it serves, at least the smallest batch", "spec E.6.3, E.6.6")
REMAINS: Final[Rule] = ("what remains of the order as it was read", "spec R5")
FIGURES: Final = ("coverage", "ready_on", "quantity")


async def explain_requirement(
    conn: ReadConnection, made: MadePlan, order: Row[Any], yarn: str, rows: Sequence[Row[Any]]
) -> Explanation:
    """Pounds of a yarn for an order; `rows` are its paths."""
    styles = sorted({style for row in rows for style in row.path.split(">")})
    recipes = await select_recipes(conn, made.number, styles)
    steps = [_path(order, row, yarn, recipes) for row in rows]
    total = sum((row.gross_lb for row in rows), Decimal(0))
    inputs = [given(row.path, row.gross_lb) for row in rows]
    return explained(made, f"what {order.order_no} needs of {yarn}", total, REQUIREMENT, inputs, steps)


def _path(order: Row[Any], row: Row[Any], yarn: str, recipes: dict[str, Any]) -> ExplanationStep:
    styles = row.path.split(">")
    inputs = [given("pounds", order.quantity)]
    for style, component, kind in zip(
        styles, [*styles[1:], yarn], [*("style" for _ in styles[1:]), "yarn"], strict=True
    ):
        for line in recipes.get(style, ()):
            if line.get(kind) == component:
                name = f"{style} of {component}"
                inputs.append(_plain(f"{name} quantity_per", line["quantity_per"]))
                inputs.append(_plain(f"{name} loss", line["loss"]))
                inputs.append(_plain(f"{name} mode", line.get("mode", "add_on")))
    rule, source = PATH
    value = value_shown(row.gross_lb)
    return ExplanationStep(
        rule=rule, figure=row.path, source=source, outcome=value, value=value, unit="lb", inputs=inputs
    )


def _plain(name: str, value: str) -> ExplanationInput:
    return ExplanationInput(name=name, value=value)


async def explain_order(conn: ReadConnection, made: MadePlan, order: Row[Any], figure: str) -> Explanation:
    """A figure of an order. Raises `Invalid`."""
    if figure not in FIGURES:
        raise no_figure(figure, FIGURES)
    if figure == "quantity":
        return _quantity(made, order)
    rows = await select_given(conn, made.number, order.seq)
    if figure == "coverage":
        return _coverage(made, order, rows)
    return _ready(made, order, rows)


def _quantity(made: MadePlan, order: Row[Any]) -> Explanation:
    if not order.serves:
        inputs = [given(order.order_no, order.quantity)]
        return explained(made, f"quantity of {order.order_no}", order.quantity, REMAINS, inputs)
    least = Decimal(made.row.params["parameters"]["min_batch_lb"])
    inputs = [given(f"serves {one['number']}", Decimal(one["served_lb"])) for one in order.serves]
    inputs.append(given("min_batch_lb", least))
    steps = [_served(one) for one in order.serves]
    return explained(
        made, f"quantity of {order.order_no}", order.quantity, LOT, inputs, steps, threshold=least
    )


def _served(one: dict[str, Any]) -> ExplanationStep:
    """From what was sold to what no stock covers of it."""
    names = ("quantity", "forecast", "unit", "source", "factor", "demand_lb", "net_lb")
    inputs = [_plain(name, one[name]) for name in names if name in one]
    inputs += [_plain(f"from {stage}", pounds) for stage, pounds in one["from_stock"].items()]
    return ExplanationStep(
        rule="in pounds by its source, x factor; less what stock of each stage gives",
        figure=one["number"],
        source="spec E.6.1-3",
        outcome=one["net_lb"],
        value=one["net_lb"],
        unit="lb",
        inputs=inputs,
    )


def _coverage(made: MadePlan, order: Row[Any], rows: Sequence[Row[Any]]) -> Explanation:
    required: dict[str, Decimal] = {}
    allocated: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        required[row.yarn_code] = row.required_lb
        if row.kind != "expected":
            allocated[row.yarn_code] += row.quantity_lb
    inputs = []
    for yarn, pounds in required.items():
        link = part_link(made, "allocations", order=order.order_no, yarn=yarn)
        inputs.append(given(f"{yarn} required", pounds, link=link))
        inputs.append(given(f"{yarn} allocated", allocated[yarn], link=link))
    inputs += _unknown(order)
    tolerance = Decimal(made.row.params["parameters"]["kit_tolerance_lb"])
    value = None if order.coverage is None else f"{order.coverage:.6f}"
    return explained(
        made, f"coverage of {order.order_no}", value, COVERAGE, inputs, threshold=tolerance, unit=None
    )


def _ready(made: MadePlan, order: Row[Any], rows: Sequence[Row[Any]]) -> Explanation:
    coming = [
        given(f"{row.yarn_code} from receipt {row.receipt_id}", row.available_on)
        for row in rows
        if row.kind == "expected"
    ]
    inputs = [
        given("as_of", made.row.as_of), given("kit_status", order.kit_status), *coming,
        *(given(f"{yarn} promised by nobody", pounds) for yarn, pounds in _missing(rows).items()),
        *_unknown(order),
    ]  # fmt: skip
    return explained(made, f"ready day of {order.order_no}", order.ready_on, READY, inputs, unit=None)


def _unknown(order: Row[Any]) -> list[ExplanationInput]:
    """Why nobody can tell all that the order needs."""
    return [] if order.reason is None else [_plain("reason", order.reason)]


def _missing(rows: Sequence[Row[Any]]) -> dict[str, Decimal]:
    left: dict[str, Decimal] = {}
    for row in rows:
        left[row.yarn_code] = left.get(row.yarn_code, row.required_lb) - row.quantity_lb
    return {yarn: pounds for yarn, pounds in left.items() if pounds > 0}
