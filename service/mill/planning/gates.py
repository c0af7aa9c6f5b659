"""What is wrong with the data a plan stands on: inside the answer, with what it concerns (issue: gates)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from service.mill.planning.demand import TOLD, Demanded
from service.mill.planning.finished import Finished
from service.mill.planning.yarns import YarnPlan
from service.mill.rules.ground import Ground
from service.mill.rules.lots import MAX_BELOW_LEAST
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.weeks import past_due_week

Severity = Literal["error", "warning", "info"]
_REFUSED: Final = {
    "UNKNOWN_STYLE": "sold as a style that nobody knows: what it needs is unknown, not nothing",
    "NO_CONVERSION": "sold in a unit that nobody can turn into pounds of its style",
}
_LOTS_LACK: Final = {
    "NO_DEMAND": "what a week uses is not known",
    "NO_COST": "holding a pound costs nothing, or nobody knows what it costs",
    "NO_LOT_QUANTITY": "no fixed quantity is stated",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One doubt. `pounds`: how much of demand or supply it touches; `subjects`: every code it concerns."""

    code: str
    severity: Severity
    message: str
    pounds: Decimal | None
    subjects: tuple[str, ...]

    def as_value(self) -> dict[str, Any]:
        """As JSON has it."""
        pounds = None if self.pounds is None else f"{rounded(self.pounds):.4f}"
        return {
            "code": self.code, "severity": self.severity, "message": self.message, "pounds_lb": pounds,
            "count": len(self.subjects), "subjects": list(self.subjects),
        }  # fmt: skip


def gates(
    ground: Ground,
    orders: Sequence[Demanded],
    yarns: Sequence[YarnPlan],
    scaled: Iterable[str],
    asked: Finished,
) -> list[Gate]:
    """Every doubt there is, in a fixed order."""
    return [
        *_of_demand(asked), *_of_orders(orders, scaled), *_of_yarns(ground, yarns), *_of_files(ground)
    ]  # fmt: skip


def bom_coverage(orders: Sequence[Demanded]) -> Decimal | None:
    """Share of the demanded pounds whose yarn is all known; None without demand."""
    total = sum((one.order.pounds for one in orders), ZERO)
    known = sum((one.order.pounds for one in orders if one.plannable), ZERO)
    return None if not total else rounded(known / total, 6)


def _of_demand(asked: Finished) -> Iterator[Gate]:
    for code, told in _REFUSED.items():
        if numbers := asked.refused.get(code):
            yield Gate(code, "error", told, None, tuple(numbers))
    if asked.estimated:
        told = "pounds are computed from width and weight, nobody states them"
        yield Gate("CONVERSION_ESTIMATED", "info", told, None, tuple(asked.estimated))


def _of_orders(orders: Sequence[Demanded], scaled: Iterable[str]) -> Iterator[Gate]:
    for reason, told in TOLD.items():
        yield from _orders_gate(reason, "error", told, [one for one in orders if one.reason == reason])
    unsound = [one for one in orders if one.has_needs and one.unsound]
    told = "its recipe, or one of a part, does not add up to one pound of yarn for a pound of fabric"
    yield from _orders_gate("BOM_INCOMPLETE", "warning", told, unsound)
    fixed = sorted(scaled)
    if fixed:
        yield Gate("BOM_SCALED", "warning", "recipes are assumed to add to 100 %", None, tuple(fixed))
    undated = [one for one in orders if one.need is None]
    yield from _orders_gate("NO_DATE", "warning", "without any date: in no week, told apart", undated)


def _orders_gate(code: str, severity: Severity, told: str, orders: Sequence[Demanded]) -> Iterator[Gate]:
    if orders:
        pounds = sum((one.order.pounds for one in orders), ZERO)
        yield Gate(code, severity, told, pounds, tuple(one.order.number for one in orders))


def _of_yarns(ground: Ground, yarns: Sequence[YarnPlan]) -> Iterator[Gate]:
    needed = [one for one in yarns if one.gross]
    unknown = [one for one in needed if not one.yarn.known]
    yield from _yarns_gate("NO_STOCK_ROW", "warning", "nobody ever counted it: taken as none", unknown)
    negative = [one for one in yarns if one.yarn.opening < 0]
    yield from _yarns_gate("STOCK_NEGATIVE", "warning", "its stock is below zero: count it again", negative)
    policy = ground.parameters.past_due_policy
    told = "receipts that should have come: " + (
        "not counted on" if past_due_week(policy) is None else f"counted on by the policy {policy}"
    )
    late = [one for one in yarns if one.weekly.past_due]
    if late:
        pounds = sum((one.weekly.past_due for one in late), ZERO)
        yield Gate("PAST_DUE", "warning", told, pounds, tuple(one.yarn.code for one in late))
    assumed = [one for one in needed if one.planned and one.lead_source.startswith("default:")]
    told = "nobody states its lead time: the default of the parameters counts"
    yield from _yarns_gate("LEAD_ASSUMED", "info", told, assumed)
    yield from _of_lots(ground, [one for one in needed if one.planned])


def _of_lots(ground: Ground, ordered: Sequence[YarnPlan]) -> Iterator[Gate]:
    """Where the policy asked for could not be followed, or the lots of a yarn contradict each other."""
    for reason, lacks in _LOTS_LACK.items():
        told = f"no lots by the policy {ground.parameters.lot_policy}: {lacks}; ordered lot for lot"
        plain = [one for one in ordered if one.sized.reason == reason]
        yield from _yarns_gate(reason, "warning", told, plain)
    told = "the most of an order is below its least: the least is kept"
    torn = [one for one in ordered if one.sized.rule.lot.conflict]
    yield from _yarns_gate(MAX_BELOW_LEAST, "warning", told, torn)


def _yarns_gate(code: str, severity: Severity, told: str, yarns: Sequence[YarnPlan]) -> Iterator[Gate]:
    if yarns:
        pounds = sum((one.gross for one in yarns), ZERO)
        yield Gate(code, severity, told, pounds, tuple(one.yarn.code for one in yarns))


def _of_files(ground: Ground) -> Iterator[Gate]:
    for reason in ground.standing.reasons:
        yield Gate("SOURCE", "warning", reason, None, ())
