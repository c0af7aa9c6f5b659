"""What access does beside the requests: hears that rights changed, notes when keys were used, tidies up."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from service.access import queries, sessions
from service.core.database import Database
from service.core.retries import RECONNECT
from service.core.telemetry import get_logger

NOTE_EVERY: Final = 60.0
PURGE_EVERY: Final = timedelta(hours=1)
_FAILURES = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)

log = get_logger("service.access")


class Housekeeping:
    """Two guarded loops; they survive restarts of the database and never touch the request path."""

    def __init__(self, database: Database, *, on_change: Callable[[], None]) -> None:
        self.database = database
        self.on_change = on_change
        self.listening = asyncio.Event()
        self._used: dict[str, datetime] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start the loops; returns at once, `listening` is set when the channel is heard."""
        self._start(self._listen_for_ever(), "access listens")
        self._start(self._tidy_for_ever(), "access tidies")

    async def close(self) -> None:
        """Stop the loops and write down the uses noted; closing twice is fine."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if tasks:
            await self._guarded(self.write_uses())

    def note_use(self, key_id: str) -> None:
        """Note that a key was used now; written once a minute."""
        self._used[key_id] = datetime.now(UTC)

    async def write_uses(self) -> None:
        """Write the uses noted so far in one statement; on failure they stay noted."""
        if not self._used:
            return
        used, self._used = self._used, {}
        try:
            async with self.database.write() as conn:
                await queries.touch_keys(conn, used)
        except BaseException:
            self._used = {**used, **self._used}
            raise

    def _start(self, loop: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.append(asyncio.create_task(loop, name=name))

    async def _guarded(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except _FAILURES as error:
            log.warning("access housekeeping failed", error=type(error).__name__)

    async def _tidy_for_ever(self) -> None:
        purged_at: datetime | None = None
        while True:
            await asyncio.sleep(NOTE_EVERY)
            await self._guarded(self.write_uses())
            now = datetime.now(UTC)
            if purged_at is None or abs(now - purged_at) >= PURGE_EVERY:
                purged_at = now
                await self._guarded(sessions.purge_ended(self.database))

    async def _listen_for_ever(self) -> None:
        losses = 0
        while True:
            try:
                await self._listen()
                losses = 0
            except _FAILURES as error:
                log.warning("access does not hear of changed rights", error=type(error).__name__)
            self.listening.clear()
            self.on_change()  # what was missed meanwhile is unknown
            losses += 1
            await asyncio.sleep(RECONNECT.pause(losses))

    async def _listen(self) -> None:
        """Hear until the connection is lost; what is remembered lives too briefly to need a heartbeat."""
        lost = asyncio.Event()
        conn = await asyncpg.connect(
            self.database.direct_url,
            timeout=5,
            command_timeout=5,
            statement_cache_size=0,
            server_settings={"application_name": "muster access"},
        )
        try:
            conn.add_termination_listener(lambda _: lost.set())
            await conn.add_listener(queries.CHANNEL, lambda *_: self.on_change())
            self.on_change()
            self.listening.set()
            await lost.wait()
        finally:
            conn.terminate()
