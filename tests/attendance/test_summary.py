"""The period summary over HTTP: sums, key figures, explanations, completeness, who may see what."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from service.attendance.queries import period as reads
from service.attendance.reports.efficiency_bars import efficiency_bars
from service.attendance.rules.codes import Status
from service.attendance.rules.period.cards import CARDS
from tests.attendance.house import House
from tests.attendance.make import Firm
from tests.attendance.plans import nodes
from tests.attendance.reported import ANA, BEN, CARLA, DARIO, MONTH, SUMMARY, got, september_of, summary
from tests.support.statements import counted_statements
from tests.support.workbooks import Opened


@pytest.fixture
async def september(house: House) -> House:
    return await september_of(house)


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
    asked = {"month": "2026-10", "person": ANA, "figure": "absences"}
    explained = await got(http, f"{SUMMARY}/explain", **asked)
    assert [gap["code"] for gap in explained["gaps"]] == ["incomplete"]
    page = (await http.get(f"{SUMMARY}/explain", params=asked | {"format": "fragment"})).text
    assert page.count(explained["rule"]) == 1


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
    ("locale", "red", "title"), [("en", "red", "highest 2 of 2"), ("es", "rojo", "las 2 más altas de 2")]
)
async def test_the_page_has_the_site_lights_in_words_and_bars(
    september: House, http: httpx.AsyncClient, locale: str, red: str, title: str
) -> None:
    async with september.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.person SET name = '<b>Ana' WHERE name = 'Ana Ruiz'"))
        await september.runtime.versions.raise_in(conn, ["attendance/masters"])
    asked = MONTH | {"site": "Villas", "locale": locale}
    cards = (await got(http, SUMMARY, **MONTH, site="Villas"))["summary"]
    page = (await http.get(SUMMARY, params=asked | {"format": "html"})).text
    assert '<span class="site">Villas</span></h1>' in page
    for name in CARDS:
        shown = f"{cards[name]['value']} {cards[name]['unit']}"
        card = re.search(rf'<a href="([^"]+figure={name})">{shown}</a>(.*?)</div>', page, re.DOTALL)
        assert card is not None
        assert card[2].strip().endswith(f"{red}</span></dd>")
        assert cards[name]["band"] == "red"
        why = await http.get(f"/reports/{html.unescape(card[1])}")
        assert f'<p class="figure">{shown}' in why.text
    bars = re.search(r'<figure class="chart ranked">.*?</figure>', page, re.DOTALL)
    assert bars is not None
    assert title in bars[0]
    # 159:55 of 28 days of nine hours; Ben has one punch and no hours.
    assert re.findall(r"<strong>(.*?)</strong>", bars[0]) == ["63.46 %", "0.00 %"]
    assert "159:55:00 / 252:00:00" in bars[0]
    assert "<b>Ana" not in page
    book = Opened((await http.get(SUMMARY, params=asked | {"format": "xlsx"})).content)
    assert f"{cards['lost_days']['value']} % ({red})" in [row[1] for row in book.values(book.names[-1])]


async def test_the_page_offers_the_states_of_hours_as_a_filter(http: httpx.AsyncClient) -> None:
    page = (await http.get(SUMMARY, params=MONTH | {"format": "html", "locale": "es"})).text
    assert '<span class="site">' not in page
    assert '<body class="wide">' in page  # 40 columns are printed on larger paper
    offered = re.findall(r'<select data-key="hours_state".*?</select>', page)
    assert re.findall(r"<option>(.*?)</option>", *offered) == ["tiempo extra", "completo", "incompleto"]
    # The script looks for the words in the column that the header names.
    heads = re.findall(r"<th scope=\"col\"[^>]*>", page)
    place = next(at for at, head in enumerate(heads) if 'data-key="hours_state"' in head)
    first = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page[page.index("<tbody>") :])
    assert first[place] == "incompleto"


def test_bars_are_the_15_highest_with_the_bands_of_a_14() -> None:
    worked = [85_000, 84_999, 98_000, 97_999, 200_000, *([100_000] * 12)]
    rows = [
        {"person": f"{at:02}", "person_name": "N", "worked_seconds": seconds, "net_expected_seconds": 100_000}
        for at, seconds in enumerate(worked)
    ]
    idle = rows[0] | {"person": "idle", "net_expected_seconds": 0}
    found = efficiency_bars({"items": [*rows, idle]}, "en")
    bars = [(bar.beside, bar.text, bar.light.word, length) for bar, length in found["bars"]]
    assert bars[0] == ("04", "200.00 %", "green", 100)
    assert [bar[0] for bar in bars[1:13]] == [f"{at:02}" for at in range(5, 17)]
    assert bars[13:] == [("02", "98.00 %", "green", 49), ("03", "98.00 %", "yellow", 49)]
    assert "15 of 17 people" in found["title"]
    few = efficiency_bars({"items": rows[:2]}, "en")["bars"]
    assert [(bar.light.word, length) for bar, length in few] == [("yellow", 85), ("red", 85)]
    assert efficiency_bars({"items": [idle]}, "en")["bars"] == []


@pytest.mark.parametrize(
    ("path", "params", "pointer", "hint"),
    [
        (SUMMARY, {"variant": "orignal"}, "/query/variant", "original"),
        (SUMMARY, {"group_by": "shift"}, "/query/group_by", "site"),
        (SUMMARY, {"from": "2025-01-01", "to": "2026-01-02"}, "/query/to", "at most 366 days"),
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


async def test_q33_days_come_by_the_composite_index(house: House) -> None:
    async with house.writing() as made:
        await fill_with_dates(made)
    async with house.runtime.database.write() as conn:
        await conn.execute(text("ANALYZE attendance.day, attendance.upstream_attendance"))
        await _assert_by_date(conn, made)


async def fill_with_dates(made: Firm) -> None:
    """Written by date, as days come; a half-month of 2,500 dates is never cheaper to find by reading them all."""
    await made.conn.execute(
        text("""INSERT INTO attendance.day (rule_set_id, person_id, work_date, shift_seq, schedule_source,
                    status, base_status, code, input_hash)
                SELECT :rules, n, date '2026-09-20' - d, 0, 'default',
                       CASE n % 3 WHEN 0 THEN 'ABSENT' WHEN 1 THEN 'LATE' ELSE 'PRESENT' END, 'PRESENT', 'P', 1
                FROM generate_series(1, 2500) AS d, generate_series(1, 20) AS n ORDER BY d, n"""),
        {"rules": made.ids["recommended"]},
    )
    await made.conn.execute(
        text("""INSERT INTO attendance.upstream_attendance
                    (source_id, upstream_name, person_id, day, status, docstatus)
                SELECT :source, d || '/' || k, :ana, date '2026-09-20' - d, 'Present', 1
                FROM generate_series(1, 2500) AS d, generate_series(1, 10) AS k ORDER BY d, k"""),
        {"source": made.source, "ana": made.ids[ANA]},
    )


async def _assert_by_date(conn: AsyncConnection, made: Firm) -> None:
    names = [status.name for status in Status]
    period, everybody = (date(2026, 9, 1), date(2026, 9, 15)), [*range(1, 21)]
    for query, table, wanted, values in (
        (
            reads._DAYS,
            "day",
            {"ix_day_work_date", "ix_day_status", "pk_day"},
            (made.ids["recommended"], *period, everybody, names),
        ),
        (
            reads._THEIRS,
            "upstream_attendance",
            {"ix_upstream_attendance_day_person_id"},
            (*period, everybody, names),
        ),
    ):
        explained = await conn.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {query}", values)
        plan = list(nodes(as_json(explained.scalar_one())[0]["Plan"]))
        scans = [node["Node Type"] for node in plan if node.get("Relation Name") == table]
        assert scans
        assert "Seq Scan" not in scans, plan
        # Any composite index that has the date within it; which is the planner's choice.
        found = {node["Index Name"]: node["Index Cond"] for node in plan if "Index Name" in node}
        assert found.keys() & wanted, plan
        assert all(" >= " in condition for condition in found.values())
