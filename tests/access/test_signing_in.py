"""Signing in with a password and going on with tokens (children spec F7)."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import jwt
import pytest

from service.access import access_tokens, passwords
from service.core.auth import CLINICAL
from tests.access.ground import SECRETS
from tests.access.people import PASSWORD, Town
from tests.support.statements import counted_statements

KEYS = [secret.get_secret_value() for secret in SECRETS]


def same(answers: list[tuple[int, dict[str, object]]]) -> bool:
    """Whether answers are equal but for the request's id."""
    return (
        len(
            {
                (status, *sorted((k, str(v)) for k, v in body.items() if k != "request_id"))
                for status, body in answers
            }
        )
        == 1
    )


async def test_a_password_gives_two_tokens_and_a_role_its_scopes(town: Town) -> None:
    number, email = await town.person()
    answer = await town.sign_in(f"  {email.upper()} ")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    assert "consent:manage" in tokens["scope"].split()
    me = (await town.ask("GET", "/me", as_=tokens["access_token"])).json()
    assert (me["id"], me["kind"], me["role"], me["scopes"]) == (
        f"person:{number}",
        "token",
        "parent",
        tokens["scope"].split(),
    )
    [kept] = await town.sql(
        "SELECT token_hash::text FROM muster.refresh_tokens WHERE user_id = :id", id=number
    )
    assert tokens["refresh_token"] not in kept[0]
    assert await town.audited(number) == [("auth.login", None)]


