"""Figures of one child read its sessions of the window by the index of lists, however many others there are."""

from datetime import UTC, date, datetime

from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import select_figures
from service.children.rules.windows import Span
from tests.attendance.plans import captured, explained, indexes, read_of
from tests.children.house import House
from tests.children.test_door import caller

MANY = """
    INSERT INTO children.children (id, parent_id, name, date_of_birth) OVERRIDING SYSTEM VALUE
    SELECT 5000 + n, 2, 'Many', '2017-01-01' FROM generate_series(1, 200) AS n;
    INSERT INTO children.game_sessions (child_id, started_at, ended_at, session_type, scenario_name,
        completion_status, duration_seconds, created_by)
    SELECT 5000 + n, t.at, t.at + interval '5 minutes', 'dental_visit', 'Chair', 'completed', 300, 'system'
    FROM generate_series(1, 200) AS n, generate_series(1, 100) AS k,
         LATERAL (SELECT timestamptz '2025-06-29' - k * interval '31 hours' AS at) AS t;
    INSERT INTO children.child_guardians (child_id, user_id, relation, access) VALUES (5007, 1, 'father', 'full');
    ANALYZE children.game_sessions, children.children, children.child_guardians
"""


async def test_t099_a_summary_reads_by_the_keyset_index_and_only_its_window(house: House) -> None:
    for statement in MANY.split(";"):
        await house.sql(statement)
    span = Span(first=date(2025, 6, 1), last=date(2025, 6, 28))
    asking = Asking(span=span, now=datetime(2025, 7, 1, tzinfo=UTC), children=[5007])
    async with house.runtime.database.read() as conn:
        for parts in (("summary",), ("summary", "emotions"), ("summary", "trends"), ("summary", "series")):
            with captured(conn) as seen:
                await select_figures(conn, caller("G1"), asking, parts)
            plan = await explained(conn, *seen[-1])
            by = {name for name in indexes(plan) if "game_sessions" in name}
            assert by == {"ix_game_sessions_child_keyset"}
            assert read_of(plan, "game_sessions") <= 22  # of 20,000: those of four weeks


async def test_the_longest_window_is_answered_within_the_limit_of_a_request(house: House) -> None:
    """3,000 sessions of a child in a year are far more than one plays."""
    await house.sql(
        """INSERT INTO children.game_sessions (child_id, started_at, ended_at, session_type, scenario_name,
               completion_status, duration_seconds, score, interactions_count, created_by)
           SELECT 1, t.at, t.at + interval '5 minutes', 'dental_visit', 'Chair', 'completed', 300, k % 100, 9, 'system'
           FROM generate_series(1, 3000) AS k,
                LATERAL (SELECT timestamptz '2024-12-31' - k * interval '2 hours' AS at) AS t"""
    )
    window = {"from": "2024-01-01", "to": "2024-12-31", "bucket": "day"}
    answer = await house.ask("G1", "GET", "/1/analytics", params=window)
    assert answer.status_code == 200
    assert answer.json()["summary"]["total"] == 3000
    assert len(answer.json()["timeseries"]["buckets"]) == 366
