"""Made-up families: the same ones from the same plan, whole, and true to the rules they are kept by."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from service.cli.families import sealing_of
from service.core.database import WriteConnection
from service.core.sealing import Sealer
from service.simulators.families import ADMIN, PARENT, PROFESSIONAL, Plan, Settled, settle
from service.simulators.families.children import household
from service.simulators.families.people import adults
from service.simulators.families.sessions import sessions

PLAN = Plan(until=datetime(2026, 11, 22, 16, 0, tzinfo=UTC))
SEALING = sealing_of(Sealer(["k" * 32]))


async def value(conn: WriteConnection, statement: str) -> object:
    """The only value of a statement."""
    return (await conn.execute(text(statement))).scalar_one()


@pytest.fixture
async def made(connection: WriteConnection) -> Settled:
    """The families of the plan, in a transaction that rolls back."""
    settled = await settle(connection, PLAN, SEALING)
    assert settled is not None
    return settled


async def test_families_are_whole_and_true_to_their_rules(made: Settled, connection: WriteConnection) -> None:
    """Some dozens with everything a desk shows; points are the sum of the ledger; a second time nothing."""
    assert (made.families, made.children) == (36, 48)
    assert 3000 < made.sessions < 7000
    assert await settle(connection, PLAN, SEALING) is None
    for table in ("activities", "progress_notes", "assessments", "child_achievements", "consents"):
        assert await value(connection, f"SELECT count(*) FROM children.{table}"), table
    off = """
        SELECT count(*) FROM children.children AS c WHERE c.points <>
            (SELECT coalesce(sum(points), 0) FROM children.point_ledger AS l WHERE l.child_id = c.id)
    """
    assert await value(connection, off) == 0
    unguarded = """
        SELECT count(*) FROM children.children AS c WHERE NOT EXISTS
            (SELECT FROM children.child_guardians AS g
             WHERE g.child_id = c.id AND g.user_id = c.parent_id AND g.access = 'primary')
    """
    assert await value(connection, unguarded) == 0
    late = "SELECT count(*) FROM children.game_sessions WHERE coalesce(ended_at, started_at) > :until"
    assert (await connection.execute(text(late), {"until": PLAN.until})).scalar_one() == 0
    following = (
        "INSERT INTO children.game_sessions (child_id, session_type, scenario_name, created_by)"
        " SELECT min(id), 'dental_visit', 'x', 'system' FROM children.children RETURNING id"
    )
    assert (
        await value(connection, following) > made.sessions
    )  # numbers go on; one that was given back leaves a gap


async def test_three_can_sign_in_and_the_professional_cares_for_the_parents_child(
    made: Settled, connection: WriteConnection
) -> None:
    """What the demo tells: a parent with children, a professional who may write about one, an admin."""
    people = "SELECT email, role, status FROM muster.auth_users WHERE email = ANY(:emails) ORDER BY email"
    found = await connection.execute(text(people), {"emails": [ADMIN, PARENT, PROFESSIONAL]})
    assert [tuple(row) for row in found] == [
        (ADMIN, "admin", "active"), (PARENT, "parent", "active"), (PROFESSIONAL, "professional", "active"),
    ]  # fmt: skip
    shared = """
        SELECT count(*) FROM children.care_assignments AS a
        JOIN muster.auth_users AS p ON p.id = a.professional_id AND p.email = :professional
        JOIN muster.professional_profiles AS f ON f.user_id = p.id AND f.is_verified
        JOIN children.children AS c ON c.id = a.child_id
        JOIN muster.auth_users AS g ON g.id = c.parent_id AND g.email = :parent
        JOIN children.consents AS s ON s.child_id = c.id AND s.grantee_user_id = p.id
            AND s.withdrawn_at IS NULL
        WHERE a.status = 'active' AND a.access_level = 'edit'
    """
    names = {"professional": PROFESSIONAL, "parent": PARENT}
    assert (await connection.execute(text(shared), names)).scalar_one() == 1
    assert (
        await value(connection, "SELECT count(*) FROM muster.auth_users WHERE hashed_password IS NOT NULL")
        == 0
    )


def test_equal_plans_make_equal_rows_across_a_change_of_clocks() -> None:
    """The same ids and instants; play is after school by the wall clock, in winter and in summer."""
    grown = adults(PLAN, iter(range(1, 10_000)))
    born = household(PLAN, grown, iter(range(1, 1_000)), SEALING).born
    first, second = (list(sessions(PLAN, born, iter(range(1, 100_000)))) for _ in range(2))
    assert first == second
    romans = {child.id for child in born if child.zone == "Europe/Rome"}
    local = [row.started_at.astimezone(ZoneInfo("Europe/Rome")) for row in first if row.child_id in romans]
    assert len({moment.utcoffset() for moment in local}) == 2
    assert {moment.hour for moment in local if moment.date() < PLAN.until.date()} <= set(range(15, 19))


def test_progress_is_honest_some_get_worse_and_some_play_too_little() -> None:
    """Scores fall when the game's version changes; nobody's line only goes up."""
    grown = adults(PLAN, iter(range(1, 10_000)))
    born = household(PLAN, grown, iter(range(1, 1_000)), SEALING).born
    rows = list(sessions(PLAN, born, iter(range(1, 100_000))))
    assert {row.completion_status for row in rows} == {"completed", "abandoned", "interrupted", "in_progress"}
    assert {row.scenario_version for row in rows} == {"2.0", "2.1"}
    trends = {}
    for child in born:
        scores = [
            row.score for row in rows if row.child_id == child.id and row.completion_status == "completed"
        ]
        half = len(scores) // 2
        if half > 5:
            trends[child.number] = sum(scores[half:]) / (len(scores) - half) - sum(scores[:half]) / half
    assert min(trends.values()) < -5
    assert max(trends.values()) > 5
    assert len(trends) < len(born)
