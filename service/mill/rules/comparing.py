"""Two plans beside each other: which figures differ, and what in the data they stood on made them so.

A cause is something that changed in what the plans stood on and that the figure depends on: an order of the
yarn, a receipt, a count, a recipe on the way from order to yarn, a parameter, the day itself.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

PARTS: Final = ("promises", "advice")
"""What is compared and not every kind of plan has: how far orders have their yarn, and advice."""
EVERYTHING: Final = "*"
"""What a change of a parameter or of the day may touch."""


@dataclass(frozen=True, slots=True)
class YarnFacts:
    """A yarn in a plan: what was there of it (`opening` to `lead_days`), and what the plan found.

    `lots`: least order, multiple, most; None in plans of before these were kept.
    """

    known: bool
    opening: Decimal
    safety_stock: Decimal
    lead_days: int
    gross: Decimal
    past_due: Decimal
    planned: Decimal
    first_short_on: date | None
    first_short: Decimal | None
    largest_short: Decimal
    lots: str | None = None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order in a plan, and how far its yarn was there. `needs`: its yarns, `styles`: all on the way.

    `serves`: of an order that the plan adds itself, the sales and forecasts it is for.
    """

    style: str
    pounds: Decimal
    priority: int
    status: str
    start: date | None
    due: date | None
    need: date | None
    plannable: bool
    kit_status: str | None
    coverage: Decimal | None
    ready_on: date | None
    needs: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a purchase order line was to bring."""

    yarn: str
    kind: str
    due: date | None
    pounds: Decimal


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An advice. `item` is a yarn, or a style to be knitted."""

    kind: str
    item: str
    quantity: Decimal | None
    to_date: date | None
    release_date: date | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A plan as far as it is compared. Recipes are lines as stored; receipts, actions go by name."""

    as_of: date
    parameters: Mapping[str, Any]
    yarns: Mapping[str, YarnFacts]
    orders: Mapping[str, OrderFacts]
    receipts: Mapping[str, ReceiptFacts]
    recipes: Mapping[str, Any]
    actions: Mapping[str, ActionFacts]


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that the plans stood on and that differs. It touches these yarns and orders."""

    code: str
    subject: str
    detail: str
    before: Any = None
    after: Any = None
    yarns: frozenset[str] = field(default=frozenset(), compare=False)
    orders: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def touches_everything(self) -> bool:
        """Whether every figure may depend on it."""
        return EVERYTHING in self.yarns


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs of a yarn, an order or an advice: figures by name with both values.

    `kind` is `changed`, `appeared` or `vanished`. No causes: none is known.
    """

    subject: str
    kind: str
    figures: Mapping[str, tuple[Any, Any]]
    causes: Sequence[Cause]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs, each by name; `left_out` of `PARTS`, what only one of the plans has."""

    causes: Sequence[Cause]
    yarns: Sequence[Difference]
    orders: Sequence[Difference]
    actions: Sequence[Difference]
    left_out: Sequence[str] = ()


def compare(before: Facts, after: Facts, apart: Collection[str] = ()) -> Comparison:
    """What a plan finds otherwise than one before it, and why; nothing of the parts that only one has."""
    causes = [*_causes(before, after)]
    reach = _Reach(before, after, causes)
    of_orders = [one for one in _ORDER_FIGURES if "promises" not in apart or one not in _PROMISED]
    advised = ({}, {}) if "advice" in apart else (before.actions, after.actions)
    return Comparison(
        causes,
        list(_differences(before.yarns, after.yarns, _YARN_FIGURES, reach.of_yarn)),
        list(_differences(before.orders, after.orders, of_orders, reach.of_order)),
        list(_differences(*advised, _ACTION_FIGURES, reach.of_action)),
        [one for one in PARTS if one in apart],
    )


