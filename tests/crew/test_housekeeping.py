"""What is past its time is forgotten, and nothing that is in force (spec D.3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.crew.house import House
from tests.crew.scenario import S1, seen, station

TABLES = (
    "crew_availability", "crew_availability_past", "appliance_availability", "appliance_availability_past",
    "grid_count", "state_change", "day_version",
)  # fmt: skip


async def counts(house: House, where: str) -> dict[str, int]:
    return {
        table: (await house.sql(f"SELECT count(*) FROM crew.{table} WHERE {where}"))[0][0] for table in TABLES
    }


async def test_old_days_go_whole_and_looks_that_were_never_in_force(house: House) -> None:
    now = datetime.now(UTC)
    made = await station(house.runtime)
    less = replace(S1, crew=S1.crew[:4])
    old, kept = date(now.year - 2, 3, 5), (now - timedelta(days=100)).date()
    for day in (old, kept):
        fetched = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        await seen(house.runtime, made, S1, day, fetched=fetched)
        await seen(house.runtime, made, less, day, fetched=fetched + timedelta(minutes=5))
        await seen(house.runtime, made, less, day, fetched=fetched + timedelta(minutes=9))  # unchanged
    await seen(house.runtime, made, less, now.date(), fetched=now)
    before = await counts(house, f"local_date <> '{old}'")
    version = house.runtime.versions.known(["crew/P22"])
    run = await house.runtime.tasks.run_now("crew.housekeeping", {}, "test")
    assert run.state == "done"
    assert set((await counts(house, f"local_date = '{old}'")).values()) == {0}
    assert await counts(house, "true") == before
    assert run.counts["days_deleted"] == 1
    looks = await house.sql("SELECT local_date, outcome FROM crew.day_snapshot ORDER BY id")
    assert looks == [(kept, "applied"), (kept, "applied"), (now.date(), "applied")]
    assert house.runtime.versions.known(["crew/P22"]) != version
    again = await house.runtime.tasks.run_now("crew.housekeeping", {}, "test")
    assert not any(again.counts.values())


async def test_who_is_listed_no_more_is_inactive_after_sixty_days(house: House) -> None:
    now = datetime.now(UTC)
    made = await station(house.runtime)
    away = await station(house.runtime, "P23")
    first = now - timedelta(days=61)
    for at in (made, away):
        await seen(house.runtime, at, S1, first.date(), fetched=first)
    less = replace(S1, crew=S1.crew[:4])
    await seen(house.runtime, made, less, now.date(), fetched=now)
    await house.runtime.tasks.run_now("crew.housekeeping", {}, "test")
    # P23 was not looked at since: nobody is known to be gone there.
    assert await house.sql("SELECT station_id, grid_name FROM crew.crew_member WHERE NOT active") == [
        (made.id, "ELDER, SA")
    ]
    [past] = await house.sql("SELECT active, role FROM crew.crew_member_past")
    assert tuple(past) == (True, "FFD")
    await seen(house.runtime, made, S1, now.date(), fetched=now + timedelta(seconds=1))
    assert await house.sql("SELECT 1 FROM crew.crew_member WHERE NOT active") == []
