"""Keys and tokens that guardians give to devices (children spec E1, T84)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.access.access_tokens import mint, read
from service.access.devices import ingest_token
from service.access.keys import create_key
from service.core.auth import Credential
from service.desks import admit_device
from tests.attendance.make import firm
from tests.children.house import SECRET, House

ASK = {"name": "Emma's tablet", "scopes": ["sessions:write"], "child_ids": [1]}


async def make(family: House, who: str, **change: Any) -> Any:
    async with family.http(who) as http:
        return await http.post("/v1/access/keys", json={**ASK, **change})


async def test_t084_a_key_of_a_guardian(family: House, capsys: pytest.CaptureFixture[str]) -> None:
    made = await make(family, "G1")
    assert made.status_code == 201, made.text
    key, token = made.json(), made.json()["token"]
    assert (key["owner_id"], key["child_ids"], key["scopes"]) == (1, [1], ["sessions:write"])
    ends = datetime.fromisoformat(key["expires_at"])
    assert timedelta(days=364) < ends - datetime.now(UTC) <= timedelta(days=365)
    async with family.http(token=token) as device, family.http("G1") as guardian:
        me = (await device.get("/v1/access/me")).json()
        assert (me["kind"], me["scopes"]) == ("key", ["sessions:write"])
        refused = await device.get("/v1/access/keys")  # without the scope
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        listed = await guardian.get("/v1/access/keys")
        assert token[13:] not in listed.text
        assert {one["id"] for one in listed.json()["items"]} == {key["id"], "k1k1k1k1"}
        assert (await guardian.delete(f"/v1/access/keys/{key['id']}")).json()["state"] == "revoked"
        assert (await device.get("/v1/access/me")).status_code == 401
    stored = await family.sql("SELECT string_agg(k::text, ' ') FROM muster.api_key k")
    audited = await family.sql(
        "SELECT string_agg(a::text, ' '), array_agg(child_ids) FROM muster.audit a WHERE what = 'key.created'"
    )
    assert token[13:] not in stored[0][0] + audited[0][0] + capsys.readouterr().out
    assert audited[0][1] == [[1]]


async def test_the_first_key_of_all_is_told_to_be_active(family: House) -> None:
    await family.sql("DELETE FROM muster.api_key")
    made = (await make(family, "G1")).json()
    async with family.http("G1") as guardian:
        assert (
            made["state"] == (await guardian.get(f"/v1/access/keys/{made['id']}")).json()["state"] == "active"
        )


async def test_a_guardian_sees_and_ends_only_their_own_keys(family: House) -> None:
    async with family.http("G2") as other, family.http("AD") as admin:
        assert [one["id"] for one in (await other.get("/v1/access/keys")).json()["items"]] == ["k2k2k2k2"]
        assert (await other.get("/v1/access/keys/k1k1k1k1")).status_code == 404
        assert (await other.delete("/v1/access/keys/k1k1k1k1")).status_code == 404
        assert len((await admin.get("/v1/access/keys")).json()["items"]) == 2
    async with family.http("K1") as device:
        assert (await device.get("/v1/access/me")).status_code == 200


@pytest.mark.parametrize(
    ("who", "change", "status", "code"),
    [
        ("G1", {"scopes": ["sessions:write", "erase:request"]}, 422, "not_grantable"),
        ("G1", {"scopes": ["children:read"]}, 422, "not_grantable"),
        ("G1", {"scopes": ["admin"]}, 422, "not_grantable"),
        ("G1", {"child_ids": None}, 422, "required"),
        ("G1", {"child_ids": []}, 422, "too_short"),
        ("G1", {"sites": ["Villas"]}, 422, "not_grantable"),
        ("G1", {"expires_at": "2199-01-01T00:00:00Z"}, 422, "too_far"),
        ("G1", {"child_ids": [2]}, 404, "not_found"),
        ("G1", {"child_ids": [1, 4711]}, 404, "not_found"),
        ("G1", {"child_ids": [9223372036854775807]}, 404, "not_found"),
        ("G1", {"child_ids": [9223372036854775808]}, 422, "less_than_equal"),
        ("G3", {}, 403, "access_level"),
        ("E1", {}, 403, "scope_missing"),
        ("K1", {}, 403, "scope_missing"),
        ("AD", {}, 422, "people_only"),
        ("AD", {"child_ids": None}, 422, "people_only"),
        ("AD", {"child_ids": None, "scopes": ["audit:read"]}, 422, "people_only"),
    ],
)
async def test_what_no_key_of_a_device_may_be(
    family: House, who: str, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await make(family, who, **change)
    problem = answer.json()
    assert answer.status_code == status, answer.text
    assert code in {problem["code"], *(error["code"] for error in problem["errors"])}
    assert await family.sql("SELECT count(*) FROM muster.api_key") == [(2,)]


async def test_an_absent_child_and_a_hidden_one_are_the_same_to_a_stranger(family: House) -> None:
    hidden, absent = await make(family, "G1", child_ids=[2]), await make(family, "G1", child_ids=[4711])
    known = {"request_id"}
    assert {k: v for k, v in hidden.json().items() if k not in known} == {
        k: v for k, v in absent.json().items() if k not in known
    }
    rows = await family.sql(
        "SELECT child_id, outcome, deny_code FROM muster.audit WHERE what = 'device.create' ORDER BY id"
    )
    assert rows == [(2, "deny", "not_visible"), (4711, "deny", "absent")]


async def test_a_token_for_a_tablet_ends_with_its_guardian_signing_out_everywhere(family: House) -> None:
    async with family.http("G1") as guardian:
        made = await guardian.post("/v1/access/ingest-tokens", json={"child_id": 1})
        assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
        foreign = await guardian.post("/v1/access/ingest-tokens", json={"child_id": 2})
        assert foreign.status_code == 404
    token = made.json()["access_token"]
    claims = read([SECRET], token)
    assert (claims.audience, claims.bound, claims.person) == ("ingest", frozenset({1}), 1)
    assert made.json()["expires_in"] == 12 * 3600
    async with family.http(token=token) as tablet:
        me = (await tablet.get("/v1/access/me")).json()
        assert me["scopes"] == ["sessions:write"]
        assert (await tablet.post("/v1/access/ingest-tokens", json={"child_id": 1})).status_code == 403
        await family.sql("UPDATE muster.auth_users SET token_version = 1 WHERE id = 1")
        family.runtime.authenticator.forget()
        assert (await tablet.get("/v1/access/me")).status_code == 401


async def test_nobody_hands_on_more_than_their_own_token_may(family: House) -> None:
    claims = read([SECRET], family.token("G1"))
    narrow = {name: getattr(claims, name) for name in ("person", "version", "signed_in_at")}
    token = mint([SECRET], type(claims)(**narrow, scopes=frozenset({"apikeys:manage"})), timedelta(minutes=5))
    async with family.http(token=token) as http:
        assert (await http.post("/v1/access/ingest-tokens", json={"child_id": 1})).status_code == 403
        assert (await http.post("/v1/access/keys", json=ASK)).status_code == 403


async def test_a_device_stops_with_its_owner(family: House) -> None:
    async with family.http("K1") as device:
        assert (await device.get("/v1/access/me")).status_code == 200
        await family.sql("UPDATE muster.auth_users SET status = 'suspended' WHERE id = 1")
        family.runtime.authenticator.forget()
        assert (await device.get("/v1/access/me")).status_code == 401


@pytest.mark.parametrize("shape", ["X-API-Key: {}", "Authorization: ApiKey {}", "Authorization: apikey {}"])
async def test_a_key_is_taken_in_every_way_it_is_sent(family: House, shape: str) -> None:
    name, _, value = shape.format(family.token("K1")).partition(": ")
    async with family.http() as http:
        assert (await http.get("/v1/access/me", headers={name: value})).json()["id"] == "key:k1k1k1k1"
        wrong = {name: value[:-5] + "zzzzz"}
        assert (await http.get("/v1/access/me", headers=wrong)).status_code == 401


async def test_what_a_guardian_calls_a_device_stays_with_them(family: House) -> None:
    """It is a child's name as often as not: no admin learns it, and no audit row is ever erased."""
    made = (await make(family, "G1", name="Emma's tablet")).json()
    at = f"/v1/access/keys/{made['id']}"
    async with family.http("G1") as guardian, family.http("AD") as admin:
        assert made["name"] == (await guardian.get(at)).json()["name"] == "Emma's tablet"
        shown = [await admin.get(at), await admin.get("/v1/access/keys"), await admin.delete(at)]
        assert {answer.status_code for answer in shown} == {200}
        assert not any("Emma" in answer.text for answer in shown)
    [(told,)] = await family.sql(
        "SELECT string_agg(a::text, ' ') FROM muster.audit a WHERE what LIKE 'key.%'"
    )
    assert "Emma" not in told


