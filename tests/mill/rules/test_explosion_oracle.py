"""Three forms of the explosion against a brute force that walks every path (issue 7; spec F.10)."""

import os
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from service.mill.rules.explosion import Order, explode, paths
from service.mill.rules.fixedpoint import factors_of, times
from service.mill.rules.flattened import flattened
from service.mill.rules.recipes import Line, Recipes
from service.mill.rules.topology import closing, topology
from service.mill.rules.usage import where_used

GRAPHS = 10_000 if os.environ.get("MUSTER_PROVE") else 2_000
LOSSES = [Decimal(0)] * 3 + [Decimal("0.03"), Decimal("0.02"), Decimal("0.012345")]
EVEN = [Decimal("0.5"), Decimal("0.25"), Decimal(1), Decimal("0.6")]


def graph(random: Random) -> Recipes:
    """Up to six styles and four yarns, parts shared freely; every fourth graph may run in circles."""
    size, backwards = random.randint(1, 6), random.random() < 0.25
    lines: dict[str, list[Line]] = {}
    for at in range(size):
        parts = [f"S{to}" for to in range(size) if to > at or (backwards and random.random() < 0.1)]
        picked = random.sample(parts, random.randint(0, min(3, len(parts))))
        yarns = random.sample(
            ["Y0", "Y1", "Y2", "S0"], random.randint(0, 3)
        )  # a yarn may be called as a style
        lines[f"S{at}"] = [line(random, part, False) for part in picked] + [
            line(random, yarn, True) for yarn in yarns
        ]
    return Recipes(lines, frozenset(style for style in lines if random.random() < 0.15))


def line(random: Random, component: str, is_yarn: bool) -> Line:
    even = random.random() < 0.6
    per = random.choice(EVEN) if even else Decimal(random.randint(1, 10**8)).scaleb(-8)
    return Line(component, per, random.choice(LOSSES), is_yarn)


def factor(recipes: Recipes, style: str, one: Line) -> Fraction:
    """Written apart from `Line.factor`; a quotient is rounded to 20 decimals, as it says."""
    per, loss = Fraction(one.quantity_per), Fraction(one.loss)
    if style not in recipes.yields:
        return per * (1 + loss)
    return Fraction(int(per / (1 - loss) * 10**20 + Fraction(1, 2)), 10**20)


class Brute:
    """Every path walked, in fractions; a style from which a circle can be reached has none."""

    def __init__(self, recipes: Recipes) -> None:
        self.recipes = recipes

    def reach(self, style: str) -> set[str]:
        """What a style is made of, over all levels (itself only in a circle)."""
        found: set[str] = set()
        new = {style}
        while new:
            new = {
                one.component for at in new for one in self.recipes.lines.get(at, ()) if not one.is_yarn
            } - found
            found |= new
        return found

    def is_poisoned(self, style: str) -> bool:
        return any(at in self.reach(at) for at in {style} | self.reach(style))

    def walk(
        self, style: str, pounds: Fraction, path: tuple[str, ...]
    ) -> list[tuple[tuple[str, ...], str, Fraction]]:
        found = []
        for one in self.recipes.lines.get(style, ()):
            gross = pounds * factor(self.recipes, style, one)
            if one.is_yarn:
                found.append((path, one.component, gross))
            else:
                found += self.walk(one.component, gross, (*path, one.component))
        return found


def units(value: Fraction) -> int:
    return int(value * 10_000 + Fraction(1, 2))


