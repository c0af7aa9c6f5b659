"""`docs/parity.md`: every row has a verdict, and every test and route it names is there."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

TESTS: Final = Path(__file__).parent
DOCS: Final = TESTS.parent / "docs"
VERDICTS: Final = ("built", "bettered", "refused", "open")
MOST_OPEN: Final = 0
_CODE: Final = re.compile(r"`([^`]+)`")
_TEST: Final = re.compile(r"([\w/]+\.py)::(test_\w+)(?:\[([^\]]+)\])?")
_ROUTE: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/\S+)")


class Row(NamedTuple):
    """One line of a table."""

    number: str
    theirs: str
    verdict: str
    shown_by: str
    why: str


@cache
def rows() -> list[Row]:
    """All rows of all tables; a line that is none of five cells is a mistake."""
    lines = [line for line in (DOCS / "parity.md").read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [line for line, found in zip(lines, cells, strict=True) if len(found) != 5] == []
    return [Row(*found) for found in cells if found[0] != "#" and not found[0].startswith("---")]


@cache
def known_tests(path: str) -> dict[str, set[str]]:
    """The tests of a file, each with the ids of its parameters."""
    tree = ast.parse((TESTS / path).read_text())
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {node.name: set(_ids(node)) for node in functions if node.name.startswith("test_")}


def _ids(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.keyword) and node.arg == "id" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


@cache
def known_routes() -> dict[str, dict[str, Any]]:
    """The routes of the document, by path and method."""
    paths: dict[str, dict[str, Any]] = json.loads((DOCS / "openapi.json").read_text())["paths"]
    return paths


def missing(shown_by: str) -> Iterator[str]:
    """What a cell names and is not there, and what is neither a test nor a route."""
    for name in _CODE.findall(shown_by):
        test, route = _TEST.fullmatch(name), _ROUTE.fullmatch(name)
        if test is not None and (TESTS / test[1]).is_file():
            known = known_tests(test[1])
            if test[2] in known and (test[3] is None or test[3] in known[test[2]]):
                continue
        if route is not None and route[1].lower() in known_routes().get(route[2], {}):
            continue
        yield name


def test_every_row_has_one_of_the_verdicts() -> None:
    assert [row.number for row in rows() if row.verdict not in VERDICTS] == []


def test_every_test_and_route_that_is_named_exists() -> None:
    assert {row.number: gone for row in rows() if (gone := list(missing(row.shown_by)))} == {}


def test_what_is_built_is_shown_and_what_is_not_has_its_reason() -> None:
    built = [row for row in rows() if row.verdict in {"built", "bettered"}]
    assert [row.number for row in built if not _CODE.findall(row.shown_by)] == []
    others = [row for row in rows() if row.verdict in {"refused", "open"}]
    assert [row.number for row in others if not row.why] == []


def test_every_part_of_the_predecessor_is_spoken_of() -> None:
    numbers = Counter(row.number for row in rows())
    assert [n for n in range(17) if f"A.{n}" not in numbers] == []
    assert [n for n in range(5) if not any(number.startswith(f"00{n}.") for number in numbers)] == []
    assert [n for n in range(1, 19) if f"MA.{n}" not in numbers] == []
    for list_of in ("C", "MC"):
        assert {n: numbers[f"{list_of}.{n}"] for n in range(1, 38) if numbers[f"{list_of}.{n}"] != 1} == {}
    assert [number for number in numbers if not re.fullmatch(r"00[0-4]\.\d+|M?[AC]\.\d+", number)] == []


def test_little_is_open() -> None:
    """Printed (`pytest -s`), so that nobody has to look for it."""
    still = [row for row in rows() if row.verdict == "open"]
    counted = Counter(row.verdict for row in rows())
    print(*(f"{counted[verdict]} {verdict}" for verdict in VERDICTS), sep=", ")
    print(*(f"open: {row.number} {row.theirs} ({row.why})" for row in still), sep="\n")
    assert len(still) <= MOST_OPEN


def test_what_is_not_there_is_seen() -> None:
    assert list(missing("`test_parity.py::test_little_is_open`, `GET /v1/gaps`")) == []
    named = "`test_parity.py::test_none`, `gone.py::test_it`, `DELETE /v1/gaps`, `test_parity.py::test_little_is_open[x]`"
    assert len(list(missing(named))) == 4
