"""What if: a snapshot with changes that nobody made, planned beside itself (D.3). Nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from service.core.errors import FieldError, Invalid, unknown_value
from service.mill.answers.parameters import with_changes
from service.mill.planning.facts import facts_of
from service.mill.planning.pegs import coming_of, needs_of
from service.mill.planning.plan import Plan, plan
from service.mill.planning.promising import Mode
from service.mill.rules.comparing import Comparison, Facts, compare
from service.mill.rules.ground import Ground, OrderGround, ReceiptGround
from service.mill.rules.naming import receipt_names
from service.mill.rules.pegging import Harm, harmed
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.weeks import arrival
from service.schemas.mill import comparing as asked

BY_NOW: Final = "WHAT-IF"
"""Purchase order of receipts that are only tried out."""


@dataclass(frozen=True, slots=True)
class Sufferer:
    """An order that a receipt harms by coming late or not at all."""

    yarn: str
    receipt: str
    harm: Harm


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Both plans as compared, what differs, and whom late receipts harm."""

    base: Plan
    before: Facts
    after: Facts
    comparison: Comparison
    suffering: Sequence[Sufferer]


def tried(ground: Ground, changes: Sequence[asked.MillChange], mode: Mode) -> Trial:
    """The plan of the snapshot beside that of the changed one. Raises `Invalid` for what there is not."""
    other = ground
    for at, change in enumerate(changes):
        other = _APPLY[type(change)](other, change, f"/body/changes/{at}")
    base = plan(ground, mode=mode)
    before, after = facts_of(base), facts_of(plan(other, mode=mode))
    return Trial(
        base=base,
        before=before,
        after=after,
        comparison=compare(before, after),
        suffering=list(_suffering(base, ground, other)),
    )


def codes_named(changes: Iterable[asked.MillChange]) -> list[str]:
    """Styles and yarns that are named, though nobody may ask for them yet."""
    named = (getattr(one, name, None) for one in changes for name in ("style", "component", "yarn"))
    return sorted({code for code in named if code is not None})


def _add_order(ground: Ground, change: asked.MillAddOrder, at: str) -> Ground:
    if change.style not in ground.styles:
        raise unknown_value(f"{at}/style", "style", change.style, ground.styles)
    if any(one.number == change.order for one in ground.orders):
        raise Invalid(f"there is an order {change.order!r} already")
    order = OrderGround(
        id=None, number=change.order, style=change.style, pounds=change.quantity_lb, priority=change.priority,
        status="pending", start=change.start_date, due=change.due_date,
    )  # fmt: skip
    return replace(ground, orders=[*ground.orders, order])


def _cancel_order(ground: Ground, change: asked.MillCancelOrder, at: str) -> Ground:
    gone = _order(ground, change.order, at)
    held = [one for one in ground.held if one.order != gone.number]
    return replace(ground, orders=[one for one in ground.orders if one is not gone], held=held)


def _move_order(ground: Ground, change: asked.MillMoveOrder, at: str) -> Ground:
    was = _order(ground, change.order, at)
    now = replace(
        was,
        due=change.due_date or was.due,
        start=change.start_date or was.start,
        priority=change.priority or was.priority,
    )
    return _with_order(ground, was, now)


def _resize_order(ground: Ground, change: asked.MillResizeOrder, at: str) -> Ground:
    was = _order(ground, change.order, at)
    return _with_order(ground, was, replace(was, pounds=change.quantity_lb))


def _delay_receipt(ground: Ground, change: asked.MillDelayReceipt, at: str) -> Ground:
    late = {
        one.id for one in _receipts(ground, change.purchase_order, change.line, at) if one.due is not None
    }
    if not late:
        detail = (
            f"what {change.purchase_order} brings has no day that could move: past due, or some time later"
        )
        raise Invalid(detail, errors=[FieldError(f"{at}/purchase_order", "no_day", detail)])
    return replace(
        ground,
        receipts=[
            _later(one, change.days, ground.as_of) if one.id in late else one for one in ground.receipts
        ],
    )


def _later(one: ReceiptGround, days: int, as_of: date) -> ReceiptGround:
    """Nothing comes sooner than today: moved before it, it would be past due, which is another question."""
    if one.due is None:
        return one
    return replace(one, due=max(one.due + timedelta(days=days), min(one.due, as_of)))


def _cancel_receipt(ground: Ground, change: asked.MillCancelReceipt, at: str) -> Ground:
    gone = {one.id for one in _receipts(ground, change.purchase_order, change.line, at)}
    return replace(ground, receipts=[one for one in ground.receipts if one.id not in gone])


