"""T99: how a page of a child's sessions is read, among many sessions."""

from sqlalchemy import text

from service.children.queries.pages import select_page
from service.children.queries.sessions import keys_of, sessions_like
from service.core.auth import Caller
from service.core.paging import Cursors, Paging
from service.schemas.children.play import SessionsAsk
from tests.attendance.plans import captured, explained, indexes, read_of
from tests.children.house import House

_CHILDREN = """
    INSERT INTO children.children (id, parent_id, name, date_of_birth) OVERRIDING SYSTEM VALUE
    SELECT n, 2, 'Child', '2018-01-01' FROM generate_series(3, 50) AS n
"""
_MANY = """
    INSERT INTO children.game_sessions (child_id, session_type, scenario_name, started_at, score, created_by)
    SELECT 1 + n % 50, 'daily_routine', 'Morning', now() - n * interval '1 minute', n % 100, 'x'
    FROM generate_series(1, 20000) AS n
"""


async def test_t099_a_page_is_read_from_the_index_at_any_depth(shared: House) -> None:
    """One index, no sort, and no more rows than the page has: the first page and one far behind."""
    await shared.sql(_CHILDREN)
    await shared.sql(_MANY)
    await shared.sql("ANALYZE children.game_sessions")
    caller = Caller("person:1", "G1", "token", frozenset(), person=1)
    cursors = Cursors(["k" * 32])
    ask = SessionsAsk()
    deep = await shared.sql(
        "SELECT started_at, id FROM children.game_sessions WHERE child_id = 1 ORDER BY 1, 2 LIMIT 1 OFFSET 200"
    )
    keys = keys_of(ask)
    for place in (None, tuple(deep[0])):
        paging = Paging(cursors, ask, "sessions", keys)
        paging.place = place
        async with shared.runtime.database.snapshot() as conn:
            with captured(conn) as sent:
                _, rows = await select_page(conn, caller, 1, paging.narrow(sessions_like(1, ask)), keys)
            [(statement, values)] = [one for one in sent if "game_sessions" in one[0]]
            await conn.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
            plan = await explained(conn, statement, values)
        assert len(rows) == 21
        assert "ix_game_sessions_child_keyset" in indexes(plan)
        assert "Sort" not in {node["Node Type"] for node in plan}
        assert read_of(plan, "game_sessions") <= 21
