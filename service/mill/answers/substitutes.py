"""Yarns that may stand for one another: how alike, what is free, the group as one (spec A.17, E.13)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from service.mill.answers.shown import decimals, lb, lb_or_none
from service.mill.rules.blends import blend_of, composition_likeness
from service.mill.rules.exact import decimal_of
from service.mill.rules.quantities import ZERO
from service.mill.rules.sizes import NoSize, Size, stated_size
from service.mill.rules.substitution import (
    Make,
    Proposal,
    Substitute,
    are_near,
    colour_likeness,
    difference,
    group_of,
    likeness,
    tolerance,
    weight_likeness,
)

_HUNDRED = Decimal(100)


def make_of(row: Row[Any]) -> Make:
    """What a yarn is."""
    size = stated_size(row.size_raw, row.description)
    return Make(row.color or None, blend_of(row.blend), size if isinstance(size, Size) else None)


def substitute_of(row: Row[Any], score: Decimal | None) -> Substitute:
    """A named substitute, as the rules see it."""
    return Substitute(
        row.yarn_code, score or ZERO, row.planning_balance or ZERO, row.safety_stock_lb, row.factor,
        row.approved, row.valid_from, row.valid_to,
    )  # fmt: skip


def size_object(row: Row[Any]) -> dict[str, Any]:
    """A size, or why it is not known."""
    size = stated_size(row.size_raw, row.description)
    if isinstance(size, NoSize):
        tex = decimals(row.tex, 4)
        return {"text": row.size_raw, "form": None, "system": None, "tex": tex, "reason": size.reason}
    return {
        "text": row.size_raw, "form": size.form, "system": size.system, "tex": f"{size.tex:.4f}",
        "reason": None,
    }  # fmt: skip


def likeness_object(one: Make, other: Make) -> dict[str, Any]:
    """How alike two yarns are, part by part."""
    found = dict.fromkeys(("colour", "composition", "weight", "difference_pct", "tolerance_pct", "near"))
    parts: dict[str, Any] = {**found, "score": decimals(likeness(one, other), 4)}
    if one.colour is not None and other.colour is not None:
        parts["colour"] = f"{colour_likeness(one.colour, other.colour):f}"
    if one.blend is not None and other.blend is not None:
        parts["composition"] = decimals(composition_likeness(one.blend, other.blend), 4)
    if one.size is not None and other.size is not None:
        apart = decimal_of(difference(one.size.density, other.size.density))
        passes = tolerance(one.size.system, other.size.system)
        parts["weight"] = decimals(weight_likeness(one.size, other.size), 4)
        parts["difference_pct"] = decimals(apart * _HUNDRED, 2)
        parts["tolerance_pct"] = decimals(passes * _HUNDRED, 2)
        parts["near"] = are_near(one.size, other.size)
    unknown = [name for name in ("colour", "composition", "weight") if parts[name] is None]
    reason = f"NOT_KNOWN: {', '.join(unknown)}" if parts["score"] is None else None
    return {**parts, "reason": reason}


def named_object(row: Row[Any], make: Make, day: date) -> dict[str, Any]:
    """A substitute that somebody named."""
    counted = row.planning_balance is not None
    one = substitute_of(row, row.score)
    return {
        **_yarn(row, make, one.free if counted else None),
        "source": "named",
        "score": f"{row.score:.4f}",
        "factor": f"{row.factor:.6f}",
        "approved": row.approved,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "usable": counted and one.may_be_used(day),
        "row_version": row.row_version,
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """Yarns of about the same weight that are alike, and how many nobody can compare."""

    alike: Sequence[Row[Any]]
    unknown: int


def compared(make: Make, rows: Sequence[Row[Any]], named: Collection[str], least: Decimal) -> Compared:
    """Those of `rows` that nobody named and that are alike at all, with a score of at least `least`."""
    scored = [(row, likeness(make, make_of(row))) for row in rows if row.yarn_code not in named]
    alike = [row for row, score in scored if score is not None and score > 0 and score >= least]
    return Compared(alike, sum(score is None for _, score in scored))


def doubts_of(yarn: str, make: Make, found: Compared) -> list[str]:
    """Why there may be more that could stand for a yarn."""
    unknown = f"{found.unknown} yarns of about this weight cannot be compared: colour or blend is not known"
    return [
        *([f"the size of {yarn} is not known"] if make.size is None else []),
        *([unknown] if found.unknown else []),
    ]


def alike_object(row: Row[Any], make: Make) -> dict[str, Any]:
    """A yarn that nobody named and that is alike; planning never proposes it."""
    free = None if row.planning_balance is None else max(ZERO, row.planning_balance - row.safety_stock_lb)
    return {
        **_yarn(row, make, free),
        "source": "alike",
        "score": decimals(likeness(make, make_of(row)), 4),
        "factor": "1.000000",
        "approved": False,
        "valid_from": None,
        "valid_to": None,
        "usable": False,
        "row_version": None,
    }


def _yarn(row: Row[Any], make: Make, free: Decimal | None) -> dict[str, Any]:
    return {
        "yarn_code": row.yarn_code,
        "description": row.description,
        "planning_balance_lb": lb_or_none(row.planning_balance),
        "safety_stock_lb": lb(row.safety_stock_lb),
        "free_lb": lb_or_none(free),
        "size": size_object(row),
        "likeness": likeness_object(make, make_of(row)),
    }


def in_order(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Approved before named before alike, the best score first, then by code."""
    return sorted(
        items,
        key=lambda one: (
            not one["approved"],
            one["source"] != "named",
            -Decimal(one["score"] or 0),
            one["yarn_code"],
        ),
    )


def group_object(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """The group of a yarn as one (F-79)."""
    counted = [row for row in rows if row.planning_balance is not None]
    group = group_of([row.planning_balance for row in counted])
    return {
        "members": [row.yarn_code for row in rows],
        "uncounted": [row.yarn_code for row in rows if row.planning_balance is None],
        "total_lb": lb(group.total),
        "aggregated_shortage_lb": lb(group.aggregated_shortage),
        "individual_shortage_lb": lb(group.individual_shortage),
        "can_substitute": group.can_substitute,
    }


def proposal_object(found: Proposal) -> dict[str, Any]:
    """So many pounds of a substitute."""
    return {
        "yarn_code": found.substitute.yarn, "use_lb": lb(found.use), "covers_lb": lb(found.covers),
    }  # fmt: skip
