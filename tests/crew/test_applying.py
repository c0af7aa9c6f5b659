"""An observation is put in force whole or not at all (spec D.4, F.8)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from service.crew.days.applying import apply_day
from service.crew.days.observation import Observation
from tests.crew.house import House
from tests.crew.scenario import DAY, FETCHED, S1, seen, settle_s1, station

SEGMENTS = """SELECT m.grid_name, lower(a.during), upper(a.during), a.state, a.reason
              FROM crew.crew_availability a JOIN crew.crew_member m ON m.id = a.crew_id ORDER BY 1, 2"""
_SPENT = "SELECT last_value FROM crew.{}_id_seq"
LATER = FETCHED + timedelta(minutes=5)


async def test_a_day_is_stored_as_segments(house: House) -> None:
    await settle_s1(house.runtime)
    rows = await house.sql(SEGMENTS)
    assert [tuple(row) for row in rows if row.grid_name == "ALDER, JO"] == [
        ("ALDER, JO", at(0), at(9), "available", None),
        ("ALDER, JO", at(9), at(17), "unavailable", "W"),
        ("ALDER, JO", at(17), at(24), "available", None),
    ]
    assert await house.sql("SELECT skills, contract_hours FROM crew.crew_member WHERE id = 1") == [
        (["BA", "TTR", "IC"], 61)
    ]
    [rule] = await house.sql("SELECT name, enforced, requirements FROM crew.crewing_rule")
    assert (rule.name, rule.enforced, len(rule.requirements)) == ("Default", False, 4)
    assert await house.sql("SELECT count(*) FROM crew.state_change") == [(0,)]


async def test_c084_the_same_grid_twice_rewrites_nothing(house: House) -> None:
    made = await settle_s1(house.runtime)
    before = await house.sql("SELECT id, xmin::text FROM crew.crew_availability ORDER BY 1")
    version = house.runtime.versions.known(["crew/P22"])
    assert (await seen(house.runtime, made, S1, fetched=LATER)).came == "unchanged"
    assert await house.sql("SELECT id, xmin::text FROM crew.crew_availability ORDER BY 1") == before
    assert house.runtime.versions.known(["crew/P22"]) == version
    assert await house.sql("SELECT fetched_at FROM crew.day_version") == [(LATER,)]


async def test_c085_an_older_look_changes_nothing_and_is_kept(house: House) -> None:
    made = await settle_s1(house.runtime)
    older = replace(S1, crew=S1.crew[:3])
    assert (await seen(house.runtime, made, older, fetched=FETCHED - timedelta(minutes=1))).came == "stale"
    assert await house.sql("SELECT cardinality(listed) FROM crew.day_version") == [(5,)]
    assert await house.sql("SELECT outcome FROM crew.day_snapshot ORDER BY id") == [("applied",), ("stale",)]


async def test_what_a_newer_look_says_otherwise_is_told_and_the_older_kept(house: House) -> None:
    made = await settle_s1(house.runtime)
    outcome = await seen(house.runtime, made, replace(S1, crew=S1.crew[:2]), fetched=LATER)
    assert [one.code for one in outcome.findings] == ["crew_drop"]
    changed = await house.sql("SELECT crew_id, was, was_reason, now FROM crew.state_change ORDER BY id")
    assert [tuple(row) for row in changed][:2] == [
        (3, "available", None, "unknown"),
        (4, "unavailable", "AL", "unknown"),
    ]
    past = await house.sql("SELECT known_from, known_to FROM crew.day_version ORDER BY 1")
    assert [tuple(row) for row in past] == [(FETCHED, LATER), (LATER, None)]
    assert await house.sql("SELECT count(DISTINCT crew_id) FROM crew.crew_availability_past") == [(5,)]


async def test_a_rejected_look_is_evidence_and_nothing_else(house: House) -> None:
    made = await settle_s1(house.runtime)
    looked = Observation(
        station=made, day=DAY, fetched_at=LATER, sha256=b"x", parser_version=1, code="no_rows"
    )
    before = await house.sql(SEGMENTS)
    assert (await apply_day(house.runtime, looked)).came == "rejected"
    assert await house.sql(SEGMENTS) == before
    assert await house.sql("SELECT code FROM crew.day_snapshot WHERE status = 'rejected'") == [("no_rows",)]


async def test_c034_no_two_segments_of_a_person_overlap(house: House) -> None:
    await settle_s1(house.runtime)
    with pytest.raises(IntegrityError, match="ex_crew_availability_overlap"):
        await house.sql(
            """INSERT INTO crew.crew_availability (crew_id, local_date, during, state, snapshot_id)
               SELECT crew_id, local_date, during, state, snapshot_id FROM crew.crew_availability LIMIT 1"""
        )


async def test_a_profile_that_changes_is_kept_as_it_was(house: House) -> None:
    made = await station(house.runtime)
    await seen(house.runtime, made, S1)
    risen = replace(S1, crew=(*S1.crew[:2], replace(S1.crew[2], role="FFC"), *S1.crew[3:]))
    assert (await seen(house.runtime, made, risen, fetched=LATER)).people
    assert await house.sql("SELECT role, known_from FROM crew.crew_member WHERE id = 3") == [("FFC", LATER)]
    assert await house.sql("SELECT crew_id, role, known_to FROM crew.crew_member_past") == [(3, "FFD", LATER)]


async def test_looks_at_who_is_there_spend_no_numbers(house: House) -> None:
    made = await settle_s1(house.runtime)
    spent = [await house.sql(_SPENT.format(table)) for table in ("crew_member", "appliance")]
    for minutes in range(1, 4):
        role = ("FFD", "FFC")[minutes % 2]
        again = replace(S1, crew=(*S1.crew[:4], replace(S1.crew[4], role=role)))
        fetched = FETCHED + timedelta(minutes=minutes)
        assert (await seen(house.runtime, made, again, fetched=fetched)).people
    assert [await house.sql(_SPENT.format(table)) for table in ("crew_member", "appliance")] == spent
    joined = replace(S1, crew=(*S1.crew, replace(S1.crew[0], name="FIR, TE")))
    assert (await seen(house.runtime, made, joined, fetched=LATER)).people
    assert await house.sql("SELECT id FROM crew.crew_member WHERE grid_name = 'FIR, TE'") == [(6,)]


def at(hour: int) -> datetime:
    """An hour of the scenario's day."""
    return datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=hour)
