"""What each order needs of each yarn, by the path through its recipe, and in which week (spec E.6, Q2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from service.mill.planning.demand import Demanded
from service.mill.rules.explosion import Order, paths
from service.mill.rules.ground import Ground
from service.mill.rules.quantities import ZERO, rounded
from service.mill.rules.recipes import Recipes
from service.mill.rules.weeks import bucket_of


@dataclass(frozen=True, slots=True)
class Requirement:
    """Pounds of a yarn for an order. `path` joins the styles by `>`; no bucket: the order has no date.

    The bucket after the last week stands for everything that is needed later.
    """

    seq: int
    yarn: str
    path: str
    need: date | None
    bucket: int | None
    pounds: Decimal


def requirements(
    ground: Ground, orders: Sequence[Demanded], recipes: Recipes, weeks: int
) -> list[Requirement]:
    """Of all orders as far as it is known; what should have been there before this week is needed now."""
    wanted = {one.order.number: one for one in orders if one.has_needs}
    found = paths(
        (Order(one.order.number, one.order.style, one.order.pounds) for one in wanted.values()), recipes
    )
    rows = []
    for path in found:
        of = wanted[path.order]
        week = None if of.need is None else max(0, bucket_of(of.need, ground.as_of, weeks - 1))
        rows.append(Requirement(of.seq, path.yarn, ">".join(path.path), of.need, week, rounded(path.gross)))
    return rows


def by_yarn(rows: Sequence[Requirement]) -> Mapping[str, list[Requirement]]:
    """Of each yarn."""
    found: dict[str, list[Requirement]] = defaultdict(list)
    for row in rows:
        found[row.yarn].append(row)
    return found


def per_claim(rows: Sequence[Requirement]) -> dict[tuple[int, str], Decimal]:
    """Pounds by order and yarn, all paths together."""
    found: dict[tuple[int, str], Decimal] = {}
    for row in rows:
        found[row.seq, row.yarn] = found.get((row.seq, row.yarn), ZERO) + row.pounds
    return found