_YARN_FIGURES: Final = (
    "opening", "gross", "past_due", "planned", "first_short_on", "first_short", "largest_short",
)  # fmt: skip
_ORDER_FIGURES: Final = ("pounds", "need", "plannable", "kit_status", "coverage", "ready_on")
_PROMISED: Final = ("kit_status", "coverage", "ready_on")
"""Figures of orders that come of promising them their yarn."""
_ACTION_FIGURES: Final = ("quantity", "to_date", "release_date")
_ORDER_CHANGES: Final = {
    "pounds": ("order_resized", "its remaining pounds changed"),
    "due": ("order_moved", "its due date changed"),
    "start": ("order_moved", "its start changed"),
    "priority": ("order_reprioritised", "its priority changed"),
    "status": ("order_status", "its status changed"),
    "style": ("order_style", "it is of another style"),
}
_STOCK_CHANGES: Final = {
    "opening": ("stock_counted", "another stock was counted"),
    "known": ("stock_row", "the inventory has, or has no more, a row of it"),
    "safety_stock": ("safety_stock_changed", "its safety stock changed"),
    "lead_days": ("lead_time_changed", "its lead time changed"),
    "lots": ("lots_changed", "its least order, multiple or largest order changed"),
}
_OF_PARAMETERS: Final = {"lead_days": ("lead_defaults",), "lots": ("moq_lb", "lot_multiple_lb")}
"""What a default may have changed of many yarns at once: the parameter is the one cause then."""


def _causes(before: Facts, after: Facts) -> Iterator[Cause]:
    everything = frozenset({EVERYTHING})
    if before.as_of != after.as_of:
        yield Cause(
            "day_moved", "as_of", "the plans are of different days", before.as_of, after.as_of, everything
        )
    for name in sorted(before.parameters.keys() | after.parameters.keys()):
        was, now = before.parameters.get(name), after.parameters.get(name)
        if was != now:
            yield Cause("parameter_changed", name, "another value holds", was, now, everything)
    yield from _order_causes(before, after)
    yield from _receipt_causes(before, after)
    yield from _stock_causes(before, after)
    for style in sorted(before.recipes.keys() | after.recipes.keys()):
        was, now = before.recipes.get(style), after.recipes.get(style)
        if was != now and was is not None and now is not None:
            users = frozenset(_using(style, before)) | frozenset(_using(style, after))
            yarns = frozenset(_yarns_of(users, before)) | frozenset(_yarns_of(users, after))
            yield Cause("recipe_changed", style, "its recipe changed", was, now, yarns, users)


def _stock_causes(before: Facts, after: Facts) -> Iterator[Cause]:
    told = _stock_changes(before, after)
    for code in sorted(before.yarns.keys() | after.yarns.keys()):
        was, now, of = before.yarns.get(code), after.yarns.get(code), frozenset({code})
        if was is not None and now is not None:
            yield from _changed(told, code, was, now, of)
        elif any(one is not None and one.known for one in (was, now)):
            yield Cause("stock_row", code, _STOCK_CHANGES["known"][1], was is not None, now is not None, of)


def _stock_changes(before: Facts, after: Facts) -> Mapping[str, tuple[str, str]]:
    """Those told of single yarns: not what a parameter changed of many, nor what an old plan did not keep."""
    told = dict(_STOCK_CHANGES)
    for name, parameters in _OF_PARAMETERS.items():
        if any(before.parameters.get(one) != after.parameters.get(one) for one in parameters):
            del told[name]
    if any(one.lots is None for facts in (before, after) for one in facts.yarns.values()):
        told.pop("lots", None)
    return told


def _order_causes(before: Facts, after: Facts) -> Iterator[Cause]:
    for number in sorted(before.orders.keys() | after.orders.keys()):
        was, now = before.orders.get(number), after.orders.get(number)
        yarns = (was.needs if was else frozenset()) | (now.needs if now else frozenset())
        of = frozenset({number})
        if was is None and now is not None:
            yield Cause("order_new", number, _new(now), None, now.pounds, yarns, of)
        elif now is None and was is not None:
            yield Cause("order_gone", number, "it is open no more", was.pounds, None, yarns, of)
        elif was is not None and now is not None:
            yield from _changed(_ORDER_CHANGES, number, was, now, yarns, of)


def _new(order: OrderFacts) -> str:
    return f"the plan adds it for {', '.join(order.serves)}" if order.serves else "it is new"


