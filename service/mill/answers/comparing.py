"""What differs between two plans as people see it: each figure with both values and its causes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from service.mill.rules.comparing import Cause, Comparison, Difference, Facts

POUNDS: Final = frozenset({
    "opening", "gross", "past_due", "planned", "first_short", "largest_short", "pounds", "quantity",
})  # fmt: skip


def comparison_shown(found: Comparison) -> dict[str, Any]:
    """Inputs that changed once, and by number in every difference that they may have made."""
    numbers = {id(cause): number for number, cause in enumerate(found.causes)}
    return {
        "causes": [_cause(number, cause) for number, cause in enumerate(found.causes)],
        "yarns": [_difference(one, numbers) for one in found.yarns],
        "orders": [_difference(one, numbers) for one in found.orders],
        "actions": [_difference(one, numbers) for one in found.actions],
    }


def figures_of(facts: Facts) -> dict[str, Any]:
    """A plan in a few figures: what runs short first, which orders are late, how much is advised."""
    short = [(one.first_short_on, code) for code, one in facts.yarns.items() if one.first_short_on]
    late = [number for number, one in facts.orders.items() if _is_late(one.need, one.ready_on)]
    unknown = [number for number, one in facts.orders.items() if one.ready_on is None]
    return {
        "as_of": facts.as_of,
        "short_yarns": [{"yarn": code, "first_short_on": day} for day, code in sorted(short)],
        "late_orders": sorted(late),
        "orders_without_ready_day": sorted(unknown),
        "actions": len(facts.actions),
    }


def _is_late(need: date | None, ready: date | None) -> bool:
    return need is not None and ready is not None and ready > need


def _cause(number: int, one: Cause) -> dict[str, Any]:
    return {
        "number": number,
        "code": one.code,
        "subject": one.subject,
        "detail": one.detail,
        "before": value_shown(one.before),
        "after": value_shown(one.after),
        "touches_everything": one.touches_everything,
    }


def _difference(one: Difference, numbers: Mapping[int, int]) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "kind": one.kind,
        "figures": [
            {
                "figure": f"{name}_lb" if name in POUNDS else name,
                "before": value_shown(before),
                "after": value_shown(after),
            }
            for name, (before, after) in one.figures.items()
        ],
        "causes": sorted({numbers[id(cause)] for cause in one.causes}),
        "cause_known": bool(one.causes),
    }


def value_shown(value: Any) -> Any:
    """As JSON has it: quantities with four places, shares and days as text."""
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return list(value)
    return value


def only(items: Sequence[dict[str, Any]], subject: str | None) -> list[dict[str, Any]]:
    """Those about a subject, or all."""
    return [one for one in items if subject is None or one["subject"] == subject]
