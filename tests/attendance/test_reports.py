"""The sheet and the exceptions over HTTP: layout, words, completeness, who may see what, and wrong questions."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.make import Firm, firm, leave
from tests.support.statements import counted_statements

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
KNOWN = datetime(2026, 10, 2, 11, tzinfo=UTC)
SHEET = "/reports/monthly-sheet"


async def fill(made: Firm) -> None:
    """September 2026: Ana whole and late once, Ben with a missing punch, Carla absent but for a leave, Dario free."""
    for number in ("HR-EMP-00001", "HR-EMP-00002", "HR-EMP-00003"):
        await made.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE upstream_name = :number"),
            {"shift": made.ids["Day"], "number": number},
        )
    for day in (1, 2, 3):
        await made.punch("HR-EMP-00001", f"2026-09-{day:02} 08:00:00", "villas-gate-1")
        await made.punch("HR-EMP-00001", f"2026-09-{day:02} 17:00:00", "villas-gate-1")
    await made.punch("HR-EMP-00002", "2026-09-01 08:03:00", "villas-gate-1")
    await made.punch("HR-EMP-00001", "2026-09-04 08:40:00", "kitchen")
    await made.punch("HR-EMP-00001", "2026-09-04 17:00:00", "kitchen")
    await made.punch("HR-EMP-99999", "2026-09-05 08:00:00", "centro-1")
    await leave(made, "HR-EMP-00003", date(2026, 9, 7), date(2026, 9, 8))
    await leave(
        made,
        "HR-EMP-00003",
        date(2026, 9, 9),
        date(2026, 9, 9),
        half_day=True,
        half_day_date=date(2026, 9, 9),
    )
    await made.known_through(KNOWN)


@pytest.fixture
async def september(house: House) -> House:
    async with house.runtime.database.write() as conn:
        await fill(await firm(conn))
    work = Recompute(house.runtime.database, house.runtime.versions, house.runtime.compute)
    await work.run(now=NOW)
    return house


@pytest.fixture
async def http(september: House) -> AsyncIterator[httpx.AsyncClient]:
    async with september.reader() as opened:
        yield opened


async def rows(http: httpx.AsyncClient, **params: Any) -> dict[str, dict[str, Any]]:
    answer = await http.get(SHEET, params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    return {row["person"]: row for row in answer.json()["items"]}


async def test_the_sheet_has_a_code_for_every_person_and_day(http: httpx.AsyncClient) -> None:
    found = await rows(http)
    assert list(found) == [f"HR-EMP-0000{number}" for number in (1, 2, 3, 4)]
    ana, ben, carla, dario = (row["days"] for row in found.values())
    assert len(ana) == 30
    assert [ana[f"2026-09-0{day}"] for day in (1, 2, 3, 4, 5)] == ["P", "P", "P", "P", "A"]
    assert ana["2026-09-16"] == "H"
    assert ana["2026-09-20"] == "WO"
    assert ben["2026-09-02"] == "A"
    assert [carla[f"2026-09-0{day}"] for day in (6, 7, 8, 9)] == ["A", "L", "L", "HD/A"]
    assert set(dario.values()) <= {"", "WO", "H"}
    assert (found["HR-EMP-00001"]["shift"], found["HR-EMP-00004"]["shift"]) == ("Day", "")


async def test_the_sheet_says_how_complete_it_is(http: httpx.AsyncClient, september: House) -> None:
    meta = (await http.get(SHEET, params={"month": "2026-09"})).json()["meta"]
    assert (meta["complete"], meta["incomplete_reasons"], meta["timezone"]) == (
        True,
        [],
        "America/Mexico_City",
    )
    assert meta["as_of"] == "2026-10-02T11:00:00Z"
    assert meta["rules_version"] == "recommended/1"
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("""
                INSERT INTO attendance.sync_window
                    (source_id, doctype, kind, lower, upper, from_time, to_time, state, reason)
                VALUES (1, 'Employee Checkin', 'time', '2026-09-10', '2026-09-11', '2026-09-10', '2026-09-11', 'gap',
                        'page 3 answers 500 for ever')
            """)
        )
        await september.runtime.versions.raise_in(conn, ["attendance/completeness"])
    meta = (await http.get(SHEET, params={"month": "2026-09"})).json()["meta"]
    assert meta["complete"] is False
    assert [gap["have"] for gap in meta["gaps"]] == ["page 3 answers 500 for ever"]
    untouched = (await http.get(SHEET, params={"from": "2026-09-14", "to": "2026-09-30"})).json()["meta"]
    assert untouched["complete"] is True


async def test_a_month_that_is_not_over_is_never_complete(http: httpx.AsyncClient) -> None:
    meta = (await http.get(SHEET, params={"month": "2026-10"})).json()["meta"]
    assert meta["complete"] is False
    assert any("lie ahead" in reason for reason in meta["incomplete_reasons"])


async def test_totals_count_halves_on_both_sides(http: httpx.AsyncClient) -> None:
    found = await rows(http, summarized=True)
    carla = found["HR-EMP-00003"]
    assert (carla["total_present"], carla["total_leaves"]) == ("0.5", "2.5")
    assert carla["leaves"] == {"casual_leave": "2.5", "leave_without_pay": "0.0"}
    ana = found["HR-EMP-00001"]
    assert (ana["total_present"], ana["total_late_entries"]) == ("4.0", 1)
    for row in found.values():
        names = ("total_present", "total_leaves", "total_absent", "total_holidays", "unmarked_days")
        assert sum(float(row[name]) for name in names) == 30


async def test_split_shifts_share_their_day(september: House) -> None:
    async with september.runtime.database.write() as conn:
        for shift, start, end in (("Early", "06:00", "10:00"), ("Late", "16:00", "20:00")):
            await conn.execute(
                text("""
                    WITH made AS (INSERT INTO attendance.shift_type
                        (source_id, upstream_name, name, start_time, end_time)
                        VALUES (1, :name, :name, CAST(:start AS text)::time, CAST(:end AS text)::time) RETURNING id)
                    INSERT INTO attendance.shift_assignment
                        (source_id, upstream_name, person_id, shift_type_id, start_date)
                    SELECT 1, :name, p.id, made.id, date '2026-09-01' FROM attendance.person p, made
                    WHERE p.upstream_name = 'HR-EMP-00003'
                """),
                {"name": shift, "start": start, "end": end},
            )
    work = Recompute(september.runtime.database, september.runtime.versions, september.runtime.compute)
    await work.run(now=NOW, extent=(date(2026, 9, 1), date(2026, 9, 30)))
    async with september.reader() as http:
        answer = await http.get(SHEET, params={"month": "2026-09", "summarized": True})
        carla = {row["person"]: row for row in answer.json()["items"]}["HR-EMP-00003"]
    assert (carla["total_leaves"], carla["leaves"]["casual_leave"]) == ("2.5", "2.5")
    names = ("total_present", "total_leaves", "total_absent", "total_holidays", "unmarked_days")
    assert sum(float(carla[name]) for name in names) == 30


async def test_an_explanation_says_when_the_stored_day_is_older(
    september: House, http: httpx.AsyncClient
) -> None:
    cell = "/days/HR-EMP-00001/2026-09-04/explain"
    assert (await http.get(cell)).json()["gaps"] == []
    # Not the month's first holiday: explained alone, it is the first one read.
    assert (await http.get("/days/HR-EMP-00001/2026-09-20/explain")).json()["gaps"] == []
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("UPDATE attendance.checkin SET deleted_at = now() WHERE local_time = '2026-09-04 17:00'")
        )
    gaps = (await http.get(cell)).json()["gaps"]
    assert "not_recomputed" in [gap["code"] for gap in gaps]


async def test_days_without_results_are_not_complete(september: House, http: httpx.AsyncClient) -> None:
    whole = {"from": "2026-09-02", "to": "2026-09-20"}
    assert (await http.get("/days", params=whole)).json()["meta"]["complete"] is True
    for start, end in (("2026-01-01", "2026-01-31"), ("2026-08-20", "2026-09-02")):
        meta = (await http.get("/days", params={"from": start, "to": end})).json()["meta"]
        assert (meta["complete"], bool(meta["incomplete_reasons"])) == (False, True)


async def test_missing_punches_are_gaps_of_who_may_see_them(september: House) -> None:
    from service.attendance.reports.gaps import open_gaps
    from service.core.auth import SYSTEM, Caller
    from service.reporting.report import BuildContext

    settings = september.runtime.settings
    everywhere = BuildContext(now=NOW, caller=SYSTEM, settings=settings)
    centro = Caller(
        id="key:x", name="x", kind="key", scopes=frozenset({"attendance:read"}), sites=frozenset({"Centro"})
    )
    async with september.runtime.database.snapshot() as conn:
        gaps = await open_gaps(conn, everywhere)
        others = await open_gaps(conn, BuildContext(now=NOW, caller=centro, settings=settings))
    assert [(gap.code, gap.have) for gap in gaps] == [("missing_punch", "only a punch at 08:03:00")]
    assert gaps[0].subject is not None
    assert "Ben Ortiz" in gaps[0].subject
    assert list(others) == []


async def test_groups_keep_people_without_a_group(http: httpx.AsyncClient) -> None:
    answer = await http.get(SHEET, params={"month": "2026-09", "group_by": "department"})
    groups = [row["group"] for row in answer.json()["items"]]
    assert groups == ["Garden", "Kitchen", "Kitchen", "(none)"]


async def test_a_range_across_months_is_asked_for_by_dates(http: httpx.AsyncClient) -> None:
    answer = await http.get(SHEET, params={"from": "2026-08-26", "to": "2026-09-25"})
    days = answer.json()["items"][0]["days"]
    assert (len(days), next(iter(days)), days["2026-09-01"]) == (31, "2026-08-26", "P")


async def test_a_cell_explains_itself(http: httpx.AsyncClient) -> None:
    params = {"person": "HR-EMP-00001", "day": "2026-09-04"}
    explained = (await http.get(f"{SHEET}/explain", params=params)).json()
    assert (explained["value"], explained["rule_version"]) == ("P", "recommended/1")
    punches = [entry for entry in explained["inputs"] if entry["name"].startswith("check-in")]
    assert len(punches) == 2
    late = next(step for step in explained["steps"] if step["figure"] == "late_minutes")
    assert late["value"] == 40
    assert next(step for step in explained["steps"] if step["figure"] == "late")["threshold"]


async def test_a_day_explains_itself_also_where_the_number_has_a_slash(
    september: House, http: httpx.AsyncClient
) -> None:
    explained = (await http.get("/days/HR-EMP-00001/2026-09-04/explain")).json()
    cell = {"person": "HR-EMP-00001", "day": "2026-09-04"}
    in_the_sheet = (await http.get(f"{SHEET}/explain", params=cell)).json()
    assert {name: explained[name] for name in ("value", "rule", "inputs")} == {
        name: in_the_sheet[name] for name in ("value", "rule", "inputs")
    }
    link = explained["inputs"][1]["link"]
    found = (await http.get(link.removeprefix("/v1/attendance"))).json()["items"]
    assert sorted(row["local_time"] for row in found) == ["2026-09-04T08:40:00", "2026-09-04T17:00:00"]
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("UPDATE attendance.person SET upstream_name = 'a/b c' WHERE upstream_name = 'HR-EMP-00001'")
        )
    assert (await http.get("/days/a%2Fb%20c/2026-09-04/explain")).json()["value"] == "P"
    assert (await http.get("/days/nobody/2026-09-04/explain")).status_code == 404
    wrong = await http.get("/days/a%2Fb%20c/2026-09-04/explain", params={"rule_set": "recomended"})
    assert (wrong.status_code, "recommended" in wrong.text) == (422, True)


async def test_exceptions_name_what_is_missing_and_what_would_mend_it(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/reports/exceptions", params={"month": "2026-09"})).json()
    kinds = {row["kind"]: row for row in answer["items"]}
    missing = kinds["missing_punch"]
    assert (missing["person"], missing["day"], missing["have"]) == (
        "HR-EMP-00002",
        "2026-09-01",
        "only a punch at 08:03:00",
    )
    assert missing["remedies"]
    assert "HR-EMP-99999" in kinds["unknown_person"]["have"]
    assert kinds["unmapped_device"]["subject"] == "device kitchen"
    assert answer["summary"]["missing_punch"] == 1
    only = (
        await http.get("/reports/exceptions", params={"month": "2026-09", "kind": "unknown_person"})
    ).json()
    assert {row["kind"] for row in only["items"]} == {"unknown_person"}


async def test_g_n_99_a_key_of_one_site_sees_that_site_only(september: House) -> None:
    async with september.reader("Villas") as http:
        found = await rows(http)
        assert list(found) == ["HR-EMP-00001", "HR-EMP-00002"]
        foreign = await http.get(SHEET, params={"month": "2026-09", "site": "Centro"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "site_not_allowed")
        cell = await http.get(f"{SHEET}/explain", params={"person": "HR-EMP-00003", "day": "2026-09-04"})
        assert cell.status_code == 404
        near = await http.get(SHEET, params={"month": "2026-09", "person": "HR-EMP-0003"})
        assert (near.status_code, "HR-EMP-00003" in near.text) == (422, False)
        things = (await http.get("/reports/exceptions", params={"month": "2026-09"})).json()["items"]
        assert {row["site"] for row in things} == {"Villas"}


@pytest.mark.parametrize(
    ("params", "pointer", "hint"),
    [
        ({"month": "2026-09", "site": "Vilas"}, "/query/site", "Villas"),
        ({"month": "2026-09", "department": "Kitchn"}, "/query/department", "Kitchen"),
        ({"month": "2026-09", "person": "HR-EMP-0001"}, "/query/person", "HR-EMP-00001"),
        ({"month": "2026-09", "rule_set": "recomended"}, "/query/rule_set", "recommended"),
        ({"month": "2026-09", "rule_set": "x"}, "/query/rule_set", "there are: frappe_hr, original"),
        ({"from": "2026-01-01", "to": "2026-09-30"}, "/query/to", "90 days"),
        ({"month": "2026-13"}, "/query/month", ""),
        ({"month": "2026-09", "sit": "Villas"}, "/query/sit", "site"),
    ],
)
async def test_g_n_100_wrong_questions_are_refused_with_what_to_do(
    http: httpx.AsyncClient, params: dict[str, str], pointer: str, hint: str
) -> None:
    answer = await http.get(SHEET, params=params)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert hint in answer.text


@pytest.mark.parametrize("params", [{"from": "2026-09-02", "to": "2026-09-01"}, {"from": "2026-09-02"}])
async def test_g_n_100_a_period_that_is_none_is_refused(
    http: httpx.AsyncClient, params: dict[str, str]
) -> None:
    assert (await http.get(SHEET, params=params)).status_code == 422


async def test_g_n_97_names_are_escaped_in_html_and_neutralised_in_csv(september: House) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text(
                "UPDATE attendance.person SET name = '<script>alert(1)</script>' WHERE upstream_name = 'HR-EMP-00001'"
            )
        )
        await conn.execute(
            text("UPDATE attendance.person SET name = '=1+1' WHERE upstream_name = 'HR-EMP-00002'")
        )
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    async with september.reader() as http:
        page = await http.get(SHEET, params={"month": "2026-09", "format": "html"})
        assert "<script>alert(1)" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        file = await http.get(SHEET, params={"month": "2026-09", "format": "csv"})
    table = list(csv.reader(io.StringIO(file.text)))
    assert table[2][1] == "'=1+1"
    assert table[1][3 : 3 + 5] == ["P", "P", "P", "P", "A"]


async def test_equal_data_give_equal_bytes_and_a_304(http: httpx.AsyncClient) -> None:
    first = await http.get(SHEET, params={"month": "2026-09"})
    again = await http.get(SHEET, params={"month": "2026-09"})
    assert again.content == first.content
    assert "hit" in again.headers["cache-status"]
    unchanged = await http.get(
        SHEET, params={"month": "2026-09"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_q33_statements_do_not_grow_with_people(september: House) -> None:
    seen = []
    for people in (1, 10, 100):
        async with september.runtime.database.write() as conn:
            await conn.execute(
                text("""INSERT INTO attendance.person (source_id, upstream_name, name)
                        SELECT 1, 'N-' || :people || '-' || n, 'N' FROM generate_series(1, :people) n"""),
                {"people": people},
            )
            await september.runtime.versions.raise_in(conn, ["attendance/masters"])
        async with september.reader() as http:
            with counted_statements(september.runtime.database.engine) as statements:
                assert (await http.get(SHEET, params={"month": "2026-09"})).status_code == 200
        seen.append(len([one for one in statements if "muster." not in one]))
    assert seen[0] == seen[1] == seen[2]
