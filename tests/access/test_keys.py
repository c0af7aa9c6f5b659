"""Keys: made, listed, revoked; from the command line too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from service.access import keys, tokens
from service.access.models import ApiKey, Audit
from service.core.auth import Caller
from service.core.database import Database
from service.core.errors import Invalid, NotFound

ADMIN = Caller(id="key:adminkey", name="admin", kind="key", scopes=frozenset({"admin"}))


async def audit_of(database: Database, subject: str) -> list[Any]:
    async with database.read() as conn:
        found = select(Audit.who, Audit.what, Audit.after).where(Audit.subject == subject).order_by(Audit.id)
        return list((await conn.execute(found)).all())


async def test_a_key_is_made_with_its_rights(database: Database) -> None:
    ends = datetime.now(UTC) + timedelta(days=30)
    made = await keys.create_key(
        database, "payroll", ["attendance:read", "attendance:read"], ["Villas", "Centro"], ends, by=ADMIN
    )
    assert made.key.scopes == ["attendance:read"]
    assert made.key.sites == ["Centro", "Villas"]
    assert made.key.state == "active"
    assert made.key.expires_at == ends
    assert made.key.created_by == "key:adminkey"
    assert made.token.startswith(f"mst_{made.key.id}_")
    assert await keys.list_keys(database) == [made.key]
    assert await keys.get_key(database, made.key.id) == made.key


async def test_q60_only_the_hash_of_the_secret_is_stored(database: Database) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    secret = made.token[13:]
    async with database.read() as conn:
        row = (await conn.execute(select(ApiKey.secret_hash))).scalar_one()
        everything = await conn.scalar(text("SELECT string_agg(k::text, '') FROM muster.api_key k"))
        audited = await conn.scalar(text("SELECT string_agg(a::text, '') FROM muster.audit a"))
    assert row == tokens.digest(secret)
    assert secret not in everything + audited + repr(made)
    assert made.token not in repr(made)


async def test_making_and_revoking_is_audited(database: Database) -> None:
    made = await keys.create_key(database, "payroll", ["attendance:read"], ["Villas"], by=ADMIN)
    await keys.revoke_key(database, made.key.id, by=ADMIN)
    created, revoked = await audit_of(database, f"key:{made.key.id}")
    rights = {"name": "payroll", "scopes": ["attendance:read"], "sites": ["Villas"], "expires_at": None}
    assert (created.who, created.what, created.after) == ("key:adminkey", "key.created", rights)
    assert (revoked.who, revoked.what, revoked.after) == ("key:adminkey", "key.revoked", None)


async def test_revoking_twice_changes_nothing(database: Database) -> None:
    made = await keys.create_key(database, "payroll", ["attendance:read"])
    first = await keys.revoke_key(database, made.key.id)
    assert first.state == "revoked"
    assert await keys.revoke_key(database, made.key.id) == first
    assert len(await audit_of(database, f"key:{made.key.id}")) == 2


async def test_a_key_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        await keys.revoke_key(database, "ab12cd34")
    with pytest.raises(NotFound):
        await keys.get_key(database, "ab12cd34")


async def test_replacing_revokes_those_of_the_same_name_only(database: Database) -> None:
    old = await keys.create_key(database, "demo", ["admin"])
    other = await keys.create_key(database, "payroll", ["admin"])
    new = await keys.create_key(database, "demo", ["admin"], replace=True)
    states = {key.id: key.state for key in await keys.list_keys(database)}
    assert states == {old.key.id: "revoked", other.key.id: "active", new.key.id: "active"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": ["atendance:read"]}, "unknown_scope"),
        ({"scopes": []}, "missing"),
        ({"sites": []}, "empty"),
        ({"scopes": ["admin"], "sites": ["Villas"]}, "admin_limited"),
        ({"expires": datetime(2030, 1, 1)}, "offset_required"),
        ({"expires": datetime(2020, 1, 1, tzinfo=UTC)}, "expired"),
        ({"name": ""}, "unusable_text"),
        ({"name": "a\0b"}, "unusable_text"),
        ({"name": "\ud800"}, "unusable_text"),
        ({"sites": ["a\nb"]}, "unusable_text"),
        ({"sites": ["x" * 141]}, "unusable_text"),
    ],
)
async def test_unusable_values_make_no_key(database: Database, change: dict[str, Any], code: str) -> None:
    asked: dict[str, Any] = {"name": "payroll", "scopes": ["attendance:read"], **change}
    with pytest.raises(Invalid) as refused:
        await keys.create_key(database, **asked)
    assert [error.code for error in refused.value.errors] == [code]
    assert await keys.list_keys(database) == []


async def test_an_unknown_scope_is_answered_with_near_ones(database: Database) -> None:
    with pytest.raises(Invalid, match=r"no scope 'atendance:read'; did you mean attendance:read"):
        await keys.create_key(database, "payroll", ["atendance:read"])
