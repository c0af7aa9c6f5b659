"""The period summary over HTTP: sums, key figures, explanations, completeness, who may see what."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from service.attendance.models import RuleSet as RuleSetRow
from service.attendance.queries import period as reads
from service.attendance.recompute import Recompute
from service.attendance.reports.summary import SHOWN
from service.attendance.rules.codes import UPSTREAM_STATUS, Status
from service.attendance.rules.period.variants import KEY_FIGURES, Variant
from service.attendance.rules.ruleset import RECOMMENDED
from tests.attendance.house import House
from tests.attendance.make import Firm, add, firm, judged, leave
from tests.attendance.reported import SUMMARY, got, reckoned, summary
from tests.attendance.test_browse_plans import nodes
from tests.support.statements import counted_statements

ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in (1, 2, 3, 4))
MONTH = {"month": "2026-09"}
NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
LATE_DAYS = (3, 4, 8, 9, 17)


async def fill(made: Firm) -> None:
    """September 2026, 1 to 18: Ana late five times and otherwise there, Carla on leave, Ben once there and half."""
    for number in (ANA, BEN, CARLA):
        await made.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE upstream_name = :number"),
            {"shift": made.ids["Day"], "number": number},
        )
    for day in range(1, 19):
        minute = 25 if day in LATE_DAYS else 0
        await made.punch(ANA, f"2026-09-{day:02} 08:{minute:02}:00", "villas-gate-1")
        await made.punch(ANA, f"2026-09-{day:02} 17:00:00", "villas-gate-1")
    await made.punch(BEN, "2026-09-01 08:03:00", "villas-gate-1")
    await leave(made, CARLA, date(2026, 9, 7), date(2026, 9, 8))
    await leave(
        made, CARLA, date(2026, 9, 9), date(2026, 9, 9), half_day=True, half_day_date=date(2026, 9, 9)
    )
    times: dict[str, Any] = {"shift_name": "Day", "hours": 9}
    await judged(made, ANA, date(2026, 9, 1), **times)
    await judged(made, ANA, date(2026, 9, 2), "Absent", **times)
    await made.known_through(datetime(2026, 10, 2, 11, tzinfo=UTC))


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


async def test_sums_of_a_month(http: httpx.AsyncClient) -> None:
    found = await summary(http, **MONTH)
    assert list(found) == [ANA, BEN, CARLA, DARIO]
    ana = found[ANA]
    assert (ana["lates"], ana["late_minutes"], ana["late_deductions"]) == (5, 125, 1)
    assert (ana["scheduled_days"], ana["present_days"], ana["absences"]) == ("28.00", "17.00", "11.00")
    assert (ana["holidays"], ana["rest_days"], ana["worked_rest_days"]) == ("0.00", "1.00", "1.00")
    assert (ana["absence_episodes"], ana["on_time_days"]) == (1, "12.00")
    assert ana["expected_seconds"] == ana["net_expected_seconds"] == 28 * 9 * 3600
    assert ana["worked_seconds"] == 18 * 9 * 3600 - 5 * 25 * 60
    assert ana["difference_seconds"] == ana["worked_seconds"] - ana["net_expected_seconds"]
    assert ana["hours_state"] == "incomplete"
    assert (ana["bradford"], ana["bradford_band"], ana["punctuality"]) == ("11.00", "excellent", "70.59")
    ben = found[BEN]
    assert (ben["missing_punches"], ben["present_days"], ben["absences"]) == (1, "1.00", "29.00")
    carla = found[CARLA]
    assert carla["leaves"] == {"casual_leave": "2.50", "leave_without_pay": "0.00"}
    assert (carla["leave_days"], carla["justified_absences"], carla["absences"]) == ("2.50", "2.50", "27.50")
    # The leave of the 7th and 8th parts the month in two; half of the 9th was on leave, half absent.
    assert (carla["absence_episodes"], carla["deducted_seconds"]) == (2, 5 * 9 * 1800)
    assert found[DARIO]["scheduled_days"] == "0.00"
    assert found[DARIO]["absenteeism"] is None


async def test_the_days_of_a_row_sum_to_the_period(http: httpx.AsyncClient) -> None:
    kinds = (
        "present_days", "absences", "leave_days", "holidays", "rest_days", "worked_rest_days",
        "not_employed_days", "undecided_days",
    )  # fmt: skip
    for asked, days in ((MONTH, 30), ({"half": "2026-09-1"}, 15), ({"week": "2026-W37"}, 7)):
        for row in (await summary(http, **asked)).values():
            assert sum(float(row[kind]) for kind in kinds) == days, row


async def test_unreconciled_days_are_those_of_the_reconciliation(http: httpx.AsyncClient) -> None:
    week = {"from": "2026-09-01", "to": "2026-09-06"}
    found = await summary(http, **week)
    asked = {**week, "person": ANA, "rule_set": "recommended"}
    listed = (await got(http, "/reports/reconciliation", **asked))["items"]
    differing = {row["day"] for row in listed if "status" in row["differs"]}
    assert found[ANA]["unreconciled_days"] == len(differing) == 5
    explained = await got(http, f"{SUMMARY}/explain", **week, person=ANA, figure="unreconciled_days")
    assert {given["name"] for given in explained["inputs"]} == differing
    link = explained["inputs"][0]["link"].removeprefix("/v1/attendance")
    assert [row["day"] for row in (await got(http, link))["items"]] == ["2026-09-02"]


@pytest.mark.parametrize("variant", ["recommended", "original", "statistics_fix"])
async def test_q8_every_figure_follows_from_its_explanation(
    http: httpx.AsyncClient, variant: Variant
) -> None:
    asked = {"half": "2026-09-1", "variant": variant}
    found = await summary(http, **asked)
    for person in (ANA, CARLA, DARIO):
        row = found[person]
        leaves = {f"leaves.{word}": days for word, days in row["leaves"].items()}
        for figure in (*SHOWN, *KEY_FIGURES, *leaves):
            explained = await got(http, f"{SUMMARY}/explain", **asked, person=person, figure=figure)
            shown = {**row, **leaves}[figure]
            assert explained["value"] == shown, (person, figure)
            assert reckoned(explained, figure, variant) == shown, (person, figure)


async def test_every_day_of_an_explanation_leads_to_its_own(http: httpx.AsyncClient) -> None:
    explained = await got(http, f"{SUMMARY}/explain", **MONTH, person=ANA, figure="lates")
    assert [given["name"] for given in explained["inputs"]] == [f"2026-09-{day:02}" for day in LATE_DAYS]
    day = await got(http, explained["inputs"][0]["link"].removeprefix("/v1/attendance"))
    late = next(step for step in day["steps"] if step["figure"] == "late_counted")
    assert late["value"] is True


async def test_c25_lates_before_the_period_are_carried_over(http: httpx.AsyncClient) -> None:
    """By calendar month: the third late is the 8th, the second half begins with four and has one more."""
    asked = {"from": "2026-09-05", "to": "2026-09-08", "person": ANA}
    answer = await got(http, SUMMARY, **asked)
    assert (answer["items"][0]["lates"], answer["items"][0]["late_deductions"]) == (1, 1)
    assert "counted anew with each month, here from 2026-09-01" in answer["notes"][-1]
    explained = await got(http, f"{SUMMARY}/explain", **asked, figure="late_deductions")
    numbers, marks = explained["steps"]
    assert {given["name"]: given["value"] for given in numbers["inputs"]} == {
        "2026-09-03": 1, "2026-09-04": 2, "2026-09-08": 3,
    }  # fmt: skip
    assert [given["name"] for given in marks["inputs"]] == ["2026-09-08"]
    assert marks["threshold"] == {"lates_per_absence": 3, "counted_from": "2026-09-01"}
    second = await summary(http, half="2026-09-2", person=ANA)
    assert (second[ANA]["lates"], second[ANA]["late_deductions"]) == (1, 0)


@pytest.mark.parametrize(
    ("carry_over", "asked", "deductions"),
    [
        ("report", {"from": "2026-09-05", "to": "2026-09-17"}, 1),
        ("report", {"from": "2026-09-05", "to": "2026-09-16"}, 0),
        ("pay_period", {"half": "2026-09-2"}, 0),
        ("pay_period", {"month": "2026-09"}, 1),
        ("pay_period", {"from": "2026-09-08", "to": "2026-09-17"}, 1),
    ],
)
async def test_c25_the_count_begins_where_the_rule_set_says(
    september: House, carry_over: str, asked: dict[str, str], deductions: int
) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("""UPDATE attendance.rule_set SET parameters = jsonb_set(parameters,
                    '{punctuality,lates_carry_over}', to_jsonb(CAST(:value AS text)))
                    WHERE name = 'recommended'"""),
            {"value": carry_over},
        )
    async with september.reader() as http:
        assert (await summary(http, **asked, person=ANA))[ANA]["late_deductions"] == deductions


async def test_totals_and_cards_of_everybody(http: httpx.AsyncClient) -> None:
    answer = await got(http, SUMMARY, **MONTH, variant="original")
    rows, together = answer["items"], answer["summary"]
    assert (together["people"], together["first_day"], together["last_day"]) == (
        4,
        "2026-09-01",
        "2026-09-30",
    )
    assert together["worked_seconds"] == sum(row["worked_seconds"] for row in rows)
    assert together["absences"] == "67.50"
    # 22 Mondays to Fridays for each of four people.
    assert together["lost_days"] == {"value": "76.7", "unit": "%", "band": "red"}
    assert together["punctual_people"]["value"] == "0.0"
    fair = (await got(http, SUMMARY, **MONTH))["summary"]
    # Of the 88 days of work that three people had.
    assert float(fair["lost_days"]["value"]) == round(67.5 / 88 * 100, 1)
    assert float(fair["attendance_rate"]["value"]) > float(together["attendance_rate"]["value"])


async def test_it_says_how_complete_it_is(september: House, http: httpx.AsyncClient) -> None:
    meta = (await got(http, SUMMARY, **MONTH))["meta"]
    assert (meta["complete"], meta["rules_version"]) == (True, "recommended/1")
    ahead = await got(http, SUMMARY, month="2026-10")
    assert ahead["meta"]["complete"] is False
    assert any("lie ahead" in reason for reason in ahead["meta"]["incomplete_reasons"])
    explained = await got(http, f"{SUMMARY}/explain", month="2026-10", person=ANA, figure="absences")
    assert [gap["code"] for gap in explained["gaps"]] == ["incomplete"]


async def test_days_that_only_carry_lates_over_must_be_known_too(september: House) -> None:
    second_half = {"half": "2026-09-2"}
    async with september.runtime.database.write() as conn:
        await conn.execute(
            text("""INSERT INTO attendance.dirty_day (person_id, work_date, cause)
                    SELECT id, '2026-09-03', 'test' FROM attendance.person WHERE upstream_name = :ana"""),
            {"ana": ANA},
        )
        await september.runtime.versions.raise_in(conn, ["attendance/completeness"])
    async with september.reader() as http:
        assert (await got(http, SUMMARY, **second_half))["meta"]["complete"] is False
        sheet = await got(http, "/reports/monthly-sheet", **second_half)
        assert sheet["meta"]["complete"] is True
        assert len(sheet["items"][0]["days"]) == 15


async def test_g_n_99_a_key_of_one_site_sees_that_site_only(september: House) -> None:
    async with september.reader("Villas") as http:
        assert list(await summary(http, **MONTH)) == [ANA, BEN]
        assert (await got(http, SUMMARY, **MONTH))["summary"]["people"] == 2
        for path, asked in (
            (SUMMARY, {"site": "Centro"}),
            (f"{SUMMARY}/explain", {"person": CARLA, "figure": "lates"}),
        ):
            answer = await http.get(path, params=MONTH | asked)
            assert answer.status_code in {403, 422}, answer.text
            assert "Carla" not in answer.text


async def test_rows_can_be_grouped(http: httpx.AsyncClient) -> None:
    for word, groups in (
        ("company", ["Casa Norte", "(none)", "(none)", "(none)"]),
        ("site", ["Centro", "Villas", "Villas", "(none)"]),
    ):
        answer = await got(http, SUMMARY, **MONTH, group_by=word)
        assert [row["group"] for row in answer["items"]] == groups


async def test_files_have_a_column_for_each_leave_type(http: httpx.AsyncClient) -> None:
    file = await http.get(SUMMARY, params=MONTH | {"format": "csv"})
    table = list(csv.reader(io.StringIO(file.text)))
    ana = dict(zip(table[0], table[1], strict=True))
    assert (ana["Number" if "Number" in ana else "Person"], ana["Casual leave"]) == (ANA, "0.00")
    assert (ana["Worked"], ana["Difference"]) == ("159:55:00", "-92:05:00")
    assert "Group" not in ana
    spanish = await http.get(SUMMARY, params=MONTH | {"format": "csv", "locale": "es"})
    assert "Total horas trabajadas" in spanish.text.splitlines()[0]


async def test_the_page_asks_for_the_figure_under_the_pointer(http: httpx.AsyncClient) -> None:
    page = (await http.get(SUMMARY, params={"half": "2026-09-1", "format": "html"})).text
    assert 'data-f="figure=bradford"' in page
    assert 'data-f="figure=leaves.casual_leave"' in page
    assert 'data-all="half=2026-09-1&amp;rule_set=recommended&amp;variant=recommended"' in page
    assert f'data-q="person={ANA}&amp;site=Villas"' in page


@pytest.mark.parametrize(
    ("path", "params", "pointer", "hint"),
    [
        (SUMMARY, {"variant": "orignal"}, "/query/variant", "original"),
        (SUMMARY, {"group_by": "shift"}, "/query/group_by", "site"),
        (SUMMARY, {"from": "2025-01-01", "to": "2026-01-02"}, "/query/to", "365 days"),
        (f"{SUMMARY}/explain", {"person": ANA, "figure": "late"}, "/query/figure", "lates"),
        (f"{SUMMARY}/explain", {"person": "HR-EMP-00009", "figure": "lates"}, "/query/person", CARLA),
        (f"{SUMMARY}/explain", {"figure": "lates"}, "/query/person", ""),
    ],
)
async def test_g_n_100_wrong_questions_are_refused_with_what_to_do(
    http: httpx.AsyncClient, path: str, params: dict[str, str], pointer: str, hint: str
) -> None:
    answer = await http.get(path, params=params)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert hint in answer.text


async def test_the_longest_period_is_a_leap_year(http: httpx.AsyncClient) -> None:
    assert (await summary(http, **{"from": "2024-01-01", "to": "2024-12-31"}))[ANA]["lates"] == 0


@pytest.mark.parametrize("report", [SUMMARY, "/reports/absences"])
async def test_q33_statements_do_not_grow_with_people(september: House, report: str) -> None:
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
                assert (await http.get(report, params=MONTH)).status_code == 200
        seen.append(len([one for one in statements if "muster." not in one]))
    assert seen[0] == seen[1] == seen[2]


def as_json(found: Any) -> Any:
    return orjson.loads(found) if isinstance(found, str) else found


async def test_q33_days_come_by_the_composite_index(made: Firm) -> None:
    await made.conn.execute(
        text("""INSERT INTO attendance.day (rule_set_id, person_id, work_date, shift_seq, schedule_source,
                    status, base_status, code, input_hash)
                SELECT :rules, n, date '2026-09-20' - d, 0, 'default',
                       CASE n % 3 WHEN 0 THEN 'ABSENT' WHEN 1 THEN 'LATE' ELSE 'PRESENT' END, 'PRESENT', 'P', 1
                FROM generate_series(1, 200) AS n, generate_series(1, 200) AS d"""),
        {"rules": made.ids["recommended"]},
    )
    await made.conn.execute(text("ANALYZE attendance.day"))
    names = [status.name for status in Status]
    pairs = [pair for pair in UPSTREAM_STATUS.items() if pair[1]]
    for query, more in (
        (reads._DAYS, (names,)),
        (reads._DIFFERENT, ([code for code, _ in pairs], [status for _, status in pairs])),
    ):
        values = (made.ids["recommended"], date(2026, 9, 1), date(2026, 9, 15), [*range(1, 201)], *more)
        explained = await made.conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query}", values)
        plan = list(nodes(as_json(explained.scalar_one())[0]["Plan"]))
        assert "Seq Scan" not in [node["Node Type"] for node in plan if node.get("Relation Name") == "day"]
        # Either composite index that has the date within the rule set; which is the planner's choice.
        found = {node["Index Name"]: node["Index Cond"] for node in plan if "Index Name" in node}
        chosen = found.keys() & {"ix_day_work_date", "ix_day_status", "pk_day"}
        assert chosen, plan
        for name in chosen:
            assert "rule_set_id" in found[name]
            assert "work_date >=" in found[name]


async def original(made: Firm) -> None:
    """G-O-01 to G-O-10 as the original judged them, as results of a rule set with its parameters."""
    parameters = RECOMMENDED.to_json() | {"name": "original"}
    parameters["punctuality"] |= {"severe_is_absence": True, "lates_carry_over": "report"}
    parameters["absence"] |= {"episode_bridging": False}
    rules = await add(made.conn, RuleSetRow, name="original", version=1, parameters=parameters)
    severe = {"status": "SEVERE_LATE", "code": "A"}
    late = {"status": "LATE", "late_counted": True, "late_minutes": 16}
    for day, worked, values in (
        (1, "9:00:00", {}),
        (2, "8:44:01", late),
        (3, "8:44:00", late),
        (4, "9:00:00", {"status": "LATE_FORGIVEN", "late_forgiven": True}),
        (7, "7:59:01", severe),
        (8, "9:29:00", severe),
        (9, "0:00:00", late),
        (10, "9:45:00", {}),
        (11, "8:44:59", {"early": True}),
        (12, "2:00:00", {"status": "REST_WORKED", "expected_seconds": 0, "expected_net_seconds": 0}),
        *((rest, "0:00:00", {"status": "REST", "code": "WO", "expected_seconds": 0}) for rest in (5, 6, 13)),
    ):
        hours, minutes, seconds = (int(part) for part in worked.split(":"))
        known = {"expected_seconds": 9 * 3600, "worked_seconds": hours * 3600 + minutes * 60 + seconds}
        await made.day(ANA, date(2025, 7, day), rule_set_id=rules, **{**known, **values})


@pytest.fixture
async def july(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.writing() as made:
        await original(made)
    async with house.reader() as opened:
        yield opened


async def test_g_o_30_the_sums_of_what_the_original_judged(july: httpx.AsyncClient) -> None:
    asked = {
        "from": "2025-07-01",
        "to": "2025-07-13",
        "rule_set": "original",
        "variant": "original",
        "person": ANA,
    }
    answer = await got(july, SUMMARY, **asked)
    row = answer["items"][0]
    assert row["worked_seconds"] == 73 * 3600 + 26 * 60 + 1
    assert row["expected_seconds"] == 81 * 3600
    assert (row["lates"], row["absences"], row["absence_episodes"], row["early_exits"]) == (3, "2.00", 1, 1)
    assert row["difference_seconds"] == -(7 * 3600 + 33 * 60 + 59)
    assert row["late_deductions"] == 1
    # G-O-103
    assert (row["bradford"], row["absenteeism"], row["punctuality"]) == ("2.00", "9.09", "92.50")
    assert (row["hour_efficiency"], row["sic"], row["sic_band"]) == ("90.66", "93.41", "green")
    cards = {name: card["value"] for name, card in answer["summary"].items() if isinstance(card, dict)}
    assert cards == {
        "attendance_rate": "90.7", "mean_hour_deviation": "7.6", "punctual_people": "0.0", "lost_days": "22.2",
    }  # fmt: skip
