"""Published reports shown to readers outside: for a time, until taken back, never to who guesses (spec D4)."""

from typing import Any

from structlog.testing import capture_logs

from tests.children.cases.test_reports import report_in, reviewer
from tests.children.cases.test_writings import written
from tests.children.house import House


async def shared(house: House, **more: Any) -> dict[str, Any]:
    await reviewer(house)
    report = await report_in(house, "published", content={"executive_summary": "Calmer."})
    body = {"email": "school@example.org", **more}
    return await written(house, "G1", f"/reports/{report['id']}/shares", body)


async def test_a_share_shows_the_report_to_whoever_has_the_token_for_its_time(house: House) -> None:
    share = await shared(house)
    assert len(share["token"]) == 43
    read = await house.ask(None, "GET", f"/shared-reports/{share['token']}")
    assert (read.status_code, read.json()["content"], read.json()["intact"]) == (
        200,
        {"executive_summary": "Calmer."},
        True,
    )
    assert (read.headers["cache-control"], read.headers["referrer-policy"]) == ("no-store", "no-referrer")
    [(kept, mail)] = await house.sql("SELECT token_hash, email_hash FROM children.report_shares")
    assert (len(kept), len(mail)) == (32, 32)
    report = share["report_id"]
    [listed] = (await house.ask("G1", "GET", f"/reports/{report}/shares")).json()["items"]
    assert "token" not in listed
    assert listed["last_accessed_at"] is not None
    rows = await house.sql("SELECT who, outcome FROM muster.audit WHERE what = 'report.shared_read'")
    assert [tuple(row) for row in rows] == [(f"share:{share['id']}", "allow")]


ENDINGS = (
    ("UPDATE children.report_shares SET expires_at = now()", "expires_at = now() + interval '1 day'"),
    ("UPDATE children.report_shares SET revoked_at = now()", "revoked_at = NULL"),
    ("UPDATE children.reports SET status = 'archived'", "status = 'published'"),
    ("UPDATE children.children SET restricted_at = now() WHERE id = 1", "restricted_at = NULL"),
    ("UPDATE children.children SET is_active = false WHERE id = 1", "is_active = true"),
    ("UPDATE muster.auth_users SET status = 'suspended' WHERE id = 1", "status = 'active'"),
    ("UPDATE muster.auth_users SET is_active = false WHERE id = 1", "is_active = true"),
)
"""What ends a share, and what puts it back."""


async def test_a_share_that_ended_is_as_absent_as_one_that_never_was(house: House) -> None:
    token = (await shared(house))["token"]
    for ending, back in ENDINGS:
        await house.sql(ending)
        answers = [await house.ask(None, "GET", f"/shared-reports/{one}") for one in (token, "x" * 43, "x")]
        assert [answer.status_code for answer in answers] == [404] * 3, ending
        told = [{**answer.json(), "request_id": 0, "instance": 0} for answer in answers]
        assert told[0] == told[1] == told[2]
        await house.sql(ending.partition(" SET ")[0] + f" SET {back}")
        assert (await house.ask(None, "GET", f"/shared-reports/{token}")).status_code == 200, ending
    await house.sql("DELETE FROM children.child_guardians WHERE user_id = 1")
    assert (await house.ask(None, "GET", f"/shared-reports/{token}")).status_code == 404
    denied = await house.sql("SELECT deny_code FROM muster.audit WHERE outcome = 'deny'")
    assert [code for (code,) in denied] == ["share_ended"] * (len(ENDINGS) + 1)


async def test_a_share_is_taken_back_by_those_who_may_share(house: House) -> None:
    share = await shared(house)
    path = f"/reports/{share['report_id']}/shares"
    for name, status in (("G3", 403), ("V1", 403), ("C1", 403), ("N1", 404), ("AD", 403)):
        body = {"email": "other@example.org"}
        assert (await house.ask(name, "POST", path, json=body)).status_code == status, name
        assert (await house.ask(name, "DELETE", f"{path}/{share['id']}")).status_code == status, name
        assert (await house.ask(name, "GET", path)).status_code == status, name
    assert (await house.ask("E1", "DELETE", f"{path}/{share['id']}")).json()["revoked_at"] is not None
    assert (await house.ask(None, "GET", f"/shared-reports/{share['token']}")).status_code == 404
    absent = f"{path}/0b8f6d3e-7a55-4f0e-9a3b-5f6f6f1f9c11"
    assert (await house.ask("G1", "DELETE", absent)).status_code == 404
    draft = await report_in(house, "draft")
    early = await house.ask("E1", "POST", f"/reports/{draft['id']}/shares", json={"email": "a@example.org"})
    assert (early.status_code, early.json()["code"]) == (409, "not_published")


async def test_a_share_asked_for_twice_by_its_key_keeps_its_secret(house: House) -> None:
    share = await shared(house)
    path, body = f"/reports/{share['report_id']}/shares", {"email": "aunt@example.org"}
    answers = [
        await house.ask("G1", "POST", path, json=body, headers={"Idempotency-Key": "aunt"}) for _ in range(2)
    ]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert (answers[0].json()["token"] is not None, answers[1].json().get("token")) == (True, None)
    kept = await house.sql("SELECT body FROM muster.idempotency_key")
    assert all(answers[0].json()["token"].encode() not in bytes(one) for (one,) in kept)


async def test_t110_the_token_in_the_path_reaches_no_line_of_a_log(house: House, every_line: None) -> None:
    """Read, mistyped, with a wrong format, below it, or deleted: lines name the template alone."""
    share = await shared(house)
    with capture_logs() as lines:
        for token in (share["token"], share["token"][:-4] + "AAAA"):
            path = f"/shared-reports/{token}"
            for more in ("", "?format=nothing", "/more"):
                await house.ask(None, "GET", path + more)
            await house.ask(None, "DELETE", path)
    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes.count("/v1/children/shared-reports/{token}") >= 4, routes
    assert len(routes) == 8
    assert share["token"][:20] not in str(lines)


async def test_who_guesses_at_shares_has_to_wait(house: House) -> None:
    share = await shared(house)
    statuses = []
    for number in range(40):
        answer = await house.ask(None, "GET", f"/shared-reports/{number:043}")
        statuses.append(answer.status_code)
    assert (statuses[0], statuses[-1]) == (404, 429)
    assert int(answer.headers["retry-after"]) >= 1
    assert (await house.ask(None, "GET", f"/shared-reports/{share['token']}")).status_code == 429
