"""B6: the children's desk on 4,000 children, 400,000 sessions (B6_CHILDREN), by the desk's own statements.

Each against the same in plain SQL, and against what N+1 would be: an ORM that fetches the rows of each child
and works in Python. Then whole requests in one process beside the budgets of D14. `python -m benchmarks b6`;
B6_CHILDREN and B6_ROUNDS make it smaller.
"""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import uvloop
from sqlalchemy import text

from benchmarks.b6_answers import answers
from benchmarks.b6_peers import Peers
from benchmarks.ground import database, interleaved
from benchmarks.printing import heading, judge, note, ratio_of, tell, times
from service.children.play.reading import rows_of
from service.children.queries.figures.asked import Asking
from service.children.queries.figures.reading import select_figures
from service.children.queries.listed import NEWEST_FIRST, Filter, children_of
from service.children.queries.paged import read_page
from service.children.queries.sessions import keys_of, sessions_like
from service.children.rules.windows import Span
from service.core.auth import Caller
from service.core.database import Database
from service.core.paging import Cursors, Paging
from service.schemas.children.family import ChildrenAsk
from service.schemas.children.play import SessionsAsk

CHILDREN = int(os.environ.get("B6_CHILDREN", "4000"))
ROUNDS = int(os.environ.get("B6_ROUNDS", "30"))
SEEN, LIMIT, DEEP, DIARY = 20, 20, 1000, 20_100
"""Children that somebody sees; items of a page; the last page; sessions of the one child who has so many."""
GOAL, PAGES, LAZY = 2.5, 1.5, 1.0
"""Ours against plain SQL (it answers who may see the child and all of D7.4); page 1,000 against page 1; and
never slower than N+1."""
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DIARIST = Caller("person:2", "d", "token", frozenset({"analytics:read"}), person=2)
PARENT = Caller("person:1", "p", "token", frozenset({"analytics:read"}), person=1)
CURSORS = Cursors(["benchmark" * 4])
_PLAYED = """INSERT INTO children.game_sessions (child_id, started_at, ended_at, session_type, scenario_name,
        completion_status, duration_seconds, score, interactions_count, created_by)
    SELECT {child}, t.at, t.at + interval '5 minutes', 'dental_visit', 'Chair', 'completed', 300, k % 101,
           30, 'system'
    FROM {rows}, LATERAL (SELECT timestamptz '2026-11-01' - k * interval '{apart}' AS at) AS t"""
DATA = (
    """INSERT INTO muster.auth_users (id, email, first_name, last_name, role, status)
       OVERRIDING SYSTEM VALUE
       SELECT n, n || '@example.org', 'P', 'P', 'parent', 'active' FROM generate_series(1, 2) AS n""",
    """INSERT INTO children.children (id, parent_id, name, date_of_birth) OVERRIDING SYSTEM VALUE
       SELECT n, 1, 'Child', '2017-01-01' FROM generate_series(1, CAST(:children AS int) + 1) AS n""",
    f"""INSERT INTO children.child_guardians (child_id, user_id, relation, access)
       SELECT n, 1, 'other', 'primary' FROM generate_series(1, {SEEN}) AS n""",
    """INSERT INTO children.child_guardians (child_id, user_id, relation, access)
       SELECT CAST(:children AS int) + 1, 2, 'other', 'primary'
       UNION ALL SELECT n, 2, 'other', 'full' FROM generate_series(1, 4) AS n""",
    """INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)
       SELECT n, 1, 'processing', '2026-01' FROM generate_series(1, CAST(:children AS int) + 1) AS n""",
    _PLAYED.format(
        child="n",
        rows="generate_series(1, CAST(:children AS int)) AS n, generate_series(1, 100) AS k",
        apart="31 hours",
    ),
    _PLAYED.format(
        child="CAST(:children AS int) + 1", rows=f"generate_series(1, {DIARY}) AS k", apart="1 hour"
    ),
    "ANALYZE children.game_sessions, children.children, children.child_guardians",
)


async def fill(db: Database) -> None:
    """The children, one of them with a diary of a thousand pages, and somebody who sees some of them."""
    async with db.write(timeout=900) as conn:
        for statement in DATA:
            await conn.execute(text(statement), {"children": CHILDREN} if ":children" in statement else {})


async def figures(db: Database, children: list[int] | None, *parts: str) -> None:
    """The desk's statement of figures over 30 days."""
    asking = Asking(span=Span(days=30), now=NOW, children=children)
    async with db.read() as conn:
        await select_figures(conn, PARENT, asking, parts)


