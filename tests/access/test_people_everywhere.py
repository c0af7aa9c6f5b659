"""Two replicas, secret keys that are replaced, clean-ups, and logs: what holds beyond one request."""

import asyncio
import json
from pathlib import Path

import jwt
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from service.access import sessions
from service.core.telemetry import LEVELS
from tests.access.people import PASSWORD, Town, open_town

OLD, NEW = SecretStr("an-old-secret-of-thirty-two-charact"), SecretStr("a-new-secret-of-thirty-two-characte")


async def ended(replica: Town, token: str) -> bool:
    """Whether a token that was good there is refused within the time that anything is remembered."""
    for _ in range(400):
        if not await replica.is_in(token):
            return True
        await asyncio.sleep(0.005)
    return False


@pytest.mark.parametrize("way", ["logout", "logout_all", "reuse", "change", "erase"])
async def test_t078_every_replica_ends_it(town: Town, second: Town, way: str) -> None:
    """The other replica hears of it: its clock stands, so nothing there is forgotten by age."""
    number, _ = await town.person()
    tokens = await town.tokens(number)
    token = tokens["access_token"]
    assert await second.is_in(token)
    assert second.house.authenticator.recall("key", f"Bearer {token}".encode()) is not None
    refresh = {"refresh_token": tokens["refresh_token"]}
    if way == "logout":
        await town.ask("POST", "/logout", json=refresh)
    elif way == "logout_all":
        await town.ask("POST", "/logout-all", as_=token)
    elif way == "reuse":
        await town.ask("POST", "/refresh", json=refresh)
        assert (await second.ask("POST", "/refresh", json=refresh)).status_code == 401
    elif way == "change":
        change = {"current_password": PASSWORD, "new_password": "another horse battery"}
        assert (await town.ask("POST", "/password/change", as_=token, json=change)).status_code == 204
    else:
        assert (await town.ask("DELETE", "/me", as_=token, json={"password": PASSWORD})).status_code == 204
    assert await ended(second, token)
    assert (await second.ask("POST", "/refresh", json=refresh)).status_code == 401


async def test_a_token_of_the_old_secret_is_good_until_that_is_withdrawn(
    town: Town, database_url: str, tmp_path: Path
) -> None:
    async def replica(*keys: SecretStr) -> dict[str, bool]:
        async with open_town(database_url, tmp_path, secret_keys=keys) as opened:
            return {name: await opened.is_in(token) for name, token in made.items()}

    made: dict[str, str] = {}
    async with open_town(database_url, tmp_path, secret_keys=(OLD,)) as first:
        number, _ = await first.person()
        made["old"] = (await first.tokens(number))["access_token"]
    async with open_town(database_url, tmp_path, secret_keys=(NEW, OLD)) as rotated:
        made["new"] = (await rotated.tokens(number))["access_token"]
    kids = {name: jwt.get_unverified_header(token)["kid"] for name, token in made.items()}
    assert kids["old"] != kids["new"]
    assert await replica(NEW, OLD) == {"old": True, "new": True}
    assert await replica(NEW) == {"old": False, "new": True}


async def test_t110_nothing_of_a_person_reaches_a_log(town: Town) -> None:
    name, email = "Wilhelmina", "wilhelmina.log@example.org"
    ask = {"email": email, "password": PASSWORD, "first_name": name, "last_name": "Quux", "role": "parent"}
    LEVELS.change("service", "DEBUG")
    try:
        with capture_logs() as lines:
            await town.ask("POST", "/register", json=ask)
            secret = town.token_for(email)
            await town.ask("POST", "/email/verify", json={"token": secret})
            await town.sign_in(email, "not the password")
            tokens = await town.signed_in(email)
            await town.ask("POST", "/refresh", json={"refresh_token": tokens["refresh_token"]})
            await town.ask("POST", "/register", json={**ask, "role": "admin"})
            await town.ask(
                "PATCH",
                "/me",
                as_=tokens["access_token"],
                json={"first_name": "Quuux"},
                headers={"If-Match": "*"},
            )
            async with town.http() as browser:
                await browser.get(f"/sign-in/password?token={secret}")
    finally:
        LEVELS.change("service", None)
    written = json.dumps(lines, default=str)
    assert "mail_in_outbox" in written  # the file is named, and nothing else
    secrets = (tokens["access_token"].rpartition(".")[2], tokens["refresh_token"], secret, PASSWORD)
    assert [word for word in (name, email, "Quux", "example.org", *secrets) if word in written] == []
    kept = await town.sql("SELECT count(*) FROM muster.audit WHERE to_jsonb(audit)::text ~ 'wilhelmina|Quux'")
    assert kept == [(0,)]


async def test_ended_tokens_are_deleted_after_a_week(town: Town) -> None:
    number, email = await town.person()
    await town.tokens(number)
    await town.ask("POST", "/password/forgot", json={"email": email})
    database = town.house.runtime.database
    await sessions.purge_ended(database)
    counted = (
        "SELECT (SELECT count(*) FROM muster.refresh_tokens WHERE user_id = :id),"
        " (SELECT count(*) FROM muster.one_time_tokens WHERE user_id = :id)"
    )
    assert await town.sql(counted, id=number) == [(1, 1)]
    for table in ("refresh_tokens", "one_time_tokens"):
        await town.sql(
            f"UPDATE muster.{table} SET expires_at = now() - interval '8 days' WHERE user_id = :id", id=number
        )
    await sessions.purge_ended(database)
    assert await town.sql(counted, id=number) == [(0, 0)]


async def test_a_password_that_changes_while_somebody_signs_in_lets_nobody_in(town: Town) -> None:
    """The right password of a moment ago: its check took a while, and the change was faster."""
    from service.access import passwords, people_queries

    number, email = await town.person()
    async with town.house.runtime.database.read() as conn:
        row = await people_queries.select_by_email(conn, email)
    assert row is not None
    assert (await passwords.checked(town.house.runtime.compute, PASSWORD, row.hashed_password))[0]
    await town.sql("UPDATE muster.auth_users SET token_version = token_version + 1 WHERE id = :id", id=number)
    async with town.house.runtime.database.write() as conn:
        assert not await people_queries.note_sign_in(
            conn, row.id, row.token_version, row.hashed_password, None
        )


async def test_a_parallel_burst_of_guesses_locks_and_the_right_one_among_them_is_refused(town: Town) -> None:
    number, email = await town.person()
    gate = town.house.authenticator
    assert gate.by_address.burst > 8
    wrong = await asyncio.gather(*(town.sign_in(email, f"not the password {n}") for n in range(8)))
    assert {answer.status_code for answer in wrong} == {401}
    assert (await town.sign_in(email)).status_code == 429  # of this address; elsewhere it is the lock
    town.rested()
    assert (await town.sign_in(email)).status_code == 401
    kept = await town.sql(
        "SELECT failed_login_attempts, locked_until > now() FROM muster.auth_users WHERE id = :id", id=number
    )
    assert kept == [(5, True)]
