"""What all desks share, over children: seals, runs, files and subscriptions are for those who may see the child."""

from datetime import UTC, datetime, timedelta
from typing import Any

from service.children import DESK
from service.core.tasks import JobContext
from service.reporting.exports import export
from service.reporting.subscriptions.delivering import Round
from service.schemas.exports import ExportParams
from tests.children.family import FROM, TO
from tests.children.house import House

JUNE = {"child_id": 1, "from": FROM, "to": TO}
SEAL = {"report": "progress", "params": JUNE, "accept_incomplete": True}
AROUND = ("G1", "G3", "V1", "C1", "E1")
NOT_AROUND = ("G2", "X1", "W1", "N1", "U1")


async def get(house: House, name: str, path: str, **asked: Any) -> Any:
    async with house.http(name) as http:
        return await http.get(path, params=asked)


async def sealed(house: House, name: str = "E1", **body: Any) -> str:
    made = await house.ask(name, "POST", "/statements", json={**SEAL, **body})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def ids(house: House, name: str, path: str) -> list[str]:
    answer = await get(house, name, path)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_a_report_of_a_child_is_answered_and_sealed_for_those_around_it(house: House) -> None:
    for name in AROUND:
        assert (await get(house, name, "/v1/children/reports/progress", **JUNE)).status_code == 200, name
    for name in NOT_AROUND:
        answer = await get(house, name, "/v1/children/reports/progress", **JUNE)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), name
        refused = await house.ask(name, "POST", "/statements", json=SEAL)
        assert refused.status_code == 404, name
    absent = await get(house, "G1", "/v1/children/reports/progress", **{**JUNE, "child_id": 999})
    assert absent.status_code == 404
    for name in ("AD", "K1"):
        assert (await get(house, name, "/v1/children/reports/progress", **JUNE)).status_code == 403, name


