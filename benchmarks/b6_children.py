"""B6: figures of children: 4,000 children, 400,000 sessions (B6_CHILDREN), by the desk's own statements.

Summary of one child over 30 days against the same aggregate in plain SQL, and dashboard and caseload of a
professional of 20 children. `python -m benchmarks b6`; B6_CHILDREN and B6_ROUNDS make it smaller.
"""

import os
from datetime import UTC, datetime

import uvloop
from sqlalchemy import text

from benchmarks.ground import database, interleaved
from benchmarks.printing import tell
from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import select_figures
from service.children.rules.windows import Span
from service.core.auth import Caller
from service.core.database import Database

CHILDREN = int(os.environ.get("B6_CHILDREN", "4000"))
ROUNDS = int(os.environ.get("B6_ROUNDS", "30"))
GOAL = 3
"""The check of who may see the child, and every figure of D7.4, on top of the aggregate alone."""
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PARENT = Caller("person:1", "p", "token", frozenset({"analytics:read"}), person=1)
DATA = (
    """INSERT INTO muster.auth_users (id, email, first_name, last_name, role, status)
       OVERRIDING SYSTEM VALUE VALUES (1, 'p@example.org', 'P', 'P', 'parent', 'active')""",
    """INSERT INTO children.children (id, parent_id, name, date_of_birth) OVERRIDING SYSTEM VALUE
       SELECT n, 1, 'Child', '2017-01-01' FROM generate_series(1, CAST(:children AS int)) AS n""",
    """INSERT INTO children.child_guardians (child_id, user_id, relation, access)
       SELECT n, 1, 'other', 'primary' FROM generate_series(1, 20) AS n""",
    """INSERT INTO children.game_sessions (child_id, started_at, ended_at, session_type, scenario_name,
           completion_status, duration_seconds, score, interactions_count, created_by)
       SELECT n, t.at, t.at + interval '5 minutes', 'dental_visit', 'Chair', 'completed', 300, k, 30, 'system'
       FROM generate_series(1, CAST(:children AS int)) AS n, generate_series(1, 100) AS k,
            LATERAL (SELECT timestamptz '2026-11-01' - k * interval '31 hours' AS at) AS t""",
    "ANALYZE children.game_sessions, children.children, children.child_guardians",
)
PLAIN = text("""
    SELECT count(*), avg(score), avg(engagement_score), avg(accuracy_pct) FROM children.game_sessions
    WHERE child_id = ANY (CAST(:ids AS bigint[])) AND deleted_at IS NULL
      AND started_at >= timestamptz '2026-10-03' AND started_at < timestamptz '2026-11-02' GROUP BY child_id
""")


async def ours(db: Database, children: list[int] | None, *parts: str) -> None:
    """The statement of the desk."""
    asking = Asking(span=Span(days=30), now=NOW, children=children)
    async with db.read() as conn:
        await select_figures(conn, PARENT, asking, parts)


async def plain(db: Database, ids: list[int]) -> None:
    """The aggregate alone."""
    async with db.read() as conn:
        (await conn.execute(PLAIN, {"ids": ids})).all()


async def measure() -> None:
    """One child, and all that somebody may see."""
    async with database() as db:
        async with db.write(timeout=900) as conn:
            for statement in DATA:
                values = {"children": CHILDREN} if ":children" in statement else {}
                await conn.execute(text(statement), values)
        one = await interleaved(
            {
                "summary": lambda: ours(db, [7], "summary", "emotions"),
                "plain SQL": lambda: plain(db, [7]),
                "everything": lambda: ours(db, [7], "summary", "emotions", "trends", "series", "types"),
            },
            ROUNDS,
        )
        tell(f"B6, one of {CHILDREN} children over 30 days", one, "summary", "plain SQL", GOAL)
        ids = list(range(1, 21))
        several = await interleaved(
            {
                "dashboard": lambda: ours(db, None, "lately", "lately_around", "latest", "points"),
                "caseload": lambda: ours(db, None, "summary", "emotions", "trends"),
                "plain SQL": lambda: plain(db, ids),
                "a statement each": lambda: _each(db, ids),
            },
            ROUNDS,
        )
        tell("B6, 20 children at once", several, "caseload", "a statement each", 1)


async def _each(db: Database, ids: list[int]) -> None:
    """What N+1 would be."""
    for child in ids:
        await ours(db, [child], "summary", "emotions", "trends")


def main() -> None:
    """At the size of the environment."""
    uvloop.run(measure())


if __name__ == "__main__":
    main()
