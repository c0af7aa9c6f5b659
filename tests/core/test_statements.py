"""Statements by fingerprint: one shape one entry, no values kept, slow ones and repeated ones told."""

import asyncio
import json
import subprocess
import sys

import httpx
import pytest
from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.core import telemetry
from service.core.auth import needs
from service.core.columns import copy_columns
from service.core.database import Database, copy_rows
from service.core.inbound import Reading
from service.core.settings import DatabaseSettings
from service.core.telemetry.fingerprint import fingerprint, normalized
from service.core.telemetry.statements import MOST, OTHER, REPEATS, Statement, Statements
from tests.core.whole import whole
from tests.support.owners import ROOT

SHAPES = [
    ("SELECT a FROM t WHERE b = 17", "SELECT a\n  FROM t -- why\n  WHERE b = $1"),
    ("SELECT a FROM t WHERE b = 'it''s'", "SELECT a FROM t WHERE b = E'a\\'b'"),
    ("SELECT a FROM t WHERE b IN ($1)", "SELECT a FROM t WHERE b IN ($1, $2,  $3)"),
    (
        "SELECT a FROM t WHERE b IN ($1::BIGINT) AND c = $2::VARCHAR",
        "SELECT a FROM t WHERE b IN ($1::BIGINT, $2::BIGINT) AND c = $3::VARCHAR",
    ),
    (
        "SELECT a FROM t WHERE b IN ($1::TIMESTAMP WITH TIME ZONE)",
        "SELECT a FROM t WHERE b IN ( $1::TIMESTAMP WITH TIME ZONE, $2::TIMESTAMP WITH TIME ZONE )",
    ),
    (
        "SELECT a FROM t WHERE (b, c) IN (($1, $2))",
        "SELECT a FROM t WHERE (b, c) IN (($1, $2), ($3, $4), ($5, $6))",
    ),
    (
        "INSERT INTO t (a, b) VALUES ($1, now())",
        "INSERT INTO t (a, b) VALUES ($1, now()), ($2, now()), ($3, now())",
    ),
    ("SELECT ARRAY[$1, $2]", "SELECT ARRAY[-- one\n$1]"),
    ("SELECT $tag$secret$tag$, x'ff', 1.5e-3, .5", "SELECT 'a', b'1', 7, 8"),
    ("SET LOCAL statement_timeout = 90000", "SET LOCAL lock_timeout = 1"),
    ("CREATE TABLE a (b int)", "CREATE TABLE c (d text)"),
]
OTHER_SHAPES = [
    ("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE c = 1"),
    ('SELECT "a 1" FROM t', 'SELECT "a 2" FROM t'),
    ("SELECT e01 FROM t", "SELECT e02 FROM t"),
    ("SELECT f(1)", "SELECT f(1, 2)"),
]


@pytest.mark.parametrize(("one", "other"), SHAPES)
def test_the_same_shape_is_one_fingerprint_without_values(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)
    assert not any(word in normalized(one) for word in ("17", "it", "secret", "90000", "$", "--"))


@pytest.mark.parametrize(("one", "other"), OTHER_SHAPES)
def test_another_shape_is_another_fingerprint(one: str, other: str) -> None:
    assert fingerprint(normalized(one)) != fingerprint(normalized(other))


def test_very_long_lists_are_one_fingerprint_too() -> None:
    lists = [", ".join(f"${number}::BIGINT" for number in range(1, count)) for count in (5_000, 30_000)]
    one, other = (normalized(f"SELECT a FROM t WHERE b IN ({values})") for values in lists)
    assert one == other


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    assert fingerprint("SELECT ?") == "c148796e1220075a"


def test_more_fingerprints_than_are_kept_are_counted_together() -> None:
    statements = Statements()
    for number in range(MOST + 20):
        statements.record(f"SELECT c{number} FROM t", 0.001, 1)
    seen = {one.fingerprint: one for one in statements}
    assert len(seen) == MOST + 1
    assert (seen[OTHER].times.count, seen[OTHER].rows, seen[OTHER].text) == (20, 20, "all other statements")
    for number in range(30_000):
        statements.record(f"SELECT c1 FROM t WHERE a = {number}", 0.001, 0)
    assert len(statements._by_text) <= 20 * MOST
    assert statements.totals().count == MOST + 20 + 30_000


async def of(database: Database, part: str) -> Statement:
    (found,) = [one for one in database.statements if part in one.text]
    return found


