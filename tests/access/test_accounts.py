"""Accounts: registered, verified, given another password, invited, erased (children spec E1, E6, F5, F7)."""

import asyncio
from typing import Any

import pytest

from service.access import accounts, passwords
from tests.access.people import PASSWORD, Town

ASK: dict[str, Any] = {
    "email": "maria@example.org",
    "password": "eine Brücke aus Papier",
    "first_name": "  José-María ",
    "last_name": "O'Neil",
    "role": "parent",
}


def told(answer: Any) -> set[tuple[str, str]]:
    """Where and why something was refused."""
    assert answer.status_code == 422, answer.text
    return {(error["pointer"], error["code"]) for error in answer.json()["errors"]}


async def test_an_account_opens_when_its_address_is_verified(town: Town) -> None:
    taken = await town.ask("POST", "/register", json={**ASK, "email": "Opens@Example.org", "language": "es"})
    assert taken.status_code == 202
    assert (await town.sign_in("opens@example.org", ASK["password"])).status_code == 401
    [mail] = town.letters("opens@example.org")
    assert mail["Subject"] == "Confirme su dirección de correo"
    verified = await town.ask("POST", "/email/verify", json={"token": town.token_for("opens@example.org")})
    assert verified.status_code == 204
    tokens = await town.signed_in("opens@example.org", password=ASK["password"])
    me = (await town.ask("GET", "/me", as_=tokens["access_token"])).json()
    assert (me["name"], me["role"]) == ("José-María O'Neil", "parent")
    assert (me["profile"]["email_verified"], me["profile"]["language"]) == (True, "es")
    number = int(me["id"].removeprefix("person:"))
    assert [what for what, _ in await town.audited(number)] == [
        "auth.registered", "auth.login_failed", "auth.email_verified", "auth.login",
    ]  # fmt: skip


async def test_a_known_address_is_answered_alike_and_its_owner_is_told(town: Town) -> None:
    number, email = await town.person("known")
    known = await town.ask("POST", "/register", json={**ASK, "email": email})
    fresh = await town.ask("POST", "/register", json={**ASK, "email": "fresh@example.org"})
    assert (known.status_code, known.content) == (fresh.status_code, fresh.content)
    [mail] = town.letters(email)
    assert mail["Subject"] == "You have an account already"
    assert (await town.sign_in(email)).status_code == 200  # nothing has changed
    kept = await town.sql("SELECT first_name, role FROM muster.auth_users WHERE id = :id", id=number)
    assert kept == [("Ann", "parent")]


async def test_whoever_owns_the_address_owns_the_account(town: Town) -> None:
    """Somebody else registered it first: the mail of the second time sets the password of its owner."""
    for password in ("what the other chose 1", ASK["password"]):
        await town.ask("POST", "/register", json={**ASK, "email": "first@example.org", "password": password})
    token = town.token_for("first@example.org", "/sign-in/password")
    reset = {"token": token, "new_password": ASK["password"]}
    assert (await town.ask("POST", "/password/reset", json=reset)).status_code == 204
    assert (await town.sign_in("first@example.org", "what the other chose 1")).status_code == 401
    assert (await town.sign_in("first@example.org", ASK["password"])).status_code == 200
    verify = {"token": town.token_for("first@example.org", "/sign-in/verify")}
    assert (await town.ask("POST", "/email/verify", json=verify)).status_code == 400  # ended with the reset


async def test_letters_to_one_person_are_few(town: Town) -> None:
    _, email = await town.person("often")
    answers = [await town.ask("POST", "/password/forgot", json={"email": email}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {202}
    assert len(town.letters(email)) == 3


async def test_who_makes_us_write_is_limited_by_address(town: Town) -> None:
    limit = town.house.authenticator.letters_from.burst
    answers = [
        await town.ask("POST", "/password/forgot", json={"email": "x@example.org"}) for _ in range(limit + 1)
    ]
    assert [answer.status_code for answer in answers] == [202] * limit + [429]


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"role": "admin"}, "/body/role", "not_allowed"),
        ({"role": "staff"}, "/body/role", "not_allowed"),
        ({"role": "super_admin"}, "/body/role", "literal_error"),
        ({"timezone": "Mars/X"}, "/body/timezone", "unknown_timezone"),
        ({"email": "no address"}, "/body/email", "email"),
        ({"email": "a@b.org\r\nBcc: all@example.org"}, "/body/email", "email"),
        ({"email": "a@" + "b" * 300}, "/body/email", "string_too_long"),
        ({"first_name": "<b>"}, "/body/first_name", "name"),
        ({"first_name": "  "}, "/body/first_name", "blank"),
        ({"last_name": "x" * 101}, "/body/last_name", "string_too_long"),
        ({"phone": "12"}, "/body/phone", "phone"),
        ({"language": "xx"}, "/body/language", "literal_error"),
        ({"foo": 1}, "/body/foo", "unknown_parameter"),
        ({"password": "Short123!"}, "/body/password", "too_short"),
        ({"password": "x1" * 65}, "/body/password", "too_long"),
        ({"password": "alllowercase"}, "/body/password", "not_mixed"),
        ({"password": "Password1234"}, "/body/password", "too_common"),
        ({"password": "aaaaaaaaaaaaaaaaaaaa"}, "/body/password", "too_common"),
        ({"password": "maria@example.org"}, "/body/password", "too_common"),
    ],
)
async def test_t058_what_is_not_taken_and_why(
    town: Town, changed: dict[str, Any], where: str, code: str
) -> None:
    answer = await town.ask("POST", "/register", json={**ASK, **changed})
    assert (where, code) in told(answer)
    assert ASK["password"] not in answer.text
    assert town.letters(ASK["email"]) == []