def _receipt_causes(before: Facts, after: Facts) -> Iterator[Cause]:
    for name in sorted(before.receipts.keys() | after.receipts.keys()):
        was, now = before.receipts.get(name), after.receipts.get(name)
        of = frozenset(one.yarn for one in (was, now) if one is not None)
        if was is None or now is None:
            code, detail = ("receipt_new", "it is new") if was is None else ("receipt_gone", "it is gone")
            yield Cause(code, name, detail, was and was.pounds, now and now.pounds, of)
            continue
        if was.pounds != now.pounds:
            yield Cause("receipt_resized", name, "it brings another weight", was.pounds, now.pounds, of)
        if (was.kind, was.due) != (now.kind, now.due):
            yield Cause(*_moved(name, was, now), of)


def _moved(name: str, was: ReceiptFacts, now: ReceiptFacts) -> tuple[str, str, str, Any, Any]:
    code, detail = "receipt_moved", "it comes on another day"
    if was.due is not None and now.due is not None:
        late = now.due > was.due
        code, detail = ("receipt_late", "it comes later") if late else ("receipt_early", "it comes earlier")
    elif now.kind == "past_due":
        code, detail = "receipt_overdue", "its day passed and it did not come"
    return code, name, detail, was.due or was.kind, now.due or now.kind


def _changed(
    changes: Mapping[str, tuple[str, str]],
    subject: str,
    was: Any,
    now: Any,
    yarns: frozenset[str],
    orders: frozenset[str] = frozenset(),
) -> Iterator[Cause]:
    for name, (code, detail) in changes.items():
        one, other = getattr(was, name), getattr(now, name)
        if one != other:
            yield Cause(code, subject, detail, one, other, yarns, orders)


def _using(style: str, facts: Facts) -> Iterator[str]:
    return (number for number, order in facts.orders.items() if style in order.styles)


def _yarns_of(orders: Iterable[str], facts: Facts) -> Iterator[str]:
    return (yarn for number in orders if number in facts.orders for yarn in facts.orders[number].needs)


class _Reach:
    """Which causes a figure can have: those of its own, of what it shares a yarn with, of everything."""

    def __init__(self, before: Facts, after: Facts, causes: Sequence[Cause]) -> None:
        self._everywhere = [one for one in causes if one.touches_everything]
        self._by_yarn: dict[str, list[Cause]] = defaultdict(list)
        self._by_order: dict[str, list[Cause]] = defaultdict(list)
        for one in causes:
            for yarn in one.yarns:
                self._by_yarn[yarn].append(one)
            for order in one.orders:
                self._by_order[order].append(one)
        self._facts = (before, after)
        self._of_style: dict[str, list[str]] = defaultdict(list)
        for facts in self._facts:
            for number, facts_of in facts.orders.items():
                self._of_style[facts_of.style].append(number)

    def of_yarn(self, code: str) -> list[Cause]:
        """Of the yarn itself and of the orders that need it."""
        return [*self._by_yarn.get(code, ()), *self._everywhere]

    def of_order(self, number: str) -> list[Cause]:
        """Of the order, of its yarns, and of others that want the same yarns."""
        yarns = sorted({yarn for facts in self._facts for yarn in _yarns_of([number], facts)})
        near = [one for yarn in yarns for one in self._by_yarn.get(yarn, ())]
        return _each_once([*self._by_order.get(number, ()), *near, *self._everywhere])

    def of_action(self, name: str) -> list[Cause]:
        """Of its item: a yarn, or the orders of a style."""
        item = next(facts.actions[name].item for facts in self._facts if name in facts.actions)
        orders = [one for number in self._of_style.get(item, ()) for one in self._by_order.get(number, ())]
        return _each_once([*self._by_yarn.get(item, ()), *orders, *self._everywhere])


def _each_once(causes: Iterable[Cause]) -> list[Cause]:
    # By identity: what they hold, such as the lines of a recipe, has no hash.
    return list({id(one): one for one in causes}.values())


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], figures: Sequence[str], causes_of: Any
) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            kind = "appeared" if was is None else "vanished"
            values = _values(was, now, figures)
            yield Difference(name, kind, values, causes_of(name))
        elif any(getattr(was, figure) != getattr(now, figure) for figure in figures):
            yield Difference(name, "changed", _values(was, now, figures), causes_of(name))


def _values(was: Any, now: Any, figures: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    pairs = ((figure, getattr(was, figure, None), getattr(now, figure, None)) for figure in figures)
    return {figure: (one, other) for figure, one, other in pairs if one != other}
