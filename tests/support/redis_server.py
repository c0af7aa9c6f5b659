"""A real redis-server of a test's own: behind a password and a socket, killed, stopped and started at will."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.eventually import eventually

PASSWORD = "a-password-that-no-log-may-show"


class RedisServer:
    """One server; its data live in memory only, so a restart is an empty store."""

    def __init__(self, folder: Path, binary: str) -> None:
        self._binary = binary
        self._socket = folder / "redis.sock"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """With the password."""
        return f"unix://:{PASSWORD}@{self._socket}"

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def start(self, *more: str) -> None:
        """Start it, with further arguments of its own, and wait until it listens."""
        self._socket.unlink(missing_ok=True)
        command = [self._binary, "--port", "0", "--unixsocket", str(self._socket), "--save", ""]
        command += ["--requirepass", PASSWORD, "--dir", str(self._socket.parent), *more]
        self._process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
        await eventually(self._listens)

    async def _listens(self) -> bool:
        try:  # the file is there a moment before anybody listens
            _, writer = await asyncio.open_unix_connection(self._socket)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
        return True

    async def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            await self._process.wait()

    def hang(self) -> None:
        """It accepts connections (the kernel does) and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        self.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def redis_server() -> AsyncIterator[RedisServer]:
    """A started server; the test is skipped where none is installed."""
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if binary is None:
        pytest.skip("needs redis-server: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="muster-redis-") as folder:
        server = RedisServer(Path(folder), binary)
        await server.start()
        try:
            yield server
        finally:
            await server.kill()
