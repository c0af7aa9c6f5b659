"""Cases of recipes and explosion (spec F.3), and their like."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from service.mill.rules.explosion import Order, explode, paths
from service.mill.rules.parameters import Parameters
from service.mill.rules.quantities import finished_factor, rounded
from service.mill.rules.recipe_checks import Scale, checked, scale_of
from service.mill.rules.recipes import Line, Recipes, scale_incomplete, with_fixed_losses
from service.mill.rules.topology import Closing, closing, topology

D = Decimal
BLEND = {"G1": [Line("Y1", D("0.60")), Line("Y2", D("0.25")), Line("Y3", D("0.15"))]}
F23 = {
    "F1": [Line("G1", D(1), D("0.03"), is_yarn=False)],
    "G1": [Line("Y1", D("0.7"), D("0.02")), Line("Y2", D("0.3"), D("0.02"))],
}


def part(style: str, per: str = "1") -> Line:
    return Line(style, D(per), is_yarn=False)


def test_f018_a_thousand_pounds_fall_into_the_parts_of_the_blend() -> None:
    assert explode({"G1": D(1000)}, Recipes(BLEND)).yarns == {"Y1": 600, "Y2": 250, "Y3": 150}


def test_f019_finished_fabric_takes_waste_times_shrinkage_more() -> None:
    factor = finished_factor(Parameters())
    yarns = explode({"G1": 1000 * factor}, Recipes(BLEND)).yarns
    assert factor == D("1.0506")
    assert yarns == {"Y1": D("630.36"), "Y2": D("262.65"), "Y3": D("157.59")}
    assert sum(yarns.values()) == D("1050.60")


def scale(**styles: Sequence[Decimal | str | int]) -> Scale:
    """Of recipes of one yarn after the other."""
    return scale_of(
        (style, [(f"Y{at}", D(part)) for at, part in enumerate(parts)]) for style, parts in styles.items()
    )


def test_f020_a_file_of_percents_is_divided_once_as_a_whole() -> None:
    found = scale(A=[60, 25, 15])
    assert found.code == "BOM_SCALE_PERCENT"
    assert [part / found.divisor for part in (D(60), D(25), D(15))] == [D("0.6"), D("0.25"), D("0.15")]
    assert found.mixed == ()


def test_f020_a_style_on_two_scales_is_refused_not_the_file() -> None:
    found = scale(A=[60, 40], B=["0.6", 40], C=["99.5", "0.5"])
    assert (found.divisor, found.mixed) == (100, ("B",))


def test_f020_a_line_twice_is_a_copy_or_a_second_feeder_and_no_other_scale() -> None:
    copied = [("Y1", D(99)), ("Y2", D(1)), ("Y1", D(99))]
    fed_twice = [("Y1", D("49.5")), ("Y1", D("49.5")), ("Y2", D(1))]
    found = scale_of([("A", copied), ("B", fed_twice), ("C", [("Y1", D(60)), ("Y2", D(40))])])
    assert (found.divisor, found.mixed) == (100, ())


def test_f020_a_style_without_parts_says_nothing_of_the_scale() -> None:
    assert scale(A=[60, 40], B=[]).mixed == scale().mixed == ()


def test_f020_one_style_does_not_turn_a_file_of_fractions_over() -> None:
    found = scale(A=["0.6", "0.4"], B=[1], C=[60, 40], D=["0.6", 40])
    assert (found.divisor, found.code, found.mixed) == (1, None, ("D",))
    assert checked([("Y1", D(60)), ("Y2", D(40))]).codes == ("BOM_RANGE",)
    assert scale(A=[60, 40], B=[50, 50], C=["0.6", "0.4"]).mixed == ("C",)


def test_f023_losses_are_added_on_at_every_level() -> None:
    found = explode({"F1": D(500)}, Recipes(F23))
    assert found.styles == {"F1": 500, "G1": D("515.0000")}
    assert found.yarns == {"Y1": D("367.7100"), "Y2": D("157.5900")}


def test_f023_a_yield_divides() -> None:
    found = explode({"F1": D(500)}, Recipes(F23, frozenset({"F1"})))
    assert rounded(found.styles["G1"]) == D("515.4639")


def test_f024_a_part_reached_by_two_ways_counts_twice() -> None:
    lines = {
        "P": [part("A", "2"), part("B", "3")],
        "A": [part("C", "40")],
        "B": [part("C", "50")],
        "C": [Line("Y", D(1))],
    }
    assert explode({"P": D(1)}, Recipes(lines)).yarns == {"Y": 230}
    ways = list(paths([Order("O1", "P", D(1))], Recipes(lines)))
    assert [(way.path, way.levels, way.gross) for way in ways] == [
        (("P", "A", "C"), (1, 2, 80), 80),
        (("P", "B", "C"), (1, 3, 150), 150),
    ]


@pytest.mark.parametrize("first", ["X", "V", "Z"])
def test_f025_a_circle_is_told_once_and_what_hangs_on_it_is_skipped(first: str) -> None:
    lines = {"X": [part("Z")], "Z": [part("X"), Line("Y9", D(1))], "V": [part("X")], **F23}
    demand = {first: D(7), "X": D(7), "V": D(2), "F1": D(500)}
    found = explode(demand, Recipes(lines))
    assert found.cycles == (("X", "Z", "X"),)
    assert found.skipped == tuple(sorted({first, "V", "X"}))
    assert found.yarns == {"Y1": D("367.71"), "Y2": D("157.59")}
    assert topology(Recipes(lines)).poisoned == {"X", "Z", "V"}


def test_f025_an_import_refuses_the_line_that_closes_the_circle() -> None:
    edges = [("X", "Z"), ("V", "X"), ("Z", "X"), ("Z", "V"), ("Z", "W"), ("W", "W"), ("W", "X")]
    assert closing(edges) == [
        Closing(2, ("X", "Z", "X")),
        Closing(3, ("V", "X", "Z", "V")),
        Closing(5, ("W", "W")),
        Closing(6, ("W", "X", "Z", "W")),
    ]


def test_f026_a_shared_part_is_expanded_once_with_all_of_its_gross() -> None:
    lines = {"P": [part("Q"), part("R", "2")], "Q": [part("R", "3")], "R": [Line("Y", D(1))]}
    found = explode({"P": D(1)}, Recipes(lines))
    assert (found.styles, found.yarns) == ({"P": 1, "Q": 1, "R": 5}, {"Y": 5})
    found = explode({"P": D(1), "R": D(10)}, Recipes(lines))
    assert (found.styles["R"], found.yarns) == (15, {"Y": 15})
    assert topology(Recipes(lines)).order == ("P", "Q", "R")


def test_f027_a_line_holds_up_to_the_day_it_ends_without_it() -> None:
    change = date(2025, 10, 1)
    lines = {"G": [Line("Y", D("0.60"), valid_to=change), Line("Y", D("0.55"), valid_from=change)]}
    assert explode({"G": D(1000)}, Recipes.on(date(2025, 9, 30), lines)).yarns == {"Y": 600}
    assert explode({"G": D(1000)}, Recipes.on(change, lines)).yarns == {"Y": 550}


def test_f027_a_style_whose_lines_have_all_ended_has_no_recipe() -> None:
    lines = {"G": [Line("Y", D(1), valid_to=date(2025, 10, 1))]}
    found = explode({"G": D(5)}, Recipes.on(date(2025, 10, 1), lines))
    assert (found.yarns, found.without_recipe) == ({}, ("G",))


@pytest.mark.parametrize(
    ("parts", "codes", "status"),
    [
        (["0.6", "0.4005"], (), "ok"),
        (["0.6", "0.401"], (), "ok"),
        (["0.985"], ("BOM_SUM_NEAR",), "near"),
        (["0.98"], ("BOM_SUM_NEAR",), "near"),
        (["0.5", "0.52"], ("BOM_SUM_NEAR",), "near"),
        (["0.90"], ("BOM_SUM_OFF",), "incomplete"),
        (["0.63"], ("BOM_SUM_OFF",), "incomplete"),
        (["0"], ("BOM_RANGE",), "rejected"),
        (["-0.1", "0.9"], ("BOM_RANGE",), "rejected"),
        ([], (), "none"),
    ],
)
def test_f028_sums(parts: list[str], codes: tuple[str, ...], status: str) -> None:
    found = checked([(f"Y{at}", D(one)) for at, one in enumerate(parts)])
    assert (found.codes, found.status) == (codes, status)


@pytest.mark.parametrize(
    ("stated", "kept", "codes"),
    [
        ("Y1 .6, Y1 .6, Y2 .4", "Y1 .6, Y2 .4", ("BOM_DUP_SAME",)),
        ("Y1 .3, Y1 .3, Y2 .4", "Y1 .6, Y2 .4", ("BOM_DUP_SUMMED",)),
        ("Y1 .5, Y1 .1, Y2 .4", "Y1 .6, Y2 .4", ("BOM_DUP_SUMMED",)),
        ("Y1 .5, Y1 .2, Y2 .4", "", ("BOM_DUP_DIFF",)),
        ("Y1 .2, Y1 .2, Y2 .4", "Y1 .2, Y2 .4", ("BOM_DUP_DIFF", "BOM_SUM_OFF")),
        ("Y1 .6, Y1 .6, Y2 .39", "Y1 .6, Y2 .39", ("BOM_DUP_SAME", "BOM_SUM_NEAR")),
        ("Y1 .5, Y1 .5, Y1 .1, Y2 .4", "Y1 .6, Y2 .4", ("BOM_DUP_SAME", "BOM_DUP_SUMMED")),
    ],
)
def test_f028_repeated_yarns(stated: str, kept: str, codes: tuple[str, ...]) -> None:
    found = checked(lines_of(stated))
    assert (found.lines, found.codes) == (tuple(lines_of(kept)), codes)
    assert found.repeated == ("Y1",)
    assert (found.status == "rejected") == (not kept)


def lines_of(text: str) -> list[tuple[str, D]]:
    return [(yarn, D(per)) for yarn, _, per in (one.partition(" ") for one in text.split(", ") if one)]


def test_f029_fixed_losses_are_added_once_and_rounded_up() -> None:
    assert with_fixed_losses(D(300), D("0.02"), D(10), D(25)) == 325
    assert with_fixed_losses(D(315), multiple_lb=D(25)) == 325
    assert with_fixed_losses(D(325), multiple_lb=D(25)) == 325
    recipes = Recipes({"G": [Line("Y", D("0.6"), D("0.02"), setup_lb=D(5))]})
    assert explode({"G": D(500)}, recipes, {"G": 1}).yarns == {"Y": 311}
    assert explode({"G": D(500)}, recipes).yarns == {"Y": 306}


def test_an_incomplete_recipe_is_scaled_only_when_asked_and_says_so() -> None:
    recipes = Recipes(
        {"G3": [Line("Y1", D("0.42")), Line("Y2", D("0.21"))], "G2": [Line("Y1", D("0.99"))], **F23}
    )
    assert explode({"G3": D(100)}, recipes).yarns == {"Y1": 42, "Y2": 21}
    scaled, sums = scale_incomplete(recipes, D("0.02"))
    assert sums == {"G3": D("0.63")}
    assert {yarn: rounded(lb) for yarn, lb in explode({"G3": D(100)}, scaled).yarns.items()} == {
        "Y1": D("66.6667"),
        "Y2": D("33.3333"),
    }
    assert explode({"G2": D(100), "F1": D(500)}, scaled).yarns == {"Y1": 99 + D("367.71"), "Y2": D("157.59")}
