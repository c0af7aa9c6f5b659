"""A client of a person: signs in once, stays signed in, never sends a spent token, never tells a secret."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest

from service.client import MusterClient, MusterClientSync, NotAuthenticated, Refused
from service.client import _credentials as credentials
from tests.client.serving import Reply, Scripted, Seen, problem, serving

EMAIL, PASSWORD = "g1@families.example", "a-secret-of-hers"


@dataclass
class Desk:
    """The service's side: gives out tokens, knows which are good, and remembers what was sent."""

    expires_in: float = 900
    access: str = ""
    refresh: str = ""
    given: int = 0
    spent: list[str] = field(default_factory=list)
    reused: bool = False
    password: str = PASSWORD
    lose: int = 0
    """Refreshes whose answer is lost."""

    def app(self) -> Scripted:
        return Scripted([self.answer])

    def answer(self, seen: Seen) -> Reply:
        if seen.path == credentials.TOKEN:
            right = parse_qs(seen.body.decode())["password"] == [self.password]
            return self._fresh() if right else problem(401, "invalid_credentials")
        if seen.path in {credentials.REFRESH, credentials.LOGOUT}:
            return self._refreshed(seen)
        right = seen.headers.get("authorization") == f"Bearer {self.access}"
        return Reply(json={"ok": True}) if right else problem(401, "token_expired")

    def _refreshed(self, seen: Seen) -> Reply:
        token = seen.body.decode().split('"')[3]
        self.reused = self.reused or token in self.spent
        if token != self.refresh:
            return problem(401, "token_invalid")
        self.spent.append(token)
        if seen.path == credentials.LOGOUT:
            self.access = self.refresh = ""
            return Reply(204)
        if self.lose:
            self.lose -= 1
            self._fresh()
            return Reply(503, {})
        return self._fresh()

    def _fresh(self) -> Reply:
        self.given += 1
        self.access, self.refresh = f"access-{self.given}", f"refresh-{self.given}"
        told = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": self.expires_in}
        return Reply(json={**told, "token_type": "bearer", "scope": "children:read"})


def asked(app: Scripted, path: str) -> int:
    """How often a path was asked for."""
    return sum(seen.path == path for seen in app.seen)


async def test_many_calls_sign_in_once_and_an_ended_token_is_replaced_once() -> None:
    """Single flight, at the first call and when the service has ended the token before its time."""
    desk = Desk()
    app = desk.app()
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        await asyncio.gather(*(muster.request("GET", "/v1/x") for _ in range(20)))
        assert (asked(app, credentials.TOKEN), asked(app, credentials.REFRESH)) == (1, 0)
        desk.access = "ended"
        await asyncio.gather(*(muster.request("POST", "/v1/x", body={}) for _ in range(20)))
    assert (asked(app, credentials.TOKEN), asked(app, credentials.REFRESH)) == (1, 1)
    assert not desk.reused


async def test_a_token_near_its_end_is_replaced_before_it_is_sent() -> None:
    """With the rotated refresh token each time; no call ever sees a 401."""
    desk = Desk(expires_in=credentials.MARGIN)
    app = desk.app()
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        for _ in range(3):
            await muster.request("GET", "/v1/x")
    assert (asked(app, credentials.TOKEN), asked(app, credentials.REFRESH)) == (1, 2)
    assert desk.spent == ["refresh-1", "refresh-2"]


async def test_a_lost_answer_to_a_refresh_never_sends_the_token_again() -> None:
    """It may have been spent: the password signs in anew."""
    desk = Desk(expires_in=credentials.MARGIN, lose=1)
    app = desk.app()
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        for _ in range(3):
            await muster.request("GET", "/v1/x")
    assert asked(app, credentials.TOKEN) == 2
    assert not desk.reused


async def test_a_wrong_password_is_sent_once() -> None:
    """Five in a row would lock the account for half an hour."""
    app = Desk(password="another").app()
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        told = await asyncio.gather(
            *(muster.request("GET", "/v1/x") for _ in range(8)), return_exceptions=True
        )
    assert all(isinstance(one, NotAuthenticated) for one in told)
    assert asked(app, credentials.TOKEN) == 1


async def test_who_stays_unrecognised_is_told_so_after_one_more_try() -> None:
    """A token that the service does not take however fresh is a 401 for the caller, and no loop."""

    def never(seen: Seen) -> Reply:
        tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 900}
        return Reply(json=tokens) if seen.path.startswith("/v1/access") else problem(401)

    app = Scripted([never])
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        with pytest.raises(NotAuthenticated):
            await muster.request("GET", "/v1/x")
    assert asked(app, "/v1/x") == 2


async def test_signing_out_ends_the_sign_in_and_the_next_call_begins_another() -> None:
    """At the service too."""
    desk = Desk()
    app = desk.app()
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD) as muster:
        await muster.sign_out()
        await muster.request("GET", "/v1/x")
        await muster.sign_out()
        assert (desk.access, asked(app, credentials.LOGOUT)) == ("", 1)
        await muster.request("GET", "/v1/x")
    assert asked(app, credentials.TOKEN) == 2


async def test_the_blocking_twin_signs_in_too() -> None:
    """The same settings."""
    desk = Desk()
    async with serving(desk.app()) as url:

        def work() -> int:
            with MusterClientSync(url, email=EMAIL, password=PASSWORD) as muster:
                status = muster.request("GET", "/v1/x").status
                muster.sign_out()
                return status

        assert await asyncio.to_thread(work) == 200
    assert desk.access == ""


async def test_no_secret_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Neither password nor token nor e-mail, in no representation, error or log line."""
    caplog.set_level(logging.DEBUG)
    desk = Desk()
    answers: list[Reply | Callable[[Seen], Reply]] = [desk.answer, desk.answer, problem(500)]
    app = Scripted(answers)
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD, retries=0) as muster:
        await muster.request("GET", "/v1/x")
        with pytest.raises(Refused) as caught:
            await muster.request("GET", "/v1/x")
        door = muster._session._shared.transport
        said = [repr(muster), repr(muster._session._shared), repr(door), repr(door.credential)]
        said += [
            str(caught.value),
            repr(caught.value),
            repr(vars(door.credential)["_tokens"]),
            caplog.text,
        ]
    assert not [text for text in said if PASSWORD in text or "access-1" in text or "refresh-1" in text]
    assert not [text for text in said if EMAIL in text]


async def test_tokens_that_are_none_are_told_without_their_words() -> None:
    """An answer of something else than the service."""
    app = Scripted([Reply(json={"access_token": 7, "secret": "hush"})])
    async with serving(app) as url, MusterClient(url, email=EMAIL, password=PASSWORD, retries=0) as muster:
        with pytest.raises(Exception, match="holds no tokens") as caught:
            await muster.request("GET", "/v1/x")
    assert caught.value.__cause__ is None
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [{"email": EMAIL}, {"password": PASSWORD}, {"api_key": "mst_x", "email": EMAIL, "password": PASSWORD}],
    ids=["no password", "no e-mail", "a key too"],
)
def test_half_a_person_is_refused(arguments: dict[str, str]) -> None:
    """Without repeating what was given."""
    with pytest.raises(ValueError, match="email and password together") as caught:
        MusterClient("http://127.0.0.1", **arguments)  # type: ignore[arg-type]
    assert PASSWORD not in str(caught.value)
