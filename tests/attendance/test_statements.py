"""Sealed sheets: what was signed stays signed, and what would differ today says why (Q9)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.attendance.models import Holiday
from service.attendance.recompute import Recompute
from tests.attendance.house import House
from tests.attendance.make import Firm, add, firm, judged, leave
from tests.support.statements import counted_statements

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
KNOWN = datetime(2026, 10, 2, 11, tzinfo=UTC)
ANA, BEN, CARLA, DARIO = (f"HR-EMP-0000{number}" for number in (1, 2, 3, 4))
SEAL: dict[str, Any] = {
    "report": "monthly-sheet",
    "params": {"month": "2026-09"},
    "note": "payroll of September",
}
STATEMENTS = "/v1/statements"


@dataclass
class September:
    """The firm's September, recomputed; `later` changes it afterwards, as a sync would."""

    house: House
    firm: Firm

    async def recompute(self) -> None:
        work = Recompute(self.house.runtime.database, self.house.runtime.versions, self.house.runtime.compute)
        await work.run(now=NOW, extent=(date(2026, 9, 1), date(2026, 9, 30)))

    async def run(self, statement: str, **values: Any) -> None:
        async with self.house.runtime.database.write() as conn:
            await conn.execute(text(statement), values)

    async def writer(self, *sites: str) -> httpx.AsyncClient:
        token = await self.house.token("attendance:write", sites=list(sites) or None)
        return self.house.http(token, base="")


async def fill(made: Firm) -> None:
    """Everybody by day but Dario, who works nights; Ana is late once."""
    for number, shift in ((ANA, "Day"), (BEN, "Day"), (CARLA, "Day"), (DARIO, "Night")):
        await made.conn.execute(
            text("UPDATE attendance.person SET default_shift_type_id = :shift WHERE upstream_name = :number"),
            {"shift": made.ids[shift], "number": number},
        )
    for day in (1, 2, 3):
        await made.punch(ANA, f"2026-09-{day:02} 08:00:00", "villas-gate-1")
        await made.punch(ANA, f"2026-09-{day:02} 17:00:00", "villas-gate-1")
    await made.punch(ANA, "2026-09-04 08:40:00", "villas-gate-1")
    await made.punch(ANA, "2026-09-04 17:00:00", "villas-gate-1")
    await made.punch(CARLA, "2026-09-10 08:00:00", "centro-1")
    await made.punch(CARLA, "2026-09-10 17:00:00", "centro-1")
    await made.punch(DARIO, "2026-09-10 22:00:00", "kitchen")
    await made.punch(DARIO, "2026-09-11 06:00:00", "kitchen")
    await made.known_through(KNOWN)


@pytest.fixture
async def september(house: House) -> September:
    async with house.runtime.database.write() as conn:
        made = await firm(conn)
        await fill(made)
    opened = September(house, made)
    await opened.recompute()
    return opened


@pytest.fixture
async def http(september: September) -> AsyncIterator[httpx.AsyncClient]:
    async with await september.writer() as opened:
        yield opened


