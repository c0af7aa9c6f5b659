"""Cases of yarn sizes and substitution (spec F-77, F-79), and their like."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.mill.rules.blends import blend_of, composition_likeness
from service.mill.rules.quantities import rounded
from service.mill.rules.sizes import NoSize, Size, System, size_of, size_text, tex_of
from service.mill.rules.substitution import (
    Make,
    Substitute,
    are_near,
    colour_likeness,
    difference,
    group_of,
    likeness,
    proposals,
    score,
    tolerance,
    weight_likeness,
)

D = Decimal


def size(text: str) -> Size:
    found = size_of(text)
    assert isinstance(found, Size), (text, found)
    return found


@pytest.mark.parametrize(
    ("text", "form", "system", "ply", "tex"),
    [
        ("2/70/34", "filament", "denier", 2, "15.5556"),
        ("1/140/68", "filament", "denier", 1, "15.5556"),
        ("1/150/36 POLY SEMI-DULL  ", "filament", "denier", 1, "16.6667"),
        ("1/150/36/", "filament", "denier", 1, "16.6667"),
        ("30/1", "spun", "cotton", 1, "19.6833"),
        ("30/1/", "spun", "cotton", 1, "19.6833"),
        ("28/1", "spun", "cotton", 1, "21.0893"),
        ("30/2", "spun", "cotton", 2, "39.3667"),
        ("30/1 COMBED COTTON", "spun", "cotton", 1, "19.6833"),
        ("1.5/1", "spun", "cotton", 1, "393.6667"),
        ("28/2 NM", "spun", "metric", 2, "71.4286"),
        ("28/2nm", "spun", "metric", 2, "71.4286"),
        ("30/1 WC", "spun", "worsted", 1, "29.5267"),
        (".75/1 HNK", "spun", "cotton", 1, "787.3333"),
    ],
)
def test_f077_a_size_and_its_tex(text: str, form: str, system: str, ply: int, tex: str) -> None:
    found = size(text)
    assert (found.form, found.system, found.ply, found.tex) == (form, system, ply, D(tex))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1-Jun", "SIZE_DATE"),
        ("1-Dec", "SIZE_DATE"),
        ("30-Jan", "SIZE_DATE"),
        ("Jan-36", "SIZE_DATE"),
        ("2025-06-01 00:00:00", "SIZE_DATE"),
        ("6/1/2025", "SIZE_DATE"),
        ("", "SIZE_BLANK"),
        (None, "SIZE_BLANK"),
        ("POLY", "SIZE_FORMAT"),
        ("150", "SIZE_FORMAT"),
        ("30/1X", "SIZE_FORMAT"),
        ("1/150/", "SIZE_RANGE"),
        ("0/1", "SIZE_RANGE"),
        ("0/70/34", "SIZE_RANGE"),
        ("1/70/0", "SIZE_RANGE"),
        ("1/.0001/1", "SIZE_RANGE"),
        (".0001/1", "SIZE_RANGE"),
        ("2/28 NM", "SIZE_RANGE"),
    ],
)
def test_f077_what_is_no_size_is_not_guessed(text: str | None, reason: str) -> None:
    assert size_of(text) == NoSize(reason)  # type: ignore[arg-type]


@given(st.text(max_size=20) | st.text("0137./- NMWCHK", max_size=12))
def test_no_text_breaks_the_reader_of_sizes(text: str) -> None:
    found = size_of(text)
    assert isinstance(found, NoSize) or found.tex > 0


def test_f077_every_system_has_its_tex() -> None:
    systems: tuple[System, ...] = ("denier", "dtex", "cotton", "metric", "worsted")
    assert [tex_of(system, D(30), 2) for system in systems] == [
        D("6.6667"),
        D("6.0000"),
        D("39.3667"),
        D("66.6667"),
        D("59.0533"),
    ]


def test_f077_cotton_30_for_28_passes_and_150_denier_for_70_does_not() -> None:
    cotton, finer = size("30/1"), size("28/1")
    assert rounded(difference(cotton.tex, finer.tex)) == D("0.0667")
    assert are_near(cotton, finer)
    heavy, light = size("1/150/36"), size("1/70/34")
    assert rounded(difference(heavy.tex, light.tex)) == D("0.5333")
    assert not are_near(heavy, light)
    assert weight_likeness(heavy, light) == 0
    assert rounded(weight_likeness(cotton, finer)) == D("0.9333")


def test_f077_a_difference_exactly_at_the_tolerance_passes() -> None:
    """Their tex to 4 places differ by a little more, or less."""
    assert are_near(size("1/150/36"), size("1/135/36"))
    assert not are_near(size("1/150/36"), size("1/134.999/36"))
    assert are_near(size("11/1"), size("10.01/1"))
    assert not are_near(size("11/1"), size("10.0099/1"))


@pytest.mark.parametrize(
    ("one", "other", "passes"),
    [
        ("cotton", "cotton", "0.09"),
        ("denier", "denier", "0.10"),
        ("metric", "metric", "0.05"),
        ("cotton", "metric", "0.065"),
        ("denier", "dtex", "0.065"),
        ("cotton", "denier", "0.035"),
        ("cotton", None, "0.04"),
    ],
)
def test_f077_tolerances(one: str | None, other: str | None, passes: str) -> None:
    assert tolerance(one, other) == tolerance(other, one) == D(passes)  # type: ignore[arg-type]


def test_f077_the_score_weighs_colour_composition_and_weight() -> None:
    assert score(D(1), D("0.9"), D("0.8")) == D("0.90")
    assert not are_near(size("30/1"), size("1/177/68"))  # 19.68 and 19.67 tex, spun and filament


def test_f077_two_yarns_as_a_whole() -> None:
    spun = Make("NATURAL", blend_of("100% COTTON"), size("30/1"))
    near = Make("Ecru", blend_of("90% COTTON 10% POLY"), size("28/1"))
    assert likeness(spun, spun) == 1
    assert likeness(spun, near) == D("0.94")  # .3 + .4 x .9 + .3 x (1 - 0.0667)
    filament = Make("NATURAL", blend_of("100% COTTON"), size("1/177/68"))
    assert likeness(spun, filament) == likeness(Make(None, None, size("30/1")), filament) == 0
    assert likeness(spun, Make(None, blend_of("100% COTTON"), size("30/1"))) is None
    assert likeness(spun, Make("NATURAL", None, size("30/1"))) is None
    assert likeness(spun, Make("NATURAL", blend_of("100% COTTON"), None)) is None


@pytest.mark.parametrize(
    ("text", "blend"),
    [
        ("100% POLY", {"POLY": D(100)}),
        ("60% Cotton/40% Poly", {"COTTON": D(60), "POLY": D(40)}),
        ("97.5 % RING SPUN COTTON, 2.5% LYCRA", {"RING SPUN COTTON": D("97.5"), "LYCRA": D("2.5")}),
        ("60% COTTON 40% COTTON", {"COTTON": D(100)}),
        ("60% COTTON", None),
        ("60/40 COTTON POLY", None),
        ("100% POLY?", None),
        ("", None),
        (None, None),
    ],
)
def test_f077_a_blend_is_read_or_unknown(text: str | None, blend: dict[str, Decimal] | None) -> None:
    assert blend_of(text) == blend


@pytest.mark.parametrize(
    ("ply", "text", "filaments", "tex"),
    [
        ("1", "150", "36", "16.6667"),
        ("2", "70", "34", "15.5556"),
        ("1", "30", "", "19.6833"),
        ("2", "30", "0", "39.3667"),
        ("1", "28NM", None, "35.7143"),
        ("", "30/1", "", "19.6833"),
    ],
)
def test_f077_a_size_in_three_columns(ply: str, text: str, filaments: str | None, tex: str) -> None:
    found = size_of(size_text(ply, text, filaments))
    assert isinstance(found, Size)
    assert found.tex == D(tex)


@pytest.mark.parametrize(
    ("ply", "text", "filaments", "reason"),
    [
        ("1", "1-Jun", "", "SIZE_DATE"),
        ("1", "", "36", "SIZE_BLANK"),
        ("1", "FINE", "", "SIZE_FORMAT"),
        ("", "30", "", "SIZE_FORMAT"),
        ("x", "150", "36", "SIZE_FORMAT"),
    ],
)
def test_f077_three_columns_that_are_no_size(ply: str, text: str, filaments: str, reason: str) -> None:
    assert size_of(size_text(ply, text, filaments)) == NoSize(reason)  # type: ignore[arg-type]


def test_f077_colours_and_blends() -> None:
    assert colour_likeness("Natural", "SEMI-DULL ") == colour_likeness("black", "Anthracite") == 1
    assert colour_likeness("Black", "Red") == 0
    cotton, blend = {"COTTON": D(100)}, {"COTTON": D(60), "POLY": D(40)}
    assert composition_likeness(cotton, {"COTTON": D(96), "LYCRA": D(4)}) == 1
    assert composition_likeness(cotton, blend) == D("0.6")
    assert composition_likeness(cotton, {"POLY": D(100)}) == 0


@pytest.mark.parametrize(
    ("balances", "total", "aggregated", "individual", "can"),
    [
        ((500, -300, -100), 100, 0, 400, True),
        ((500, -700), -200, 200, 700, False),
        ((500, 100), 600, 0, 0, False),
        ((300, -300), 0, 0, 300, True),
    ],
)
def test_f079_a_group_seen_as_one(
    balances: tuple[int, ...], total: int, aggregated: int, individual: int, can: bool
) -> None:
    found = group_of([D(balance) for balance in balances])
    assert (found.total, found.aggregated_shortage, found.individual_shortage) == (
        total,
        aggregated,
        individual,
    )
    assert found.can_substitute is can


def test_only_approved_and_free_substitutes_are_proposed_best_first() -> None:
    day = date(2025, 9, 3)
    offered = [
        Substitute("S1", D("0.8"), D(500), D(100), D("1.1"), approved=True),
        Substitute("S2", D("0.9"), D(150), D(100), approved=True),
        Substitute("S3", D("0.95"), D(900)),
        Substitute("S4", D("0.7"), D(50), D(50), approved=True),
        Substitute("S5", D("0.99"), D(900), approved=True, valid_to=day),
        Substitute("S6", D("0.99"), D(900), approved=True, valid_from=date(2025, 9, 4)),
        Substitute("S0", D("0.8"), D(110), factor=D("1.1"), approved=True, valid_from=day),
    ]
    found = proposals(D(300), offered, day)
    assert [(one.substitute.yarn, one.use, one.covers) for one in found] == [
        ("S2", 50, 50),
        ("S0", 110, 100),
        ("S1", 330, 300),
    ]