async def sessions_page(db: Database, child: int, cursor: str | None) -> str | None:
    """A page of sessions of the diary; the cursor of the next."""
    ask = SessionsAsk(limit=LIMIT, cursor=cursor)
    keys = keys_of(ask)
    paging = Paging(CURSORS, ask, f"children/{child}/sessions", keys)
    _, page = await rows_of(db, DIARIST, child, sessions_like(child, ask), paging, keys, "session.list")
    return page.next


async def children_page(db: Database) -> None:
    """A page of the children that somebody sees."""
    async with db.read() as conn:
        listed = ("children", NEWEST_FIRST, children_of(PARENT, Filter()))
        await read_page(conn, PARENT, CURSORS, ChildrenAsk(limit=LIMIT), listed)


def cursor_before(child: int) -> str:
    """The place before page 1,000 of the diary, whose sessions lie an hour apart."""
    ask = SessionsAsk(limit=LIMIT)
    keys = keys_of(ask)
    paging = Paging(CURSORS, ask, f"children/{child}/sessions", keys)
    place = NOW - timedelta(hours=LIMIT * (DEEP - 1))
    rows = [_Place(place, 0)] * (LIMIT + 1)
    _, page = paging.page(rows)
    assert page.next is not None
    return page.next


class _Place:
    def __init__(self, started_at: datetime, number: int) -> None:
        self.started_at = started_at
        self.id = number


async def measure() -> None:
    """All of it on one database."""
    async with database() as db:
        await fill(db)
        peers = Peers(db, NOW, LIMIT)
        await _of_one(db, peers)
        await _pages(db, peers)
        await _of_several(db, peers)
        await answers(db, ROUNDS, CHILDREN + 1)


async def _of_one(db: Database, peers: Peers) -> None:
    works: dict[str, Callable[[], Awaitable[object]]] = {
        "summary": lambda: figures(db, [7], "summary", "emotions"),
        "plain SQL": lambda: peers.summary([7]),
        "N+1 ORM": lambda: peers.lazy_summary([7]),
        "everything": lambda: figures(db, [7], "summary", "emotions", "trends", "series", "types"),
    }
    seconds = await interleaved(works, ROUNDS, warm_up=8)
    tell(f"B6, summary of one of {CHILDREN} children over 30 days", seconds, "summary", "plain SQL", GOAL)


async def _pages(db: Database, peers: Peers) -> None:
    diary = CHILDREN + 1
    deep = cursor_before(diary)
    works: dict[str, Callable[[], Awaitable[object]]] = {
        "page 1": lambda: sessions_page(db, diary, None),
        f"page {DEEP}": lambda: sessions_page(db, diary, deep),
        "plain SQL": lambda: peers.sessions(diary),
        f"OFFSET, page {DEEP}": lambda: peers.sessions(diary, offset=LIMIT * (DEEP - 1)),
        "N+1 ORM": lambda: peers.lazy_sessions(diary),
    }
    seconds = await interleaved(works, ROUNDS, warm_up=8)
    tell(f"B6, sessions of a child with {DIARY} of them", seconds, f"page {DEEP}", "page 1", PAGES)
    judge("page 1 / N+1 ORM", ratio_of(seconds, "page 1", "N+1 ORM"), LAZY)
    note(f"page 1 / plain SQL: {ratio_of(seconds, 'page 1', 'plain SQL'):.2f}")


async def _of_several(db: Database, peers: Peers) -> None:
    ids = list(range(1, SEEN + 1))
    await _beside(
        "children list",
        {
            "children list": lambda: children_page(db),
            "plain SQL": peers.children,
            "N+1 ORM": peers.lazy_children,
        },
    )
    await _beside(
        "dashboard",
        {
            "dashboard": lambda: figures(db, None, "lately", "lately_around", "latest", "points"),
            "plain SQL": lambda: peers.dashboard(ids),
            "N+1 ORM": lambda: peers.lazy_dashboard(ids),
        },
    )
    await _beside(
        "caseload",
        {
            "caseload": lambda: figures(db, None, "summary", "emotions", "trends"),
            "plain SQL": lambda: peers.summary(ids),
            "N+1 ORM": lambda: peers.lazy_summary(ids),
        },
    )


async def _beside(name: str, works: dict[str, Callable[[], Awaitable[object]]]) -> None:
    seconds = await interleaved(works, ROUNDS, warm_up=8)
    heading(f"B6, {name} of {SEEN} children")
    for work, values in seconds.items():
        times(work, values)
    judge(f"{name} / N+1 ORM", ratio_of(seconds, name, "N+1 ORM"), LAZY)
    # Counts and means alone, of children told by name: a floor and no rival, so nothing is judged by it.
    note(f"{name} / plain SQL: {ratio_of(seconds, name, 'plain SQL'):.2f}")


def main() -> None:
    """At the size of the environment."""
    uvloop.run(measure())


if __name__ == "__main__":
    main()