def test_explode_paths_and_flattened_equal_a_brute_force_on_random_graphs() -> None:
    """10,000 graphs under `make prove`, 2,000 otherwise: shared parts, losses, yields, circles."""
    random = Random(7)
    circles = diamonds = 0
    for _ in range(GRAPHS):
        recipes = graph(random)
        brute = Brute(recipes)
        demand = {
            style: Decimal(random.randint(1, 10**8)).scaleb(-4)
            for style in random.sample(sorted(recipes.lines), random.randint(1, len(recipes.lines)))
        }
        skipped = {style for style in demand if brute.is_poisoned(style)}
        walked = {
            style: brute.walk(style, Fraction(pounds), (style,))
            for style, pounds in demand.items()
            if style not in skipped
        }
        of_orders = [(order, *row) for order, rows in walked.items() for row in rows]

        found = explode(demand, recipes)
        total: dict[str, Fraction] = {}
        for _, _, yarn, gross in of_orders:
            total[yarn] = total.get(yarn, Fraction(0)) + gross
        assert {yarn: Fraction(pounds) for yarn, pounds in found.yarns.items()} == total
        assert set(found.skipped) == skipped
        assert all(circle[0] == circle[-1] for circle in found.cycles)
        assert bool(found.cycles) == bool(skipped)

        rows = list(paths([Order(style, style, pounds) for style, pounds in demand.items()], recipes))
        assert sorted((row.order, row.path, row.yarn, Fraction(row.gross)) for row in rows) == sorted(
            of_orders
        )

        flat = flattened(recipes)
        names = list(demand)
        needs = flat.explode(
            flat.positions(names), np.array([units(Fraction(demand[name])) for name in names], np.int64)
        )
        by_order: dict[tuple[str, str], Fraction] = {}
        for order, _, yarn, gross in of_orders:
            by_order[order, yarn] = by_order.get((order, yarn), Fraction(0)) + gross
        assert {
            (names[order], flat.yarns[yarn]): got
            for order, yarn, got in zip(
                needs.order.tolist(), needs.yarn.tolist(), needs.units.tolist(), strict=True
            )
        } == {key: units(gross) for key, gross in by_order.items()}
        circles += bool(skipped)
        diamonds += len(by_order) < len(of_orders)
    assert circles > GRAPHS // 50
    assert diamonds > GRAPHS // 10


def test_explosion_is_linear_in_demand() -> None:
    random = Random(11)
    for _ in range(200):
        recipes = graph(random)
        one, two = (
            {style: Decimal(random.randint(1, 10**6)).scaleb(-4) for style in recipes.lines} for _ in range(2)
        )
        both = {style: 3 * one[style] + two[style] for style in one}
        parts = [explode(demand, recipes).yarns for demand in (one, two, both)]
        for yarn, pounds in parts[2].items():
            assert Fraction(pounds) == 3 * Fraction(parts[0][yarn]) + Fraction(parts[1][yarn])


def test_without_the_edges_that_close_a_circle_there_is_none() -> None:
    random, refused = Random(29), 0
    for _ in range(1_000):
        lines = graph(random).lines
        edges = [(style, one) for style, of in lines.items() for one in of if not one.is_yarn]
        closers = {one.at for one in closing([(style, one.component) for style, one in edges])}
        left: dict[str, list[Line]] = {}
        for at, (style, one) in enumerate(edges):
            if at not in closers:
                left.setdefault(style, []).append(one)
        assert topology(Recipes(left)).cycles == ()
        assert bool(closers) == bool(topology(Recipes(lines)).cycles)
        refused += len(closers)
    assert refused > 50


def test_the_tree_upwards_tells_the_same_as_the_way_down() -> None:
    random = Random(13)
    for _ in range(200):
        recipes = graph(random)
        poisoned = topology(recipes).poisoned
        down = [
            (row.path, row.gross)
            for row in paths([Order(style, style, Decimal(1)) for style in recipes.lines], recipes)
            if row.yarn == "Y0"
        ]
        up = [(use.path[::-1], use.per_lb) for use in where_used("Y0", recipes) if use.style not in poisoned]
        assert sorted(up) == sorted(down)


def test_the_tree_upwards_comes_a_style_before_what_it_goes_into() -> None:
    lines = {
        "G": [Line("Y", Decimal("0.5"))],
        "F": [Line("G", Decimal(2), is_yarn=False), Line("Y", Decimal(3))],
    }
    found = [(use.level, use.path, use.per_lb) for use in where_used("Y", Recipes(lines))]
    assert found == [(1, ("F",), 3), (1, ("G",), Decimal("0.5")), (2, ("G", "F"), 1)]


