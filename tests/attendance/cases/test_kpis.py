"""Spec A.14, A.15 and G.8: key figures on the numbers of the spec."""

from datetime import date
from fractions import Fraction

import pytest

from service.attendance.rules.period import measures as kpi
from service.attendance.rules.period.cards import cards, weekdays
from service.attendance.rules.period.measures import Value, rounded
from service.attendance.rules.period.variants import VARIANTS, Variant, hours_state, measured, needed
from tests.attendance.rules.scene import hours

G_O_30: dict[str, Value] = {
    "worked_seconds": 73 * 3600 + 26 * 60 + 1,
    "expected_seconds": hours("81:00"),
    "deducted_seconds": 0,
    "lates": 3,
    "early_exits": 1,
    "absences": Fraction(2),
    "absence_episodes": 1,
    "zero_hour_days": Fraction(1),
    "zero_hour_episodes": 1,
    "scheduled_days": Fraction(9),
    "present_days": Fraction(7),
    "on_time_days": Fraction(4),
}


def shown(variant: Variant, **figures: Value) -> dict[str, str | None]:
    """The measures of a person as a report shows them."""
    values = measured(variant, {**G_O_30, **figures})
    return {measure.name: rounded(values[measure.name], measure.places) for measure in VARIANTS[variant]}


def test_g_o_103_the_originals_key_figures() -> None:
    found = shown("original")
    assert (found["bradford"], found["absenteeism"], found["punctuality"]) == ("2.00", "9.09", "92.50")
    assert (found["hour_efficiency"], found["sic"]) == ("90.66", "93.41")


def test_g_o_103_the_originals_cards() -> None:
    made = cards("original", [G_O_30 | measured("original", G_O_30)], date(2025, 7, 1), date(2025, 7, 13))
    assert weekdays(date(2025, 7, 1), date(2025, 7, 13)) == 9
    assert {name: (rounded(card.value, 1), card.band) for name, card in made.items()} == {
        "attendance_rate": ("90.7", "yellow"),
        "mean_hour_deviation": ("7.6", "red"),
        "punctual_people": ("0.0", "red"),
        "lost_days": ("22.2", "red"),
    }


def test_g_o_104_often_absent_weighs_more_than_long_absent() -> None:
    assert (kpi.bradford(3, 3), kpi.bradford(1, 3)) == (27, 3)


@pytest.mark.parametrize(
    ("factor", "score"), [(25, "92.5"), (75, "77.5"), (150, "60.0"), (300, "37.5"), (650, "12.5")]
)
def test_g_o_106_the_statistics_fix_rescales_bradford(factor: int, score: str) -> None:
    assert rounded(kpi.bradford_rescaled(factor), 1) == score


def test_g_o_106_the_rescaled_score_ends_at_its_points() -> None:
    assert [kpi.bradford_rescaled(factor) for factor, _ in kpi.BRADFORD_POINTS] == [100, 85, 70, 50, 25, 0]
    assert kpi.bradford_rescaled(5000) == 0


def test_g_o_107_efficiency_is_capped_and_0_without_a_plan() -> None:
    assert (kpi.hour_efficiency(130, 100, 0), kpi.hour_efficiency(10, 9, 9)) == (120, 0)
    assert kpi.fixed_efficiency(130, 100, 0) == 105
    assert kpi.hour_efficiency_if_planned(10, 9, 9) is None


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (
            {"worked_seconds": hours("17:30"), "deducted_seconds": hours("22:30"), "lates": 1},
            ("2.00", "9.09", "96.50", "29.91", "70.32"),
        ),
        (
            {"worked_seconds": 1, "expected_seconds": 1, "lates": 0, "early_exits": 0,
             "absence_episodes": 3, "absences": Fraction(3)},
            ("27.00", "13.64", "100.00", "100.00", "91.90"),
        ),
        (
            {"worked_seconds": 160, "expected_seconds": 200, "lates": 10, "early_exits": 4,
             "absence_episodes": 5, "absences": Fraction(5)},
            ("125.00", "22.73", "74.00", "80.00", "54.20"),
        ),
    ],
)  # fmt: skip
def test_the_examples_of_a_15(figures: dict[str, Value], expected: tuple[str, ...]) -> None:
    found = shown("original", **figures)
    names = ("bradford", "absenteeism", "punctuality", "hour_efficiency", "sic")
    assert tuple(found[name] for name in names) == expected


def test_the_statistics_fix_by_hand() -> None:
    found = shown("statistics_fix")
    # (291600 − 264361) / 291600; 100 − 100 · 7.5 / 9; 0.3 · 16.67 + 0.4 · 90.66 + 0.3 · 99.7
    assert (found["bradford"], found["bradford_score"]) == ("1.00", "99.70")
    assert (found["absenteeism"], found["punctuality"], found["sic"]) == ("9.34", "16.67", "71.2")


def test_recommended_goes_by_scheduled_and_attended_days() -> None:
    found = shown("recommended")
    assert (found["absenteeism"], found["punctuality"]) == ("22.22", "57.14")


def test_nothing_to_measure_by_is_no_number() -> None:
    nothing: dict[str, Value] = dict.fromkeys(G_O_30, 0)
    found = shown("recommended", **nothing)
    assert [found[name] for name in ("absenteeism", "punctuality", "hour_efficiency", "sic")] == [None] * 4
    assert shown("statistics_fix", **nothing)["punctuality"] is None
    bands = {measure.name: measure.band(None) for measure in VARIANTS["recommended"]}
    assert set(bands.values()) == {None}


@pytest.mark.parametrize(
    ("name", "values", "bands"),
    [
        ("bradford", (25, 26, 50, 100, 101), ("excellent", "good", "good", "regular", "critical")),
        ("absenteeism", (4, 5, 10, 11), ("excellent", "acceptable", "acceptable", "high")),
        ("punctuality", (96, 95, 85, 70, 69), ("excellent", "good", "good", "regular", "critical")),
        ("hour_efficiency", (101, 100, 95, 85, 84), ("excellent", "good", "good", "regular", "critical")),
        ("sic", (85, 84, 70, 50, 49), ("green", "yellow", "yellow", "orange", "red")),
    ],
)
def test_bands_at_their_limits(name: str, values: tuple[int, ...], bands: tuple[str, ...]) -> None:
    measure = next(one for one in VARIANTS["original"] if one.name == name)
    assert tuple(measure.band(value) for value in values) == bands


def test_hours_states_at_their_limits() -> None:
    states = [hours_state(seconds) for seconds in (3601, 3600, -1800, -1801)]
    assert states == ["overtime", "complete", "complete", "incomplete"]


def test_what_a_measure_needs_stands_before_it() -> None:
    for variant, measures in VARIANTS.items():
        known = {measure.name: measure for measure in measures}
        for name in known:
            order = needed(variant, name)
            assert order[-1] == name
            assert len(order) == len(set(order))
            for at, one in enumerate(order):
                assert set(known[one].operands if one in known else ()) <= set(order[:at])


@pytest.mark.parametrize(
    ("value", "text"), [(2, "2"), (Fraction(1, 2), "0.5"), (Fraction(1, 3), "1/3"), (0, "0")]
)
def test_numbers_in_explanations_lose_nothing(value: Fraction, text: str) -> None:
    assert kpi.exact(value) == text
    assert Fraction(text) == value
    assert (rounded(Fraction(1, 200)), rounded(Fraction(5, 1000)), rounded(None)) == ("0.01", "0.01", None)
