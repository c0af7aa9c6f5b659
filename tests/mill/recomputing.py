"""Figures of plans out of their explanations alone: written again from the words of the rules, not from our code."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

D = Decimal
PLACES = D("0.0001")


def recomputed(explanation: dict[str, Any]) -> Any:
    """The value that the inputs give by the rule."""
    rule = explanation["rule"]
    pairs = [(one["name"], one["value"]) for one in explanation["inputs"]]
    named = dict(pairs)
    for words, compute in _RULES.items():
        if rule.startswith(words):
            return compute(named, pairs, explanation)
    raise AssertionError(rule)


def _sum(named: dict[str, Any], pairs: list[Any], explanation: dict[str, Any]) -> str:
    return _text(sum((D(value) for _, value in pairs), D(0)))


def _balance(named: dict[str, Any], *_: Any) -> str:
    return _text(D(named["before"]) + D(named["receipts"]) - D(named["demand"]))


def _shortage(named: dict[str, Any], *_: Any) -> str:
    return _text(max(D(0), D(named["level"]) - D(named["balance"])))


def _new(named: dict[str, Any], *_: Any) -> str:
    return _text(max(D(0), D(named["shortage"]) - D(named["before"])))


def _available(named: dict[str, Any], *_: Any) -> str:
    return _text(D(named["before"]) + D(named["receipts"]) - D(named["demand"]) + D(named["planned"]))


def _planned(named: dict[str, Any], pairs: list[Any], *_: Any) -> str:
    projected = D(named["before"]) + D(named["receipts"]) - D(named["demand"])
    need = max(D(0), D(named["safety_stock"]) - projected)
    if named["policy"] == "fixed_quantity" and need > 0:
        whole, rest = divmod(need, D(named["fixed"]))
        return _text((whole + (1 if rest else 0)) * D(named["fixed"]))
    return _text(lots(need, D(named["least"]), D(named["multiple"]), D(named["most"])))


def lots(need: Decimal, least: Decimal, multiple: Decimal, most: Decimal) -> Decimal:
    """All lots together."""
    if need <= 0:
        return D(0)
    quantity = max(need, least)
    if multiple:
        whole, rest = divmod(quantity, multiple)
        quantity = (whole + (1 if rest else 0)) * multiple
    assert not most or quantity <= most, "write it down here when a plan of a test has such lots"
    return quantity


def _largest(named: dict[str, Any], pairs: list[Any], *_: Any) -> str:
    return _text(max(D(value) for _, value in pairs))


def _first_short(named: dict[str, Any], pairs: list[Any], *_: Any) -> str | None:
    level, balance = D(named["level"]), D(named["opening"])
    for name, value in pairs:
        if name not in ("level", "opening"):
            balance += D(value)
            if balance < level:
                return name
    return None


def _supply(named: dict[str, Any], pairs: list[Any], *_: Any) -> str | None:
    left = D(named["opening"])
    if left <= 0:
        return "0.0000"
    method = named["method"]
    if method is None:
        return None
    if method != "dated_demand":
        weeks = D(named["month_weeks" if method == "consumed" else "cycle_weeks"])
        return _text(left * weeks / abs(D(named[method])))
    demand = [D(value) for name, value in pairs if name.startswith("week ")]
    for full, pounds in enumerate(demand):
        if left < pounds:
            return _text(full + left / pounds)
        left -= pounds
    return _text(D(len(demand)))


def _requirement(named: dict[str, Any], pairs: list[Any], explanation: dict[str, Any]) -> str:
    """Each path anew from its lines, then their sum."""
    total = D(0)
    for step in explanation["steps"][:-1]:
        values = [(one["name"], one["value"]) for one in step["inputs"]]
        pounds = D(values[0][1])
        for at in range(1, len(values), 3):
            (_, per), (_, loss), (_, mode) = values[at : at + 3]
            pounds = pounds * D(per) * (1 + D(loss)) if mode == "add_on" else pounds * D(per) / (1 - D(loss))
        total += pounds.quantize(PLACES, ROUND_HALF_UP)
    return _text(total)


def _coverage(named: dict[str, Any], pairs: list[Any], explanation: dict[str, Any]) -> str | None:
    yarns = sorted({name.rsplit(" ", 1)[0] for name in named})
    if not yarns:
        return None
    shares, lacks = [], []
    for yarn in yarns:
        required, allocated = D(named[f"{yarn} required"]), D(named[f"{yarn} allocated"])
        shares.append(min(D(1), max(D(0), allocated) / required))
        lacks.append(required - allocated)
    value = D(1) if max(lacks) <= D(explanation["threshold"]) else min(shares)
    return str(value.quantize(D("0.000001"), ROUND_HALF_UP))


def _ready(named: dict[str, Any], pairs: list[Any], *_: Any) -> str | None:
    if named["kit_status"] is None or any(name.endswith("promised by nobody") for name in named):
        return None
    if named["kit_status"] == "READY":
        return str(named["as_of"])
    return max([str(value) for name, value in pairs if " from receipt " in name] + [named["as_of"]])


def _batch(named: dict[str, Any], pairs: list[Any], *_: Any) -> str:
    served = sum((D(value) for name, value in pairs if name.startswith("serves ")), D(0))
    return _text(max(served, D(named["min_batch_lb"])))


def _ordered(named: dict[str, Any], *_: Any) -> str:
    assert abs(D(named["safety_stock"]) - D(named["balance"]) - D(named["missing"])) == 0
    total = sum(D(lot) for lot in named["lots"])
    need = max(date.fromisoformat(named["to_date"]), date.fromisoformat(named["release_date"]))
    if named["days_late"]:
        arrives = date.fromisoformat(named["release_date"]) + timedelta(days=named["lead_days"])
        assert (arrives - need).days == named["days_late"]
    return _text(total)


def _made(named: dict[str, Any], *_: Any) -> str:
    return _text(max(sum((D(value) for value in named["net_lb"]), D(0)), D(named["min_batch_lb"])))


def _hastened(named: dict[str, Any], *_: Any) -> str:
    return _text(min(D(named["missing"]), D(named["receipt_lb"]) - D(named["hastened_before_lb"])))


def _whole(named: dict[str, Any], *_: Any) -> str:
    return _text(D(named["receipt_lb"]))


def _less(named: dict[str, Any], *_: Any) -> str:
    return _text(min(D(named["receipt_lb"]), D(named["lowest_balance"]) - D(named["safety_stock"])))


def _substitute(named: dict[str, Any], *_: Any) -> str:
    return _text(min(D(named["short"]) * D(named["factor"]), D(named["free"])))


def _text(value: Decimal) -> str:
    return str(value.quantize(PLACES, ROUND_HALF_UP))


_RULES = {
    "value = sum of the inputs": _sum,
    "value = sum of what every path gives": _requirement,
    "balance = ": _balance,
    "shortage = ": _shortage,
    "new_shortage = ": _new,
    "planned = lots": _planned,
    "available = ": _available,
    "value = largest": _largest,
    "the first day": _first_short,
    "full weeks": _supply,
    "the least of allocated": _coverage,
    "the as-of day where": _ready,
    "the sum of what it serves": _batch,
    "what remains of the order": _sum,
    "quantity = sum of the lots": _ordered,
    "quantity = the sum of what it serves": _made,
    "quantity = the less of what is missing": _hastened,
    "quantity = the whole receipt": _whole,
    "quantity = the less of the receipt": _less,
    "quantity = the less of short": _substitute,
}