def _add_receipt(ground: Ground, change: asked.MillAddReceipt, at: str) -> Ground:
    _known_yarn(ground, change.yarn, f"{at}/yarn")
    # Rows of the database have numbers above 0.
    number = min((one.id for one in ground.receipts), default=0)
    row = min(number, 0) - 1
    one = ReceiptGround(
        id=row, po=BY_NOW, line=-row, yarn=change.yarn, kind="dated",
        due=max(change.due_date, ground.as_of), pounds=change.quantity_lb,
    )  # fmt: skip
    return replace(ground, receipts=[*ground.receipts, one])


def _count_stock(ground: Ground, change: asked.MillCountStock, at: str) -> Ground:
    _known_yarn(ground, change.yarn, f"{at}/yarn")
    yarn = replace(ground.yarns[change.yarn], opening=change.quantity_lb, known=True)
    return replace(ground, yarns={**ground.yarns, change.yarn: yarn})


def _set_parameters(ground: Ground, change: asked.MillSetParameters, at: str) -> Ground:
    return replace(ground, parameters=with_changes(ground.parameters, change.values, f"{at}/values"))


def _set_recipe_line(ground: Ground, change: asked.MillSetRecipeLine, at: str) -> Ground:
    if change.style not in ground.styles:
        raise unknown_value(f"{at}/style", "style", change.style, ground.styles)
    is_yarn = change.component in ground.yarns
    if not is_yarn and change.component not in ground.styles:
        known = [*ground.yarns, *ground.styles]
        raise unknown_value(f"{at}/component", "yarn or style", change.component, known)
    others = [one for one in ground.recipes.lines.get(change.style, ()) if one.component != change.component]
    if change.quantity_per:
        others.append(Line(change.component, change.quantity_per, change.loss, is_yarn))
    lines = {**ground.recipes.lines, change.style: tuple(others)}
    return replace(ground, recipes=Recipes(lines, ground.recipes.yields))


_APPLY: Final[Mapping[type[Any], Callable[[Ground, Any, str], Ground]]] = {
    asked.MillAddOrder: _add_order,
    asked.MillCancelOrder: _cancel_order,
    asked.MillMoveOrder: _move_order,
    asked.MillResizeOrder: _resize_order,
    asked.MillDelayReceipt: _delay_receipt,
    asked.MillCancelReceipt: _cancel_receipt,
    asked.MillAddReceipt: _add_receipt,
    asked.MillCountStock: _count_stock,
    asked.MillSetParameters: _set_parameters,
    asked.MillSetRecipeLine: _set_recipe_line,
}


def _order(ground: Ground, number: str, at: str) -> OrderGround:
    found = next((one for one in ground.orders if one.number == number), None)
    if found is None:
        raise unknown_value(f"{at}/order", "open order", number, (one.number for one in ground.orders))
    return found


def _with_order(ground: Ground, was: OrderGround, now: OrderGround) -> Ground:
    return replace(ground, orders=[now if one is was else one for one in ground.orders])


def _receipts(ground: Ground, po: str, line: int | None, at: str) -> list[ReceiptGround]:
    found = [one for one in ground.receipts if one.po == po and line in (None, one.line)]
    if not found:
        known = (one.po for one in ground.receipts)
        raise unknown_value(f"{at}/purchase_order", "purchase order with receipts", po, known)
    return found


def _known_yarn(ground: Ground, code: str, at: str) -> None:
    if code not in ground.yarns:
        raise unknown_value(at, "yarn", code, ground.yarns)


def _suffering(base: Plan, ground: Ground, other: Ground) -> Iterator[Sufferer]:
    """Each receipt by itself: what its new day, or that it never comes, does to the orders."""
    now = {one.id: one for one in other.receipts}
    names = receipt_names((one.id, one.po, one.line, one.due) for one in ground.receipts)
    yarns = {one.yarn.code: one for one in base.yarns}
    for one in ground.receipts:
        moved = now.get(one.id)
        if moved is not None and moved.due == one.due:
            continue
        yarn = yarns[one.yarn]
        coming, needs = coming_of(ground, yarn), needs_of(base.orders, yarn)
        day = None if moved is None else _arrives(moved, other)
        for harm in harmed(yarn.yarn.opening, coming, needs, one.id, day):
            yield Sufferer(one.yarn, names[one.id], harm)


def _arrives(one: ReceiptGround, ground: Ground) -> date | None:
    return arrival(one.kind, one.due, ground.as_of, ground.parameters.past_due_policy)
