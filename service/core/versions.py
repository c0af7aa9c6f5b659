"""Data versions by scope: raised in the committing transaction, announced by NOTIFY, polled as a safety net.

A version stands in every cache key, ETag and `meta.data_version`, so a commit makes older answers unreachable
without anybody deleting them. Scopes are words of the desks, such as `attendance/2026-10/Villas`.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

import asyncpg
from sqlalchemy import text

from service.core.database import ReadConnection, WriteConnection, after_commit
from service.core.errors import BadRequest
from service.core.retries import RECONNECT
from service.core.telemetry import get_logger, happened

CHANNEL = "muster_versions"
# PostgreSQL takes payloads below 8,000 bytes; more scopes than fit are announced as "look for yourselves".
LARGEST_PAYLOAD = 7_900
EVERYTHING = "*"
LONGEST_TOKEN = 16_384

# Two looks at the table are at least this many seconds apart, however many readers ask for one.
SPACING = 0.02

# A version is the microsecond it was raised at, or one more than the last if the clock stood or went back. So
# it never comes twice, not even in a restored or newly made database, and a browser's ETag of the old one can
# never match. Rows are locked in the order of their names, so two writers cannot deadlock.
_RAISE = text("""
    INSERT INTO muster.data_version AS known (scope, version, raised_at)
    SELECT scope, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, clock_timestamp()
    FROM unnest(CAST(:scopes AS text[])) AS touched (scope) ORDER BY scope
    ON CONFLICT (scope) DO UPDATE
    SET version = greatest(excluded.version, known.version + 1),
        raised_at = greatest(excluded.raised_at, known.raised_at)
    RETURNING scope, version
""")
_ANNOUNCE = text("SELECT pg_notify(:channel, :payload)")
_READ = text("""
    SELECT scope, version, raised_at FROM muster.data_version WHERE scope = ANY (CAST(:scopes AS text[]))
