"""`/v1/access` over HTTP: who am I, keys, audit; who may and who may not."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from pydantic import SecretStr, TypeAdapter
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from service.access import (
    account_routes,
    api,
    audit_routes,
    audited,
    key_routes,
    mail_pages,
    person_routes,
    queries,
    token_routes,
)
from service.access.administration import routes as people_routes
from service.access.keys import list_keys, revoke_key
from service.core.paging import Cursors, Paging
from service.schemas.access import KeysAsk
from service.schemas.audit import AuditAsk
from tests.access.ground import House
from tests.access.matrix import operations

PARTS: Any = (
    api, key_routes, token_routes, account_routes, person_routes, people_routes, audit_routes, mail_pages
)  # fmt: skip
ASK = {"name": "payroll", "scopes": ["attendance:read"], "sites": ["Villas"]}


async def test_who_am_i(house: House) -> None:
    made = await house.key("attendance:write", sites=["Villas", "Centro"], name="payroll")
    async with house.http(made.token) as http:
        answer = await http.get("/v1/access/me")
    assert answer.json() == {
        "id": f"key:{made.key.id}",
        "name": "payroll",
        "kind": "key",
        "role": None,
        "scopes": ["attendance:write"],
        "sites": ["Centro", "Villas"],
        "profile": None,
    }
    assert answer.headers["cache-control"] == "no-store"


async def test_an_admin_makes_lists_and_revokes_keys(house: House) -> None:
    admin = await house.key("admin")
    ends = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    async with house.http(admin.token) as http:
        answer = await http.post("/v1/access/keys", json={**ASK, "expires_at": ends.isoformat()})
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/access/keys/{made['id']}"
        assert answer.headers["cache-control"] == "no-store"
        assert made["created_by"] == f"key:{admin.key.id}"
        async with house.http(made["token"]) as new:
            assert (await new.get("/v1/access/me")).json()["sites"] == ["Villas"]
            listed = (await http.get("/v1/access/keys")).json()
            shown = {name: value for name, value in made.items() if name != "token"}
            assert [key["id"] for key in listed["items"]] == [admin.key.id, made["id"]]
            assert listed["items"][1] == shown == (await http.get(f"/v1/access/keys/{made['id']}")).json()
            assert made["token"][13:] not in (await http.get("/v1/access/keys")).text
            revoked = await http.delete(f"/v1/access/keys/{made['id']}")
            assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
            assert (await new.get("/v1/access/me")).status_code == 401  # at once, on this replica
        assert (await http.delete(f"/v1/access/keys/{made['id']}")).json() == revoked.json()


async def test_keys_are_paged_by_a_cursor(house: House) -> None:
    admin = await house.key("admin")
    for number in range(6):
        await house.key(name=f"key {number}")
    seen: list[str] = []
    async with house.http(admin.token) as http:
        page: dict[str, Any] = {"next": None}
        while True:
            cursor = {"cursor": page["next"]} if page["next"] else {}
            answer = await http.get("/v1/access/keys", params={"limit": 3, "include": "total", **cursor})
            page = answer.json()["page"]
            seen += [key["id"] for key in answer.json()["items"]]
            assert page["total"] == 7
            assert ('rel="next"' in answer.headers.get("link", "")) == page["has_more"]
            if not page["has_more"]:
                break
        assert seen == [key.id for key in await list_keys(house.runtime.database)]
        tampered = await http.get("/v1/access/keys", params={"cursor": "x"})
        assert (tampered.status_code, tampered.json()["code"]) == (400, "bad_cursor")


async def test_the_audit_is_shown_newest_first(house: House) -> None:
    admin = await house.key("admin")
    made = await house.key()
    await revoke_key(house.runtime.database, made.key.id)
    async with house.http(admin.token) as http:
        answer = await http.get("/v1/access/audit", params={"subject": f"key:{made.key.id}"})
        assert [entry["what"] for entry in answer.json()["items"]] == ["key.revoked", "key.created"]
        first = (await http.get("/v1/access/audit", params={"limit": 2})).json()
        rest = await http.get("/v1/access/audit", params={"limit": 2, "cursor": first["page"]["next"]})
    found = [entry["subject"] for entry in first["items"] + rest.json()["items"]]
    assert found == [f"key:{made.key.id}", f"key:{made.key.id}", f"key:{admin.key.id}"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": ["attendance:raed"]}, "unknown_scope"),
        ({"scopes": []}, "too_short"),
        ({"expires_at": "2030-01-01T00:00:00"}, "offset_required"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expired"),
        ({"scopes": ["admin"]}, "admin_limited"),
        ({"sites": []}, "empty"),
        ({"site": "Villas"}, "unknown_parameter"),
        ({"name": "a\0b"}, "unusable_text"),
    ],
)
async def test_unusable_values_are_refused_with_their_place(
    house: House, change: dict[str, Any], code: str
) -> None:
    admin = await house.key("admin")
    async with house.http(admin.token) as http:
        answer = await http.post("/v1/access/keys", json={**ASK, **change})
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert answer.json()["errors"][0]["pointer"] == f"/body/{next(iter(change))}" or code == "admin_limited"


async def test_lone_surrogates_are_no_server_error(house: House) -> None:
    admin = await house.key("admin")
    body = b'{"name": "\\ud800", "scopes": ["attendance:read"]}'
    async with house.http(admin.token, headers={"Content-Type": "application/json"}) as http:
        assert (await http.post("/v1/access/keys", content=body)).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/access/keys/zzzzzzzz", 404),
        ("DELETE", "/v1/access/keys/zzzzzzzz", 404),
        ("GET", "/v1/access/keys/%00", 422),
        ("GET", "/v1/access/keys?limit=0", 422),
        ("GET", "/v1/access/keys?limit=1001", 422),
        ("GET", "/v1/access/keys?nam=x", 422),
        ("GET", "/v1/access/me?nam=x", 422),
        ("GET", "/v1/access/keys/zzzzzzzz?nam=x", 422),
        ("DELETE", "/v1/access/keys/zzzzzzzz?nam=x", 422),
        ("POST", "/v1/access/keys?nam=x", 422),
        ("GET", "/v1/access/audit?subject=%00", 422),
    ],
)
async def test_what_is_not_there_or_not_understood(house: House, method: str, path: str, status: int) -> None:
    admin = await house.key("admin")
    async with house.http(admin.token) as http:
        assert (await http.request(method, path)).status_code == status


async def test_a_repeated_creation_makes_one_key_and_shows_it_again(house: House) -> None:
    admin = await house.key("admin")
    once = {"Idempotency-Key": "9f1c"}
    async with house.http(admin.token, headers=once) as http:
        first = await http.post("/v1/access/keys", json=ASK)
        again = await http.post("/v1/access/keys", json=ASK)
        other = await http.post("/v1/access/keys", json={**ASK, "name": "other"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await list_keys(house.runtime.database)) == 2
    async with house.http(first.json()["token"]) as new:
        assert (await new.get("/v1/access/me")).status_code == 200


async def test_q58_fifty_at_once_make_one_key(house: House) -> None:
    admin = await house.key("admin")
    async with house.http(admin.token, headers={"Idempotency-Key": "fifty"}) as http:
        answers = await asyncio.gather(*(http.post("/v1/access/keys", json=ASK) for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["token"] for answer in answers if answer.status_code == 201}) == 1
    assert len(await list_keys(house.runtime.database)) == 2


async def test_q60_the_stored_answer_of_a_creation_holds_no_secret(house: House) -> None:
    admin = await house.key("admin")
    async with house.http(admin.token, headers={"Idempotency-Key": "1"}) as http:
        made = (await http.post("/v1/access/keys", json=ASK)).json()
    async with house.runtime.database.read() as conn:
        stored = await conn.scalar(text("SELECT body FROM muster.idempotency_key"))
    assert orjson.loads(stored)["id"] == made["id"]
    assert made["token"][13:].encode() not in stored


async def test_two_callers_with_one_idempotency_key_get_two_secrets(house: House) -> None:
    tokens = []
    for _ in range(2):
        admin = await house.key("admin")
        async with house.http(admin.token, headers={"Idempotency-Key": "1"}) as http:
            tokens.append((await http.post("/v1/access/keys", json=ASK)).json()["token"])
    assert tokens[0][13:] != tokens[1][13:]


async def test_a_secret_key_may_be_changed_between_two_attempts(house: House) -> None:
    admin = await house.key("admin")
    settings, kept = house.runtime.settings, house.runtime.settings.secret_keys
    async with house.http(admin.token, headers={"Idempotency-Key": "1"}) as http:
        first = (await http.post("/v1/access/keys", json=ASK)).json()
        new = SecretStr("a-new-secret-of-thirty-two-characters")
        house.runtime.settings = settings.model_copy(update={"secret_keys": (new, *kept)})
        assert (await http.post("/v1/access/keys", json=ASK)).json() == first
        house.runtime.settings = settings.model_copy(update={"secret_keys": (new,)})
        gone = await http.post("/v1/access/keys", json=ASK)
    assert (gone.status_code, gone.json()["code"]) == (409, "secret_gone")


async def test_q59_a_route_without_a_rule_is_closed_all_the_same(house: House) -> None:
    house.app.add_api_route("/v1/forgotten", lambda: {"open": "yes"})
    known = await house.key()
    async with house.http() as nobody, house.http(known.token) as somebody:
        assert (await nobody.get("/v1/forgotten")).status_code == 401
        assert (await nobody.get("/v1/nothing-here")).status_code == 401
        assert (await somebody.get("/v1/forgotten")).status_code == 200


async def test_q57_every_example_validates(house: House) -> None:
    declared = {
        operation["operationId"]: operation
        for _, path, operation in operations(house.app)
        if path.startswith("/v1/access")
    }
    routes = {route.operation_id: route for part in PARTS for route in part.router.routes}
    assert routes.keys() >= declared.keys()
    for name, operation in declared.items():
        route = routes[name]
        for problem in ("429", "503"):
            assert "application/problem+json" in operation["responses"][problem]["content"], name
        example = operation["responses"][str(route.status_code or 200)].get("content", {})
        if route.response_model is not None and "application/json" in example:
            TypeAdapter(route.response_model).validate_python(example["application/json"]["example"])
        asked = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if asked is not None:
            (body,) = route.dependant.body_params
            TypeAdapter(body.field_info.annotation).validate_python(asked["example"])


async def test_q33_the_lists_walk_their_index(house: House) -> None:
    cursors = Cursors(["x" * 32])
    made = [await house.key(name=f"key {number}") for number in range(3)]
    keys = Paging(cursors, KeysAsk(limit=2), "k", queries.KEY_ORDER)
    audit = Paging(cursors, AuditAsk(limit=2), "a", audited.ORDER)
    lists = {
        "ix_api_key_created_at_id": keys.narrow(queries.keys()),
        "ix_audit_at_id": audit.narrow(audited.entries(AuditAsk())),
        "ix_audit_subject_at": audit.narrow(audited.entries(AuditAsk(subject=f"key:{made[0].key.id}"))),
        "ix_audit_who_at": audit.narrow(audited.entries(AuditAsk(who="system"))),
    }
    async with house.runtime.database.write() as conn:
        # Three rows fit a page, so only forbidding what a large table would not choose shows the plan.
        await conn.execute(text("SET LOCAL enable_seqscan = off"))
        await conn.execute(text("SET LOCAL enable_bitmapscan = off"))
        for index, statement in lists.items():
            compiled = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
            plan = "\n".join((await conn.execute(text(f"EXPLAIN {compiled}".replace(":", r"\:")))).scalars())
            # A partition names its part of an index after the table it belongs to.
            assert index in plan or f"audit_rest_{index.removeprefix('ix_audit_')}_idx" in plan, plan
            assert "Seq Scan" not in plan