async def test_a_token_may_ask_for_less_and_never_gets_more(town: Town) -> None:
    _, email = await town.person()
    tokens = await town.signed_in(email, scope="children:read erase:request reports:write")
    assert tokens["scope"] == "children:read erase:request"  # reports:write is for professionals
    again = await town.ask("POST", "/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert again.json()["scope"] == tokens["scope"]
    refused = await town.sign_in(email, scope="children:raed")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_scope")
    assert "children:read" in refused.json()["detail"]


async def test_a_token_of_less_is_what_a_desk_scope_implies(town: Town) -> None:
    number, _ = await town.person(role="staff")
    await town.sql(
        "INSERT INTO muster.desk_role (user_id, desk, role, granted_by) VALUES (:id, 'attendance', 'operator', 'system')",
        id=number,
    )
    assert (await town.tokens(number, ["attendance:read", "attendance:admin"]))["scope"] == "attendance:read"
    _, admin = await town.person(role="admin")
    held = set((await town.signed_in(admin))["scope"].split())
    assert held.isdisjoint(CLINICAL)


async def test_t077_tokens_that_are_not_good(town: Town) -> None:
    number, _ = await town.person()
    tokens = await town.tokens(number)
    good = tokens["access_token"]
    head, body, signature = good.split(".")
    claims = jwt.decode(good, options={"verify_signature": False})
    kid = jwt.get_unverified_header(good)["kid"]
    key = access_tokens._signing(KEYS[0])
    gone = datetime.now(UTC) - timedelta(seconds=31)

    def signed(**other: object) -> str:
        return jwt.encode({**claims, **other}, key, "HS256", headers={"kid": kid})

    bad = {
        "tampered signature": f"{head}.{body}.{signature[:-4]}AAAA",
        "tampered body": f"{head}.{body[:-4]}AAAA.{signature}",
        "alg none": jwt.encode(claims, None, "none", headers={"kid": kid}),
        "wrong aud": signed(aud="another"),
        "wrong iss": signed(iss="another"),
        "wrong typ": signed(typ="refresh"),
        "no tv": jwt.encode(
            {k: v for k, v in claims.items() if k != "tv"}, key, "HS256", headers={"kid": kid}
        ),
        "expired": signed(exp=int(gone.timestamp())),
        "refresh used as access": tokens["refresh_token"],
    }
    for what, token in bad.items():
        answer = await town.ask("GET", "/me", as_=token)
        assert answer.status_code == 401, what
        assert "www-authenticate" in answer.headers
        if what == "expired":
            assert answer.json()["code"] == "token_expired"
    leeway = datetime.now(UTC) - timedelta(seconds=20)
    assert await town.is_in(signed(exp=int(leeway.timestamp())))
    assert await town.is_in(good)


@pytest.mark.parametrize("way", ["logout_all", "change"])
async def test_t078_everything_ends_at_once(town: Town, way: str) -> None:
    number, email = await town.person()
    tokens = [await town.tokens(number) for _ in range(2)]
    token = tokens[0]["access_token"]
    assert await town.is_in(token)
    if way == "logout_all":
        done = await town.ask("POST", "/logout-all", as_=token)
    else:
        change = {"current_password": PASSWORD, "new_password": "another horse battery"}
        done = await town.ask("POST", "/password/change", as_=token, json=change)
    assert done.status_code == 204
    for each in tokens:
        assert not await town.is_in(each["access_token"])
        refused = await town.ask("POST", "/refresh", json={"refresh_token": each["refresh_token"]})
        assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert (await town.audited(number))[-1][0] == (
        "auth.logout_all" if way == "logout_all" else "auth.password_changed"
    )
    if way == "change":
        assert (await town.sign_in(email)).status_code == 401
        assert (await town.sign_in(email, "another horse battery")).status_code == 200


async def test_signing_out_ends_one_sign_in_with_its_access_token(town: Town) -> None:
    number, _ = await town.person()
    here, there = await town.tokens(number), await town.tokens(number)
    for _ in range(2):
        left = await town.ask("POST", "/logout", json={"refresh_token": here["refresh_token"]})
        assert left.status_code == 204
    assert not await town.is_in(here["access_token"])
    assert await town.is_in(there["access_token"])
    assert [what for what, _ in await town.audited(number)].count("auth.logout") == 1
    unknown = await town.ask("POST", "/logout", json={"refresh_token": "x" * 43})
    assert unknown.status_code == 204


async def test_t079_a_refresh_token_that_comes_back_ends_the_family(town: Town) -> None:
    number, _ = await town.person()
    first = await town.tokens(number)
    other = await town.tokens(number)
    second = (await town.ask("POST", "/refresh", json={"refresh_token": first["refresh_token"]})).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert await town.is_in(second["access_token"])
    for token in (first, second):
        refused = await town.ask("POST", "/refresh", json={"refresh_token": token["refresh_token"]})
        assert (refused.status_code, refused.json()["code"]) == (401, "token_invalid")
    assert not await town.is_in(second["access_token"])
    assert not await town.is_in(first["access_token"])
    assert await town.is_in(other["access_token"])  # another sign-in is another family
    assert ("auth.refresh_reuse", "refresh_reuse") in await town.audited(number)


async def test_of_two_refreshes_at_once_exactly_one_wins(town: Town) -> None:
    number, _ = await town.person()
    for _ in range(3):
        token = (await town.tokens(number))["refresh_token"]
        both = await asyncio.gather(
            *(town.ask("POST", "/refresh", json={"refresh_token": token}) for _ in range(4))
        )
        assert sorted(answer.status_code for answer in both) == [200, 401, 401, 401]
        [won] = [answer.json() for answer in both if answer.status_code == 200]
        assert not await town.is_in(won["access_token"])
    made = await town.sql(
        "SELECT count(*), count(*) FILTER (WHERE revoked_at IS NULL) FROM muster.refresh_tokens WHERE user_id = :id",
        id=number,
    )
    assert made == [(6, 0)]


async def test_a_sign_in_slides_for_a_week_and_ends_after_thirty_days(town: Town) -> None:
    number, _ = await town.person()
    token = (await town.tokens(number))["refresh_token"]
    life = "SELECT round(extract(epoch FROM expires_at - now()) / 86400) FROM muster.refresh_tokens WHERE user_id = :id AND used_at IS NULL"
    assert await town.sql(life, id=number) == [(7,)]
    await town.sql(
        "UPDATE muster.refresh_tokens SET signed_in_at = now() - interval '27 days' WHERE user_id = :id",
        id=number,
    )
    second = (await town.ask("POST", "/refresh", json={"refresh_token": token})).json()
    assert await town.sql(life, id=number) == [(3,)]
    claims = jwt.decode(second["access_token"], options={"verify_signature": False})
    assert abs(claims["auth_time"] - (datetime.now(UTC) - timedelta(days=27)).timestamp()) < 600
    await town.sql("UPDATE muster.refresh_tokens SET expires_at = now() WHERE user_id = :id", id=number)
    refused = await town.ask("POST", "/refresh", json={"refresh_token": second["refresh_token"]})
    assert refused.status_code == 401


async def test_t080_the_sixth_is_refused_with_the_right_password_for_half_an_hour(town: Town) -> None:
    number, email = await town.person()
    wrong = [await town.sign_in(email, "not the password") for _ in range(5)]
    sixth = await town.sign_in(email)
    unknown = await town.sign_in("nobody-has-this@example.org")
    assert same([(answer.status_code, answer.json()) for answer in (*wrong, sixth, unknown)])
    assert (sixth.status_code, sixth.json()["code"]) == (401, "invalid_credentials")
    [(minutes,)] = await town.sql(
        "SELECT extract(minute FROM locked_until - now() + interval '5 seconds') FROM muster.auth_users WHERE id = :id",
        id=number,
    )
    assert minutes == 30
    assert [why for _, why in await town.audited(number)] == ["wrong_password"] * 5 + ["locked"]
    await town.sql(
        "UPDATE muster.auth_users SET locked_until = now() - interval '1 second' WHERE id = :id", id=number
    )
    town.rested()  # half an hour is twice what the limit needs
    wrong_again = await town.sign_in(email, "not the password")
    assert wrong_again.status_code == 401  # counted from one: it is not locked by it
    assert (await town.sign_in(email)).status_code == 200
    kept = await town.sql(
        "SELECT failed_login_attempts, locked_until FROM muster.auth_users WHERE id = :id", id=number
    )
    assert kept == [(0, None)]


async def test_e1_from_the_seventh_on_signing_in_is_limited_by_account_and_address(town: Town) -> None:
    """Five in 15 minutes, and the sixth of T80; the same for an account that there is not."""
    _, email = await town.person()
    clock = town.house.authenticator.by_account
    for address in (email, "nobody-has-this-either@example.org"):
        answers = [await town.sign_in(address, "not the password") for _ in range(7)]
        assert [answer.status_code for answer in answers] == [401] * 6 + [429]
        assert 0 < int(answers[6].headers["Retry-After"]) <= 180
        assert answers[6].json()["code"] == "guess_limited"
    assert (clock.burst - 1, (clock.burst - 1) * clock.refill) == (5, 15 * 60)
    _, other = await town.person()
    assert (await town.sign_in(other)).status_code == 200  # others at this address sign in


async def test_t080_the_lock_is_worked_out_at_minute_45_as_at_any_other(town: Town) -> None:
    """The clock is the database's: an interval is added, no field of the minute."""
    async with town.house.runtime.database.read() as conn:
        from sqlalchemy import text

        at = await conn.execute(
            text("SELECT timestamptz '2025-06-02T10:45Z' + :lock"), {"lock": timedelta(minutes=30)}
        )
        assert at.scalar_one() == datetime(2025, 6, 2, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize("status", ["pending", "inactive", "suspended"])
async def test_an_account_that_may_not_act_is_refused_as_if_it_were_unknown(town: Town, status: str) -> None:
    _, email = await town.person(status=status)
    answers = [await town.sign_in(email), await town.sign_in("nobody-has-this@example.org")]
    assert same([(answer.status_code, answer.json()) for answer in answers])
    assert answers[0].status_code == 401


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The password hashes that were compared with, as they are."""
    seen: list[str] = []
    compare = passwords._compare

    def noted(password: str, kept: str | None) -> tuple[bool, str | None]:
        seen.append(kept or passwords._nobody())
        return compare(password, kept)

    monkeypatch.setattr(passwords, "_compare", noted)
    return seen


async def test_t081_a_known_and_an_unknown_address_take_the_same_steps(town: Town, hashes: list[str]) -> None:
    _, email = await town.person()
    steps = []
    for name in (email, "nobody-has-this@example.org", "no address at all"):
        with counted_statements(town.house.runtime.database.engine) as seen:
            assert (await town.sign_in(name, "not the password")).status_code == 401
        steps.append([statement.split()[0:3] for statement in seen])
    assert steps[0] == steps[1] == steps[2]
    assert len(hashes) == 3
    assert {one.split("$")[1:4][2] for one in hashes} == {"m=19456,t=2,p=1"}  # the same cost each time


async def test_t085_no_user_agent_is_exempt(town: Town) -> None:
    limit = town.house.authenticator.by_address.burst
    async with town.http(**{"User-Agent": "pytest testclient"}) as program:
        ask = program.build_request("POST", "/v1/access/refresh", json={"refresh_token": "x" * 43})
        answers = [await program.send(ask) for _ in range(limit + 1)]
    assert [answer.status_code for answer in answers] == [401] * limit + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    _, email = await town.person()
    assert (await town.sign_in(email)).status_code == 429  # the right password is not looked at


async def test_guesses_at_one_account_from_one_address_are_limited_and_nobody_elses(town: Town) -> None:
    _, email = await town.person()
    gate = town.house.authenticator
    account = sha256(email.encode()).hexdigest()
    for _ in range(gate.by_account.burst):
        gate.count_guess(town.address, account)
    assert (await town.sign_in(email)).status_code == 429
    elsewhere = Town(town.house, town.outbox)
    assert (await elsewhere.sign_in(email)).status_code == 200


async def test_a_hash_of_an_older_cost_is_renewed_by_signing_in(town: Town) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    number, email = await town.person()
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)).hash(PASSWORD)
    await town.sql(
        "UPDATE muster.auth_users SET hashed_password = :weak WHERE id = :id", weak=weak, id=number
    )
    await town.signed_in(email)
    [(kept,)] = await town.sql("SELECT hashed_password FROM muster.auth_users WHERE id = :id", id=number)
    assert "m=19456,t=2,p=1" in kept
    assert (await town.sign_in(email)).status_code == 200


async def test_who_holds_a_good_token_is_not_held_back_for_the_guesses_of_neighbours(town: Town) -> None:
    """A clinic behind one address: a device there that shows nonsense stops nobody's work."""
    number, _ = await town.person()
    good = (await town.tokens(number))["access_token"]
    bad = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    told = [
        (await town.ask("GET", "/me", as_=bad)).status_code
        for _ in range(town.house.authenticator.by_address.burst + 1)
    ]
    assert (told[0], told[-1]) == (401, 429)
    assert await town.is_in(good)
