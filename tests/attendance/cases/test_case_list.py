"""Every concrete case of spec G has a test named after it; where it has two answers, one for each rule set."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[2]
_OF_THE_SPEC: Final = """
    O-01 O-02 O-03 O-04 O-05 O-06 O-07 O-08 O-09 O-10 O-12 O-13
    O-14 O-15 O-16 O-17 O-18 O-19 N-20 N-21 N-22
    O-23 O-24 O-25 O-26 O-27 O-28 O-29 O-30 O-32 N-34 N-35 N-36 N-37 N-39
    O-41 O-42 O-43 O-44
    O-46 O-47 O-48 O-49 O-50 O-52 O-53 O-54 O-56
    H-59 H-61 H-62 H-64 H-65 H-67 H-68 H-69 H-70 H-71 H-72 H-73 H-74 H-75 H-76 H-77 H-79 H-80 H-81 H-82
    N-83 N-85 N-86 N-87 N-88 N-89 N-90 N-91 N-92 N-93 N-94 N-96 N-97 N-98 N-99 N-100 N-102
    O-103 O-104 O-106 O-107
"""
"""G.1 to G.8, a line each."""
CASES: Final = _OF_THE_SPEC.split()
_SUPERSEDED: Final = """
    O-02 O-05 O-07 O-10 O-17 O-18 O-24 O-25 O-27 O-28 O-41 O-48 O-49 O-52 O-53 O-54
"""
TWOFOLD: Final = _SUPERSEDED.split()
"""Cases in which [NEW] supersedes [ORIG]: `original` in test_rules_original.py, `recommended` elsewhere."""
ORIGINAL: Final = "test_rules_original.py"
_NAMED: Final = re.compile(r"(?:^|_)g_([ohn])((?:(?:_and)?_\d+)+)(?![0-9])")
_NUMBER: Final = re.compile(r"\d+")


def cases_of(name: str) -> Iterator[str]:
    """What a test's name or a parameter's id covers: `test_g_o_30_and_103_…` is O-30 and O-103."""
    for letter, numbers in _NAMED.findall(name):
        for number in _NUMBER.findall(numbers):
            yield f"{letter.upper()}-{number}"


def names_in(path: Path) -> Iterator[str]:
    """Names of the test functions of a file, and the ids of their parameters."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            yield node.name
        elif isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def covered() -> dict[str, set[str]]:
    """The files that cover each case."""
    found: dict[str, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in names_in(path):
            for case in cases_of(name):
                found.setdefault(case, set()).add(path.name)
    return found


def test_every_case_of_the_spec_has_a_test_of_its_name() -> None:
    assert len(CASES) == len(set(CASES)) == 89
    assert sorted(set(CASES) - covered().keys()) == []


def test_no_test_is_named_after_a_case_that_is_none() -> None:
    assert sorted(covered().keys() - set(CASES)) == []


def test_cases_with_two_answers_are_held_under_both_rule_sets() -> None:
    found = covered()
    lacking = [
        case for case in TWOFOLD if ORIGINAL not in found.get(case, ()) or not found[case] - {ORIGINAL}
    ]
    assert lacking == []


def test_names_are_read_as_they_are_written() -> None:
    assert list(cases_of("test_g_o_05_06_more_than_an_hour")) == ["O-05", "O-06"]
    assert list(cases_of("test_g_o_30_and_103_the_sums")) == ["O-30", "O-103"]
    assert list(cases_of("g_o_16-three")) == ["O-16"]
    assert list(cases_of("test_long_on_1_day")) == []
