"""Credentials against a real database: right, wrong, ended, remembered, revoked; and with it gone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from service.access import keys, queries, sessions
from service.access.authenticator import REMEMBERED, DatabaseAuthenticator
from service.access.models import ApiKey
from service.access.tokens import COOKIE
from service.core.auth import Caller, Credential
from service.core.database import Database, ReadConnection
from service.core.errors import NotAuthenticated, Unavailable
from tests.access.credentials import Clock, bearer, cookie, wrong
from tests.support.statements import counted_statements


async def test_a_right_key_gives_its_caller(database: Database, gate: DatabaseAuthenticator) -> None:
    made = await keys.create_key(database, "payroll", ["attendance:write"], ["Villas"])
    expected = Caller(
        id=f"key:{made.key.id}",
        name="payroll",
        kind="key",
        scopes=frozenset({"attendance:write"}),
        sites=frozenset({"Villas"}),
    )
    assert await gate.caller(bearer(made.token)) == expected


async def test_a_wrong_secret_of_a_right_id_gives_nobody(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    for token in (
        wrong(made.key.id),
        made.token[:-1] + ("A" if made.token[-1] != "A" else "B"),
        wrong(),
        "x",
    ):
        with pytest.raises(NotAuthenticated):
            await gate.caller(bearer(token))


@pytest.mark.parametrize(
    "header", [b"Basic abc", b"mst_ab12cd34_x", b"Bearer", b"", b"\xff\xfe", b"x" * 5000]
)
async def test_a_header_of_another_kind_gives_nobody(gate: DatabaseAuthenticator, header: bytes) -> None:
    with pytest.raises(NotAuthenticated):
        await gate.caller(Credential("key", header, "192.0.2.1"))


async def test_an_ended_key_says_why(database: Database, gate: DatabaseAuthenticator) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    expired = await keys.create_key(database, "old", ["admin"], expires=soon)
    async with database.write() as conn:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await conn.execute(update(ApiKey).where(ApiKey.id == expired.key.id).values(expires_at=past))
    revoked = await keys.create_key(database, "lost", ["admin"])
    await keys.revoke_key(database, revoked.key.id)
    with pytest.raises(NotAuthenticated, match="expired"):
        await gate.caller(bearer(expired.token))
    with pytest.raises(NotAuthenticated, match="revoked"):
        await gate.caller(bearer(revoked.token))
    # Whoever has not the secret learns nothing about the key.
    with pytest.raises(NotAuthenticated, match="not known"):
        await gate.caller(bearer(wrong(revoked.key.id)))


async def test_a_caller_is_remembered_briefly_and_without_io(
    database: Database, gate: DatabaseAuthenticator, clock: Clock
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    shown = bearer(made.token)
    assert gate.recall("key", shown.header) is None
    caller = await gate.caller(shown)
    with counted_statements(database.engine) as seen:
        assert gate.recall("key", shown.header) is caller
        assert gate.recall("session", shown.header) is None
    assert seen == []
    clock.now += REMEMBERED + 0.001
    assert gate.recall("key", shown.header) is None
    assert REMEMBERED < 1.0


async def test_the_same_secret_shown_at_once_is_looked_up_once(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    with counted_statements(database.engine) as seen:
        callers = await asyncio.gather(*(gate.caller(bearer(made.token)) for _ in range(50)))
    assert len({id(caller) for caller in callers}) == 1
    assert len([statement for statement in seen if "api_key" in statement]) == 1


async def test_who_leaves_early_stops_nobody_else(database: Database, gate: DatabaseAuthenticator) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    first = asyncio.create_task(gate.caller(bearer(made.token)))
    second = asyncio.create_task(gate.caller(bearer(made.token)))
    await asyncio.sleep(0)
    first.cancel()
    caller = await second
    assert caller is not None
    assert caller.name == "payroll"
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_nothing_is_remembered_that_was_looked_up_before_rights_changed(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    asking = asyncio.create_task(gate.caller(bearer(made.token)))
    await asyncio.sleep(0)
    gate.forget()
    assert await asking is not None
    assert gate.recall("key", bearer(made.token).header) is None


async def test_what_is_remembered_is_bounded(
    database: Database, gate: DatabaseAuthenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.access.authenticator.MOST_REMEMBERED", 10)
    made = await keys.create_key(database, "payroll", ["admin"])
    caller = await gate.caller(bearer(made.token))
    assert caller is not None
    opened = await sessions.open_session(database, caller)
    assert opened is not None
    for number in range(35):
        other = Credential("session", f"n={number}; {COOKIE}={opened.secret}".encode(), "192.0.2.1")
        assert await gate.caller(other) is not None
    assert sum(len(known) for known in gate._remembered.values()) <= 11


async def test_a_revocation_that_is_not_heard_holds_within_a_second(
    database: Database, gate: DatabaseAuthenticator, clock: Clock
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    await gate.caller(bearer(made.token))
    await keys.revoke_key(database, made.key.id)
    clock.now += 0.999
    assert gate.recall("key", bearer(made.token).header) is None
    with pytest.raises(NotAuthenticated):
        await gate.caller(bearer(made.token))


async def test_without_a_database_nobody_is_let_in(gate: DatabaseAuthenticator, database: Database) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    async with database.write() as conn:
        await conn.execute(text("ALTER TABLE muster.api_key RENAME TO gone"))
    with pytest.raises(Unavailable) as refused:
        await gate.caller(bearer(made.token))
    assert refused.value.headers == {"Retry-After": "1"}
    async with database.write() as conn:
        await conn.execute(text("ALTER TABLE muster.gone RENAME TO api_key"))
    assert await gate.caller(bearer(made.token)) is not None


async def test_an_unreachable_server_is_503_too(database_url: str) -> None:
    nowhere = Database("postgresql+asyncpg://nobody:x@127.0.0.1:1/none")
    await nowhere.open()
    try:
        with pytest.raises(Unavailable):
            await DatabaseAuthenticator(nowhere).caller(bearer(wrong()))
    finally:
        await nowhere.close()


async def test_a_session_stands_for_its_key_and_ends_with_it(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "payroll", ["attendance:read"], ["Villas"])
    by_key = await gate.caller(bearer(made.token))
    assert by_key is not None
    opened = await sessions.open_session(database, by_key)
    assert opened is not None
    by_cookie = await gate.caller(cookie(opened.secret))
    assert by_cookie is not None
    assert (by_cookie.kind, by_cookie.id, by_cookie.sites) == ("session", by_key.id, by_key.sites)
    assert by_cookie.visibility == by_key.visibility
    await keys.revoke_key(database, made.key.id)
    assert await gate.caller(cookie(opened.secret)) is None
    assert await sessions.open_session(database, by_key) is None


async def test_a_session_never_outlives_its_key(database: Database) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=5)
    made = await keys.create_key(database, "short", ["admin"], expires=soon)
    caller = Caller(id=f"key:{made.key.id}", name="short", kind="key", scopes=frozenset({"admin"}))
    opened = await sessions.open_session(database, caller)
    assert opened is not None
    assert opened.expires_at == soon


async def test_cookies_without_a_session_give_nobody(database: Database, gate: DatabaseAuthenticator) -> None:
    with counted_statements(database.engine) as seen:
        assert await gate.caller(Credential("session", b"theme=dark", "192.0.2.1")) is None
    assert seen == []
    assert await gate.caller(cookie("x" * 43)) is None


class Slow:
    """A read of a key whose answer is long under way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read, self.arrives = asyncio.Event(), asyncio.Event()
        self._select = queries.select_bearer
        monkeypatch.setattr(queries, "select_bearer", self)

    async def __call__(self, conn: ReadConnection, key_id: str) -> Any:
        row = await self._select(conn, key_id)
        if not self.read.is_set():
            self.read.set()
            await self.arrives.wait()
        return row


