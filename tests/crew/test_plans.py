"""Q33: plans use the indexes, and the number of statements does not grow with people or stations."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import TextClause, text

from service.crew.queries.batches import STATEMENTS
from service.crew.queries.hours import HOURS
from service.crew.queries.states import EXPORT, SEGMENTS, STATES, Whom
from tests.crew.crowd import gather
from tests.crew.house import House
from tests.support.statements import counted_statements

T = datetime(2026, 2, 18, 13, tzinfo=UTC)
OF_PERSON = "ix_crew_availability_day"
OF_INSTANT = "ix_crew_availability_available"


async def test_q33_a_list_takes_as_many_statements_for_one_as_for_all(house: House) -> None:
    counts: dict[str, set[int]] = {}
    for stations in (1, 4):
        await gather(house, stations, 3 * stations, 2)
        at = f"2026-02-01T10:0{stations}:00Z"
        for path, asked in (
            ("/v1/crew", {"at": at}),
            ("/v1/crew/hours", {"station": "C0", "week": "2026-W05", "at": at}),
            ("/v1/crew/reports/turnout", {"station": "C0", "at": at}),
        ):
            with counted_statements(house.runtime.database.engine) as sent:
                assert (await house.ask("GET", path, params={**asked, "redact": "1"})).status_code == 200
            own = [one for one in sent if "muster.api_key" not in one]  # who asks is remembered for a while
            counts.setdefault(path, set()).add(len(own))
        await house.sql("TRUNCATE crew.station CASCADE")
    assert all(len(found) == 1 for found in counts.values()), counts


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_q33_plans_use_the_indexes_at_140_000_segments(house: House) -> None:
    assert await gather(house, 50, 20) == 140_000
    stations = [row.id for row in await house.sql("SELECT id FROM crew.station ORDER BY 1")]
    people = [row.id for row in await house.sql("SELECT id FROM crew.crew_member ORDER BY 1")]
    one = Whom(stations[:1])
    around = one.values(T - timedelta(days=35), T + timedelta(days=35))
    week = one.values(T, T + timedelta(days=7))
    assert OF_PERSON in await indexes(house, STATES, {**around, "at": T, "near": T.date()})
    assert OF_PERSON in await indexes(house, HOURS, {**week, "now": T})
    assert OF_PERSON in await indexes(house, EXPORT, week)
    person = {**week, "people": people[:1]}
    assert OF_PERSON in await indexes(house, SEGMENTS, person)
    # Who is available at an instant, of everybody: the partial index on time, not each person's.
    instant = {"owners": people, "start": T, "end": T + timedelta(microseconds=1)}
    assert OF_INSTANT in await indexes(house, STATEMENTS["crew", "overlap", False], instant)


async def indexes(house: House, statement: TextClause, values: dict[str, Any]) -> set[str]:
    """The indexes that a plan uses; it reads no table of segments as a whole."""
    async with house.runtime.database.write() as conn:
        rows = await conn.execute(text(f"EXPLAIN (FORMAT JSON) {statement.text}"), values)
        told = rows.scalar_one()
    nodes = list(walked((told if isinstance(told, list) else orjson.loads(told))[0]["Plan"]))
    whole = {node.get("Relation Name") for node in nodes if node["Node Type"] == "Seq Scan"}
    assert "crew_availability" not in whole
    return {node["Index Name"] for node in nodes if "Index Name" in node}


def walked(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A plan's nodes."""
    return [node, *(inner for part in node.get("Plans", ()) for inner in walked(part))]
