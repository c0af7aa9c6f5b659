"""Erasures (spec E6; F10: T106, F11: T113): asked for, cancelled, approved, carried out, proved, done again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from service.access.access_tokens import Claims, mint
from service.children.queries.erasures import tables_of_children
from service.children.rights.execution import erase_risen
from tests.children.family import PEOPLE
from tests.children.house import SECRET, House, open_house
from tests.children.rights import ask_for_copy, fill, written
from tests.support.eventually import eventually

ALL = "FROM children.children WHERE id = 1"


async def ask_for_erasure(house: House, who: str = "G1", **asked: Any) -> httpx.Response:
    """`POST …/erasure` for Emma."""
    return await house.ask(who, "POST", "/1/erasure", json={"confirm_name": "Emma", **asked})


async def decide(house: House, who: str, erasure: httpx.Response, what: str) -> httpx.Response:
    """Approve or cancel."""
    return await house.ask(who, "POST", f"/erasures/{erasure.json()['id']}/{what}")


async def executed(house: House) -> Any:
    """Let the grace pass, and the hourly job run."""
    await house.sql("UPDATE children.data_requests SET executes_at = now() WHERE state = 'pending'")
    return await house.runtime.tasks.run_now("children.erasure", {}, "test")


async def left(house: House) -> dict[str, int]:
    """Rows of Emma by table, asked of the database itself and of no list of ours."""
    named = await house.sql(
        """SELECT table_name FROM information_schema.columns
           WHERE table_schema = 'children' AND column_name = 'child_id'
             AND table_name NOT IN ('data_requests', 'erased_subjects')"""
    )
    rows = {
        name: (await house.sql(f"SELECT count(*) FROM children.{name} WHERE child_id = 1"))[0][0]
        for (name,) in named
    }
    return rows | {"children": (await house.sql(f"SELECT count(*) {ALL}"))[0][0]}


async def sees(house: House, who: str) -> int:
    """The status of the simplest reading of Emma: 200, or 403 for a level, or 404."""
    return (await house.ask(who, "GET", "/1/access-log")).status_code


async def test_t106_nothing_is_left_but_the_record_that_it_was_erased(house: House) -> None:
    await fill(house)
    copy = (await ask_for_copy(house, include=["child"])).json()
    await written(house, copy)
    before = await left(house)
    assert {name for name, rows in before.items() if rows == 0} == set()  # the proof is about something
    assert before.keys() == {table.name for table in tables_of_children()} | {"children"}
    [(audited,)] = await house.sql("SELECT count(*) FROM muster.audit WHERE child_id = 1")
    asked = await ask_for_erasure(house, reason="we moved on")
    assert (asked.status_code, asked.json()["state"]) == (202, "pending"), asked.text
    assert await sees(house, "V1") == 404
    assert await sees(house, "G3") == 200
    known = house.runtime.versions.known(["child/1", "child/1/sessions", "child/1/writings"])
    run = await executed(house)
    assert (run.state, run.counts["children_deleted"]) == ("done", 1)
    assert set((await left(house)).values()) == {0}
    assert await sees(house, "G1") == 404
    assert all(house.runtime.versions.known([scope])[scope] > known[scope] for scope in known)
    proof = (await house.ask("G1", "GET", f"/erasures/{asked.json()['id']}")).json()
    assert (proof["state"], set(proof["verification"].values())) == ("done", {0})
    assert {"children.game_sessions", "children.report_shares", "muster.api_key"} <= proof[
        "verification"
    ].keys()
    [(rows,)] = await house.sql("SELECT count(*) FROM muster.audit WHERE child_id = 1")
    assert rows > audited
    assert await house.sql("SELECT child_id FROM children.erased_subjects") == [(1,)]
    assert await house.sql("SELECT kind, reason, params FROM children.data_requests") == [
        ("erasure", None, {})
    ]
    assert await house.sql("SELECT id FROM muster.api_key WHERE 1 = ANY (child_ids)") == []
    assert await house.sql("SELECT run_id FROM muster.run_file") == []
    assert (await house.sql("SELECT count(*) FROM children.children"))[0][0] == 1  # Leo is as he was
    async with house.http("K1") as http:
        assert (await http.get("/v1/access/me")).status_code == 401


async def test_t106_cancelled_it_is_as_before(house: House) -> None:
    asked = await ask_for_erasure(house)
    assert await sees(house, "V1") == 404
    again = await ask_for_erasure(house)
    assert (again.status_code, again.json()["code"]) == (409, "erasure_open")
    cancelled = await decide(house, "G1", asked, "cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert "child/1:" in cancelled.headers["Data-Version"]
    assert await sees(house, "V1") == 403  # visible again, and not for the level of a professional
    assert (await decide(house, "G1", asked, "cancel")).json()["code"] == "invalid_transition"
    await executed(house)
    assert (await left(house))["game_sessions"] == 9
    assert (await ask_for_erasure(house)).status_code == 202


async def test_a_restriction_from_before_outlives_a_cancelled_erasure(house: House) -> None:
    await house.sql("UPDATE children.children SET restricted_at = now() WHERE id = 1")
    await decide(house, "G1", await ask_for_erasure(house), "cancel")
    [(restricted,)] = await house.sql(f"SELECT restricted_at {ALL}")
    assert restricted is not None


@pytest.mark.parametrize("meanwhile", ["consent", "restriction"])
async def test_a_restriction_asked_for_meanwhile_outlives_a_cancelled_erasure(
    house: House, meanwhile: str
) -> None:
    """Without consent to processing nobody uses the record, whatever becomes of the erasure (spec E9)."""
    asked = await ask_for_erasure(house)
    if meanwhile == "consent":
        [(consent,)] = await house.sql(
            "SELECT id FROM children.consents WHERE child_id = 1 AND purpose = 'processing'"
        )
        done = await house.ask("G1", "POST", f"/consents/{consent}/withdraw")
    else:
        version = {"If-Match": (await house.ask("G1", "GET", "/1")).headers["ETag"]}
        done = await house.ask("G1", "PUT", "/1/restriction", headers=version)
    assert done.status_code == 200, done.text
    assert (await decide(house, "G1", asked, "cancel")).json()["state"] == "cancelled"
    assert (await house.ask("G1", "GET", "/1")).json()["restricted"] is True
    assert await sees(house, "V1") == 404


async def test_the_other_full_guardian_has_to_approve(house: House) -> None:
    await house.sql("UPDATE children.child_guardians SET access = 'full' WHERE child_id = 1 AND user_id = 3")
    asked = await ask_for_erasure(house)
    assert (asked.json()["state"], asked.json()["executes_at"]) == ("awaiting", None)
    approve_by = datetime.fromisoformat(asked.json()["approve_by"])
    assert approve_by - datetime.fromisoformat(asked.json()["requested_at"]) == timedelta(days=14)
    await house.sql("UPDATE children.data_requests SET executes_at = now()")
    assert (await executed(house)).counts["children_deleted"] == 0
    assert (await decide(house, "G1", asked, "approve")).status_code == 403
    approved = await decide(house, "G3", asked, "approve")
    assert (approved.status_code, approved.json()["state"]) == (200, "pending"), approved.text
    assert approved.json()["approved_at"] is not None
    assert (await decide(house, "G3", asked, "approve")).json()["code"] == "invalid_transition"
    assert (await executed(house)).counts["children_deleted"] == 1


async def test_without_an_approval_in_time_it_is_off(house: House) -> None:
    await house.sql("UPDATE children.child_guardians SET access = 'full' WHERE child_id = 1 AND user_id = 3")
    asked = await ask_for_erasure(house)
    await house.sql("UPDATE children.data_requests SET expires_at = now()")
    late = await decide(house, "G3", asked, "approve")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition"), late.text
    await executed(house)
    state = await house.ask("G1", "GET", f"/erasures/{asked.json()['id']}")
    assert state.json()["state"] == "cancelled"
    assert await sees(house, "V1") == 403


async def test_what_an_erasure_asks_for(house: House) -> None:
    wrong = await ask_for_erasure(house, confirm_name="emma")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/body/confirm_name")
    assert wrong.json()["errors"][0]["code"] == "name_differs"
    assert "Emma" not in wrong.text
    old = Claims(person=PEOPLE["G1"], version=0, signed_in_at=datetime.now(UTC) - timedelta(minutes=6))
    async with house.http(token=mint([SECRET], old, timedelta(minutes=15))) as http:
        late = await http.post("/v1/children/1/erasure", json={"confirm_name": "Emma"})
    assert (late.status_code, late.json()["code"]) == (401, "login_too_old")
    assert "WWW-Authenticate" in late.headers
    await house.sql("UPDATE children.children SET legal_hold = true WHERE id = 1")
    held = await ask_for_erasure(house)
    assert (held.status_code, held.json()["code"]) == (409, "legal_hold")
    assert (await house.sql(f"SELECT restricted_at {ALL}"))[0][0] is None


async def test_a_legal_hold_that_comes_later_holds(house: House) -> None:
    await ask_for_erasure(house)
    await house.sql("UPDATE children.children SET legal_hold = true WHERE id = 1")
    assert (await executed(house)).counts["children_deleted"] == 0
    assert (await left(house))["game_sessions"] == 9


async def test_an_erasure_that_broke_off_goes_on(house: House) -> None:
    asked = await ask_for_erasure(house)
    await house.sql("UPDATE children.data_requests SET state = 'executing'")
    await house.sql("DELETE FROM children.game_sessions WHERE child_id = 1")
    assert (await executed(house)).counts["children_deleted"] == 1
    done = await house.ask("G1", "GET", f"/erasures/{asked.json()['id']}")
    assert done.json()["state"] == "done"


async def test_one_that_cannot_be_erased_holds_up_no_other(house: House) -> None:
    await ask_for_erasure(house)
    other = await house.ask("G2", "POST", "/2/erasure", json={"confirm_name": "Leo"})
    assert other.status_code == 202, other.text
    await house.sql(
        """CREATE FUNCTION children.refused() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'a disk is full'; END $$"""
    )
    await house.sql(
        """CREATE TRIGGER refused BEFORE DELETE ON children.game_sessions
           FOR EACH ROW WHEN (OLD.child_id = 1) EXECUTE FUNCTION children.refused()"""
    )
    run = await executed(house)
    assert (run.state, run.counts["children_deleted"]) == ("partial", 1)
    assert (await house.sql("SELECT count(*) FROM children.children WHERE id = 2"))[0][0] == 0
    await house.sql("DROP TRIGGER refused ON children.game_sessions")
    assert (await executed(house)).counts["children_deleted"] == 1
    assert set((await left(house)).values()) == {0}


async def test_t106_a_child_that_a_restore_brings_back_is_erased_again(house: House) -> None:
    await ask_for_erasure(house)
    await executed(house)
    born = "INSERT INTO children.children (id, parent_id, name, age, age_recorded_on, created_at)"
    restored = f"{born} OVERRIDING SYSTEM VALUE VALUES (1, 1, 'Emma', 9, now(), now() - interval '1 year')"
    await house.sql(restored)
    await house.sql("INSERT INTO children.child_guardians VALUES (1, 1, 'mother', 'primary')")
    assert (await executed(house)).counts["children_deleted"] == 1
    assert set((await left(house)).values()) == {0}
    # A number that is given out anew after the restore is another child's.
    await house.sql(restored.replace("now() - interval '1 year'", "now()"))
    assert await erase_risen(house.runtime) == []
    assert (await left(house))["children"] == 1


async def test_a_key_for_two_children_stays_for_the_other(house: House) -> None:
    await house.sql("UPDATE muster.api_key SET child_ids = '{1,2}' WHERE id = 'k1k1k1k1'")
    await ask_for_erasure(house)
    await executed(house)
    assert await house.sql("SELECT id, child_ids FROM muster.api_key ORDER BY id") == [
        ("k1k1k1k1", [2]),
        ("k2k2k2k2", [2]),
    ]


async def test_t106_other_workers_know_it_too(house: House) -> None:
    url = house.runtime.settings.database.url
    assert url is not None
    async with open_house(url.get_secret_value(), settled=False) as other:
        assert await sees(other, "V1") == 403
        asked = await ask_for_erasure(house)
        assert await sees(other, "V1") == 404
        await executed(house)
        assert await sees(other, "G1") == 404
        state = house.runtime.versions.known(["child/1"])

        async def told() -> bool:
            return other.runtime.versions.reached(state)

        await eventually(told)
        assert (await other.ask("G1", "GET", f"/erasures/{asked.json()['id']}")).json()["state"] == "done"


async def test_t113_a_child_takes_all_that_is_its_own_along(house: House) -> None:
    await fill(house)
    await house.sql("DELETE FROM children.children WHERE id = 1")
    assert set((await left(house)).values()) == {0}
    with pytest.raises(IntegrityError):
        await house.sql("DELETE FROM muster.auth_users WHERE id = 2")
