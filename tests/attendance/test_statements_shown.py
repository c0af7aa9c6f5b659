"""Statements of the desk: who sees them, what later sheets say of them, what they cost."""

from collections.abc import AsyncIterator

import httpx
import pytest

from service.core.models import Statement
from tests.attendance.house import House
from tests.attendance.sealed import (
    ANA,
    BEN,
    SEAL,
    STATEMENTS,
    September,
    changes,
    opened_september,
    seal,
)
from tests.support.statements import counted_statements
from tests.support.workbooks import Opened


@pytest.fixture
async def september(house: House) -> September:
    return await opened_september(house)


@pytest.fixture
async def http(september: September) -> AsyncIterator[httpx.AsyncClient]:
    async with await september.writer() as opened:
        yield opened


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
    paid = await seal(http, params={"month": "2026-09", "cut": 21}, accept_incomplete=True)
    assert await sealed(month="2026-09", cut="26") == [paid["id"], made["id"]]
    assert (await http.post(f"{STATEMENTS}/{paid['id']}/withdraw", json={"reason": "-"})).status_code == 200
    assert (await http.post(f"{STATEMENTS}/{made['id']}/withdraw", json={"reason": " "})).status_code == 422
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


async def test_a_detail_that_was_sealed_without_figures_of_people_is_shown_as_it_is(
    september: September, http: httpx.AsyncClient
) -> None:
    """As details were before their answers brought key figures along."""
    await seal(http, report="detail", params={"month": "2026-09", "person": ANA})
    names = Statement.__table__.columns.keys()
    changed = {
        "id": "gen_random_uuid()",
        "params": "(params::jsonb - 'variant')::text",
        "summary": "(SELECT jsonb_object_agg(key, value) FROM jsonb_each(summary::jsonb)"
        " WHERE jsonb_typeof(value) <> 'object')::text",
    }
    values = ", ".join(changed.get(name, name) for name in names)
    await september.run(
        f"INSERT INTO muster.statement ({', '.join(names)}) SELECT {values} FROM muster.statement"
    )
    listed = (await http.get(STATEMENTS)).json()["items"]
    (old,) = [one["id"] for one in listed if "variant" not in one["params"]]
    file = await http.get(f"{STATEMENTS}/{old}/file", params={"format": "xlsx"})
    assert file.status_code == 200, file.text
    assert "Attendance detail" in Opened(file.content).names
    differing = (await http.get(f"{STATEMENTS}/{old}/changes")).json()
    assert (differing["items"], differing["summary"]) == ([], [])
