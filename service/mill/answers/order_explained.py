"""Why a figure of an order is what it is: it can be recomputed from this alone."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from service.mill.answers.orders import progress_of, risk_of
from service.mill.answers.serving import Served, kit_object
from service.mill.answers.shown import decimals, lb
from service.mill.rules.explosion import Order, paths
from service.mill.rules.orders import days_until
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.recipes import Recipes

Explained = dict[str, Any]


def explain_order(row: Row[Any], figure: str, served: Served, yarn: str | None) -> Explained:
    """The explanation of one figure of an order."""
    as_of = served.terms.as_of
    match figure:
        case "balance_lb":
            found = _balance(row)
        case "completion_pct":
            found = _completion(row)
        case "days_until_due":
            found = _days(row, as_of)
        case "risk":
            found = _risk(row, served)
        case "coverage":
            found = _coverage(row, served)
        case _:
            found = _required(row, yarn, served)
    return {"subject": f"order {row.order_no}", **found}


def _input(name: str, value: Any, unit: str | None = None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit}


def _pounds_of(row: Row[Any]) -> list[dict[str, Any]]:
    names = ("quantity", "produced", "shipped", "seconds")
    return [_input(f"{name}_lb", lb(getattr(row, name)), "lb") for name in names]


def _balance(row: Row[Any]) -> Explained:
    return {
        "value": lb(row.balance), "unit": "lb", "inputs": _pounds_of(row),
        "rule": "R5: max(0, quantity - produced - shipped + seconds); rejects are knitted again",
    }  # fmt: skip


def _completion(row: Row[Any]) -> Explained:
    return {
        "value": decimals(progress_of(row).completion, 2), "unit": "%", "inputs": _pounds_of(row),
        "rule": "A.10: (produced + shipped) / quantity x 100; null where nothing was ordered",
    }  # fmt: skip


def _days(row: Row[Any], as_of: date) -> Explained:
    return {
        "value": days_until(row.due_date, as_of), "unit": "days",
        "inputs": [_input("due_date", row.due_date), _input("as_of", as_of)],
        "rule": "R14: due_date - as_of, both dates; 0 is today, negative is overdue",
    }  # fmt: skip


def _risk(row: Row[Any], served: Served) -> Explained:
    parameters = served.terms.parameters
    has_recipe = row.order_no not in served.needs.unknown
    risk = risk_of(row, served.terms.as_of, parameters, has_recipe=has_recipe)
    parts = ("delivery", "quantity", "production", "material")
    return {
        "value": decimals(risk.score, 2), "unit": "points",
        "rule": "A.10: delivery + quantity + production + material",
        "threshold": list(parameters.criticality_levels),
        "inputs": [
            _input("days_until_due", days_until(row.due_date, served.terms.as_of), "days"),
            _input("balance_lb", lb(row.balance), "lb"),
            _input("started", progress_of(row).started),
            _input("has_recipe", has_recipe),
        ],
        "steps": [
            {"rule": f"A.10 {part} part", "figure": part, "outcome": part, "value": str(getattr(risk, part))}
            for part in parts
        ],
    }  # fmt: skip


def _coverage(row: Row[Any], served: Served) -> Explained:
    kit = kit_object(served.kit_of(row))
    lines = served.lines.get(row.order_no, ())
    return {
        "value": None if kit is None else kit["coverage"], "unit": "fraction",
        "rule": "E.6: the least of (held + allocated) / required over its yarns, at most 1",
        "threshold": {"kit_tolerance_lb": str(served.terms.parameters.kit_tolerance_lb)},
        "inputs": [
            _input(line.share.claim.yarn, {
                "required_lb": lb(line.share.claim.required), "held_lb": lb(line.share.hard),
                "allocated_lb": lb(line.share.allocated),
            })
            for line in lines
        ],
    }  # fmt: skip


def _required(row: Row[Any], yarn: str | None, served: Served) -> Explained:
    steps: list[dict[str, Any]] = []
    total = ZERO
    known = row.order_no not in served.needs.unknown
    for path in paths([Order(row.order_no, row.style_code, row.balance)], served.recipes):
        if yarn is None or path.yarn == yarn:
            total += rounded(path.gross)
            steps.append(_way(path.path, path.levels, path.yarn, rounded(path.gross), served.recipes))
    return {
        "value": lb(total) if known else None, "unit": "lb",
        "rule": "R7: parent lb x quantity_per x (1 + loss) per level, each way rounded half up, then added",
        "inputs": [
            _input("balance_lb", lb(row.balance), "lb"),
            *([] if known else [_input("reason", served.needs.unknown.get(row.order_no))]),
            *(_input("assumption", told) for told in served.assumptions),
        ],
        "steps": steps,
    }  # fmt: skip


def _way(path: Sequence[str], levels: Sequence[Any], yarn: str, pounds: Any, recipes: Recipes) -> Explained:
    factors = [recipes.parts_of(one)[other] for one, other in pairwise(path)]
    factors.append(recipes.yarns_of(path[-1])[yarn])
    return {
        "rule": "R7", "figure": f"{'>'.join(path)}>{yarn}", "outcome": f"{lb(pounds)} lb of {yarn}",
        "value": lb(pounds), "unit": "lb",
        "inputs": [
            _input("lb of the order", f"{levels[0]:f}", "lb"),
            *(
                _input(f"{name} for a pound of {of}", f"{factor:f}", "lb/lb")
                for of, name, factor in zip(path, (*path[1:], yarn), factors, strict=True)
            ),
        ],
    }  # fmt: skip