""")
_DIGEST = "SELECT count(*) || '/' || coalesce(sum(version), 0) FROM muster.data_version"
_ALL = "SELECT scope, version FROM muster.data_version"

log = get_logger("service.versions")


async def raise_versions(conn: WriteConnection, scopes: Iterable[str]) -> dict[str, int]:
    """Raise the versions of the scopes a transaction touched, and announce them with its commit.

    Call it once, as the transaction's last statement: the rows stay locked until the commit. Returns the
    versions that hold once it has committed; give them to `Versions.apply` then, or use `Versions.raise_in`.
    """
    names = list(dict.fromkeys(scopes))
    if not names:
        return {}
    rows = await conn.execute(_RAISE, {"scopes": names})
    raised = {row.scope: row.version for row in rows}
    payload = token(raised)
    if len(payload) > LARGEST_PAYLOAD:
        payload = EVERYTHING
    await announce(conn, CHANNEL, payload)
    return raised


async def announce(conn: WriteConnection, channel: str, payload: str) -> None:
    """Tell every process that listens (`Versions.listen`), with the commit of this transaction."""
    await conn.execute(_ANNOUNCE, {"channel": channel, "payload": payload})


async def read_versions(
    conn: ReadConnection, scopes: Iterable[str]
) -> tuple[dict[str, int], datetime | None]:
    """The versions of the scopes as this connection's snapshot has them; 0 where nothing was ever raised.

    With the instant the newest of them was raised (None: none ever was). That instant is an answer's
    `generated_at`: equal data give equal bytes (details 3).
    """
    names = list(dict.fromkeys(scopes))
    rows = (await conn.execute(_READ, {"scopes": names})).all()
    versions = dict.fromkeys(names, 0) | {row.scope: row.version for row in rows}
    return versions, max((row.raised_at for row in rows), default=None)


def token(versions: Mapping[str, int]) -> str:
    """The opaque `Data-Version` of these versions; the same versions give the same token."""
    return ",".join(f"{quote(scope, safe='/')}:{version}" for scope, version in sorted(versions.items()))


def parse_token(text: str) -> dict[str, int]:
    """The versions in a `Data-Version`.

    Raises `BadRequest` (`bad_data_version`) for anything `token` cannot have made.
    """
    if len(text) > LONGEST_TOKEN:
        raise _bad_token()
    pairs = [part.rpartition(":") for part in text.split(",") if part]
    if any(not scope or not (n.isascii() and n.isdigit() and len(n) < 20) for scope, _, n in pairs):
        raise _bad_token()
    return {unquote(scope): int(version) for scope, _, version in pairs}


def _bad_token() -> BadRequest:
    return BadRequest(
        "the data version is not one this service gave out; send back the Data-Version header of your write",
        code="bad_data_version",
    )


class Versions:
    """The newest data versions, in memory, followed over one connection of its own.

    That connection listens, and is asked every `poll` seconds whether anything was missed; the question also
    proves that it is alive. `trusted_until` is the monotonic time up to which that proof holds (`stale_after`
    seconds, one second once the connection is seen to be lost): past it the response cache is bypassed.
    """

    def __init__(self, direct_url: str, *, poll: float = 5.0, stale_after: float | None = None) -> None:
        self.direct_url = direct_url
        self.poll = poll
        self.stale_after = stale_after if stale_after is not None else 2 * poll + 5
        self.stamp = 0
        """Raised with every change, so that "nothing has changed since" is one comparison."""
        self.trusted_until = float("-inf")
        self._channels: dict[str, Callable[[str], None]] = {CHANNEL: self._heard}
        self._known: dict[str, int] = {}
        self._listeners: list[Callable[[Mapping[str, int]], None]] = []
        self._read: tuple[str, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._look = asyncio.Event()
        self._looked = asyncio.Event()
        self._changed = asyncio.Event()

    @property
    def trusted(self) -> bool:
        """Whether what is known here can be behind the database by at most `stale_after` seconds."""
        return time.monotonic() < self.trusted_until

    def listen(self, channel: str, heard: Callable[[str], None]) -> None:
        """Hear another channel on the same connection, from its next opening on: what was lost stays so."""
        self._channels[channel] = heard

    async def open(self, *, timeout: float = 5.0) -> None:
        """Begin to follow; returns when the versions are known, or untrusted after `timeout` seconds."""
        self._task = asyncio.create_task(self._follow_for_ever(), name="versions")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked.wait(), timeout)

    async def close(self) -> None:
        """Stop following; closing twice is fine."""
        task, self._task = self._task, None
        self.trusted_until = float("-inf")
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def known(self, scopes: Iterable[str]) -> dict[str, int]:
        """The newest known versions of the scopes; 0 where nothing was ever raised."""
        known = self._known
        return {scope: known.get(scope, 0) for scope in scopes}

    def apply(self, versions: Mapping[str, int]) -> None:
        """Take in versions that are committed (own commit, a snapshot's reading, another's notice)."""
        known = self._known
        newer = {scope: version for scope, version in versions.items() if version > known.get(scope, 0)}
        if newer:
            known.update(newer)
            self._wake()
            for listener in self._listeners:
                listener(newer)

    def subscribe(self, listener: Callable[[Mapping[str, int]], None]) -> Callable[[], None]:
        """Call `listener` with all that is newly known from now on; returns what ends that.

        It is called on the way of requests: it only notes what is to be done.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def raise_in(self, conn: WriteConnection, scopes: Iterable[str]) -> dict[str, int]:
        """`raise_versions`, taken in here as soon as the transaction has committed."""
        raised = await raise_versions(conn, scopes)
        after_commit(conn, lambda: self.apply(raised))
        return raised

    def reached(self, least: Mapping[str, int]) -> bool:
        """Whether everything in `least` is known here, and so visible to a new statement."""
        known = self._known
        return all(known.get(scope, 0) >= version for scope, version in least.items())

    async def wait_for(self, least: Mapping[str, int], timeout: float = 1.0) -> bool:
        """Wait until `least` is reached; False when it was not within `timeout` seconds (details 1)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not self.reached(least):
                    self._look.set()  # the notice may be lost, and the next poll seconds away
                    await self._changed.wait()
        return self.reached(least)

    async def change(self) -> None:
        """Wait until any version changes."""
        await self._changed.wait()

    def _wake(self) -> None:
        self.stamp += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _follow_for_ever(self) -> None:
        losses = 0
        while True:
            started = time.monotonic()
            try:
                await self._follow()
            except Exception as error:  # whatever it is, the loop goes on, and trust ends soon
                self.trusted_until = min(self.trusted_until, time.monotonic() + 1)
                happened("versions_connection", "lost")
                log.warning("versions_connection_lost", error=type(error).__name__)
            losses = 1 if time.monotonic() - started > self.poll else losses + 1
            await asyncio.sleep(RECONNECT.pause(losses))

    async def _follow(self) -> None:
        conn = await asyncpg.connect(
            self.direct_url,
            timeout=5,
            command_timeout=5,
            statement_cache_size=0,
            server_settings={"application_name": "muster versions"},
        )
        try:
            conn.add_termination_listener(lambda _: self._look.set())
            for channel in self._channels:
                await conn.add_listener(channel, self._hear)
            while True:
                self._look.clear()
                await self._ask(conn)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._look.wait(), self.poll)
                await asyncio.sleep(SPACING)
        finally:
            conn.terminate()

    def _hear(self, _: Any, __: int, channel: str, payload: object) -> None:
        self._channels[channel](str(payload))

    def _heard(self, payload: str) -> None:
        try:
            self.apply(parse_token(payload) if payload != EVERYTHING else {})
        except BadRequest:  # anybody may NOTIFY: what cannot be read is answered by looking
            log.warning("versions_notice_unreadable")
        if payload == EVERYTHING:
            self._look.set()

    async def _ask(self, conn: "asyncpg.Connection[Any]") -> None:
        """Compare with the table, and read it where it, or what is known, differs from the last reading."""
        asked, stamp = time.monotonic(), self.stamp
        before = dict(self._known)
        read = (await conn.fetchval(_DIGEST), stamp)
        if read != self._read:
            self._replace(before, {row["scope"]: row["version"] for row in await conn.fetch(_ALL)})
            self._read = read
        self.trusted_until = asked + self.stale_after
        self._looked.set()

    def _replace(self, before: Mapping[str, int], table: Mapping[str, int]) -> None:
        """Take in the whole table.

        What was known before it was read and is less or missing now has gone back: the database was restored
        or made anew. What was learnt meanwhile stays.
        """
        gone_back = [scope for scope, version in before.items() if version > table.get(scope, 0)]
        for scope in gone_back:
            if self._known.get(scope) == before[scope]:
                del self._known[scope]
        self.apply(table)
        if gone_back:
            log.warning("versions_went_back", scopes=len(gone_back))
            self._wake()
