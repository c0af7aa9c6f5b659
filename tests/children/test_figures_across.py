"""Dashboards, caseloads, children side by side, and figures over all who take part (spec D4, E8)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.children.rules.suppression import rounded_down, withheld
from tests.children.figured import WINDOW, child_of, play, session
from tests.children.house import House
from tests.support.statements import counted_statements


async def test_a_parent_sees_the_own_children_at_a_glance(shared: House) -> None:
    kim = await child_of(shared, "G1", 500)
    now = datetime.now(UTC)
    await play(
        shared,
        [
            session(5000, kim, now - timedelta(minutes=30), interactions_count=9),
            session(5001, kim, now - timedelta(days=9), completion_status="abandoned"),
            session(
                5002, kim, now - timedelta(minutes=5), completion_status="in_progress", duration_seconds=None
            ),
        ],
    )
    await shared.sql(
        "INSERT INTO children.activities (child_id, activity_type, activity_name, created_by) "
        "VALUES (500, 'exercise', 'Swimming', 'system')"
    )
    await shared.sql(
        "INSERT INTO children.point_ledger (child_id, source_type, points) VALUES (500, 'manual', 7)"
    )
    seen = (await shared.ask("G1", "GET", "/dashboard")).json()
    assert seen["role"] == "parent"
    assert seen["platform"] is None
    children = {child["child_id"]: child for child in seen["children"]}
    assert set(children) >= {1, kim}
    assert 2 not in children
    glance = children[kim]
    assert glance["last_7_days"] == {"finished": 1, "completed": 1, "active_seconds": 600, "activities": 1}
    assert (glance["last_30_days"]["finished"], glance["open_sessions"]) == (2, 1)
    assert [activity["activity_name"] for activity in seen["latest_activities"]] == ["Swimming"]
    assert len(seen["points_7_days"]) == 7
    assert sum(day["points"] for day in seen["points_7_days"]) == 7


async def test_t100_a_dashboard_of_ten_children_costs_as_many_statements_as_one(shared: House) -> None:
    costs = []
    for number in (510, *range(511, 520)):
        await child_of(shared, "G2", number)
        if number in (510, 519):
            with counted_statements(shared.runtime.database.engine) as sent:
                assert (await shared.ask("G2", "GET", "/dashboard")).status_code == 200
            costs.append(len([one for one in sent if "children.children" in one]))
    assert costs == [1, 1]


async def test_a_professional_has_a_caseload_by_name_and_nobody_else_has(shared: House) -> None:
    answer = await shared.ask("E1", "GET", "/caseload", params=WINDOW)
    [emma] = answer.json()["children"]
    assert (emma["name"], emma["access"], emma["finished"], emma["completion_rate"]) == (
        "Emma",
        "edit",
        7,
        71.43,
    )
    assert (emma["score"], emma["score_direction"]) == ({"mean": 66.0, "n": 5}, "improving")
    assert emma["recommendations"] == ["MORE_REGULAR_SESSIONS"]
    assert emma["open_sessions"] == 1
    for gone in ("X1", "W1", "N1", "U1"):
        assert (await shared.ask(gone, "GET", "/caseload")).json()["children"] == []
    parent = await shared.ask("G1", "GET", "/caseload")
    assert (parent.status_code, parent.json()["code"]) == (403, "professionals_only")
    assert (await shared.ask("AD", "GET", "/caseload")).status_code == 403
    dashboard = (await shared.ask("E1", "GET", "/dashboard")).json()
    assert (dashboard["role"], [child["child_id"] for child in dashboard["children"]]) == (
        "professional",
        [1],
    )


async def test_children_are_compared_only_where_all_may_be_seen(shared: House) -> None:
    kim = await child_of(shared, "G1", 530)
    both = await shared.ask("G1", "GET", "/compare", params={**WINDOW, "ids": ["1", str(kim)]})
    assert [child["summary"]["total"] for child in both.json()["children"]] == [8, 0]
    for hidden in ("2", "999999"):
        refused = await shared.ask("G1", "GET", "/compare", params={"ids": ["1", hidden]})
        assert refused.status_code == 404
    for wrong in (["1"], ["1", "1"], ["1", "2", "3", "4", "5", "6"], ["1", str(2**63)]):
        assert (await shared.ask("G1", "GET", "/compare", params={"ids": wrong})).status_code == 422


async def test_an_admin_sees_counts_and_no_names(shared: House) -> None:
    answer = await shared.ask("AD", "GET", "/dashboard")
    seen = answer.json()
    assert (seen["role"], seen["children"]) == ("admin", [])
    assert seen["platform"]["people"]["parent"] == 3
    assert "Emma" not in answer.text
    assert "Kim" not in answer.text


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({("a",): 9}, {("a",)}),
        ({("a",): 10}, set()),
        ({("a",): 3, ("b",): 12, ("c",): 15}, {("a",), ("b",)}),
        ({("a",): 3, ("b",): 4, ("c",): 11, ("d",): 30}, {("a",), ("b",), ("c",)}),
        ({("a",): 6, ("b",): 6, ("c",): 30}, {("a",), ("b",)}),
        (
            # Whoever subtracts row from row: each line with one withheld loses another.
            {("x", "1"): 3, ("x", "2"): 20, ("y", "1"): 25, ("y", "2"): 30},
            {("x", "1"), ("x", "2"), ("y", "1"), ("y", "2")},
        ),
        ({}, set()),
    ],
)
def test_t109_what_is_withheld(counts: dict[tuple[str, ...], int], hidden: set[tuple[str, ...]]) -> None:
    assert withheld(counts, 10) == hidden


def test_numbers_of_children_are_rounded_down() -> None:
    assert [rounded_down(count) for count in (10, 14, 15, 101)] == [10, 10, 15, 100]


async def many(house: House, numbers: range, *, support: int | None, agreed: bool = True) -> None:
    """So many children with a session each, whose guardians agreed to platform statistics."""
    await house.sql(
        """INSERT INTO children.children (id, parent_id, name, date_of_birth, diagnosis, support_level)
           OVERRIDING SYSTEM VALUE SELECT n, 1, 'Secret ' || n, '2017-01-01', 'ASD', :support
           FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n""",
        support=support, first=numbers.start, last=numbers.stop - 1,
    )  # fmt: skip
    if agreed:
        await house.sql(
            """INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)
               SELECT n, 1, 'analytics', '2026-01' FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n""",
            first=numbers.start, last=numbers.stop - 1,
        )  # fmt: skip
    at = datetime(2025, 6, 5, 10, tzinfo=UTC)
    await play(house, [session(10 * n, n, at, score=n % 7 + 50, interactions_count=9) for n in numbers])


async def everybody(house: House, **ask: Any) -> dict[str, Any]:
    answer = await house.ask("AD", "GET", "/population", params={**WINDOW, **ask})
    assert answer.status_code == 200, answer.text
    assert "Secret" not in answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_t109_ten_children_are_told_and_nine_are_not(house: House) -> None:
    await many(house, range(2000, 2009), support=1)
    await many(house, range(2100, 2120), support=2, agreed=False)
    few = await everybody(house, tz="UTC")
    assert (few["overall"]["suppressed"], few["overall"]["score"], few["cells"]) == (True, None, [])
    await many(house, range(2009, 2010), support=1)
    kept = await everybody(house, tz="UTC")
    assert kept["overall"]["suppressed"] is True  # for a quarter of an hour: nothing to subtract
    enough = await everybody(house)
    assert enough["overall"]["n_children"] == 10
    assert enough["overall"]["completion_rate"] == 100.0
    assert isinstance(enough["overall"]["score"], float)


async def test_t109_a_small_cell_takes_the_next_with_it(house: House) -> None:
    await many(house, range(3000, 3003), support=1)
    await many(house, range(3100, 3112), support=2)
    await many(house, range(3200, 3215), support=3)
    found = await everybody(house, by=["support_level"])
    cells = {cell["key"]["support_level"]: cell for cell in found["cells"]}
    assert found["overall"]["n_children"] == 30
    assert [cells[level]["suppressed"] for level in ("1", "2", "3")] == [True, True, False]
    assert [cells[level]["n_children"] for level in ("1", "2", "3")] == [None, None, 15]
    assert cells["1"]["score"] is None
    assert cells["3"]["score"] is not None
    split = await everybody(house, by=["support_level", "age_category", "session_type"])
    assert len(split["cells"]) == 3


async def test_t109_a_mean_of_few_takes_the_next_with_it(house: House) -> None:
    """Fifteen have a score, three of them in one group: the total less the other groups would tell theirs."""
    await many(house, range(3000, 3012), support=1)
    await many(house, range(3100, 3112), support=2)
    await many(house, range(3200, 3215), support=3)
    await house.sql(
        "UPDATE children.game_sessions SET completion_status = 'abandoned' WHERE child_id BETWEEN 3003 AND 3011"
    )
    found = await everybody(house, by=["support_level"])
    cells = {cell["key"]["support_level"]: cell for cell in found["cells"]}
    assert found["overall"]["score"] is not None
    assert [cells[level]["suppressed"] for level in ("1", "2", "3")] == [False, False, False]
    assert [cells[level]["score"] is None for level in ("1", "2", "3")] == [True, True, False]
    assert [cells[level]["engagement"] is None for level in ("1", "2", "3")] == [False, False, False]


async def test_the_platforms_sessions_are_of_who_agreed_to_statistics(house: House) -> None:
    """The same children as in the population: whoever did not agree, or is restricted, is counted in none."""
    await many(house, range(4000, 4012), support=1)
    await many(house, range(4100, 4120), support=2, agreed=False)
    await house.sql("UPDATE children.children SET restricted_at = now() WHERE id = 4011")
    await house.sql(
        "UPDATE children.game_sessions SET started_at = now() - interval '1 day', ended_at = now() WHERE id >= 40000"
    )
    platform = (await house.ask("AD", "GET", "/dashboard")).json()["platform"]
    assert platform["sessions_7_days"] == {"count": 11, "suppressed": False}
    assert platform["sessions_30_days"] == {"count": 11, "suppressed": False}


async def test_e5_each_child_of_a_long_list_has_the_reading_in_its_access_log(house: House) -> None:
    """One row of the audit names a hundred; a caseload of more is as many rows."""
    await many(house, range(5000, 5120), support=None)
    for statement in (
        """INSERT INTO children.care_assignments
               (child_id, professional_id, access_level, status, invited_by, starts_at)
           SELECT id, 13, 'view', 'active', 1, now() - interval '1 day' FROM children.children WHERE id >= 5000""",
        """INSERT INTO children.consents (child_id, granted_by, purpose, grantee_user_id, policy_version)
           SELECT id, 1, 'share_professional', 13, '2026-01' FROM children.children WHERE id >= 5000""",
    ):
        await house.sql(statement)
    for path in ("/caseload", "/dashboard", "/reports/caseload"):
        assert (await house.ask("E1", "GET", path)).status_code == 200
    rows = await house.sql(
        """SELECT what, count(*), max(cardinality(child_ids)), count(DISTINCT child)
           FROM muster.audit, unnest(child_ids) AS child WHERE actor_user_id = 13 GROUP BY what ORDER BY what"""
    )
    assert [(what, most, children) for what, _, most, children in rows] == [
        ("analytics.read", 100, 121),
        ("caseload.read", 100, 121),
        ("dashboard.read", 100, 121),
    ]


async def test_population_is_for_who_may_see_it_and_has_three_dimensions_at_most(shared: House) -> None:
    assert [(await shared.ask(who, "GET", "/population")).status_code for who in ("G1", "E1", "K1", "AD")] == [
        403, 403, 403, 200,
    ]  # fmt: skip
    four = ["age_category", "support_level", "communication_style", "session_type"]
    for by in (four, ["support_level", "support_level"], ["name"]):
        assert (await shared.ask("AD", "GET", "/population", params={"by": by})).status_code == 422
