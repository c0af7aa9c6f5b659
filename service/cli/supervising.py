"""serve --workers: one process holds the port and the database, others answer on it.

A worker is a fresh interpreter that inherits the socket. Between it and its supervisor is a pair of sockets:
the worker says on it that it answers requests, and hears there that its supervisor is gone.
"""

import asyncio
import signal
import socket
import sys
import tempfile
import time
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import Final

from service.cli.house import address
from service.cli.stopping import FINISH_WITHIN, handled_by
from service.cli.words import out, say
from service.core.runtime import open_database
from service.core.settings import Settings
from service.core.telemetry import configure_logs, get_logger, happened, told
from service.monitoring.workers import absorb

log = get_logger(__name__)

FIRST_PAUSE: Final = 0.25
"""Seconds until a worker that died is started again; doubled each time, up to the longest."""
LONGEST_PAUSE: Final = 30.0
STEADY: Final = 60.0
"""Seconds of life after which a worker's death is the first again."""
READY = b"1"
"""What a worker says once it answers requests."""


async def supervise(settings: Settings, bound: socket.socket) -> int:
    """Keep the workers running until SIGINT or SIGTERM; the exit code.

    One that dies is replaced. One that ends before it ever answered ends the service, with its code: the
    next would not fare better.
    """
    configure_logs(settings.log)
    bound.listen(2048)  # who connects while a worker is replaced waits in the queue
    async with open_database(settings):
        with tempfile.TemporaryDirectory(prefix="muster-workers-", ignore_cleanup_errors=True) as folder:
            return await _Supervisor(settings, bound, Path(folder)).keep()


class _Supervisor:
    def __init__(self, settings: Settings, bound: socket.socket, folder: Path) -> None:
        self.settings = settings
        self.bound = bound
        self.folder = folder
        self._stop = asyncio.Event()
        self._code = 0
        self._ready: set[int] = set()
        self._running: dict[int, Process] = {}

    async def keep(self) -> int:
        numbers = range(1, self.settings.workers + 1)

        def stop() -> None:
            say("stopping")
            self._stop.set()

        with handled_by(stop):
            kept = [asyncio.create_task(self._keep(number)) for number in numbers]
            await self._stop.wait()
            await self._end(kept)
        return self._code

    async def _keep(self, number: int) -> None:
        """Start this worker again and again."""
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            began = time.monotonic()
            code = await self._one_or_none(number)
            if self._stop.is_set():
                return
            if number not in self._ready:
                self._code = code or 1
                self._stop.set()
                return
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY else min(pause * 2, LONGEST_PAUSE)
            happened("workers", "replaced")
            log.error("a worker ended and is replaced", worker=number, exit_code=code, pause=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)

    async def _one_or_none(self, number: int) -> int:
        """As `_one`; 1 where the system has no process, file or memory for a worker now."""
        try:
            return await self._one(number)
        except (OSError, ValueError) as error:
            log.error(
                "a worker could not be kept", worker=number, error=type(error).__name__, detail=told(error)
            )
            return 1

    async def _one(self, number: int) -> int:
        """Run a worker until it ends; its exit code."""
        ours, its = socket.socketpair()
        with ours, its:
            ours.setblocking(False)
            worker = self._running[number] = await self._started(number, its)
            its.close()
            if self._stop.is_set():  # said while it was being started, when nobody could tell it
                with suppress(ProcessLookupError):
                    worker.terminate()
            waiting = asyncio.create_task(self._answers(number, ours))
            code = await worker.wait()
            del self._running[number]
            await waiting
        absorb(self.folder, f"worker-{number}-{worker.pid}")
        return code

    async def _started(self, number: int, its: socket.socket) -> Process:
        words = ["serve-worker", str(self.bound.fileno()), str(its.fileno()), str(self.folder), str(number)]
        # A group of its own: Ctrl-C on a terminal is for the supervisor, which stops them in order.
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "service",
            *words,
            pass_fds=(self.bound.fileno(), its.fileno()),
            start_new_session=True,
        )

    async def _answers(self, number: int, ours: socket.socket) -> None:
        """Note that a worker answers requests, and say so once all do."""
        if await asyncio.get_running_loop().sock_recv(ours, 1) != READY:
            return
        before = len(self._ready)
        self._ready.add(number)
        if before < len(self._ready) == self.settings.workers:
            url = address(self.settings, self.bound.getsockname()[1])
            out.print(
                f"Muster serves {url}/docs with {self.settings.workers} workers (Ctrl-C stops it)",
                markup=False,
            )

    async def _end(self, kept: list[asyncio.Task[None]]) -> None:
        """Ask the workers to end, and end those that do not."""
        for number in signal.SIGTERM, signal.SIGKILL:
            for worker in list(self._running.values()):
                with suppress(ProcessLookupError):
                    worker.send_signal(number)
            _, unfinished = await asyncio.wait(kept, timeout=FINISH_WITHIN + 5)
            if not unfinished:
                break
        await asyncio.gather(*kept)
