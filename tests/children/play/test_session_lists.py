"""A child's sessions as lists: filters, orders, pages, and one statement for each."""

import pytest

from tests.children.house import House
from tests.children.playing import sent

LISTS: dict[str, list[int]] = {
    "": [8, 7, 6, 5, 4, 3, 2, 1, 9],
    "order=asc": [9, 1, 2, 3, 4, 5, 6, 7, 8],
    "sort=score": [9, 7, 5, 4, 2, 1, 3, 8, 6],
    "sort=score&order=asc": [6, 8, 3, 1, 2, 4, 5, 7, 9],
    "status=completed&min_score=70": [7, 5, 4, 9],
    "session_type=social_scenario": [5, 3],
    "parent_rating=5": [5, 4, 9],
    "from=2025-06-09&to=2025-06-10": [5, 4],
    "from=2025-06-12": [8, 7],
    "to=2025-05-20": [9],
    "scenario_id=none": [],
}


@pytest.mark.parametrize("asked", LISTS)
async def test_a_list_is_one_statement_and_goes_on_page_by_page(house_of_emma: House, asked: str) -> None:
    """Every filter and order, in pages of two, without a row lost or told twice."""
    whole = await house_of_emma.ask("E1", "GET", f"/1/sessions?{asked}")
    assert [one["id"] for one in whole.json()["items"]] == LISTS[asked]
    assert whole.headers["cache-control"] == "no-store"
    found, cursor = [], ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = (await house_of_emma.ask("E1", "GET", f"/1/sessions?limit=2&{asked}{more}")).json()
        found += [one["id"] for one in page["items"]]
        cursor = page["page"]["next"]
    assert found == LISTS[asked]
    assert len(await sent(house_of_emma, "E1", "GET", f"/1/sessions?{asked}")) == 1


@pytest.fixture
async def house_of_emma(shared: House) -> House:
    """Emma with the sessions of F0 alone."""
    await shared.sql("DELETE FROM children.game_sessions WHERE id > 9")
    return shared


async def test_days_of_a_filter_are_those_of_the_childs_zone(shared: House) -> None:
    """Leo lives in Rome: 22:30 UTC in summer is the next day."""
    await shared.sql(
        "INSERT INTO children.game_sessions (child_id, session_type, scenario_name, started_at, created_by)"
        " VALUES (2, 'daily_routine', 'Evening', '2025-06-30T22:30Z', 'x')"
    )
    for day, number in (("2025-06-30", 0), ("2025-07-01", 1)):
        page = await shared.ask("G2", "GET", f"/2/sessions?from={day}&to={day}")
        assert len(page.json()["items"]) == number


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("limit=0", 422, "invalid"),
        ("limit=101", 422, "invalid"),
        ("cursor=abc", 400, "bad_cursor"),
        ("sort=parent_rating", 422, "invalid"),
        ("colour=red", 422, "invalid"),
    ],
)
async def test_what_cannot_be_asked_of_a_list(shared: House, asked: str, status: int, code: str) -> None:
    """A typo in a filter is no other list."""
    answer = await shared.ask("G1", "GET", f"/1/sessions?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_cursor_belongs_to_its_child_filters_and_order(shared: House) -> None:
    """Elsewhere it is refused."""
    first = (await shared.ask("G1", "GET", "/1/sessions?limit=1")).json()["page"]["next"]
    for path in ("/1/sessions?status=completed&", "/1/sessions?order=asc&", "/1/activities?"):
        answer = await shared.ask("G1", "GET", f"{path}cursor={first}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
    answer = await shared.ask("G2", "GET", f"/2/sessions?cursor={first}")
    assert answer.status_code == 400
