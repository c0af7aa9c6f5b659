"""Sessions of play taken in by the hundred over HTTP, beside the same rows inserted and copied plainly.

All three write into the same table with the same indexes and a stock of sessions. Ours also checks each
session, who may send it and the guardians' consent, gives points and achievements, and writes the audit and
the data versions; the sender shares its process. Then what the indexes of the predecessor cost: the same rows
into a copy of the table with all (parity) and one without numbers 8 and 10 to 13 (lean: spec B4).
`python -m benchmarks ingest`; INGEST_SESSIONS, INGEST_STOCK and INGEST_ROUNDS make it smaller.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import uvloop
from sqlalchemy import text

from benchmarks.ground import database, interleaved
from benchmarks.printing import heading, judge, note, tell, times
from service.access.access_tokens import Claims, mint
from service.access.authenticator import open_authenticator
from service.app import create_app
from service.children.queries.recorded import insert_records
from service.core.database import Database, copy_rows
from service.core.runtime import open_runtime
from service.core.settings import Settings

SESSIONS: Final = int(os.environ.get("INGEST_SESSIONS", "100000"))
STOCK: Final = int(os.environ.get("INGEST_STOCK", "400000"))
ROUNDS: Final = int(os.environ.get("INGEST_ROUNDS", "3"))
BATCH: Final = 100
SENDERS: Final = 4
WARM_UP: Final = 20
CHILDREN: Final = max(1, SESSIONS // BATCH)
SECRET: Final = "b" * 32
LEAN: Final = (
    "child_id_started_at_completion_status",
    "child_id_score_started_at",
    "duration_seconds_interactions_count",
    "scenario_id_scenario_version_completion_status",
    "child_id_parent_rating_started_at",
)
"""Numbers 8 and 10 to 13 of the predecessor's indexes, by their columns."""
_FAMILY = (
    """INSERT INTO muster.auth_users (id, email, first_name, last_name, role, status, is_verified,
                                      email_verified_at)
       OVERRIDING SYSTEM VALUE VALUES (1, 'b@example.org', 'B', 'B', 'parent', 'active', true, now())""",
    """INSERT INTO children.children (id, parent_id, name, date_of_birth) OVERRIDING SYSTEM VALUE
       SELECT n, 1, 'Child', '2018-01-01' FROM generate_series(1, {children}) AS n""",
    """INSERT INTO children.child_guardians (child_id, user_id, relation, access)
       SELECT id, 1, 'other', 'primary' FROM children.children""",
    """INSERT INTO children.consents (child_id, granted_by, purpose, policy_version)
       SELECT id, 1, 'processing', '2026-01' FROM children.children""",
    "ANALYZE children.children",
    "ANALYZE children.child_guardians",
)
_STOCK = """
    INSERT INTO {table} (child_id, session_type, scenario_name, scenario_id, scenario_version, started_at,
        ended_at, duration_seconds, completion_status, score, interactions_count, correct_responses,
        created_by)
    SELECT 1 + n * 7919::bigint % {children},
        (ARRAY['dental_visit', 'therapy_session', 'social_scenario'])[1 + n % 3],
        'Scenario', 's' || n % 50, '1.' || n % 5, at, at + interval '10 minutes', 600, 'completed',
        (n * 31::bigint % 100)::int, 40 + n % 50, n % 40, 'bench'
    FROM generate_series({first}, {last}) AS n,
        LATERAL (SELECT timestamptz '2026-01-01' + n * interval '47 s') AS clock (at)
"""


def records(child: int, now: datetime) -> list[dict[str, Any]]:
    """A hundred sessions of one child within the last week, as its device sends them."""
    return [
        {
            "child_id": child,
            "client_session_id": str(uuid4()),
            "session_type": "dental_visit" if number % 2 else "social_scenario",
            "scenario_name": "The dentist's chair",
            "scenario_id": f"s{number % 50}",
            "scenario_version": "2.1",
            "started_at": (now - timedelta(hours=1 + number)).isoformat(),
            "ended_at": (now - timedelta(hours=1 + number, minutes=-15)).isoformat(),
            "score": number,
            "interactions_count": 60,
            "correct_responses": 45,
            "incorrect_responses": 15,
            "help_requests": 2,
            "initial_state": "anxious",
            "final_state": "calm",
            "device_type": "tablet",
        }
        for number in range(BATCH)
    ]


def batches(number: int = CHILDREN) -> Iterator[list[dict[str, Any]]]:
    """All sessions, a batch for each child."""
    now = datetime.now(UTC)
    return (records(child, now) for child in range(1, number + 1))


async def sent(http: httpx.AsyncClient, number: int = CHILDREN) -> None:
    """Send them all, by a few devices at once."""
    waiting = batches(number)

    async def send() -> None:
        for items in waiting:
            answer = await http.post("/v1/children/sessions/batch", json={"items": items})
            if answer.text.count('"created"') != BATCH:
                raise RuntimeError(f"a batch was not kept: {answer.text[:500]}")

    await asyncio.gather(*(send() for _ in range(SENDERS)))


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    nothing = {"levels_completed": 0, "max_level_reached": 0, "hint_usage_count": 0, "pause_count": 0}
    return {
        **record,
        **nothing,
        "total_pause_seconds": 0,
        "duration_seconds": 900,
        "emotional_data": {},
        "interaction_patterns": {},
        "completion_status": "completed",
        "achievements_unlocked": [],
        "progress_markers": [],
        "support_person_present": False,
        "session_data_quality": "good",
        "created_by": "bench",
    }