async def test_nobody_joins_a_lookup_that_read_before_rights_changed(
    database: Database, gate: DatabaseAuthenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    slow = Slow(monkeypatch)
    early = asyncio.create_task(gate.caller(bearer(made.token)))
    await slow.read.wait()
    await keys.revoke_key(database, made.key.id)
    gate.forget()
    late = asyncio.create_task(gate.caller(bearer(made.token)))
    await asyncio.sleep(0)
    slow.arrives.set()
    with pytest.raises(NotAuthenticated, match="revoked"):
        await late
    assert await early is not None
    assert gate.recall("key", bearer(made.token).header) is None


async def test_a_caller_is_remembered_from_when_the_lookup_began(
    database: Database, gate: DatabaseAuthenticator, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of a slow database is as old as the question; no notice of a revocation has come."""
    made = await keys.create_key(database, "payroll", ["admin"])
    slow = Slow(monkeypatch)
    first = asyncio.create_task(gate.caller(bearer(made.token)))
    await slow.read.wait()
    clock.now += REMEMBERED - 0.1
    second = asyncio.create_task(gate.caller(bearer(made.token)))
    await asyncio.sleep(0)
    slow.arrives.set()
    assert await first is await second is not None
    assert gate.recall("key", bearer(made.token).header) is not None
    clock.now += 0.2
    assert gate.recall("key", bearer(made.token).header) is None
