"""Guessing is limited, and nobody else is locked out by it (Q60)."""

import asyncio

import pytest
from sqlalchemy import func, update

from service.access import keys, sessions
from service.access.authenticator import REMEMBERED, DatabaseAuthenticator
from service.access.models import ApiKey
from service.core.database import Database
from service.core.errors import NotAuthenticated, RateLimited
from tests.access.credentials import Clock, bearer, cookie, wrong
from tests.support.statements import counted_statements


async def test_q60_guessing_from_one_address_is_limited(
    database: Database, gate: DatabaseAuthenticator, clock: Clock
) -> None:
    for number in range(gate.by_address.burst):
        with pytest.raises(NotAuthenticated):
            await gate.caller(bearer(wrong(f"{number:08}")))
    with pytest.raises(RateLimited) as limited, counted_statements(database.engine) as seen:
        await gate.caller(bearer(wrong("99999999")))
    assert limited.value.retry_after == 6
    assert seen == []  # a guess too many costs no read
    made = await keys.create_key(database, "payroll", ["admin"])
    with pytest.raises(RateLimited):
        await gate.caller(bearer(made.token))
    assert await gate.caller(bearer(made.token, "192.0.2.2")) is not None
    clock.now += limited.value.retry_after
    with pytest.raises(NotAuthenticated):
        await gate.caller(bearer(wrong("99999999")))


async def test_q60_guessing_one_key_from_many_addresses_is_limited(
    database: Database, gate: DatabaseAuthenticator, clock: Clock
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    for number in range(gate.by_key.burst):
        with pytest.raises(NotAuthenticated):
            await gate.caller(bearer(wrong(made.key.id), f"192.0.2.{number}"))
    with pytest.raises(RateLimited):
        await gate.caller(bearer(wrong(made.key.id), "198.51.100.1"))


async def test_q60_a_parallel_burst_of_guesses_is_limited_as_well(gate: DatabaseAuthenticator) -> None:
    guesses = [gate.caller(bearer(wrong(f"{number:08}"))) for number in range(60)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(NotAuthenticated) == gate.by_address.burst
    assert kinds.count(RateLimited) == 60 - gate.by_address.burst


async def test_other_peoples_guesses_do_not_lock_out_a_known_holder(
    database: Database, gate: DatabaseAuthenticator, clock: Clock
) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    assert await gate.caller(bearer(made.token)) is not None
    for _ in range(100):
        with pytest.raises((NotAuthenticated, RateLimited)):
            await gate.caller(bearer(wrong(made.key.id)))
    clock.now += REMEMBERED * 2
    assert gate.recall("key", bearer(made.token).header) is None
    assert await gate.caller(bearer(made.token)) is not None


async def test_an_ended_key_in_use_is_no_guess(database: Database, gate: DatabaseAuthenticator) -> None:
    made = await keys.create_key(database, "payroll", ["admin"])
    await keys.revoke_key(database, made.key.id)
    for _ in range(50):
        with pytest.raises(NotAuthenticated, match="revoked"):
            await gate.caller(bearer(made.token))


async def test_a_storm_of_dead_cookies_costs_few_reads(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    with counted_statements(database.engine) as seen:
        for number in range(200):
            assert await gate.caller(cookie(f"{number:043}")) is None
    assert len([statement for statement in seen if "browser_session" in statement]) == gate.by_cookie.burst


async def test_a_tab_that_repeats_its_dead_cookie_locks_out_nobody_beside_it(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    """An office behind one address on the morning after: its tabs are still open, and people sign in."""
    made = await keys.create_key(database, "office", ["admin"])
    caller = await gate.caller(bearer(made.token))
    assert caller is not None
    with counted_statements(database.engine) as seen:
        for _ in range(200):
            assert await gate.caller(cookie("x" * 43)) is None
    assert len([statement for statement in seen if "browser_session" in statement]) == 1
    opened = await sessions.open_session(database, caller)
    assert opened is not None
    assert await gate.caller(cookie(opened.secret)) is not None


async def test_a_cookie_is_no_longer_dead_once_rights_have_changed(
    database: Database, gate: DatabaseAuthenticator
) -> None:
    made = await keys.create_key(database, "office", ["admin"])
    caller = await gate.caller(bearer(made.token))
    assert caller is not None
    opened = await sessions.open_session(database, caller)
    assert opened is not None
    async with database.write() as conn:
        await conn.execute(update(ApiKey).values(revoked_at=func.now()))
    assert await gate.caller(cookie(opened.secret)) is None
    async with database.write() as conn:
        await conn.execute(update(ApiKey).values(revoked_at=None))
    assert await gate.caller(cookie(opened.secret)) is None
    gate.forget()
    assert await gate.caller(cookie(opened.secret)) is not None
