"""Rules against crews: every case of spec F.6."""

import pytest

from service.crew.rules.crewing import Lists, Requirement, Rule, title_requirements
from service.crew.rules.grid import TitleRule
from service.crew.rules.judging import Judge, Person, Result
from service.crew.rules.presets import preset, ruling

LISTS = Lists()
TITLE = TitleRule("Default", 4, {"MGR": 1, "LGV": 1, "BA": 4})
GRID = Rule("Default", tuple(title_requirements(TITLE, LISTS)))
FULL = "WC:TTR BA; FFC:LGV BA; FFD:BA; FFT:BA"


def rule(name: str) -> Rule:
    """A preset by its name; `grid` is the title's."""
    return preset(name, LISTS) or GRID


def people(crew: str) -> dict[int, Person]:
    """`WC:TTR BA; FFD:BA` as people 1, 2, …"""
    parts = [part.strip().split(":") for part in crew.split(";") if part.strip()]
    return {
        number: Person(number, role, frozenset(skills.split()) - {"–"})
        for number, (role, skills) in enumerate(parts, 1)
    }


def judged(crew: str, name: str) -> Result:
    """A crew against a rule."""
    everybody = people(crew)
    return Judge(rule(name), everybody).result(frozenset(everybody))


def shorts(crew: str) -> list[dict[str, int]]:
    """What a crew is short of, by the three presets."""
    return [judged(crew, name).shorts for name in ("p22p6", "p22p6_2025", "grid")]


def have(crew: str, name: str = "p22p6") -> dict[str, int]:
    """How many a crew has, by requirement."""
    return {one.code: one.have for one in judged(crew, name).met}


def test_c056_a_full_crew_passes_every_preset() -> None:
    assert shorts(FULL) == [{}, {}, {}]
    assert have(FULL) == {
        "total_crew": 4,
        "officer": 2,
        "driver": 1,
        "ba_non_officer": 2,
        "senior_ba": 2,
    }


def test_c057_three_of_them_are_too_few() -> None:
    assert shorts("WC:TTR BA; FFC:LGV BA; FFD:BA") == [
        {"total_crew": 1, "ba_non_officer": 1},
        {"total_crew": 1},
        {"total_crew": 1, "BA": 1},
    ]


def test_c058_an_officer_by_rank_alone() -> None:
    assert shorts("WC:BA; FFC:LGV BA; FFD:BA; FFT:BA") == [{}, {"officer": 1}, {}]


def test_c059_no_driver() -> None:
    assert shorts("WC:TTR BA; FFC:BA; FFD:BA; FFT:BA") == [{"driver": 1}, {"driver": 1}, {"LGV": 1}]


def test_c060_nobody_with_breathing_apparatus_behind_the_officer() -> None:
    assert shorts("WC:TTR BA; FFC:LGV BA; FFD:–; FFT:–") == [
        {"ba_non_officer": 2},
        {"ba_non_officer": 1},
        {"BA": 2},
    ]


def test_c061_nobody_senior() -> None:
    assert shorts("FFT:TTR; FFT:LGV; FFT:BA; FFD:BA") == [{"senior_ba": 1}, {"senior_ba": 1}, {"BA": 2}]


def test_c063_a_rank_that_is_in_nobodys_list() -> None:
    crew = "CC:BA ERD IC; FF:BA ERD; FFD:BA; FF:BA ERD"
    assert shorts(crew) == [{}, {"officer": 1, "driver": 1}, {}]
    assert have(crew) == {
        "total_crew": 4,
        "officer": 1,
        "driver": 3,
        "ba_non_officer": 3,
        "senior_ba": 1,
    }


def test_c065_a_promotion_that_breaks_the_rule() -> None:
    assert shorts("WC:TTR BA; FFC:LGV BA; FFC:BA; FFT:BA") == [{"ba_non_officer": 1}, {}, {}]


def test_c066_nobody_at_all() -> None:
    for name in ("p22p6", "p22p6_2025", "grid"):
        result = judged("", name)
        assert not result.ok
        assert {one.have for one in result.met} == {0}
        assert result.shorts == {one.code: one.required for one in result.met}


def test_c067_seats_ask_for_a_person_each() -> None:
    crew = people("WC:BA TTR LGV; FFD:BA; FFD:BA; FFD:BA")
    officer, driver = preset_parts("officer"), preset_parts("driver")
    seats = Rule("seats", (officer, driver, Requirement("BA", 2, skills_all=("BA",))), "seats")
    result = Judge(seats, crew).result(frozenset(crew))
    assert sum(one.have for one in result.met) == 3
    assert (result.ok, result.shorts) == (False, {"driver": 1})
    assert Judge(rule("p22p6"), crew).result(frozenset(crew)).ok


def preset_parts(code: str) -> Requirement:
    """A requirement of the preset."""
    return next(one for one in rule("p22p6").requirements if one.code == code)


def test_c069_those_who_cannot_be_spared() -> None:
    crew = people(FULL)
    assert Judge(rule("p22p6"), crew).critical(frozenset(crew)) == (1, 2, 3, 4)
    larger = people(f"{FULL}; FFD:BA LGV")
    assert Judge(rule("p22p6"), larger).critical(frozenset(larger)) == ()
    assert Judge(rule("p22p6_2025"), larger).critical(frozenset(larger)) == (1,)


@pytest.mark.parametrize(
    ("config", "chosen", "enforced", "beside"),
    [
        ([], "p22p6", ["p22p6"], ["Default"]),
        ([], "grid", ["Default"], []),
        ([(Rule("own", (), tier=2), True), (Rule("two", ()), True)], "p22p6", ["two", "own"], ["Default"]),
        ([(Rule("own", ()), False)], "p22p6", [], ["own", "Default"]),
    ],
)
def test_an_appliances_own_rules_come_before_the_one_for_all(
    config: list[tuple[Rule, bool]], chosen: str, enforced: list[str], beside: list[str]
) -> None:
    made = ruling(config, [GRID], chosen, LISTS)
    assert [one.name for one in made.enforced] == enforced
    assert [one.name for one in made.beside] == beside
