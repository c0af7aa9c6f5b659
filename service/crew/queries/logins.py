"""How signing in at the upstream stands for a station: open, paused, locked (spec D.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from service.core.database import ReadConnection, WriteConnection
from service.crew.models import LoginState, Station


@dataclass(frozen=True, slots=True)
class Login:
    """`locked_at`: since when these credentials are refused; `next_attempt_at`: not before then."""

    locked_at: datetime | None = None
    reason: str | None = None
    failures: int = 0
    next_attempt_at: datetime | None = None

    @property
    def locked(self) -> bool:
        """Whether nobody signs in until the credentials change or an operator unlocks."""
        return self.locked_at is not None


OPEN = Login()


async def select_login(conn: ReadConnection, code: str, fingerprints: Sequence[bytes]) -> Login:
    """How it stands for a station with these credentials.

    The lock is the credentials' own: with the same ones another station is locked too. Credentials that
    changed are not locked, and wait for nothing.
    """
    states = await select_logins(conn, {code: fingerprints})
    return states[code]


async def select_logins(conn: ReadConnection, asked: dict[str, Sequence[bytes]]) -> dict[str, Login]:
    """The same of several stations at once."""
    query = (
        select(
            Station.code, LoginState.locked, LoginState.locked_at, LoginState.reason, LoginState.failures,
            LoginState.next_attempt_at, LoginState.credential_fingerprint,
        )
        .join(Station, Station.id == LoginState.station_id)
        .where(or_(Station.code.in_(list(asked)), LoginState.locked))
    )  # fmt: skip
    rows = (await conn.execute(query)).all()
    found = {}
    for code, fingerprints in asked.items():
        lock = next((row for row in rows if row.locked and row.credential_fingerprint in fingerprints), None)
        own = next((row for row in rows if row.code == code and not row.locked), None)
        found[code] = (
            Login(lock.locked_at, lock.reason, lock.failures)
            if lock is not None
            else OPEN
            if own is None or own.credential_fingerprint not in fingerprints
            else Login(None, own.reason, own.failures, own.next_attempt_at)
        )
    return found


async def lock(conn: WriteConnection, station_id: int, fingerprint: bytes, at: datetime, reason: str) -> None:
    """These credentials were refused."""
    values = {
        "locked": True, "locked_at": at, "reason": reason, "credential_fingerprint": fingerprint,
        "failures": 0, "next_attempt_at": None,
    }  # fmt: skip
    await _put(conn, station_id, values)


async def pause(
    conn: WriteConnection, station_id: int, fingerprint: bytes, failures: int, until: datetime, reason: str
) -> None:
    """Signing in failed in passing, for so many times in a row."""
    values = {
        "locked": False, "locked_at": None, "reason": reason, "credential_fingerprint": fingerprint,
        "failures": failures, "next_attempt_at": until,
    }  # fmt: skip
    await _put(conn, station_id, values)


async def clear(conn: WriteConnection, station_id: int) -> None:
    """Signing in worked."""
    await conn.execute(delete(LoginState).where(LoginState.station_id == station_id))


async def unlock(conn: WriteConnection, code: str, fingerprints: Sequence[bytes]) -> bool:
    """An operator ends the lock, and the pause, of a station and of all that share its credentials.

    Whether there was any.
    """
    of_station = select(Station.id).where(Station.code == code).scalar_subquery()
    same = LoginState.credential_fingerprint.in_(list(fingerprints))
    gone = await conn.execute(
        delete(LoginState)
        .where(or_(LoginState.station_id == of_station, same))
        .returning(LoginState.station_id)
    )
    return bool(gone.all())


async def _put(conn: WriteConnection, station_id: int, values: Mapping[str, object]) -> None:
    statement = insert(LoginState).values(station_id=station_id, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=[LoginState.station_id], set_=values))
