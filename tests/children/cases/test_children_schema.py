"""The desk's tables: cases T24, T99, T112 and T113 of the spec, against the database itself."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.children.family import settle

PREDECESSOR = {
    "idx_users_role_active_verified": "role, is_active, is_verified",
    "idx_users_name_search": "first_name, last_name",
    "idx_users_email_status_active": "email, status, is_active",
    "idx_children_parent_active": "parent_id, is_active",
    "idx_children_age_diagnosis": "age, support_level",
    "idx_children_created_updated": "created_at, updated_at",
    "idx_children_support_level_active": "support_level, is_active",
    "idx_game_sessions_child_date_range": "child_id, started_at, completion_status",
    "idx_game_sessions_type_completion": "session_type, completion_status, started_at",
    "idx_game_sessions_score_performance": "child_id, score, started_at",
    "idx_game_sessions_duration_engagement": "duration_seconds, interactions_count",
    "idx_game_sessions_scenario_performance": "scenario_id, scenario_version, completion_status",
    "idx_game_sessions_parent_rating": "child_id, parent_rating, started_at",
    "idx_game_sessions_recent": "started_at, child_id",
}
"""The fourteen of spec B1, with their columns in order."""
REFUSED = {
    "rating": "UPDATE children.game_sessions SET parent_rating = 6 WHERE id = 1",
    "ended_before_start": "UPDATE children.game_sessions SET ended_at = started_at - interval '1 s' WHERE id = 1",
    "final_without_end": "UPDATE children.game_sessions SET ended_at = NULL WHERE id = 1",
    "open_with_end": "UPDATE children.game_sessions SET ended_at = now() WHERE id = 8",
    "help": "UPDATE children.game_sessions SET help_requests = 31 WHERE id = 1",
    "responses": "UPDATE children.game_sessions SET correct_responses = 31 WHERE id = 1",
    "counter": "UPDATE children.game_sessions SET score = -1 WHERE id = 1",
    "level": "UPDATE children.children SET level = 7 WHERE id = 1",
    "points": "UPDATE children.children SET points = -1 WHERE id = 1",
    "name": "UPDATE children.children SET name = '  ' WHERE id = 1",
    "support_level": "UPDATE children.children SET support_level = 4 WHERE id = 1",
    "undiagnosed": "UPDATE children.children SET diagnosis = NULL WHERE id = 1",
    "diagnosed_before_birth": "UPDATE children.children SET diagnosis_date = '2015-01-01' WHERE id = 1",
    "no_age": "UPDATE children.children SET date_of_birth = NULL WHERE id = 1",
    "style": "UPDATE children.children SET communication_style = 'loud' WHERE id = 1",
    "second_primary": "UPDATE children.child_guardians SET access = 'primary' WHERE user_id = 3",
    "consent_twice": "INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)"
    " VALUES (1, 1, 'processing', '2026-01')",
    "consent_for_nobody": "INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)"
    " VALUES (1, 1, 'share_professional', '2026-01')",
    "assigned_twice": "INSERT INTO children.care_assignments"
    " (child_id, professional_id, access_level, invited_by) VALUES (1, 11, 'view', 1)",
    "senses": "INSERT INTO children.child_sensory_domains (child_id, domain, sensitivity) VALUES (1, 'taste', 'low')",
    "points_ledger": "INSERT INTO children.point_ledger (child_id, source_type, points) VALUES (1, 'manual', 101)",
}


@pytest.mark.parametrize(
    ("points", "level"), [(0, 1), (99, 1), (100, 2), (250, 3), (4899, 49), (4900, 50), (99999, 50)]
)
async def test_t024_the_level_follows_from_the_points(
    connection: AsyncConnection, points: int, level: int
) -> None:
    await settle(connection, sessions=False)  # type: ignore[arg-type]
    found = await connection.execute(
        text("UPDATE children.children SET points = :points WHERE id = 1 RETURNING level"), {"points": points}
    )
    assert found.scalar_one() == level


async def test_t099_the_predecessors_indexes_are_there_column_by_column(connection: AsyncConnection) -> None:
    rows = await connection.execute(
        text("SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(:names)"),
        {"names": list(PREDECESSOR)},
    )
    found = {row.indexname: row.indexdef.partition("USING btree (")[2].removesuffix(")") for row in rows}
    assert found == PREDECESSOR


async def test_t099_a_page_of_sessions_is_read_in_the_order_of_its_index(connection: AsyncConnection) -> None:
    await settle(connection)  # type: ignore[arg-type]
    # Of nine rows reading all is cheapest; of four hundred thousand it is not.
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    await connection.execute(text("SET LOCAL enable_bitmapscan = off"))
    plan = await connection.execute(
        text("""
            EXPLAIN SELECT id, started_at, score FROM children.game_sessions
            WHERE child_id = 1 AND deleted_at IS NULL AND (started_at, id) < (now(), 99)
            ORDER BY started_at DESC, id DESC LIMIT 21
        """)
    )
    lines = "\n".join(plan.scalars())
    assert "ix_game_sessions_child_keyset" in lines
    assert "Sort" not in lines


@pytest.mark.parametrize("rule", REFUSED)
async def test_t112_the_tables_refuse_what_cannot_be(connection: AsyncConnection, rule: str) -> None:
    await settle(connection)  # type: ignore[arg-type]
    with pytest.raises(DBAPIError) as refused:
        async with connection.begin_nested():
            await connection.execute(text(REFUSED[rule]))
    # A constraint, a unique index, or that the level is worked from the points alone.
    assert getattr(refused.value.orig, "sqlstate", None) in {"23514", "23505", "428C9"}


async def test_t113_a_child_goes_with_everything_of_its_own(connection: AsyncConnection) -> None:
    await settle(connection)  # type: ignore[arg-type]
    owned = await connection.execute(
        text("""
            SELECT conrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND confrelid = 'children.children'::regclass AND confdeltype = 'c'
        """)
    )
    tables = list(owned.scalars())
    assert len(tables) >= 13
    before = await _rows_of(connection, tables)
    assert before > 20
    await connection.execute(text("DELETE FROM children.children WHERE id = 1"))
    assert await _rows_of(connection, tables) == 0


async def test_t113_a_parent_with_children_is_not_deleted(connection: AsyncConnection) -> None:
    await settle(connection, sessions=False)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        async with connection.begin_nested():
            await connection.execute(text("DELETE FROM muster.auth_users WHERE id = 1"))


async def _rows_of(connection: AsyncConnection, tables: list[str]) -> int:
    counts = " + ".join(f"(SELECT count(*) FROM {table} WHERE child_id = 1)" for table in tables)
    total: int = (await connection.execute(text(f"SELECT {counts}"))).scalar_one()
    return total