@pytest.mark.parametrize("name", ["José-María O'Neil", "李明", "McDonald", "Jose\u0301", "Ann  Marie"])
async def test_names_are_kept_as_people_write_them(town: Town, name: str) -> None:
    from service.schemas.people import name_form

    assert name_form(name) == {"Jose\u0301": "José", "Ann  Marie": "Ann Marie"}.get(name, name)


async def test_t082_a_new_password_by_mail(town: Town) -> None:
    number, email = await town.person("forgot")
    old = await town.tokens(number)
    known = await town.ask("POST", "/password/forgot", json={"email": email})
    unknown = await town.ask("POST", "/password/forgot", json={"email": "nobody-has-this@example.org"})
    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    assert town.letters("nobody-has-this@example.org") == []
    token = town.token_for(email)
    weak = await town.ask("POST", "/password/reset", json={"token": token, "new_password": "weak"})
    assert told(weak) == {("/body/new_password", "too_short")}
    reset = {"token": token, "new_password": "another horse battery"}
    both = await asyncio.gather(*(town.ask("POST", "/password/reset", json=reset) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [204, 400]  # it works once
    refused = next(answer for answer in both if answer.status_code == 400)
    assert refused.json()["code"] == "token_invalid"
    assert not await town.is_in(old["access_token"])
    assert (await town.sign_in(email)).status_code == 401
    assert (await town.sign_in(email, "another horse battery")).status_code == 200
    assert "auth.password_reset" in [what for what, _ in await town.audited(number)]


async def test_t082_after_an_hour_it_is_too_late(town: Town) -> None:
    _, email = await town.person("late")
    await town.ask("POST", "/password/forgot", json={"email": email})
    await town.sql(
        "UPDATE muster.one_time_tokens SET created_at = created_at - interval '61 minutes',"
        " expires_at = expires_at - interval '61 minutes'"
    )
    reset = {"token": town.token_for(email), "new_password": "another horse battery"}
    assert (await town.ask("POST", "/password/reset", json=reset)).status_code == 400


async def test_a_new_password_opens_what_was_locked(town: Town) -> None:
    number, email = await town.person("locked")
    await town.sql(
        "UPDATE muster.auth_users SET failed_login_attempts = 5, locked_until = now() + interval '30 minutes' WHERE id = :id",
        id=number,
    )
    await town.ask("POST", "/password/forgot", json={"email": email})
    reset = {"token": town.token_for(email), "new_password": "another horse battery"}
    assert (await town.ask("POST", "/password/reset", json=reset)).status_code == 204
    assert (await town.sign_in(email, "another horse battery")).status_code == 200


async def test_t083_nobody_is_verified_by_number(town: Town) -> None:
    number, email = await town.person(status="pending")
    for path in (f"/email/verify/{number}", f"/verify-email/{number}"):
        assert (await town.ask("POST", path)).status_code in (401, 404, 405)
    for token in (str(number), "x" * 43):
        answer = await town.ask("POST", "/email/verify", json={"token": token})
        assert (answer.status_code, answer.json()["code"]) == (400, "token_invalid")
    kept = await town.sql("SELECT status, is_verified FROM muster.auth_users WHERE email = :e", e=email)
    assert kept == [("pending", False)]


async def test_a_token_of_one_purpose_is_none_of_another_and_opens_nobody_who_was_stopped(town: Town) -> None:
    number, email = await town.person(status="suspended")
    await town.ask("POST", "/password/forgot", json={"email": email})
    assert town.letters(email) == []
    async with town.house.runtime.database.write() as conn:
        token = await accounts._one_time(conn, number, "verify_email", accounts.VERIFY_WITHIN)
    for path, body in (
        ("/password/reset", {"token": token, "new_password": PASSWORD}),
        ("/email/verify", {"token": token}),
    ):
        assert (await town.ask("POST", path, json=body)).status_code == 400
    assert await town.sql("SELECT status FROM muster.auth_users WHERE id = :id", id=number) == [
        ("suspended",)
    ]


async def test_changing_the_password_needs_the_one_there_is_and_counts(town: Town) -> None:
    number, email = await town.person()
    token = (await town.tokens(number))["access_token"]
    change = {"current_password": "not the password", "new_password": "another horse battery"}
    refused = await town.ask("POST", "/password/change", as_=token, json=change)
    assert told(refused) == {("/body/current_password", "wrong_password")}
    counted = "SELECT failed_login_attempts FROM muster.auth_users WHERE id = :id"
    assert await town.sql(counted, id=number) == [(1,)]
    weak = {"current_password": PASSWORD, "new_password": email}
    answer = await town.ask("POST", "/password/change", as_=token, json=weak)
    assert ("/body/new_password", "too_common") in told(answer)
    assert await town.is_in(token)


async def test_an_invitation_is_accepted_once(town: Town) -> None:
    async with town.house.runtime.database.write() as conn:
        values = {"email": "guest@example.org", "first_name": "A", "last_name": "B", "role": "admin"}
        number = await accounts.add_person(conn, values, "person.invited")
        assert number is not None
        letter = await accounts.invite(conn, number, "guest@example.org", "en")
    await accounts.send(town.house.runtime, letter)
    accept = {
        "token": town.token_for("guest@example.org"),
        "password": "a guest of this house",
        "first_name": "Zoë",
    }
    assert (await town.ask("POST", "/invitations/accept", json=accept)).status_code == 204
    assert (await town.ask("POST", "/invitations/accept", json=accept)).status_code == 400
    tokens = await town.signed_in("guest@example.org", password="a guest of this house")
    assert (await town.ask("GET", "/me", as_=tokens["access_token"])).json()["name"] == "Zoë B"


async def test_where_registration_is_closed_nobody_registers(town: Town) -> None:
    closed = town.house.runtime.settings.access.model_copy(update={"registration": False})
    runtime = town.house.runtime
    kept = runtime.settings
    runtime.settings = kept.model_copy(update={"access": closed})
    try:
        answer = await town.ask("POST", "/register", json={**ASK, "email": "closed@example.org"})
    finally:
        runtime.settings = kept
    assert (answer.status_code, answer.json()["code"]) == (403, "registration_closed")


async def test_the_outbox_is_the_owners_alone(town: Town) -> None:
    _, email = await town.person("private")
    await town.ask("POST", "/password/forgot", json={"email": email})
    assert town.outbox.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in town.outbox.iterdir()} == {0o600}


async def test_a_password_that_was_set_meanwhile_is_not_overwritten_by_who_knew_the_old_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner sets another one by mail while a thief's change is worked on."""
    number, _ = await town.person()
    token = (await town.tokens(number))["access_token"]
    hashed = passwords.hashed

    async def slowly(*given: Any) -> str:
        await town.sql(
            "UPDATE muster.auth_users SET hashed_password = 'by mail', token_version = token_version + 1 WHERE id = :id",
            id=number,
        )
        return await hashed(*given)

    monkeypatch.setattr(passwords, "hashed", slowly)
    change = {"current_password": PASSWORD, "new_password": "another horse battery"}
    refused = await town.ask("POST", "/password/change", as_=token, json=change)
    assert told(refused) == {("/body/current_password", "wrong_password")}
    kept = await town.sql("SELECT hashed_password FROM muster.auth_users WHERE id = :id", id=number)
    assert kept == [("by mail",)]


@pytest.mark.parametrize(
    "address",
    [
        "x:victim@example.org",
        "=?utf-8?q?victim?=@example.org",
        "a[/b]@example.org",
        "v@example.org:x",
        "a@[192.0.2.1]",
    ],
)
async def test_an_address_is_the_one_that_mails_go_to(town: Town, address: str) -> None:
    """In a mail's header these are groups, encoded words, literals: it would go to somebody else."""
    answer = await town.ask("POST", "/register", json={**ASK, "email": address})
    assert ("/body/email", "email") in told(answer)


async def test_nobody_takes_the_address_that_an_erased_account_is_kept_under(town: Town) -> None:
    """Else its owner could not be erased any more."""
    number, _ = await town.person()
    taken = await town.ask("POST", "/register", json={**ASK, "email": f"deleted-{number}@invalid"})
    assert ("/body/email", "email") in told(taken)
    token = (await town.tokens(number))["access_token"]
    assert (await town.ask("DELETE", "/me", as_=token, json={"password": PASSWORD})).status_code == 204
