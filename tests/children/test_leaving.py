"""People who stand around children have their accounts erased (spec E6): not while a child depends on them."""

import httpx

from tests.access.people import hashed
from tests.children.family import PASSWORD, PEOPLE
from tests.children.house import House


async def leave(house: House, name: str) -> httpx.Response:
    """Ask for the erasure of one's own account."""
    async with house.http(name) as http:
        return await http.request("DELETE", "/v1/access/me", json={"password": PASSWORD})


async def test_a_primary_guardian_stays_and_others_go_with_what_they_could_see(house: House) -> None:
    await house.sql("UPDATE muster.auth_users SET hashed_password = :kept", kept=hashed())
    refused = await leave(house, "G1")
    assert (refused.status_code, refused.json()["code"]) == (409, "still_needed")
    assert "primary guardian of 1 child;" in refused.json()["detail"]
    assert (await house.ask("G1", "GET", "/1")).status_code == 200
    for name in ("G3", "E1"):
        assert (await leave(house, name)).status_code == 204, name
    rows = await house.sql("SELECT user_id FROM children.child_guardians WHERE child_id = 1")
    assert rows == [(PEOPLE["G1"],)]
    [(status, ended)] = await house.sql(
        "SELECT status, ends_at <= now() FROM children.care_assignments WHERE professional_id = :e",
        e=PEOPLE["E1"],
    )
    assert (status, ended) == ("ended", True)
    withdrawn = await house.sql(
        "SELECT withdrawn_at IS NOT NULL FROM children.consents WHERE grantee_user_id = :e", e=PEOPLE["E1"]
    )
    assert withdrawn == [(True,)]
    assert await house.sql("SELECT 1 FROM muster.data_version WHERE scope = 'child/1'") == [(1,)]
    names = await house.sql("SELECT first_name FROM muster.auth_users WHERE id IN (3, 13)")
    assert names == [("",), ("",)]


async def test_no_address_and_no_name_of_a_device_stays_of_who_left(house: House) -> None:
    """What they had sent to themselves ends with its address; a device's name may be a child's."""
    await house.sql("UPDATE muster.auth_users SET hashed_password = :kept WHERE id = 3", kept=hashed())
    await house.sql(
        "INSERT INTO muster.api_key (id, name, secret_hash, scopes, owner_id, child_ids, created_by)"
        " VALUES ('g3g3g3g3', 'Emma''s tablet', sha256('x'), '{sessions:write}', 3, '{1}', 'person:3')"
    )
    await house.sql(
        "INSERT INTO muster.subscription"
        " (id, desk, report, params, format, style, cron, timezone, channel, target, created_by, next_at)"
        " VALUES (gen_random_uuid(), 'children', 'progress', '{}', 'csv', '{}', '0 7 * * 1', 'UTC', 'email',"
        " 'g3@example.org', 'person:3', now())"
    )
    async with house.http("G3") as http:
        headers = {"If-Match": "*", "Idempotency-Key": "one"}
        assert (
            await http.patch("/v1/access/me", json={"phone": "051 1234567"}, headers=headers)
        ).status_code == 200
    assert await house.sql("SELECT count(*) FROM muster.idempotency_key") == [(1,)]
    assert (await leave(house, "G3")).status_code == 204
    assert await house.sql("SELECT count(*) FROM muster.idempotency_key") == [(0,)]
    assert await house.sql("SELECT state, target FROM muster.subscription") == [("ended", "deleted@invalid")]
    kept = await house.sql("SELECT name, revoked_at IS NOT NULL FROM muster.api_key WHERE owner_id = 3")
    assert kept == [("erased", True)]
