"""Who is in: by types or by turns, in open windows only, with the instant at which the answer changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
import pytest

from service.attendance.queries.day_rows import DaysOf
from service.attendance.queries.headcount import select_punched
from service.attendance.reports.headcount import HEADCOUNT
from service.core.auth import SYSTEM
from service.core.database import ReadConnection
from service.reporting.answer import ask
from service.reporting.report import BuildContext
from service.schemas.attendance.total_reports import HeadcountParams
from tests.attendance.house import House
from tests.attendance.make import ZONE, Firm
from tests.attendance.plans import INDEXES, assert_by_index, captured, explained
from tests.support.statements import counted_statements

SITE = ZoneInfo(ZONE)
ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in (1, 2, 3, 4))
KNOWN = datetime(2026, 9, 11, 12, tzinfo=SITE).astimezone(UTC)


@pytest.fixture
async def tenth(house: House) -> House:
    """The 10th: Ana comes, goes to lunch and comes back; Ben by types; Carla by night; Dario without a shift."""
    async with house.writing() as made:
        for person, shift in ((BEN, "Day"), (CARLA, "Night")):
            await made.works(person, shift)
        for hour in ("08:00", "17:00"):
            await made.punch(ANA, f"2026-09-09 {hour}", "villas-gate-1")
        for hour in ("08:00", "12:00", "13:00"):
            await made.punch(ANA, f"2026-09-10 {hour}", "villas-gate-1")
        await made.punch(BEN, "2026-09-10 07:55", "centro-1", log_type="IN")
        await made.punch(BEN, "2026-09-10 17:05", "centro-1", log_type="OUT")
        await made.punch(CARLA, "2026-09-10 21:50", "kitchen")
        await made.punch(CARLA, "2026-09-11 06:10", "kitchen")
        await made.punch(DARIO, "2026-09-10 10:00")
        await made.known_through(KNOWN)
    await house.recompute(KNOWN)
    return house


async def answered(http: httpx.AsyncClient, at: str, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/headcount", params={"at": f"{at}-06:00"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-09-10T07:54:59", []),
        ("2026-09-10T07:55:00", [BEN]),
        ("2026-09-10T11:00:00", [ANA, BEN, DARIO]),
        ("2026-09-10T12:30:00", [BEN, DARIO]),
        ("2026-09-10T17:30:00", [ANA, DARIO]),
        ("2026-09-10T23:00:00", [ANA, CARLA, DARIO]),
        ("2026-09-11T03:00:00", [CARLA]),
        ("2026-09-11T06:30:00", []),
    ],
)
async def test_who_is_in_at_an_instant(tenth: House, at: str, inside: list[str]) -> None:
    async with tenth.reader() as http:
        answer = await answered(http, at)
    assert [row["person"] for row in answer["items"]] == inside
    assert answer["summary"]["in"] == len(inside)


async def test_where_they_are_and_who_should_have_left(tenth: House) -> None:
    async with tenth.reader() as http:
        answer = await answered(http, "2026-09-10T12:30:00")
        assert answer["summary"] == {"in": 2, "overdue": 0, "by_site": {"(none)": 1, "Centro": 1}}
        ben = answer["items"][0]
        assert (ben["site"], ben["at_site"], ben["device"]) == ("Villas", "Centro", "centro-1")
        assert (ben["since"], ben["shift_end"]) == ("2026-09-10T13:55:00+00:00", "2026-09-10T23:00:00+00:00")
        late = await answered(http, "2026-09-10T17:30:00")
    assert [(row["person"], row["overdue"]) for row in late["items"]] == [(ANA, True), (DARIO, False)]


async def test_a_key_of_one_site_counts_its_own_people(tenth: House) -> None:
    async with tenth.reader("Villas") as http:
        assert [row["person"] for row in (await answered(http, "2026-09-10T11:00:00"))["items"]] == [ANA, BEN]
        foreign = await http.get(
            "/reports/headcount", params={"at": "2026-09-10T11:00:00Z", "site": "Centro"}
        )
    assert foreign.status_code == 403


async def test_a_past_instant_is_complete_and_a_later_one_is_not(tenth: House) -> None:
    async with tenth.reader() as http:
        assert (await answered(http, "2026-09-10T11:00:00"))["meta"]["complete"] is True
        meta = (await answered(http, "2026-09-11T13:00:00"))["meta"]
    assert meta["complete"] is False
    assert any("check-ins since then are not counted" in reason for reason in meta["incomplete_reasons"])


async def test_questions_that_have_no_answer_are_refused(tenth: House) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0).isoformat()
    async with tenth.reader() as http:
        for params, code in (
            ({"at": ahead}, "in_the_future"),
            ({"day": ahead[:10]}, "in_the_future"),
            ({"at": "2026-09-10T11:00:00"}, "offset_required"),
            ({"at": "0001-01-01T00:00:00Z"}, "1900"),
            ({"day": "1900-01-01"}, "1900"),
            ({"at": "2026-09-10T11:00:00Z", "day": "2026-09-10"}, ""),
        ):
            answer = await http.get("/reports/headcount", params=params)
            assert (answer.status_code, code in answer.text) == (422, True), params


async def built(house: House, now: datetime, **params: Any) -> Any:
    """The answer to "now" as if it were `now`."""
    context = BuildContext(now=now, caller=SYSTEM, settings=house.runtime.settings)
    asked = HEADCOUNT.resolve(HeadcountParams(**params), context)  # type: ignore[misc]  # it has one
    async with house.runtime.database.snapshot() as conn:
        return await HEADCOUNT.build(conn, asked, context)


async def test_now_says_when_it_will_read_differently(tenth: House) -> None:
    for now, change in (
        ("2026-09-10T11:00:00", "2026-09-10T17:00:00"),  # the day shift's end: overdue from then on
        ("2026-09-10T17:30:00", "2026-09-11T00:00:00"),  # windows of the day close
        ("2026-09-11T03:00:00", "2026-09-11T06:00:00"),  # the night shift's end
    ):
        answer = await built(tenth, datetime.fromisoformat(now).replace(tzinfo=SITE))
        assert answer.next_change.astimezone(SITE).replace(tzinfo=None).isoformat() == change
    past = await built(tenth, KNOWN, at=datetime(2026, 9, 10, 17, tzinfo=UTC))
    assert past.next_change is None


async def test_a_copy_of_now_lives_until_its_next_change(tenth: House) -> None:
    question, answer = await ask(tenth.runtime, "attendance", HEADCOUNT, HeadcountParams(), SYSTEM)
    assert question.by_clock
    assert answer.expires_at is not None
    assert timedelta(0) < answer.expires_at - question.context.now <= timedelta(days=1)
    assert any(scope.startswith(f"attendance/{question.context.now:%Y}") for scope in question.scopes)


async def test_being_in_explains_itself(tenth: House) -> None:
    asked = {"person": ANA, "at": "2026-09-10T12:30:00-06:00"}
    async with tenth.reader() as http:
        why = (await http.get("/reports/headcount/explain", params=asked)).json()
        assert (why["value"], [given["name"][-8:] for given in why["inputs"]]) == (
            "out",
            ["08:00:00", "12:00:00"],
        )
        listed = await http.get(why["inputs"][0]["link"].removeprefix("/v1/attendance"))
        assert len(listed.json()["items"]) == 3
        page = await http.get("/reports/headcount", params={"at": asked["at"], "format": "html"})
    assert "data-explain" in page.text


async def test_q33_statements_do_not_grow_with_people(tenth: House) -> None:
    sent = []
    for count in (1, 20):
        async with tenth.runtime.database.write() as conn:
            await conn.exec_driver_sql(
                f"""WITH made AS (INSERT INTO attendance.person (source_id, upstream_name, name)
                        SELECT 1, 'N-{count}-' || n, 'N' FROM generate_series(1, {count}) n RETURNING id),
                    punched AS (INSERT INTO attendance.checkin (source_id, upstream_name, person_id, local_time, day, at)
                        SELECT 1, 'P-' || id, id, '2026-09-10 09:00', '2026-09-10', '2026-09-10 15:00Z' FROM made
                        RETURNING id, person_id)
                    INSERT INTO attendance.day (rule_set_id, person_id, work_date, shift_seq, schedule_source,
                        status, base_status, code, input_hash, punches, punch_count)
                    SELECT r.id, person_id, '2026-09-10', 0, 'none', 'REST_WORKED', 'REST_WORKED', 'P', 1,
                        ARRAY[punched.id], 1
                    FROM punched, attendance.rule_set r WHERE r.name = 'recommended'"""
            )
        with counted_statements(tenth.runtime.database.engine) as seen:
            answer = await built(tenth, KNOWN, at=datetime(2026, 9, 10, 17, tzinfo=UTC))
        assert len(answer.rows) >= count + 3
        sent.append(len(seen))
    assert sent[0] == sent[1]


async def test_q33_days_come_by_a_composite_index(many: Firm) -> None:
    days = DaysOf(
        rule_set=many.ids["recommended"], start=date(2026, 9, 9), end=date(2026, 9, 10), people=range(200)
    )
    with captured(many.conn) as seen:
        await select_punched(cast(ReadConnection, many.conn), days, KNOWN)
    assert_by_index(await explained(many.conn, *seen[-1]), "day", INDEXES)
