"""Servers whose owner died: found by their working directory, stopped, and never confused with others.

Every PostgreSQL process works in its data directory, so "named postgres, working in our data
directory" proves that a process is ours. The number in ``postmaster.pid`` proves nothing: after a
restart of the machine it may be anybody's.
"""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from service.core.embedded.errors import EmbeddedError

PROC = Path("/proc")
# A fast shutdown writes a checkpoint; an immediate one does not. What outlives both is killed.
STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


async def end_orphans(data: Path) -> None:
    """Stop every server process of this data directory and clear a pid file that names a stranger.

    The pid file of a dead postmaster stays: PostgreSQL reads from it which shared memory to check.
    """
    for sign, patience in STEPS:
        if not await _ended(data, sign, patience):
            continue
        if (pid := recorded_pid(data)) is not None and _alive(pid):
            (data / "postmaster.pid").unlink(missing_ok=True)
        return
    raise EmbeddedError(f"An old PostgreSQL server in {data} cannot be stopped: {processes_in(data)}.")


def recorded_pid(data: Path) -> int | None:
    """The postmaster's process id by its pid file; None without a readable one."""
    with suppress(OSError, ValueError, IndexError):
        return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    return None


def processes_in(data: Path) -> list[int]:
    """Process ids of the PostgreSQL processes that work in this data directory."""
    if not data.is_dir():
        return []
    return _by_working_directory(data) if PROC.joinpath("self").exists() else _by_command_line(data)


async def _ended(data: Path, sign: signal.Signals, patience: float) -> bool:
    running = processes_in(data)
    if sign is signal.SIGINT:
        # Only a postmaster can shut down in order; backends that lost theirs go straight to SIGQUIT.
        postmaster = recorded_pid(data)
        if postmaster not in running:
            return not running
        running = [postmaster]
    for pid in running:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
    return await until(lambda: not processes_in(data), patience)


async def until(true: Callable[[], bool], patience: float) -> bool:
    """Ask every 20 ms until it is true or patience (seconds) is at its end."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


def _by_working_directory(data: Path) -> list[int]:
    wanted = data.stat()
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            if (entry / "comm").read_text(encoding="utf-8").strip() != "postgres":
                continue
            here = (entry / "cwd").stat()
            if (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino):
                found.append(int(entry.name))
    return found


def _by_command_line(data: Path) -> list[int]:
    """Without /proc: the postmaster names its data directory on its command line."""
    listed = subprocess.run(
        ["/bin/ps", "-axwwo", "pid=,command="], capture_output=True, text=True, check=False
    )
    rows = (line.strip().split(maxsplit=1) for line in listed.stdout.splitlines())
    wanted = f"/bin/postgres -D {data} "
    # The watching shell carries the same words behind its own script.
    return [int(pid) for pid, *rest in rows if rest and wanted in rest[0] and " -c " not in rest[0]]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
