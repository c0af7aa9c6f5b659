"""Codes in filters: case and blanks do not matter, and one that names nothing is refused with near ones."""

from collections.abc import AsyncIterator

import pytest

from tests.mill.scenario import AS_OF, settle_f58
from tests.support.ground import Ground
from tests.support.house import House, open_house

V = "/v1/mill"


@pytest.fixture(scope="module")
async def planned(ground: Ground) -> AsyncIterator[House]:
    """F-58 with its plan; only read."""
    url = await ground.clone()
    async with open_house(url) as opened:
        await settle_f58(opened)
        await opened.runtime.tasks.run_now("mill.plan", {"as_of": AS_OF}, "test")
        yield opened
    await ground.drop(url)


@pytest.mark.parametrize(
    ("path", "name", "given", "near"),
    [
        ("reports/requirements", "yarn", "Y9", "Y1"), ("reports/shortages", "supplier", "SUP-A", ""),
        ("reports/open-orders", "style", "G9", "G1"), ("receipts", "po", "PO-9", "PO-1"),
        ("orders", "style", "G9", "G1"), ("allocations", "order", "O9", "O1"),
        ("machines", "work_center", "1.1.1.F", ""), ("plan-runs/1/pegs", "order", "O9", "O1"),
        ("plan-runs/1/weeks", "yarn", "Y9", "Y1"),
    ],
)  # fmt: skip
async def test_a_code_that_names_nothing_is_refused(
    planned: House, path: str, name: str, given: str, near: str
) -> None:
    answer = await planned.ask("GET", f"{V}/{path}", params={name: given})
    assert answer.status_code == 422, answer.text
    [told] = answer.json()["errors"]
    assert (told["pointer"], given in told["detail"], near in told["detail"]) == (
        f"/query/{name}",
        True,
        True,
    )


async def test_case_and_blanks_of_a_code_do_not_matter(planned: House) -> None:
    same = [
        ("yarns/Y1/balance", {}), ("orders/O1", {}), ("plan-runs/1/pegs", {"order": "O1", "yarn": "Y1"}),
        ("reports/yarn-weeks", {"yarn": "Y1"}), ("plan-runs/1/explain", {"order": "O1"}),
    ]  # fmt: skip
    for path, asked in same:
        typed = {name: f" {code.lower()} " for name, code in asked.items()}
        typed_path = path.replace("Y1", " y1").replace("O1", "o1")
        assert await planned.get(f"{V}/{typed_path}", **typed) == await planned.get(f"{V}/{path}", **asked)


@pytest.mark.parametrize(
    ("path", "asked", "code"),
    [
        ("plan-runs/1/explain", {"order": "O1", "week": 3}, "week_of_a_yarn"),
        ("plan-runs/1/explain", {"action": 1, "yarn": "Y1"}, "named_alone"),
        ("plan-runs/1/explain", {"action": 1, "figure": "gross"}, "named_alone"),
        ("orders", {"due_from": "2025-09-07", "due_to": "2025-09-06"}, "bad_window"),
        ("yarns", {"min_planning_balance": "1", "max_planning_balance": "0.9999"}, "bad_bounds"),
    ],
)
async def test_what_cannot_be_meant_together_is_refused(
    planned: House, path: str, asked: dict[str, object], code: str
) -> None:
    answer = await planned.ask("GET", f"{V}/{path}", params=asked)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