def test_a_product_is_rounded_half_up_to_the_last_digit() -> None:
    """Ties, factors longer than 18 digits right beside a tie, factors and weights too wide for the short way."""
    half, hair = Decimal("0.5"), Decimal("1e-30")
    factors = [
        half,
        half - hair,
        half + hair,
        Decimal("0.00005"),
        Decimal(1) / 3,
        Decimal("7.5"),
        Decimal("1.0506"),
    ]
    factors += [
        Decimal("0.367709999999999999999999"),
        Decimal("3.999999999999999999"),
        Decimal("3.9999999999999999999"),
    ]
    random = Random(17)
    factors += [Decimal(random.randint(1, 4 * 10**24)).scaleb(-24) for _ in range(300)]
    weights = [
        0,
        1,
        2,
        3,
        5_000_000,
        376_000_000,
        10**13 + 1,
        2 * 10**18 - 1,
        *(random.randint(0, 10**10) for _ in range(30)),
    ]
    at = np.array([i for i in range(len(factors)) for _ in weights], np.int64)
    of = np.array(weights * len(factors), np.int64)
    fits = np.array([w * factors[i] < 9 * 10**18 for i, w in zip(at.tolist(), of.tolist(), strict=True)])
    at, of = at[fits], of[fits]
    got = times(of, at, factors_of(factors))
    for i, w, value in zip(at.tolist(), of.tolist(), got.tolist(), strict=True):
        assert value == units(Fraction(factors[i]) * w / 10_000), (factors[i], w)


def test_a_recipe_may_be_deeper_than_pythons_stack() -> None:
    deep = {f"S{at:05}": [Line(f"S{at + 1:05}", Decimal("0.5"), is_yarn=False)] for at in range(3_000)}
    recipes = Recipes({**deep, "S03000": [Line("Y", Decimal(1))]})
    assert explode({"S00000": Decimal(1)}, recipes).yarns == {
        "Y": pytest.approx(Decimal(0), abs=Decimal("1e-900"))
    }
    assert len(list(where_used("Y", recipes))) == 3_001
    around = Recipes({**deep, "S03000": [Line("S00000", Decimal(1), is_yarn=False)]})
    assert len(topology(around).cycles[0]) == 3_002


def test_flattened_recipes_tell_their_factors_and_leave_out_what_is_unknown() -> None:
    recipes = Recipes(
        {
            "P": [Line("A", Decimal(2), is_yarn=False), Line("Y", Decimal("0.5"))],
            "A": [Line("Y", Decimal("0.7"), Decimal("0.02"))],
            "E": [Line("N", Decimal(1), is_yarn=False)],
            "X": [Line("X", Decimal(1), is_yarn=False), Line("Y", Decimal(1))],
        }
    )
    flat = flattened(recipes)
    assert flat.of("P") == {"Y": Decimal("1.928")}
    assert (flat.styles, flat.skipped) == (("A", "P"), {"X"})
    needs = flat.explode(
        flat.positions(["N", "P", "E", "X", "A"]), np.array([9, 10_000, 9, 9, 5_000], np.int64)
    )
    assert (needs.order.tolist(), needs.yarn.tolist(), needs.units.tolist()) == (
        [1, 4],
        [0, 0],
        [19_280, 3_570],
    )
    empty = flattened(Recipes({}))
    assert empty.explode(empty.positions(["P"]), np.array([1], np.int64)).units.size == 0


def test_fast_and_slow_agree_at_the_size_of_the_mill() -> None:
    """6,110 styles, 20,000 lines, 300 orders: `flattened` against `paths`, rounded per order and yarn."""
    random = Random(19)
    lines = {
        f"G{at}": [
            Line(f"Y{yarn}", Decimal(random.randint(1, 999)).scaleb(-3), random.choice(LOSSES))
            for yarn in random.sample(range(1_676), random.randint(1, 6))
        ]
        for at in range(6_110)
    }
    recipes = Recipes(lines)
    orders = [
        Order(f"O{at}", f"G{random.randrange(6_110)}", Decimal(random.randint(0, 376_000_000)).scaleb(-4))
        for at in range(300)
    ]
    flat = flattened(recipes)
    needs = flat.explode(
        flat.positions(order.style for order in orders),
        np.array([int(order.pounds * 10_000) for order in orders], np.int64),
    )
    got = {
        (orders[order].number, flat.yarns[yarn]): pounds
        for order, yarn, pounds in zip(
            needs.order.tolist(), needs.yarn.tolist(), needs.units.tolist(), strict=True
        )
    }
    assert got == {
        (row.order, row.yarn): int(row.gross.quantize(Decimal("0.0001"), ROUND_HALF_UP) * 10_000)
        for row in paths(orders, recipes)
    }
    total = needs.per_yarn(len(flat.yarns))
    assert int(total.sum()) == int(needs.units.sum())
