"""One running PostgreSQL server: launched under a watch that outlives its owner, proved, stopped."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import asyncpg

from service.core.embedded.accounts import popen_options
from service.core.embedded.cluster import ENVIRONMENT, Cluster, last_line
from service.core.embedded.errors import EmbeddedError
from service.core.embedded.orphans import end_orphans

# A crashed cluster replays its log first, which may take minutes after a large load.
START_SECONDS = 300.0
STOP_SECONDS = 60.0
# The shell is the postmaster's parent and holds the reading end of a pipe. Its other end is the
# owner's: when that closes, because the owner says so or because the owner is gone, whatever killed
# it, the server gets a fast shutdown. The number is the shell's own child until "wait" returned.
WATCH = """
exec 3<&0 </dev/null
sockets=$1
shift
"$@" 3<&- &
server=$!
( read -r _ <&3; kill -INT "$server" ) 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill "$watch" 2>/dev/null
rmdir "$sockets" 2>/dev/null
exit "$status"
"""


def settings(sockets: Path, fast: bool) -> dict[str, str]:
    """What differs from PostgreSQL's defaults."""
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "300",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "jit": "off",
        # The log names what failed, never the values: rows may be about children.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_checkpoints": "off",
    }
    lasting = {"fsync": "on", "full_page_writes": "on"}
    throwaway = {
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        # By a password's 4096 rounds opening a connection takes 2 ms instead of one; tests open thousands.
        "scram_iterations": "1",
        # When it looks at a table is chance, and plans of a few rows change with it.
        "autovacuum": "off",
    }
    return chosen | (throwaway if fast else lasting)


class Server:
    """The process of a cluster, from launch to its end."""

    def __init__(self, cluster: Cluster, sockets: Path, password: str) -> None:
        """For a cluster that ``initialise`` made."""
        self.cluster = cluster
        self.sockets = sockets
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Launch it and return when it answers a query."""
        await asyncio.to_thread(self._launch)
        await self._proved()

    async def connect(self, database: str = "postgres") -> "asyncpg.Connection[asyncpg.Record]":
        """A connection as the superuser."""
        return await asyncpg.connect(
            host=str(self.sockets),
            port=5432,
            user="postgres",
            password=self._password,
            database=database,
            timeout=10,
        )

    async def stop(self) -> None:
        """Fast shutdown; harder where that takes more than a minute. Without effect when not running."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.to_thread(process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            await end_orphans(self.cluster.data)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.to_thread(process.wait)

    def _launch(self) -> None:
        cluster = self.cluster
        options = [f"--{name}={value}" for name, value in settings(self.sockets, cluster.fast).items()]
        command = [cluster.program("postgres"), "-D", str(cluster.directory()), *options]
        with cluster.log.open("ab") as log:
            # Its own session: Ctrl-C in a terminal is for the owner, who closes its connections first.
            self._process = subprocess.Popen(  # noqa: S603 - fixed command, no word of a request
                ["/bin/sh", "-c", WATCH, "sh", str(self.sockets), *command],
                cwd=cluster.data,
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
                **popen_options(cluster.account),
            )

    async def _proved(self) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            if self._process is None or self._process.poll() is not None:
                raise EmbeddedError(
                    f"The embedded PostgreSQL stopped at once: {_last_error(self.cluster.log)}."
                )
            try:
                connection = await self.connect()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                if isinstance(error, asyncpg.InvalidPasswordError) or time.monotonic() > end:
                    raise EmbeddedError(f"The embedded PostgreSQL does not answer: {error}.") from error
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return


def _last_error(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace")[-20_000:].splitlines()
    fatal = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:"))]
    return last_line("\n".join(fatal or lines))
