"""Data versions: raised with the commit, announced, polled, never older, never twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from service.core.database import Database
from service.core.errors import BadRequest
from service.core.versions import (
    LARGEST_PAYLOAD,
    Versions,
    parse_token,
    raise_versions,
    read_versions,
    token,
)
from tests.support.eventually import eventually

SITE = "attendance/2026-10/Villas"
MONTH = "attendance/2026-10"


async def raised(database: Database, *scopes: str) -> dict[str, int]:
    """Raise versions in a transaction of their own."""
    async with database.write() as conn:
        return await raise_versions(conn, scopes)


async def silently(database: Database, statement: str) -> None:
    """Change the table without telling anybody."""
    async with database.write() as conn:
        await conn.execute(text(statement))


@pytest.fixture
async def versions(database: Database) -> AsyncIterator[Versions]:
    """Followed versions whose poll is too slow to matter."""
    opened = Versions(database.direct_url, poll=60)
    await opened.open()
    yield opened
    await opened.close()


async def test_t094_raising_counts_only_with_its_commit(database: Database, versions: Versions) -> None:
    async def failing_sync() -> None:
        async with database.write() as conn:
            await versions.raise_in(conn, [SITE])
            raise RuntimeError("the sync fails after all")

    with pytest.raises(RuntimeError):
        await failing_sync()
    async with database.snapshot() as conn:
        assert (await read_versions(conn, [SITE]))[0] == {SITE: 0}
    assert versions.known([SITE]) == {SITE: 0}


async def test_own_commit_is_known_at_once(database: Database, versions: Versions) -> None:
    async with database.write() as conn:
        promised = await versions.raise_in(conn, [SITE, MONTH])
        assert versions.known([SITE]) == {SITE: 0}  # not before the commit
    assert versions.known([MONTH, SITE]) == promised


async def test_versions_never_come_twice(database: Database) -> None:
    first = await raised(database, SITE)
    second = await raised(database, SITE)
    await silently(database, "DELETE FROM muster.data_version")  # a database made anew
    third = await raised(database, SITE)
    assert first[SITE] < second[SITE] < third[SITE]


async def test_q6_a_clock_that_went_back_still_raises(database: Database) -> None:
    await raised(database, SITE)
    ahead = (
        "UPDATE muster.data_version SET version = version + 3600000000, raised_at = raised_at + interval '1h'"
    )
    await silently(database, ahead)
    async with database.snapshot() as conn:
        before, time_before = await read_versions(conn, [SITE])
    await raised(database, SITE)
    async with database.snapshot() as conn:
        after, time_after = await read_versions(conn, [SITE])
    assert after[SITE] == before[SITE] + 1
    assert time_after == time_before


async def test_a_snapshot_keeps_its_versions(database: Database) -> None:
    old = await raised(database, SITE)
    async with database.snapshot() as conn:
        assert (await read_versions(conn, [SITE]))[0] == old
        await raised(database, SITE)
        assert (await read_versions(conn, [SITE]))[0] == old


async def test_the_time_of_an_answer_is_that_of_its_newest_version(database: Database) -> None:
    async with database.snapshot() as conn:
        assert await read_versions(conn, [SITE]) == ({SITE: 0}, None)
    await raised(database, SITE)
    async with database.snapshot() as conn:
        _, old = await read_versions(conn, [SITE, MONTH])
    await raised(database, MONTH)
    async with database.snapshot() as conn:
        _, new = await read_versions(conn, [SITE, MONTH])
        _, again = await read_versions(conn, [SITE])
    assert old is not None
    assert new is not None
    assert old < new
    assert again == old


async def test_another_replica_hears_of_it(database: Database, versions: Versions) -> None:
    promised = await raised(database, SITE)
    assert await versions.wait_for(promised, timeout=20)
    assert versions.known([SITE]) == promised


async def test_more_scopes_than_a_notice_holds(database: Database, versions: Versions) -> None:
    promised = await raised(database, *(f"attendance/2026-10/site {n}" for n in range(400)))
    assert len(token(promised)) > LARGEST_PAYLOAD
    await eventually(lambda: versions.reached(promised))
    assert versions.known(promised) == promised


async def test_nothing_raised_is_nothing_said(database: Database, versions: Versions) -> None:
    stamp = versions.stamp
    assert await raised(database) == {}
    assert versions.stamp == stamp


async def test_a_lost_notice_is_found_by_the_poll(database: Database) -> None:
    await raised(database, SITE)
    versions = Versions(database.direct_url, poll=0.05)
    await versions.open()
    try:
        await silently(database, "UPDATE muster.data_version SET version = version + 1")
        async with database.snapshot() as conn:
            newest = (await read_versions(conn, [SITE]))[0]
        await eventually(lambda: versions.known([SITE]) == newest)
        assert versions.reached(newest)
    finally:
        await versions.close()


async def test_a_reader_who_knows_more_makes_it_look(database: Database, versions: Versions) -> None:
    await silently(database, f"INSERT INTO muster.data_version (scope, version) VALUES ('{SITE}', 7)")
    assert await versions.wait_for({SITE: 7}, timeout=20)


async def test_waiting_for_what_never_comes_ends(versions: Versions) -> None:
    assert not await versions.wait_for({SITE: 2**62}, timeout=0.05)


async def test_a_killed_connection_comes_back_with_what_it_missed(
    database: Database, versions: Versions
) -> None:
    async with database.read() as conn:
        killed = await conn.scalar(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'muster versions' AND datname = current_database()"
            )
        )
    assert killed == 1
    await silently(database, f"INSERT INTO muster.data_version (scope, version) VALUES ('{SITE}', 7)")
    await eventually(lambda: versions.known([SITE]) == {SITE: 7})
    promised = await raised(database, MONTH)  # and it listens again
    await eventually(lambda: versions.reached(promised))
    await eventually(lambda: versions.trusted)


async def test_an_outage_ends_trust_and_its_end_brings_it_back(database: Database, ground: object) -> None:
    versions = Versions(database.direct_url, poll=0.05, stale_after=3600)  # it is the loss that ends trust
    await versions.open()
    name = database.url.rpartition("@/")[2].partition("?")[0]
    elsewhere = Database(database.url.replace(f"/{name}?", "/postgres?"))
    await elsewhere.open()
    try:
        assert versions.trusted
        async with elsewhere.read() as conn:
            await conn.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            await conn.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                {"name": name},
            )
        await eventually(lambda: not versions.trusted)
        async with elsewhere.read() as conn:
            await conn.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        await eventually(lambda: versions.trusted)
    finally:
        await elsewhere.close()
        await versions.close()


async def test_a_restored_database_takes_its_versions_back(database: Database) -> None:
    old = await raised(database, SITE)
    versions = Versions(database.direct_url, poll=0.05)
    await versions.open()
    try:
        newer = await raised(database, SITE, MONTH)
        await eventually(lambda: versions.reached(newer))
        stamp = versions.stamp
        await silently(database, f"DELETE FROM muster.data_version WHERE scope = '{MONTH}'")
        await silently(database, f"UPDATE muster.data_version SET version = {old[SITE]}")
        await eventually(lambda: versions.known([SITE, MONTH]) == {SITE: old[SITE], MONTH: 0})
        assert versions.stamp > stamp
    finally:
        await versions.close()


async def test_a_forged_notice_changes_nothing(database: Database, versions: Versions) -> None:
    async with database.write() as conn:
        await conn.execute(text("NOTIFY muster_versions, 'DROP TABLE; no version at all'"))
    promised = await raised(database, SITE)
    assert await versions.wait_for(promised, timeout=20)


async def test_without_a_database_nothing_is_trusted() -> None:
    versions = Versions("postgresql://nobody@127.0.0.1:1/nothing")
    await versions.open(timeout=0.1)
    assert not versions.trusted
    await versions.close()
    await versions.close()


async def test_crossing_writers_do_not_deadlock(database: Database) -> None:
    scopes = [f"scope/{n}" for n in range(20)]

    async def writer(order: list[str]) -> list[dict[str, int]]:
        return [await raised(database, *order) for _ in range(10)]

    histories = await asyncio.gather(writer(scopes), writer(scopes[::-1]), writer(scopes[5:] + scopes[:5]))
    for scope in scopes:
        given = [versions[scope] for history in histories for versions in history]
        assert len(set(given)) == 30  # every commit has a version of its own


@given(st.dictionaries(st.text(min_size=1, max_size=40), st.integers(0, 2**63 - 1), max_size=20))
def test_a_token_gives_its_versions_back(versions: dict[str, int]) -> None:
    try:
        "".join(versions).encode()
    except UnicodeEncodeError:
        return  # PostgreSQL has no lone surrogates either
    written = token(versions)
    assert written.isascii()
    assert written.isprintable()
    assert parse_token(written) == versions


@pytest.mark.parametrize("rubbish", ["x", "a:b", ":1", "a:-1", "a:1:", "a:²", "a:" + "9" * 20, "a:1," * 5000])
def test_rubbish_is_no_token(rubbish: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_token(rubbish)
    assert caught.value.code == "bad_data_version"