async def test_replacing_an_operators_key_leaves_devices_of_that_name_alone(family: House) -> None:
    made = (await make(family, "G1", name="demo")).json()
    await create_key(family.runtime.database, "demo", ["admin"], replace=True)
    async with family.http(token=made["token"]) as device:
        assert (await device.get("/v1/access/me")).status_code == 200


async def test_a_token_made_while_its_maker_is_signed_out_everywhere_has_ended_too(family: House) -> None:
    """The request was let in a moment before; what it makes must not outlive what it showed."""
    shown = Credential("key", f"Bearer {family.token('G1')}".encode(), "192.0.2.1")
    caller = await family.runtime.authenticator.caller(shown)
    assert caller is not None
    await family.sql("UPDATE muster.auth_users SET token_version = token_version + 1 WHERE id = 1")
    made = await ingest_token(family.runtime.database, [SECRET], caller, 1, admit_device)
    async with family.http(token=made.access_token) as tablet:
        assert (await tablet.get("/v1/access/me")).status_code == 401


async def test_q40_a_kept_answer_is_that_of_the_key_also_beside_a_cookie(family: House) -> None:
    """A browser that is signed in, whose page asks with a key of its own: the key says who asks."""
    async with family.runtime.database.write() as conn:
        await firm(conn)
    everywhere = await create_key(family.runtime.database, "a", ["attendance:read"])
    villas = await create_key(family.runtime.database, "b", ["attendance:read"], ["Villas"])
    path, origin = "/v1/attendance/sites", {"Origin": "http://muster.test"}
    async with family.http() as browser:
        await browser.post("/sign-in", data={"key": everywhere.token}, headers=origin)
        whole = [await browser.get(path) for _ in range(2)]
        limited = [await browser.get(path, headers={"X-API-Key": villas.token}) for _ in range(3)]
    assert "hit" in whole[1].headers["cache-status"]
    assert len(whole[1].json()["items"]) > 1
    assert [[site["name"] for site in answer.json()["items"]] for answer in limited] == [["Villas"]] * 3
