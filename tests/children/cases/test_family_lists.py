"""Lists of children: filters, pages, what may be included, and how many statements that takes (T55, T100, T101)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from service.children.models import Child
from service.core.database import orm
from tests.children.describing import added
from tests.children.house import House
from tests.support.statements import counted_statements

NOW = datetime.now(UTC)


async def _ids(house: House, query: str, who: str = "G2") -> list[int]:
    answer = await house.ask(who, "GET", query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def _statements(house: House, who: str, path: str) -> int:
    """Those of the desk; who is asking and the audit are not counted (spec D5.2)."""
    with counted_statements(house.runtime.database.engine) as sent:
        answer = await house.ask(who, "GET", path)
    assert answer.status_code == 200, answer.text
    return len([one for one in sent if "children." in one and "muster.audit" not in one])


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?q=x", "?age_min=26", "?include=notes"])
async def test_t055_what_is_out_of_range_is_refused(shared: House, query: str) -> None:
    assert (await shared.ask("G1", "GET", query)).status_code == 422


async def test_t055_a_cursor_belongs_to_its_list_its_filters_and_its_reader(shared: House) -> None:
    for name in ("Ada", "Bea", "Cai"):
        await added(shared, "G2", name=name)
    page = (await shared.ask("G2", "GET", "?limit=2")).json()
    cursor = page["page"]["next"]
    following = (await shared.ask("G2", "GET", f"?limit=2&cursor={cursor}")).json()
    shown = [item["name"] for item in page["items"] + following["items"]]
    assert shown[:4] == ["Cai", "Bea", "Ada", "Leo"]
    for who, query in (
        ("G2", "?cursor=abc"),
        ("G2", f"?cursor={cursor}&support_level=1"),
        ("G2", f"/search?cursor={cursor}"),
        ("G1", f"?cursor={cursor}"),
        ("V1", f"?cursor={cursor}"),
    ):
        answer = await shared.ask(who, "GET", query)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor"), query


def _nine_years_before(day: date) -> date:
    """Whoever is born then is nine on that day; the 29th of February was a 1st of March."""
    if (day.month, day.day) == (2, 29):
        day += timedelta(days=1)
    return day.replace(year=day.year - 9)


async def test_ages_are_found_as_they_are_shown(shared: House) -> None:
    """By the date of birth at the child's own today, else by the age that was told and when."""
    turned, turning = (_nine_years_before(NOW.date() + timedelta(days=days)) for days in (-2, 2))
    nine = await added(shared, "G2", name="Nine", date_of_birth=str(turned))
    eight = await added(shared, "G2", name="Eight", date_of_birth=str(turning))
    told = await added(shared, "G2", name="Told", date_of_birth=None, age=7)
    await shared.sql(
        "UPDATE children.children SET age_recorded_on = CURRENT_DATE - interval '2 years 2 days' WHERE id = :child",
        child=told,
    )
    found = {
        item["id"]: item["age"]
        for item in (await shared.ask("G2", "GET", "?age_min=8&age_max=9")).json()["items"]
    }
    assert {nine: 9, eight: 8, told: 9}.items() <= found.items()
    assert set(found.values()) <= {8, 9}
    only_nine = await _ids(shared, "?age_min=9&age_max=9")
    assert {nine, told} <= set(only_nine)
    assert eight not in only_nine


async def test_names_and_diagnoses_are_searched_by_their_parts(shared: House) -> None:
    child = await added(shared, "G2", name="José", diagnosis="Asperger 100%", support_level=1)
    assert await _ids(shared, "?q=jos") == [child]
    assert await _ids(shared, "/search?diagnosis_keyword=100%25") == [child]
    assert await _ids(shared, "/search?diagnosis_keyword=%25%25") == []
    assert await _ids(shared, "?support_level=1") == [child]
    assert await _ids(shared, "/search?search_term=Emma") == []
    assert await _ids(shared, "/search?search_term=Emma", "V1") == [1]


