"""Availability reports become observations of their days (spec A.9)."""

import asyncio
from datetime import date, timedelta

from sqlalchemy import text

from service.crew.queries import applying
from tests.crew.following import waits
from tests.crew.house import House
from tests.crew.imports.ground import HEADER, TITLES, as_csv, as_xlsx, imported, refused, report_rows
from tests.crew.scenario import DAY, S1, settle_s1
from tests.support.eventually import eventually

CREW = """SELECT m.grid_name, lower(a.during), upper(a.during), a.state, a.reason
          FROM crew.crew_availability a JOIN crew.crew_member m ON m.id = a.crew_id ORDER BY 1, 2"""
FLAGS = "SELECT lower(during), upper(during), state FROM crew.appliance_availability ORDER BY 1"
PROFILES = "SELECT grid_name, role, skills, contract_hours, contract_raw FROM crew.crew_member ORDER BY 1"


async def test_a_report_says_what_the_grid_said(house: House) -> None:
    await settle_s1(house.runtime)
    known = [await house.sql(statement) for statement in (CREW, FLAGS, PROFILES)]
    report = as_xlsx(report_rows(S1, DAY))
    first = await imported(house, report)
    assert (first.kind, first.days, first.rows, first.findings) == ("report", {"applied": 1}, 5, [])
    # People are the same, appliances and profiles, of which a report says nothing, are as they were known.
    assert [await house.sql(statement) for statement in (CREW, FLAGS, PROFILES)] == known
    assert await house.sql("SELECT count(*) FROM crew.state_change") == [(0,)]
    assert await house.sql("SELECT source, outcome FROM crew.day_snapshot ORDER BY id") == [
        ("gartan", "applied"), ("report", "applied"),
    ]  # fmt: skip
    version = house.runtime.versions.known(["crew/P22"])
    assert (await imported(house, as_csv(report_rows(S1, DAY)), as_of="2026-03-05T11:00:00Z")).days == {
        "unchanged": 1
    }
    assert house.runtime.versions.known(["crew/P22"]) == version


async def test_what_was_observed_later_stays_in_force(house: House) -> None:
    await settle_s1(house.runtime)
    known = await house.sql(CREW)
    days = [*report_rows(S1, DAY)[:1], *report_rows(S1, DAY + timedelta(days=1))]
    result = await imported(house, as_csv(days), as_of="2026-03-05T08:00:00Z")
    assert result.days == {"stale": 1, "applied": 1}
    assert await house.sql(CREW.replace("ORDER", f"WHERE a.local_date = '{DAY}' ORDER")) == known


async def test_a_report_of_many_days_and_a_look_at_one_of_them_do_not_block_each_other(house: House) -> None:
    made = await settle_s1(house.runtime)
    days = [*report_rows(S1, DAY), *report_rows(S1, DAY + timedelta(days=1))]
    async with house.runtime.database.write() as conn:  # as a sync that is at the second of these days
        await applying.lock_day(conn, made.id, DAY + timedelta(days=1))
        importing = asyncio.create_task(imported(house, as_csv(days)))
        await eventually(lambda: waits(house))
        await conn.execute(text("UPDATE crew.crew_member SET last_seen_at = last_seen_at"))
    assert (await importing).days == {"applied": 2}


async def test_rows_that_cannot_be_read_refuse_the_file_or_are_left_out(house: House) -> None:
    await settle_s1(house.runtime)
    good = report_rows(S1, DAY)
    bad = [
        *good,
        ["BIRCH, KE", "Fri 05/03/26", *[""] * 96],
        ["", "Thu 05/03/26", *["W"] * 96],
        ["CEDAR, LU", "Thu 05/03/26", *["O"] * 96],
        ["printed by Gartan"],
        ["ELDER, SA", "Fri 06/03/26", "XX", *[""] * 40],
    ]
    for dry in (True, False):
        result = await imported(house, as_csv(bad), dry_run=dry)
        assert (result.outcome, result.days, result.dry_run) == ("refused", {}, dry)
    assert result.codes == {
        "bad_date": 1, "bad_name": 1, "conflicting_rows": 2, "other_row": 1, "short_row": 1, "unknown_code": 1,
    }  # fmt: skip
    assert [(one.line, one.code) for one in result.findings][:2] == [(14, "bad_date"), (15, "bad_name")]
    assert await house.sql("SELECT count(*) FROM crew.day_snapshot WHERE source = 'report'") == [(0,)]
    result = await imported(house, as_csv(bad), lenient=True)
    assert (result.outcome, result.days, result.rejected_rows) == ("applied", {"applied": 2}, 4)
    # Who has contradicting rows is unknown that day; of a cut row the slots that are not there are.
    listed = await house.sql(
        "SELECT cardinality(listed) FROM crew.day_version WHERE known_to IS NULL ORDER BY local_date"
    )
    assert listed == [(4,), (1,)]
    [cut] = await house.sql(
        "SELECT max(upper(during)) FROM crew.crew_availability WHERE local_date = '2026-03-06'"
    )
    assert cut[0].isoformat() == "2026-03-06T10:15:00+00:00"


async def test_a_date_that_nothing_can_be_computed_with_is_a_bad_row(house: House) -> None:
    await settle_s1(house.runtime)
    for on in ("31/12/9999", "01/01/0001"):
        result = await imported(house, as_csv([["ALDER, JO", on, *[""] * 96]]))
        assert (result.outcome, result.codes) == ("refused", {"bad_date": 1})


async def test_a_dry_run_says_what_would_come_of_it(house: House) -> None:
    await settle_s1(house.runtime)
    result = await imported(house, as_csv(report_rows(S1, date(2026, 3, 29))), dry_run=True)
    assert (result.outcome, result.days) == ("applied", {"applied": 1})
    assert await house.sql("SELECT count(*) FROM crew.day_snapshot") == [(1,)]


async def test_what_is_no_report_is_refused_as_a_whole(house: House) -> None:
    await settle_s1(house.runtime)
    assert await refused(house, b"Name,Date\nALDER,05/03/26\n") == "no_header"
    assert await refused(house, as_csv([])) == "file_empty"
    assert await refused(house, b"Name,Date,00:00,00:07\nALDER,05/03/26,,\n") == "bad_header"
    assert await refused(house, as_csv(report_rows(S1, DAY)), as_of=None) == "as_of_required"
    assert (
        await refused(house, as_csv(report_rows(S1, DAY)), as_of="2190-01-01T00:00:00Z") == "as_of_in_future"
    )
    assert await refused(house, as_csv(report_rows(S1, DAY)), station="P99") == "invalid"
    assert await refused(house, b"PK\x03\x04 no workbook") == "bad_workbook"
    assert len(TITLES) == 7
    assert len(HEADER) == 98


async def test_a_station_that_only_files_know_is_made_with_its_zone(house: House) -> None:
    report = as_csv(report_rows(S1, date(2026, 7, 1)))
    assert await refused(house, report, zone="Europe/Londn") == "zone_unknown"
    asked = {"zone": "Europe/London", "as_of": "2026-07-01T08:00:00Z"}
    assert (await imported(house, report, dry_run=True, **asked)).days == {"applied": 1}
    assert await house.sql("SELECT code FROM crew.station") == []
    assert (await imported(house, report, **asked)).days == {"applied": 1}
    [first] = await house.sql("SELECT min(lower(during)) FROM crew.crew_availability")
    assert first[0].isoformat() == "2026-06-30T23:00:00+00:00"
    assert await refused(house, report, zone="America/New_York") == "zone_differs"