async def seal(http: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await http.post("/v1/attendance/statements", json=SEAL | changed)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{STATEMENTS}/{made['id']}"
    return made


async def changes(http: httpx.AsyncClient, statement: dict[str, Any]) -> dict[Any, Any]:
    """By person and figure: sealed value, value of today, codes of the causes."""
    answer = await http.get(f"{STATEMENTS}/{statement['id']}/changes")
    assert answer.status_code == 200, answer.text
    return {
        (one["key"]["person"], one["figure"]): (
            one["sealed"],
            one["today"],
            {cause["code"] for cause in one["causes"]},
        )
        for one in answer.json()["items"]
    }


async def everything_changes(september: September) -> None:
    """A late punch, an edited one, a deleted one, an edited shift, a leave, a holiday, new rules."""
    async with september.house.runtime.database.write() as conn:
        made = september.firm
        made.conn = conn
        await made.punch(BEN, "2026-09-02 08:00:00", "villas-gate-1")
        await made.punch(BEN, "2026-09-02 17:00:00", "villas-gate-1")
        await conn.execute(
            text(
                "UPDATE attendance.checkin SET deleted_at = now() WHERE person_id = :ana AND day = '2026-09-03'"
            ),
            {"ana": made.ids[ANA]},
        )
        await conn.execute(
            text("""
                UPDATE attendance.checkin SET local_time = local_time + interval '5 days', at = at + interval '5 days',
                       day = day + 5 WHERE person_id = :ana AND day = '2026-09-02'
            """),
            {"ana": made.ids[ANA]},
        )
        await conn.execute(
            text(
                "UPDATE attendance.shift_type SET start_time = :nine, end_time = :five WHERE name = 'Night'"
            ),
            {"nine": time(9), "five": time(17)},
        )
        await leave(made, CARLA, date(2026, 9, 14), date(2026, 9, 15))
        lists = made.ids["Mexico 2026"]
        await add(conn, Holiday, holiday_list_id=lists, day=date(2026, 9, 21), description="New")
        await conn.execute(
            text("""
                INSERT INTO attendance.rule_set (name, version, parameters)
                SELECT name, 2, jsonb_set(jsonb_set(jsonb_set(parameters, '{version}', '2'),
                    '{punctuality,severe_late_min}', '30'), '{punctuality,severe_is_absence}', 'true')
                FROM attendance.rule_set WHERE name = 'recommended'
            """)
        )
    await september.recompute()


async def test_q9_what_was_signed_stays_signed_and_every_difference_has_its_cause(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    signed = (await http.get(f"{STATEMENTS}/{made['id']}")).content
    assert await changes(http, made) == {}
    await everything_changes(september)
    assert (await http.get(f"{STATEMENTS}/{made['id']}")).content == signed
    check = (await http.get(f"{STATEMENTS}/{made['id']}/verify")).json()
    assert check == {
        "id": made["id"], "intact": True, "sha256": made["sha256"], "computed": made["sha256"], "differs": [],
    }  # fmt: skip
    assert await changes(http, made) == {
        (ANA, "days.2026-09-02"): ("P", "A", {"checkin_edited"}),
        (ANA, "days.2026-09-03"): ("P", "A", {"checkin_deleted"}),
        (ANA, "days.2026-09-04"): ("P", "A", {"rules_changed"}),
        (ANA, "days.2026-09-07"): ("A", "P", {"checkin_edited"}),
        (ANA, "days.2026-09-21"): ("A", "H", {"holiday_edited"}),
        (BEN, "days.2026-09-02"): ("A", "P", {"checkin_late"}),
        (CARLA, "days.2026-09-14"): ("A", "L", {"leave_new"}),
        (CARLA, "days.2026-09-15"): ("A", "L", {"leave_new"}),
        (DARIO, "days.2026-09-11"): ("A", "P", {"shift_type_edited"}),
    }
    assert await cells_that_differ(http, json.loads(signed)) == (await changes(http, made)).keys()


async def cells_that_differ(http: httpx.AsyncClient, sealed: dict[str, Any]) -> set[tuple[str, str]]:
    """Counted here once more: what the sheet of today shows otherwise than the signed rows."""
    today = (await http.get("/v1/attendance/reports/monthly-sheet", params=SEAL["params"])).json()["items"]
    old = {(row["person"], day): code for row in sealed["items"] for day, code in row["days"].items()}
    new = {(row["person"], day): code for row in today for day, code in row["days"].items()}
    assert old.keys() == new.keys()
    return {(person, f"days.{day}") for (person, day), code in old.items() if new[person, day] != code}


async def test_q9_a_cause_says_what_happened_and_where_it_is_seen(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http)
    await everything_changes(september)
    items = (await http.get(f"{STATEMENTS}/{made['id']}/changes")).json()["items"]
    causes = {(one["key"]["person"], one["figure"]): one["causes"] for one in items}
    late = causes[BEN, "days.2026-09-02"]
    assert [cause["detail"] for cause in late] == [
        "the check-in of 2026-09-02 08:00:00 came after the sealing",
        "the check-in of 2026-09-02 17:00:00 came after the sealing",
    ]
    assert (await http.get(late[0]["link"])).json()["items"][0]["person"] == BEN
    assert all(cause["at"] >= made["read_from"] for cause in late)
    edited = causes[ANA, "days.2026-09-02"][0]["detail"]
    assert (
        edited
        == "the check-in of 2026-09-02 08:00:00 was edited: time 2026-09-02 08:00:00 became 2026-09-07 08:00:00"
    )
    shift = causes[DARIO, "days.2026-09-11"][0]["detail"]
    assert "start time 22:00:00 became 09:00:00" in shift
    assert causes[CARLA, "days.2026-09-14"][0]["detail"] == (
        "the leave of 2026-09-14 to 2026-09-15 came after the sealing"
    )
    assert "recommended/1" in causes[ANA, "days.2026-09-04"][0]["detail"]


async def test_q9_the_summary_and_the_other_reports_say_why_too(
    september: September, http: httpx.AsyncClient
) -> None:
    totals = await seal(http, params={"month": "2026-09", "summarized": True})
    missing = await seal(http, report="exceptions")
    both = await seal(
        http,
        report="reconciliation",
        params={"month": "2026-09", "rule_set": "recommended", "only_differences": False},
    )
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await september.firm.punch(BEN, "2026-09-02 08:00:00", "villas-gate-1")
        await september.firm.punch(BEN, "2026-09-03 08:00:00", "villas-gate-1")
        await september.firm.punch(BEN, "2026-09-03 17:00:00", "villas-gate-1")
    await september.recompute()
    found = await changes(http, totals)
    assert found[BEN, "total_present"] == ("0.0", "2.0", {"checkin_late"})
    assert {causes for _, _, found_causes in found.values() for causes in found_causes} == {"checkin_late"}
    exceptions = await changes(http, missing)
    assert [(who, sealed, codes) for (who, _), (sealed, _, codes) in exceptions.items()] == [
        (BEN, None, {"checkin_late"})
    ]
    # What the upstream itself says of a day is no input of ours: only the reconciliation names it.
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await judged(september.firm, BEN, date(2026, 9, 2))
        await judged(september.firm, CARLA, date(2026, 9, 10))
    assert await changes(http, missing) == exceptions
    reconciled = await changes(http, both)
    theirs = {name for name in reconciled if name[1] in {"theirs", "their_hours", "upstream_name"}}
    assert {who for who, _ in theirs} == {BEN, CARLA}
    assert all(reconciled.pop(name)[2] == {"upstream_attendance_new"} for name in theirs)
    assert reconciled.pop((BEN, "differs"))[2] == {"upstream_attendance_new", "checkin_late"}
    assert reconciled.pop((BEN, "reason"))[2] == {"upstream_attendance_new", "checkin_late"}
    assert {reconciled.pop((CARLA, figure))[2].pop() for figure in ("differs", "reason")} == {
        "upstream_attendance_new"
    }
    assert all(codes == {"checkin_late"} for _, _, codes in reconciled.values()), reconciled


async def test_a_recount_without_any_event_says_only_that_it_was_recomputed(
    september: September, http: httpx.AsyncClient
) -> None:
    """Somebody wrote into the results: no input changed, and nothing else is claimed."""
    made = await seal(http)
    await september.run(
        "UPDATE attendance.day SET code = 'A' WHERE work_date = '2026-09-01' AND person_id = :ana",
        ana=september.firm.ids[ANA],
    )
    found = await changes(http, made)
    assert found == {(ANA, "days.2026-09-01"): ("P", "A", {"recomputed"})}


async def test_an_incomplete_report_is_sealed_only_knowingly(
    september: September, http: httpx.AsyncClient
) -> None:
    october = {"params": {"month": "2026-10"}}
    answer = await http.post("/v1/attendance/statements", json=SEAL | october)
    assert (answer.status_code, answer.json()["code"]) == (409, "incomplete")
    assert "accept_incomplete" in answer.json()["detail"]
    made = await seal(http, **october, accept_incomplete=True)
    assert made["complete"] is False
    whole = (await http.get(f"{STATEMENTS}/{made['id']}")).json()
    assert whole["meta"]["complete"] is False
    assert whole["meta"]["incomplete_reasons"]
    file = await http.get(f"{STATEMENTS}/{made['id']}/file", params={"format": "csv"})
    assert "incomplete.csv" in file.headers["content-disposition"]


async def test_later_sheets_of_sealed_days_name_the_statement(
    september: September, http: httpx.AsyncClient
) -> None:
    async def sealed(**params: str) -> list[str]:
        asked = {"month": "2026-09"} | params if "from" not in params else params
        answer = await http.get("/v1/attendance/reports/monthly-sheet", params=asked)
        return [one["id"] for one in answer.json()["meta"]["sealed"]]

    assert await sealed() == []
    made = await seal(http)
    assert await sealed() == [made["id"]]
    assert await sealed(**{"from": "2026-09-28", "to": "2026-10-01"}) == [made["id"]]
    assert await sealed(site="Villas") == [made["id"]]
    assert await sealed(rule_set="frappe_hr") == []
    assert await sealed(month="2026-08") == []
    gone = await http.post(f"{STATEMENTS}/{made['id']}/withdraw", json={"reason": "two punches were late"})
    assert gone.status_code == 200, gone.text
    assert gone.json()["withdrawn"]["reason"] == "two punches were late"
    assert await sealed() == []
    again = await http.post(f"{STATEMENTS}/{made['id']}/withdraw", json={"reason": "once more"})
    assert (again.status_code, again.json()["code"]) == (409, "already_withdrawn")
    assert (await http.get(f"{STATEMENTS}/{made['id']}/verify")).json()["intact"] is True


async def test_q40_a_key_of_one_site_sees_its_own_statements_only(
    september: September, http: httpx.AsyncClient
) -> None:
    everywhere = await seal(http)
    of_centro = await seal(http, params={"month": "2026-09", "site": "Centro"})
    async with await september.writer("Villas") as villas:
        own = await seal(villas)
        assert own["sites"] == ["Villas"]
        listed = (await villas.get(STATEMENTS)).json()["items"]
        assert [one["id"] for one in listed] == [own["id"]]
        for foreign in (everywhere, of_centro):
            for path in ("", "/verify", "/changes", "/file"):
                assert (await villas.get(f"{STATEMENTS}/{foreign['id']}{path}")).status_code == 404
            refused = await villas.post(f"{STATEMENTS}/{foreign['id']}/withdraw", json={"reason": "x"})
            assert refused.status_code == 404
        asked = await villas.post(
            "/v1/attendance/statements", json=SEAL | {"params": {"month": "2026-09", "site": "Centro"}}
        )
        assert asked.status_code == 403
        sheet = (await villas.get("/v1/attendance/reports/monthly-sheet", params=SEAL["params"])).json()
        assert [one["id"] for one in sheet["meta"]["sealed"]] == [own["id"]]
        people = {row["person"] for row in (await villas.get(f"{STATEMENTS}/{own['id']}")).json()["items"]}
        assert people == {ANA, BEN}
    # Who sees everything holds it against what its signer would see today, not against everybody.
    assert await changes(http, own) == {}
    assert len((await http.get(STATEMENTS)).json()["items"]) == 3


async def test_the_number_of_statements_does_not_grow_with_the_differences(
    september: September, http: httpx.AsyncClient
) -> None:
    engine = september.house.runtime.database.engine
    made = await seal(http)
    counts = []
    for days in ("'2026-09-01'", "'2026-09-01', '2026-09-02', '2026-09-03', '2026-09-10'"):
        await september.run(f"UPDATE attendance.checkin SET skip = true WHERE day IN ({days})")
        await september.recompute()
        with counted_statements(engine) as seen:
            found = await changes(http, made)
        # Beside them, the key's last use is noted now and then.
        ours = sorted(one for one in seen if "attendance." in one or "muster.statement" in one)
        counts.append((len(found), ours))
    (few, first), (many, second) = counts
    assert many > few
    assert first == second


async def test_a_person_who_moved_or_came_is_named_as_the_cause(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http, params={"month": "2026-09", "site": "Villas"})
    await september.run(
        """UPDATE attendance.person SET site_id = (SELECT id FROM attendance.site WHERE name = 'Centro')
           WHERE upstream_name = :ben""",
        ben=BEN,
    )
    async with september.house.runtime.database.write() as conn:
        september.firm.conn = conn
        await september.firm.person("HR-EMP-00005", "Eva Gil", "Villas")
    await september.recompute()
    answer = (await http.get(f"{STATEMENTS}/{made['id']}/changes")).json()
    found = {
        (one["kind"], one["key"]["person"]): [cause["code"] for cause in one["causes"]]
        for one in answer["items"]
    }
    assert found == {("vanished", BEN): ["person_edited"], ("appeared", "HR-EMP-00005"): ["person_new"]}
    assert answer["counts"] == {"vanished": 1, "appeared": 1}


async def test_a_report_that_cannot_be_asked_again_is_said_to_be_so(
    september: September, http: httpx.AsyncClient
) -> None:
    made = await seal(http, params={"month": "2026-09", "person": BEN})
    await september.run("UPDATE attendance.person SET deleted_at = now() WHERE upstream_name = :ben", ben=BEN)
    answer = await http.get(f"{STATEMENTS}/{made['id']}/changes")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_comparable")
    assert BEN in answer.json()["detail"]
    assert (await http.get(f"{STATEMENTS}/{made['id']}/verify")).json()["intact"] is True


async def test_q9_an_edit_is_kept_whoever_makes_it(september: September) -> None:
    """Before and after, also of a row that is erased; the upstream's own bookkeeping is no edit."""
    await september.run("UPDATE attendance.shift_type SET late_grace_minutes = 20 WHERE name = 'Day'")
    await september.run("UPDATE attendance.shift_type SET last_sync = '2026-09-30' WHERE name = 'Day'")
    await september.run("DELETE FROM attendance.holiday WHERE day = '2026-09-16'")
    await september.run("UPDATE attendance.checkin SET deleted_at = now() WHERE day = '2026-09-01'")
    async with september.house.runtime.database.read() as conn:
        rows = await conn.execute(
            text("""
                SELECT kind, before->>'late_grace_minutes' AS was, after->>'late_grace_minutes' AS became,
                       before->>'day' AS day, after IS NULL AS erased
                FROM attendance.edit WHERE kind <> 'person' AND before IS NOT NULL ORDER BY id
            """)
        )
        found = [tuple(row) for row in rows]
    assert found == [("shift_type", "0", "20", None, False), ("holiday", None, None, "2026-09-16", True)]
