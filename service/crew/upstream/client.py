"""Gartan over HTTP: signing in, one day's grid, the station display (spec A.1, A.2, A.9)."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, Self
from urllib.parse import urlencode

from service.core.errors import UpstreamRefused, UpstreamSilent
from service.core.outbound import Answer, Call, Outbound, Unusable, statistics_of
from service.core.retries import RetryPolicy
from service.core.settings import GartanSettings
from service.crew.upstream.asking import schedule_body
from service.crew.upstream.failures import BadCredentials, NotSignedIn
from service.crew.upstream.login_form import login_form
from service.crew.upstream.pages import is_login_url
from service.crew.upstream.site import Place, Session, session_of, tenant_of

GROUP: Final = "gartan"
LOGIN: Final = "Account/Login.aspx"
MAIN: Final = "Availability/Schedule/AvailabilityMain1.aspx"
DISPLAY: Final = "StationDisplay.aspx"
MOST_BYTES: Final = 8 * 1024 * 1024
"""A grid of 50 people and 96 slots has 200 kB."""
PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses that are worth another try (spec D.4); Gartan says with 500 also what a proxy says with 503."""
_BROWSER: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0 Safari/537.36"
}
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_SCRIPT: Final = {
    "Content-Type": "application/json; charset=UTF-8",
    "X-Requested-With": "XMLHttpRequest",
}
_REFUSED: Final = re.compile(rb"Invalid User Name/Password|unsuccessfulAttempts")
_DENIED: Final = b"Access Denied"


@dataclass(frozen=True, slots=True)
class Page:
    """What came back, and when it was asked for: what it says held then or later.

    `url` is where it came from, or where a redirect leads that was not followed.
    """

    status: int
    body: bytes = field(repr=False)
    content_type: str
    url: str
    asked_at: datetime


def policy_of(settings: GartanSettings) -> RetryPolicy:
    """Delays of `backoff`, doubling, ± 25 %, about a minute at most (spec D.4)."""
    return RetryPolicy(attempts=settings.retries + 1, base=settings.backoff * 1.25, cap=60 * 1.25, jitter=0.4)


class GartanClient:
    """Asks Gartan for one station, in the session that this process has for it.

    Errors: `BadCredentials`, `NotSignedIn`, `UpstreamSilent`, `UpstreamGarbled`, `UpstreamRefused`.
    """

    def __init__(self, place: Place, settings: GartanSettings) -> None:
        self.place, self.settings = place, settings
        self.session: Session = session_of(place)
        tenant = tenant_of(place, settings)
        self._outbound = Outbound(
            GROUP,
            settings,
            policy=policy_of(settings),
            breaker=tenant.breaker,
            statistics=statistics_of(GROUP),
            cookies=self.session.jar,
            pace=tenant.pace,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; the session stays."""
        await self._outbound.close()

    @property
    def is_signed_in(self) -> bool:
        """Whether the session is young enough to be used."""
        return self.session.is_usable(self.settings.session_seconds)

    async def sign_in(self) -> None:
        """Begin a session: fetch the form, post it once, confirm (spec A.1)."""
        self.session.drop()
        login = self._at(LOGIN)
        page = await self._outbound.fetch(
            Call(login, headers=_BROWSER, follow=True), _of_login, max_bytes=MOST_BYTES
        )
        form = login_form(page.body, page.url or login)
        fields = form.filled(self.place.username, self.place.password.get_secret_value())
        post = Call(
            form.action,
            headers={**_BROWSER, **_FORM, "Referer": login},
            method="POST",
            content=urlencode(fields).encode(),
            repeatable=False,  # accounts lock after a few wrong passwords: what is unsure is not repeated
            follow=True,
        )
        await self._outbound.fetch(post, _posted, max_bytes=MOST_BYTES)
        confirm = Call(self._main, headers={**_BROWSER, "Referer": login}, follow=True)
        await self._outbound.fetch(confirm, _confirmed, max_bytes=MOST_BYTES)
        self.session.begin()

    async def day(self, day: date, resolution: int) -> Page:
        """The answer for a local day, whatever it says; trouble in passing was tried again."""
        body = schedule_body(self.place.brigade, day, resolution, self.settings.body)
        call = Call(
            self._at(f"{MAIN}/GetSchedule"),
            headers={**_BROWSER, **_SCRIPT, "Referer": self._main},
            method="POST",
            content=body,
        )
        return await self._page(call)

    async def display(self) -> Page:
        """The station display as it stands now."""
        call = Call(self._at(DISPLAY), {"id": self.place.code}, headers={**_BROWSER, "Referer": self._main})
        return await self._page(call)

    async def _page(self, call: Call) -> Page:
        asked_at = datetime.now(UTC)

        def ask() -> Call:
            nonlocal asked_at
            asked_at = datetime.now(UTC)
            return call

        answer = await self._outbound.fetch(ask, _looked, max_bytes=MOST_BYTES)
        url = answer.headers.get("location", answer.url)
        kind = answer.headers.get("content-type", "")
        return Page(answer.status, answer.body, kind, url, asked_at)

    def _at(self, path: str) -> str:
        return self.place.url + path

    @property
    def _main(self) -> str:
        return self._at(MAIN) + "?UseDefaultStation=1"


def _of_login(answer: Answer) -> Answer:
    return answer if answer.status == 200 else _fail(answer, "the login page")


def _posted(answer: Answer) -> Answer:
    """Wrong credentials are told in a page of status 200, and only there (spec D.4)."""
    if answer.status != 200:
        return _fail(answer, "the login")
    if _REFUSED.search(answer.body):
        refused = BadCredentials("Gartan says that user or password are wrong", upstream_status=200)
        raise Unusable(refused, retry=False, kind="bad_credentials")
    return answer


def _confirmed(answer: Answer) -> Answer:
    if answer.status in PASSING:
        return _fail(answer, "the page after the login")
    if answer.status != 200:
        raise _out(f"access denied (HTTP {answer.status})", "access_denied")
    if is_login_url(answer.url) or _DENIED in answer.body:
        raise _out("the login led back to the login page or to no access", "not_signed_in")
    return answer


def _looked(answer: Answer) -> Answer:
    """Anything that a page can be made of, or that says to sign in again; the rest is no look at all."""
    if answer.status in (200, 401) or (300 <= answer.status < 400):
        return answer
    return _fail(answer, "the page")


def _fail(answer: Answer, what: str) -> Answer:
    status = answer.status
    if status in PASSING:
        silent = UpstreamSilent(f"{what} was answered with {status}", code=f"upstream_{status}")
        # Of 500 and 429 another question may be answered well: they do not speak of the whole site.
        raise Unusable(silent, retry=True, down=status not in (429, 500), kind=f"status_{status}")
    refused = UpstreamRefused(f"{what} was answered with {status}", upstream_status=status)
    raise Unusable(refused, retry=False, kind=f"status_{status}")


def _out(sentence: str, code: str) -> Unusable:
    return Unusable(NotSignedIn(sentence, code=code), retry=False, kind=code)
