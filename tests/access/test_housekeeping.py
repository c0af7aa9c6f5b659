"""Changed rights are heard, uses of keys are noted, nothing is left open."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from service.access import keys
from service.access.authenticator import DatabaseAuthenticator
from service.access.models import ApiKey
from service.core.database import Database
from tests.access.credentials import bearer, heard
from tests.support.statements import counted_statements


async def test_revocation_is_heard_by_every_replica(
    database: Database, listening: DatabaseAuthenticator
) -> None:
    assert await heard(database, listening)


async def test_the_listener_comes_back_after_its_connection_was_killed(
    database: Database, listening: DatabaseAuthenticator
) -> None:
    async with database.write() as conn:
        killed = await conn.scalar(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'muster access' AND datname = current_database()"
            )
        )
    assert killed == 1
    for _ in range(50):
        if await heard(database, listening, looks=20):
            return
    pytest.fail("no revocation was heard any more")


async def test_the_last_use_is_written_later_and_never_goes_back(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    with counted_statements(database.engine) as seen:
        await gate.caller(bearer(made.token))
    assert not [statement for statement in seen if "UPDATE" in statement]
    await gate.housekeeping.write_uses()
    used = (await keys.get_key(database, made.key.id)).last_used_at
    assert used is not None
    gate.housekeeping._used[made.key.id] = used - timedelta(hours=1)
    await gate.housekeeping.write_uses()
    assert (await keys.get_key(database, made.key.id)).last_used_at == used


async def test_uses_are_kept_when_they_cannot_be_written(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    await gate.caller(bearer(made.token))
    async with database.write() as conn:
        await conn.execute(text("ALTER TABLE muster.api_key RENAME TO gone"))
    await gate.housekeeping._guarded(gate.housekeeping.write_uses())
    async with database.write() as conn:
        await conn.execute(text("ALTER TABLE muster.gone RENAME TO api_key"))
    await gate.housekeeping.write_uses()
    assert (await keys.get_key(database, made.key.id)).last_used_at is not None


async def test_closing_writes_the_uses_and_leaves_no_connection(database: Database) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    opened = DatabaseAuthenticator(database)
    await opened.open()
    await asyncio.wait_for(opened.housekeeping.listening.wait(), 60)
    await opened.caller(bearer(made.token))
    await opened.close()
    await opened.close()
    async with database.read() as conn:
        used = (await conn.execute(select(ApiKey.last_used_at))).scalar_one()
    assert used is not None
    listeners = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name = 'muster access' AND datname = current_database()"
    )
    for _ in range(400):
        async with database.read() as conn:
            if await conn.scalar(listeners) == 0:
                return
        await asyncio.sleep(0.01)
    pytest.fail("the listening connection is still open")