async def test_calls_rows_and_errors_are_counted_however_a_statement_is_sent(database: Database) -> None:
    async with database.write() as conn:
        rows = [(f"s{number}", 1) for number in range(5)]
        await copy_rows(conn, "data_version", ["scope", "version"], rows, schema="muster")
        for names in (["s1"], ["s2", "s3"], ["s1", "s2", "s4", "s0"]):
            query = text("SELECT scope FROM muster.data_version WHERE scope = ANY(:names)")
            await conn.execute(query, {"names": names})
        update = text("UPDATE muster.data_version SET version = 2 WHERE scope = :scope")
        await conn.execute(update, [{"scope": "s1"}, {"scope": "s2"}])
    async with database.read() as conn:
        await copy_columns(conn, "SELECT 1::int4 FROM muster.data_version", {"a": "int4"})
    for _ in range(2):
        with pytest.raises(DBAPIError):
            async with database.read() as conn:
                await conn.execute(text("SELECT 1 / CAST(:nothing AS int)"), {"nothing": 0})
    counted = {
        part: ((one := await of(database, part)).times.count, one.rows, one.errors)
        for part in ("COPY muster.data_version", "ANY(", "UPDATE", "TO STDOUT", "SELECT ? / CAST", "COMMIT")
    }
    assert counted == {
        "COPY muster.data_version": (1, 5, 0),
        "ANY(": (3, 7, 0),
        "UPDATE": (1, 2, 0),
        "TO STDOUT": (1, 5, 0),
        "SELECT ? / CAST": (2, 0, 2),
        "COMMIT": (1, 0, 0),
    }


async def test_the_wait_for_a_connection_is_no_part_of_a_statement(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(pool_size=1, max_overflow=0))
    await database.open()
    token = telemetry._timings.set(telemetry.Timings())
    try:
        async with database.read() as held:
            await held.execute(text("SELECT 1"))
            waiting = asyncio.create_task(versions(database))
            await asyncio.sleep(0.3)
            assert database.pools()[0].waiting == 1
        await waiting
        measured = telemetry.timings()
    finally:
        telemetry._timings.reset(token)
        waits = database.pools()[0].window.waits
        await database.close()
    statement = await of(database, "data_version")
    assert waits.greatest >= 0.25
    assert measured.seconds["pool"] == waits.greatest
    assert statement.times.total + 0.2 < waits.greatest + measured.seconds["db"]
    assert statement.times.total < measured.seconds["db"]


async def versions(database: Database) -> None:
    async with database.read() as conn:
        await conn.execute(text("SELECT scope FROM muster.data_version"))


def test_slow_and_repeated_statements_are_told_without_their_values() -> None:
    command = [sys.executable, "-m", "tests.core.statement_process"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    repeated, slow = [json.loads(line) for line in ended.stderr.splitlines()]
    assert not any(name in ended.stderr for name in ("Ada", "Eve", "id = 3"))
    assert repeated == repeated | {
        "event": "statement_repeated",
        "level": "warning",
        "request_id": "given-1",
        "route": "/v1/people/{person}",
        "statement": "SELECT name FROM person WHERE id = ? AND name <> ?",
        "times": 4,
    }
    assert slow == slow | {
        "event": "slow_statement",
        "level": "warning",
        "request_id": "run-7",
        "route": None,
        "statement": "SELECT name FROM person WHERE name IN (?)",
        "fingerprint": fingerprint("SELECT name FROM person WHERE name IN (?)"),
        "ms": 750.0,
        "rows": 2,
    }


async def test_statements_from_the_threshold_on_are_slow(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(slow_statement=0.05))
    await database.open()
    try:
        async with database.read() as conn:
            await conn.execute(text("SELECT pg_sleep(CAST(:how AS float))"), {"how": 0.06})
    finally:
        await database.close()
    assert (await of(database, "pg_sleep")).slow == 1


looping = APIRouter(prefix="/v1/looping", dependencies=[Depends(needs())])


@looping.get("/{times}")
async def loop(times: int, conn: Reading, why: str | None = None) -> dict[str, int]:
    """A row at a time."""
    if why is not None:
        telemetry.expect_repeats(why)
    for number in range(times):
        await conn.execute(text("SELECT CAST(:number AS int)"), {"number": number})
    return {"times": times}


async def test_a_request_that_repeats_a_statement_is_noted_once(database_url: str) -> None:
    async with whole(database_url, database={"repeats": 5}) as house, house.client() as client:
        house.app.include_router(looping)
        await fetch(client, "/v1/looping/5")
        await fetch(client, "/v1/looping/40?why=it+waits")
        assert list(REPEATS) == []
        await fetch(client, "/v1/looping/12")
    repeat = REPEATS.pop()  # left there, it would fail this test
    assert not REPEATS
    assert (repeat.route, repeat.times, repeat.text) == ("/v1/looping/{times}", 6, "SELECT CAST(? AS int)")


async def fetch(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_work_that_is_no_request_may_repeat(database_url: str) -> None:
    database = Database(database_url, DatabaseSettings(repeats=1))
    await database.open()
    try:
        for _ in range(5):
            await versions(database)
    finally:
        await database.close()
    assert (await of(database, "data_version")).times.count == 5