async def test_what_is_included_is_each_childs_own(shared: House) -> None:
    answer = await shared.ask("G1", "GET", "?include=recent_sessions,sensory")
    emma = next(item for item in answer.json()["items"] if item["id"] == 1)
    assert [one["id"] for one in emma["recent_sessions"]] == [8, 7, 6, 5, 4]
    assert emma["sensory_profile"] == {}
    plain = (await shared.ask("G1", "GET", "")).json()["items"][0]
    assert (plain["recent_sessions"], plain["sensory_profile"]) == (None, None)


async def test_t100_a_longer_list_takes_no_more_statements(house: House) -> None:
    """One for the page and one for each thing included, of one child and of fifty; statistics one."""
    paths = {"?limit=100": 1, "?limit=100&include=recent_sessions,sensory": 3, "/statistics": 1, "/search": 1}
    for path, budget in paths.items():
        assert await _statements(house, "G1", path) == budget
    await house.sql(
        """WITH made AS (
               INSERT INTO children.children (parent_id, name, date_of_birth)
               SELECT 1, 'Kid', DATE '2017-02-01' + number FROM generate_series(1, 49) AS number RETURNING id),
           kept AS (INSERT INTO children.child_guardians (child_id, user_id, relation, access)
                    SELECT id, 1, 'mother', 'primary' FROM made),
           felt AS (INSERT INTO children.child_sensory_domains (child_id, domain, sensitivity)
                    SELECT id, domain, 'low' FROM made, unnest(ARRAY['visual', 'tactile']) AS domain)
           INSERT INTO children.game_sessions (child_id, started_at, session_type, scenario_name, created_by)
           SELECT id, now() - number * interval '1 hour', 'daily_routine', 'Tidy up', 'person:1'
           FROM made, generate_series(1, 7) AS number"""
    )
    for path, budget in paths.items():
        assert await _statements(house, "G1", path) == budget
    listed = (await house.ask("G1", "GET", "?limit=100&include=recent_sessions,sensory")).json()["items"]
    assert len(listed) == 50
    assert {len(item["recent_sessions"]) for item in listed} == {5}
    assert {len(item["sensory_profile"]) for item in listed if item["id"] != 1} == {2}
    counted = (await house.ask("G1", "GET", "/statistics")).json()
    assert (counted["children"], counted["sessions"], counted["active_children"]) == (50, 49 * 7, 49)
    assert sum(counted["by_age_category"].values()) == 50
    assert counted["by_support_level"] == {"1": 0, "2": 1, "3": 0, "none": 49}
    await house.sql(
        "UPDATE children.children SET is_active = id < 1008, points = 100 * (id = 1)::int WHERE parent_id = 1"
    )
    eight = (await house.ask("G1", "GET", "/statistics")).json()
    assert (eight["children"], eight["mean_level"]) == (8, 1.13)  # nine over eight, half away from zero


async def test_one_child_is_read_in_five_statements(shared: House) -> None:
    """The budget is six (spec D5.2)."""
    assert await _statements(shared, "G1", "/1") == 5


async def test_t101_what_a_statement_did_not_load_is_not_loaded_behind_its_back(shared: House) -> None:
    async with shared.runtime.database.read() as conn, orm(conn) as session:
        child = (await session.scalars(select(Child).where(Child.id == 1))).one()
        for relation in ("parent", "sensory", "safety", "therapies", "contacts"):
            with pytest.raises(InvalidRequestError, match="lazy='raise'"):
                getattr(child, relation)


async def test_presets_are_the_one_answer_that_may_be_kept(shared: House) -> None:
    async with shared.http("G1") as http:
        first = await http.get("/v1/children/templates")
        etag = first.headers["etag"]
        again = await http.get("/v1/children/templates", headers={"If-None-Match": etag})
    assert [item["support_level"] for item in first.json()["items"]] == [1, 2, 3]
    assert (again.status_code, again.content) == (304, b"")


async def test_t091_a_list_shows_what_was_added_a_moment_ago(shared: House) -> None:
    """The predecessor showed it up to ten minutes later (spec T91)."""
    before: list[Any] = await _ids(shared, "?limit=100")
    child = await added(shared, "G2", name="New")
    assert await _ids(shared, "?limit=100") == [child, *before]
