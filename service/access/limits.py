"""How much a caller may ask for: a number of requests in each minute, told in `RateLimit` headers (draft).

Counted in each process for itself: with several workers or replicas a caller gets up to so many times more.
Kept answers are not counted, they cost too little (3 us); who is over the limit is still given them where the
short way finds them. Nobody is exempt by what their program calls itself (children spec C2.5, T85).
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.auth import Caller
from service.core.errors import RateLimited
from service.core.settings import AccessSettings
from service.core.telemetry import happened

MINUTE: Final = 60
_FILES: Final = frozenset({"csv", "xlsx", "ndjson", "zip"})
_FILE_TYPES: Final = (b"text/csv", b"spreadsheetml", b"ndjson", b"application/zip")
_FILE_PATHS: Final = ("/exports", "/export", "/file", "/download")
_EXPORTED: Final = "/export/"
"""A table by its name, a file whatever it is asked as."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands with a quota: what is left, and whole seconds until all of it is there again."""

    left: int
    seconds: int
    allowed: bool


class Quota:
    """So many requests of each caller in a window that begins with the first of them.

    Not a bucket (`Throttle`) that refills while one asks: "100 a minute" is never 101. Times are monotonic;
    of more than `most_names` callers at once those are forgotten whose window began first.
    """

    def __init__(
        self,
        name: str,
        most: int,
        seconds: int = MINUTE,
        *,
        most_names: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.most = most
        self.seconds = seconds
        self.most_names = most_names
        self._clock = clock
        # Of each name when its window ends and what is used of it; windows are equally long, so the first to
        # end is the first that began.
        self._windows: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def take(self, who: Hashable) -> Standing:
        """Use one, unless none is left; what is refused does not count."""
        now = self._clock()
        ends, used = self._windows.get(who, (0.0, 0))
        if ends <= now:
            ends, used = now + self.seconds, 0
            self._windows.pop(who, None)
        allowed = used < self.most
        self._windows[who] = ends, used + allowed
        while len(self._windows) > self.most_names:
            self._windows.popitem(last=False)
        return Standing(self.most - used - allowed, math.ceil(ends - now), allowed)

    def give_back(self, who: Hashable) -> None:
        """What was taken cost nothing."""
        window = self._windows.get(who)
        if window is not None:
            self._windows[who] = window[0], max(0, window[1] - 1)

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._windows)


class RateLimits:
    """ASGI layer behind the authentication, before the kept answers, whose bytes are everybody's."""

    def __init__(
        self, app: ASGIApp, settings: AccessSettings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self.people = _quota("person", settings.person_per_minute, clock)
        self.keys = _quota("key", settings.key_per_minute, clock)
        self.exports = _quota("export", settings.exports_per_minute, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or raise `RateLimited`."""
        caller: Caller | None = scope["state"].get("caller") if scope["type"] == "http" else None
        quotas = () if caller is None else self._quotas(caller, scope)
        if caller is None or not quotas:
            await self.app(scope, receive, send)
            return
        who = (caller.id, caller.bound, caller.break_glass)
        headers = _taken(quotas, who)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["state"].get("cache") == "hit":
                    for quota in quotas:
                        quota.give_back(who)
                else:
                    message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        await self.app(scope, receive, told)

    def _quotas(self, caller: Caller, scope: Scope) -> Sequence[Quota]:
        """Those that a request counts in. A key without a limit has none for exports either: it is an
        operator's program, and its nightly export of thirty sites is what the service is for.
        """
        is_person = caller.id.startswith("person:")
        general = self.people if is_person else self.keys
        export = self.exports if is_person or general is not None else None
        if export is not None and not is_export(scope):
            export = None
        return [quota for quota in (general, export) if quota is not None]


def is_export(scope: Scope) -> bool:
    """Whether a request asks for a file of data, or for one to be written."""
    if scope["path"].endswith(_FILE_PATHS) or _EXPORTED in scope["path"]:
        return True
    query = scope["query_string"]
    if query and any(
        name == "format" and value in _FILES for name, value in parse_qsl(query.decode("latin-1"))
    ):
        return True
    return any(
        name == b"accept" and any(kind in value for kind in _FILE_TYPES) for name, value in scope["headers"]
    )


def _quota(name: str, most: int, clock: Callable[[], float]) -> Quota | None:
    return Quota(name, most, clock=clock) if most else None


def _taken(quotas: Sequence[Quota], who: Hashable) -> list[tuple[bytes, bytes]]:
    stood = [(quota, quota.take(who)) for quota in quotas]
    told = {
        "RateLimit": ", ".join(f'"{quota.name}";r={at.left};t={at.seconds}' for quota, at in stood),
        "RateLimit-Policy": ", ".join(
            f'"{quota.name}";q={quota.most};w={quota.seconds}' for quota, _ in stood
        ),
    }
    for quota, at in stood:
        if not at.allowed:
            happened("rate", "limited")
            detail = f"{quota.most} requests in {quota.seconds} s are allowed ({quota.name})"
            refused = RateLimited(f"{detail}; try again in {at.seconds} s", retry_after=at.seconds)
            refused.headers.update(told)
            raise refused
    return [(name.lower().encode(), value.encode()) for name, value in told.items()]
