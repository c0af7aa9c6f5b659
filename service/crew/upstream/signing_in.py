"""Signing in, guarded: never with credentials that were refused, never in a storm (spec D.4, C 28)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from service.core.database import Database
from service.core.errors import UpstreamError
from service.core.telemetry import get_logger, happened
from service.crew.queries import logins
from service.crew.queries.logins import Login
from service.crew.queries.stations import StationRow
from service.crew.upstream.account import account_held
from service.crew.upstream.client import GartanClient
from service.crew.upstream.failures import AuthLocked, BadCredentials, LoginPaused, code_of
from service.crew.upstream.site import Place, turn_of

PAUSE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(minutes=15)
log = get_logger("service.crew.login")


def pause_after(failures: int) -> timedelta:
    """How long nobody signs in after so many failures in a row (1: the first)."""
    return min(PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)


async def standing(database: Database, place: Place) -> Login:
    """How signing in stands for a station under its present credentials."""
    async with database.read() as conn:
        return await logins.select_login(conn, place.code, place.fingerprints)


def require_open(login: Login, now: datetime) -> None:
    """Raise `AuthLocked` or `LoginPaused` where nobody may sign in now."""
    if login.locked_at is not None:
        raise AuthLocked(
            f"user or password were refused at {login.locked_at:%Y-%m-%d %H:%M} UTC; change them in the "
            "settings, or unlock the station"
        )
    if login.next_attempt_at is not None and now < login.next_attempt_at:
        raise LoginPaused(
            f"signing in failed {login.failures} times in a row; the next attempt is at "
            f"{login.next_attempt_at:%H:%M:%S} UTC",
            retry_after=ceil((login.next_attempt_at - now).total_seconds()),
        )


async def signed_in(database: Database, client: GartanClient, station: StationRow, *, again: int = -1) -> int:
    """Have a session; its number. `again`: the number of one that has expired, which is made anew.

    One login at a time for an account; who waited takes what the other one made. Raises `AuthLocked`,
    `LoginPaused`, `BadCredentials` (and locks), and what signing in raises.
    """
    session = client.session
    async with session.turn, turn_of(client.place):
        login = await standing(database, client.place)
        if login.locked_at is not None:
            require_open(login, datetime.now(UTC))
        if client.is_signed_in and session.made != again:
            return session.made
        async with account_held(database, client.place.fingerprints[0]):
            # While we waited another process may have been refused: what it learnt is not tried again.
            login = await standing(database, client.place)
            require_open(login, datetime.now(UTC))
            await _sign_in(database, client, station, login)
        return session.made


async def _sign_in(database: Database, client: GartanClient, station: StationRow, login: Login) -> None:
    try:
        await client.sign_in()
    except BadCredentials as error:
        await _lock(database, client.place.fingerprints, station, error)
        raise
    except UpstreamError as error:
        await _pause(database, client.place.fingerprints, station, login, error)
        raise
    happened("crew.login", "ok")
    async with database.write() as conn:
        await logins.clear(conn, station.id)


async def _lock(
    database: Database, fingerprints: Sequence[bytes], station: StationRow, error: BadCredentials
) -> None:
    happened("crew.login", error.code)
    log.error("crew_login_locked", station=station.code)
    async with database.write() as conn:
        await logins.lock(conn, station.id, fingerprints[0], datetime.now(UTC), error.code)


async def _pause(
    database: Database, fingerprints: Sequence[bytes], station: StationRow, login: Login, error: UpstreamError
) -> None:
    code, failures = code_of(error), login.failures + 1
    happened("crew.login", code)
    until = datetime.now(UTC) + pause_after(failures)
    log.warning("crew_login_failed", station=station.code, code=code, failures=failures)
    async with database.write() as conn:
        await logins.pause(conn, station.id, fingerprints[0], failures, until, code)