async def test_statements_show_nothing_to_those_who_do_not_see_the_child(house: House) -> None:
    one = await sealed(house)
    for name in AROUND:
        assert await ids(house, name, "/v1/statements") == [one], name
        for part in ("", "/verify", "/changes", "/file"):
            assert (await get(house, name, f"/v1/statements/{one}{part}")).status_code == 200, (name, part)
    for name in (*NOT_AROUND, "AD", "K1"):
        assert await ids(house, name, "/v1/statements") == [], name
        for part in ("", "/verify", "/changes", "/file"):
            assert (await get(house, name, f"/v1/statements/{one}{part}")).status_code == 404, (name, part)
    await house.sql("UPDATE children.consents SET withdrawn_at = now() WHERE grantee_user_id = 13")
    assert await ids(house, "E1", "/v1/statements") == []
    assert (await get(house, "E1", f"/v1/statements/{one}")).status_code == 404
    reads = await house.sql(
        "SELECT count(*) FROM muster.audit WHERE what = 'statement.read' AND child_id = 1"
    )
    refused = [name for name in (*NOT_AROUND, "AD", "K1") for _ in range(4)]
    assert reads[0][0] == len(AROUND) * 4 + len(refused) + 1
    kinds = await house.sql(
        "SELECT outcome, count(*) FROM muster.audit WHERE what = 'statement.read' GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in kinds] == [("allow", len(AROUND) * 4), ("deny", len(refused) + 1)]


async def test_a_sealed_caseload_is_for_those_who_see_every_child_of_it(house: House) -> None:
    await house.sql(
        "INSERT INTO children.care_assignments (child_id, professional_id, access_level, status, invited_by,"
        " starts_at) VALUES (2, 13, 'edit', 'active', 2, now() - interval '1 day')"
    )
    await house.sql(
        "INSERT INTO children.consents (child_id, granted_by, purpose, grantee_user_id, policy_version)"
        " VALUES (2, 2, 'share_professional', 13, '2026-01')"
    )
    params = {"from": FROM, "to": TO}
    one = await sealed(house, report="caseload", params=params)
    assert await ids(house, "E1", "/v1/statements") == [one]
    for name in ("G1", "G2", "C1"):  # each sees one of the two children
        assert await ids(house, name, "/v1/statements") == [], name
        assert (await get(house, name, f"/v1/statements/{one}")).status_code == 404


async def test_who_may_only_look_signs_nothing(house: House) -> None:
    """E4.4: sealing is for those who write; of a caseload every child counts. Restricted: for nobody."""
    for name, status in {"G1": 201, "E1": 201, "G3": 403, "V1": 403, "C1": 403, "N1": 404, "AD": 403}.items():
        answer = await house.ask(name, "POST", "/statements", json=SEAL)
        assert answer.status_code == status, (name, answer.text)
    caseload = {"report": "caseload", "params": {"from": FROM, "to": TO}, "accept_incomplete": True}
    for name, status in {"E1": 201, "C1": 403, "V1": 403}.items():
        answer = await house.ask(name, "POST", "/statements", json=caseload)
        assert answer.status_code == status, (name, answer.text)
    assert answer.json()["code"] == "access_level"
    await house.sql("UPDATE children.children SET restricted_at = now() WHERE id = 1")
    for name, status in {"G1": 409, "G3": 403, "E1": 404}.items():
        answer = await house.ask(name, "POST", "/statements", json=SEAL)
        assert answer.status_code == status, (name, answer.text)


async def test_a_seal_is_taken_back_by_who_signed_it_alone(house: House) -> None:
    one = await sealed(house)
    async with house.http("G1") as http:
        refused = await http.post(f"/v1/statements/{one}/withdraw", json={"reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    async with house.http("E1") as http:
        assert (await http.post(f"/v1/statements/{one}/withdraw", json={"reason": "x"})).status_code == 200


async def test_a_guardian_learns_who_sealed_and_took_back_a_statement_about_the_child(house: House) -> None:
    """And the audit holds no word of why: a reason is written about a child."""
    one = await sealed(house)
    async with house.http("E1") as http:
        await http.post(f"/v1/statements/{one}/withdraw", json={"reason": "She was ill in June."})
    log = (await house.ask("G1", "GET", "/1/access-log")).json()["items"]
    assert {"statement.sealed", "statement.withdrawn"} <= {row["action"] for row in log}
    assert (
        await house.sql("SELECT 1 FROM muster.audit WHERE to_jsonb(audit)::text LIKE '%ill in June%'") == []
    )


async def test_an_exported_report_is_for_who_asked_while_they_see_the_child(house: House) -> None:
    body = {"format": "csv", "params": JUNE}
    assert (await house.ask("N1", "POST", "/reports/progress/exports", json=body)).status_code == 404
    glass = {"Authorization": f"Bearer {await house.open_glass()}"}
    refused = await house.ask(None, "POST", "/reports/progress/exports", json=body, headers=glass)
    assert (refused.status_code, refused.json()["code"]) == (403, "access_level")
    run = (await house.ask("V1", "POST", "/reports/progress/exports", json=body)).json()
    context = JobContext(house.runtime, run["id"], ExportParams.model_validate(run["params"]))
    await export(DESK, context)
    await house.sql("UPDATE muster.run SET state = 'done', finished_at = now()")
    for name in ("G1", "E1", "N1", "AD"):
        assert await ids(house, name, "/v1/runs") == [], name
        assert (await get(house, name, f"/v1/runs/{run['id']}")).status_code == 404, name
    path = f"/v1/runs/{run['id']}/file"
    assert (await get(house, "V1", path)).status_code == 200
    await house.sql("UPDATE children.consents SET withdrawn_at = now() WHERE grantee_user_id = 11")
    assert (await get(house, "V1", path)).status_code == 404
    noted = await house.sql("SELECT what FROM muster.audit WHERE who = 'person:11' AND outcome = 'allow'")
    assert [what for (what,) in noted] == ["analytics.export", "analytics.file"]


async def test_a_subscription_stops_when_its_owner_sees_the_child_no_more(house: House) -> None:
    body = {
        "report": "progress", "params": {"child_id": 1}, "format": "csv", "cron": "0 7 * * *",
        "timezone": "UTC", "channel": "email", "target": "e1@example.org",
    }  # fmt: skip
    assert (await house.ask("N1", "POST", "/subscriptions", json=body)).status_code == 404
    outside = await house.ask("E1", "POST", "/subscriptions", json={**body, "target": "press@example.org"})
    assert (outside.status_code, outside.json()["errors"][0]["code"]) == (422, "not_yours")
    made = await house.ask("E1", "POST", "/subscriptions", json=body)
    assert made.status_code == 201, made.text
    assert (await house.ask("G1", "GET", "/subscriptions")).json()["items"] == []
    await house.sql("UPDATE children.care_assignments SET status = 'ended' WHERE professional_id = 13")
    await house.sql("UPDATE muster.subscription SET next_at = now() - interval '1 minute'")
    soon = datetime.now(UTC) + timedelta(seconds=5)
    states = await Round(house.runtime, DESK, clock=lambda: soon).carry_out()
    assert states == {"failed": 1}
    [(state, failures)] = await house.sql("SELECT state, failures FROM muster.subscription")
    assert (state, failures) == ("paused", 1)


async def test_a_subscription_that_an_erasure_takes_away_stops_no_other_delivery(house: House) -> None:
    """It goes between being taken and being read: the round ends as if it had never been."""
    body = {
        "report": "progress", "params": {"child_id": 1}, "format": "csv", "cron": "0 7 * * *",
        "timezone": "UTC", "channel": "email", "target": "e1@example.org",
    }  # fmt: skip
    assert (await house.ask("E1", "POST", "/subscriptions", json=body)).status_code == 201
    for statement in (
        "UPDATE children.care_assignments SET status = 'ended' WHERE professional_id = 13",
        "UPDATE muster.subscription SET next_at = now() - interval '1 minute'",
        """CREATE FUNCTION erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
               DELETE FROM muster.subscription WHERE id = NEW.subscription_id; RETURN NULL; END $$""",
        """CREATE CONSTRAINT TRIGGER erased AFTER UPDATE ON muster.delivery DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION erased()""",
    ):
        await house.sql(statement)
    soon = datetime.now(UTC) + timedelta(seconds=5)
    assert await Round(house.runtime, DESK, clock=lambda: soon).carry_out() == {}
    assert await house.sql("SELECT id FROM muster.delivery") == []


async def test_nothing_of_a_child_stands_in_what_others_list(house: House) -> None:
    await sealed(house)
    await house.ask("E1", "POST", "/reports/progress/exports", json={"format": "csv", "params": JUNE})
    for path in ("/v1/statements", "/v1/runs", "/v1/gaps"):
        for name in (*NOT_AROUND, "AD"):
            answer = await get(house, name, path, include="total")
            assert answer.status_code == 200, (name, answer.text)
            assert (answer.json()["items"], answer.json()["page"]["total"]) == ([], 0), (path, name)
