"""A plan that cannot be used is told with its place and what to do."""

import json
from pathlib import Path

import pytest

from service.monitoring.loadtest.reading import BadPlan, read_plan
from tests.support.owners import ROOT

STAGE = "[[stage]]\nseconds = 1\nrate = 5\n"
REQUEST = '[[request]]\npath = "/livez"\n'


def test_the_example_of_the_documentation_can_be_read() -> None:
    read = read_plan(ROOT / "docs" / "loadtest.toml")
    assert (read.model, read.seconds, len(read.request)) == ("open", 30, 8)


def test_json_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(STAGE + REQUEST)
    document = {"stage": [{"seconds": 1, "rate": 5}], "request": [{"path": "/livez"}]}
    (tmp_path / "p.json").write_text(json.dumps(document))
    assert read_plan(tmp_path / "p.toml") == read_plan(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "Invalid value (at end of document); see docs/loadtest.toml"),
        (REQUEST, "stage: is missing"),
        (
            STAGE + '[[request]]\npath = "/a"\nwieght = 2\n',
            "request[1].wieght: there is no such name; did you",
        ),
        (STAGE + '[[request]]\npath = "//evil.test/a"\n', "request[1].path: a path begins with one slash"),
        (STAGE + '[[request]]\npath = "/a?b=1"\n', "request[1].path: a path begins with one slash"),
        (STAGE + '[[request]]\npath = "/{who}"\n', "request[1]: {who} of the path needs a line who = … in"),
        (STAGE + REQUEST + "[request.values]\nwho = 1\n", "values names 'who', and the path has no {who}"),
        (STAGE + REQUEST + REQUEST, "two requests are called 'GET /livez'; give them names"),
        ("model = 'closed'\n" + STAGE + REQUEST, "stage 1: the closed model needs users, and no rate"),
        ("warm_up = 2\n" + STAGE + REQUEST, "warm_up takes all of the 1 s"),
        (
            STAGE + REQUEST + "[bounds]\nerrors = 2\n",
            "bounds.errors: Input should be less than or equal to 1",
        ),
    ],
)
def test_a_bad_plan_names_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(BadPlan) as bad:
        read_plan(path)
    assert f"{path}: " in str(bad.value)
    assert said in str(bad.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="cannot be read: No such file"):
        read_plan(tmp_path / "none.toml")
