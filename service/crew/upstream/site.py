"""A tenant of Gartan and the stations that are followed there: addresses, credentials, what is remembered.

Sessions, breaker and pace outlive a run; connections do not. All are bounded by the settings of the process.
"""

import asyncio
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookiejar import CookieJar

from pydantic import SecretStr

from service.core.outbound import Breaker, Pace
from service.core.settings import GartanSettings, GartanStation, Settings
from service.crew.upstream.asking import Brigade


@dataclass(frozen=True, slots=True)
class Place:
    """A station of the settings with the address and credentials that hold for it.

    `fingerprints` are keyed hashes of the credentials, one for each secret key of ours, the first one made
    with the key in use: equal credentials are recognised, and cannot be read or guessed from them.
    """

    code: str
    name: str
    zone: str
    brigade: Brigade
    url: str
    username: str
    password: SecretStr = field(repr=False)
    fingerprints: tuple[bytes, ...] = field(repr=False)


def places(settings: Settings) -> list[Place]:
    """Every station that is followed, in the order of the settings."""
    return [_place(settings, one) for one in settings.upstream.gartan.stations]


def place_of(settings: Settings, code: str) -> Place | None:
    """A station that is followed, by its code."""
    found = (one for one in settings.upstream.gartan.stations if one.code == code)
    return next((_place(settings, one) for one in found), None)


def _place(settings: Settings, station: GartanStation) -> Place:
    gartan = settings.upstream.gartan
    url, username, password = (
        getattr(station, name) or getattr(gartan, name) for name in ("url", "username", "password")
    )
    return Place(
        code=station.code,
        name=station.name or station.code,
        zone=station.time_zone,
        brigade=Brigade(station.brigade_id, station.brigade_name or station.code),
        url=str(url).rstrip("/") + "/",
        username=username,
        password=password,
        fingerprints=_fingerprints(settings.secret_keys, str(url), username, password),
    )


def _fingerprints(
    keys: Sequence[SecretStr], url: str, username: str, password: SecretStr
) -> tuple[bytes, ...]:
    told = f"{url}\0{username}\0{password.get_secret_value()}".encode()
    return tuple(
        hmac.digest(b"muster gartan " + key.get_secret_value().encode(), told, sha256) for key in keys
    )


@dataclass(slots=True)
class Session:
    """A session of one station: its cookies, and when it was made. `made` counts the logins."""

    jar: CookieJar = field(default_factory=CookieJar)
    signed_in_at: float | None = None
    made: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def is_usable(self, seconds: float) -> bool:
        """Whether it is younger than so many seconds."""
        return self.signed_in_at is not None and time.monotonic() - self.signed_in_at < seconds

    def begin(self) -> None:
        """Signing in worked."""
        self.signed_in_at = time.monotonic()
        self.made += 1

    def drop(self) -> None:
        """Forget it; the next one begins with an empty jar."""
        self.signed_in_at = None
        self.jar.clear()


@dataclass(slots=True)
class Tenant:
    """What is shared by all stations of one address: politeness is owed to the site, not to a station."""

    pace: Pace
    breaker: Breaker = field(default_factory=Breaker)


_tenants: dict[tuple[str, int, float], Tenant] = {}
_sessions: dict[tuple[str, bytes], Session] = {}
_turns: dict[bytes, asyncio.Lock] = {}


def tenant_of(place: Place, settings: GartanSettings) -> Tenant:
    """What this process keeps of the address."""
    key = (place.url, settings.max_in_flight, settings.spacing)
    return _tenants.setdefault(key, Tenant(Pace(settings.max_in_flight, settings.spacing)))


def session_of(place: Place) -> Session:
    """The session of a station under its present credentials."""
    return _sessions.setdefault((place.code, place.fingerprints[0]), Session())


def turn_of(place: Place) -> asyncio.Lock:
    """Held while signing in: of two stations with one account the second sees what came of the first."""
    return _turns.setdefault(place.fingerprints[0], asyncio.Lock())