async def inserted(db: Database) -> None:
    """The same rows by the same statement, a transaction for each hundred, and nothing else."""
    for items in batches():
        async with db.write() as conn:
            await insert_records(conn, [_plain(item) for item in items])


async def copied(db: Database) -> None:
    """The same rows by one COPY."""
    first = _plain(next(batches())[0])
    names = [name for name in first if name not in ("emotional_data", "interaction_patterns")]

    def row(record: dict[str, Any]) -> list[Any]:
        whole = _plain(record)
        for name in ("started_at", "ended_at"):
            whole[name] = datetime.fromisoformat(whole[name])
        return [whole[name] for name in names]

    rows = (row(item) for items in batches() for item in items)
    async with db.write(timeout=600) as conn:
        await copy_rows(conn, "game_sessions", names, rows, schema="children")


async def intake(db: Database) -> None:
    """Ours, plain inserts and COPY, in turn, into the table with its stock."""
    given = {"database": {"url": db.url}, "secret_keys": [SECRET], "log": {"level": "WARNING"}}
    unlimited = {"access": {"person_per_minute": 0}}
    settings = Settings.model_validate({**given, **unlimited})
    async with open_runtime(settings, [], open_authenticator) as runtime:
        app = create_app(settings, runtime)
        async with app.router.lifespan_context(app):
            token = mint([SECRET], Claims(person=1, version=0), timedelta(hours=1))
            access = {"Authorization": f"Bearer {token}"}
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://muster.test", headers=access, timeout=120
            ) as http:
                seconds: dict[str, list[float]] = {"batches": [], "inserts": [], "copy": []}
                works = {
                    "batches": lambda: sent(http),
                    "inserts": lambda: inserted(db),
                    "copy": lambda: copied(db),
                }
                await sent(http, min(WARM_UP, CHILDREN))
                for _ in range(ROUNDS):
                    for name, work in works.items():
                        started = time.perf_counter()
                        await work()
                        seconds[name].append(time.perf_counter() - started)
    title = f"{SESSIONS:,} sessions in batches of {BATCH} by {SENDERS} senders, {CHILDREN:,} children"
    tell(title, seconds, "batches", "inserts", 4)
    ratio = statistics.median(a / b for a, b in zip(seconds["batches"], seconds["copy"], strict=True))
    note(f"batches / copy: {ratio:.2f}")
    note(f"{SESSIONS / statistics.median(seconds['batches']):,.0f} sessions a second")


async def index_cost(db: Database) -> None:
    """The same rows into a table with all indexes and into one with the lean set, which grow alike."""
    async with db.write(timeout=600) as conn:
        for name in ("parity", "lean"):
            await conn.execute(
                text(f"CREATE TABLE children.{name} (LIKE children.game_sessions INCLUDING ALL)")
            )
        for columns in LEAN:
            await conn.execute(text(f"DROP INDEX children.lean_{columns}_idx"))
        for name in ("parity", "lean"):
            await conn.execute(text(_stock(f"children.{name}", 1, STOCK)))
    grown = dict.fromkeys(("parity", "lean"), STOCK)

    async def grow(name: str) -> None:
        first = grown[name] + 1
        grown[name] += SESSIONS
        async with db.write(timeout=600) as conn:
            await conn.execute(text(_stock(f"children.{name}", first, grown[name])))

    seconds = await interleaved(
        {"parity": lambda: grow("parity"), "lean": lambda: grow("lean")}, ROUNDS, warm_up=0
    )
    heading(f"Indexes: {SESSIONS:,} rows more into {STOCK:,}")
    for name, spent in seconds.items():
        times(name, spent)
        note(f"{name}: {await _indexes(db, name)}")
    judge("parity / lean", statistics.median(a / b for a, b in zip(*seconds.values(), strict=True)), 4)


async def _indexes(db: Database, table: str) -> str:
    async with db.read() as conn:
        row = (
            await conn.execute(
                text("SELECT count(*), sum(pg_relation_size(indexrelid)) FROM pg_index WHERE indrelid = "
                     "CAST(:t AS regclass)"), {"t": f"children.{table}"},
            )
        ).one()  # fmt: skip
    return f"{row[0]} indexes, {row[1] / 2**20:.0f} MiB"


def _stock(table: str, first: int, last: int) -> str:
    return _STOCK.format(table=table, first=first, last=last, children=CHILDREN)


async def measure() -> None:
    """Both, over one cluster."""
    async with database() as db:
        async with db.write(timeout=600) as conn:
            for statement in _FAMILY:
                await conn.execute(text(statement.format(children=CHILDREN)))
            await conn.execute(text(_stock("children.game_sessions", 1, STOCK)))
            await conn.execute(text("ANALYZE children.game_sessions"))
        await intake(db)
        await index_cost(db)


def main() -> None:
    """All of it."""
    uvloop.run(measure())


if __name__ == "__main__":
    main()
