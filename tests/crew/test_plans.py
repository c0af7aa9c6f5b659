"""By which index the desk's statements find their rows among those of many stations (Q33, spec D.3 and E)."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from benchmarks.crews import make_stations
from service.core.database import Database
from service.crew.queries.batches import Ranged, select_available, select_members_of
from service.crew.queries.states import Whom, select_segments, select_states
from tests.support.ground import Ground
from tests.support.plans import assert_by_index, captured, explained, read_of
from tests.support.statements import counted_statements

STATIONS, PEOPLE, DAYS = (120, 20, 28) if os.environ.get("MUSTER_PROVE") == "1" else (12, 10, 28)
"""1,075,200 segments at full size, else 53,760."""
AT = datetime(2026, 3, 11, 9, 5, tzinfo=UTC)
TABLE, BY_DAY, AVAILABLE = "crew_availability", "ix_crew_availability_day", "ix_crew_availability_available"
ONE = Whom([3])


@pytest.fixture(scope="module")
async def many(ground: Ground) -> AsyncIterator[AsyncConnection]:
    """Stations with four weeks of segments, only read."""
    url = await ground.clone()
    database = Database(url)
    await database.open()
    async with database.write(timeout=600) as conn:  # what is only read needs no guard against overlaps
        await conn.exec_driver_sql(f"ALTER TABLE crew.{TABLE} DROP CONSTRAINT ex_{TABLE}_overlap")
    await make_stations(database, STATIONS, PEOPLE, DAYS)
    await database.close()
    engine = create_async_engine(url)
    async with engine.connect() as conn:
        yield conn
    await engine.dispose()
    await ground.drop(url)


async def test_q33_how_people_stand_is_read_by_person_and_day(many: AsyncConnection) -> None:
    with captured(many) as sent:
        rows = await select_states(many, ONE, AT)
    assert len(rows) == PEOPLE
    [statement] = sent
    plan = await explained(many, *statement)
    assert_by_index(plan, TABLE, {BY_DAY})
    assert read_of(plan, TABLE) <= 1.5 * PEOPLE * DAYS * 16


async def test_q33_segments_of_a_day_are_read_without_those_of_other_days(many: AsyncConnection) -> None:
    with captured(many) as sent:
        rows = await select_segments(many, ONE, AT, AT + timedelta(hours=6))
    plan = await explained(many, *sent[-1])
    assert_by_index(plan, TABLE, {BY_DAY})
    assert len(rows) == PEOPLE * 4 + PEOPLE
    assert read_of(plan, TABLE) <= PEOPLE * 16 * 3.5, "the day and its neighbours"


async def test_e_available_at_an_instant_is_read_from_the_partial_index(many: AsyncConnection) -> None:
    everybody = [row.id for row in await select_members_of(many, [*range(1, STATIONS + 1)], None, 10_000)]
    at = AT.replace(minute=5)
    with captured(many) as sent:
        found = await select_available(
            many, "crew", everybody, ONE, Ranged(at, at + timedelta(minutes=1), "overlap")
        )
    assert sum(map(len, found.values())) == STATIONS * PEOPLE
    assert_by_index(await explained(many, *sent[-1]), TABLE, {AVAILABLE})


async def test_q33_the_number_of_statements_does_not_grow_with_the_people(many: AsyncConnection) -> None:
    for whom in (ONE, Whom([3, 4, 5]), Whom([*range(1, STATIONS + 1)])):
        with counted_statements(many) as seen:
            await select_states(many, whom, AT)
        assert len(seen) == 1
