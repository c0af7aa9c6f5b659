"""What is left when somebody was killed, and that the next start copes with it."""

import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from service.core.embedded import EmbeddedPostgres, running_url
from service.core.embedded import orphans as orphans_module
from service.core.embedded.orphans import end_orphans, processes_in, recorded_pid
from tests.support.ground import driver_url, sockets_of
from tests.support.owners import owner_of


@pytest.fixture
async def postgres() -> AsyncIterator[EmbeddedPostgres]:
    made = EmbeddedPostgres()
    yield made
    await made.stop()


def wait_for(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen within 10 s")


async def rows_in(url: str) -> int:
    connection = await asyncpg.connect(driver_url(url))
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    await connection.execute("INSERT INTO kept VALUES (1)")
    count = await connection.fetchval("SELECT count(*) FROM kept")
    await connection.close()
    return int(count)


async def test_the_server_stops_when_its_owner_is_killed(tmp_path: Path) -> None:
    with owner_of(tmp_path) as owner:
        data = tmp_path / "postgres" / "data"
        assert processes_in(data)
        owner.kill()
        wait_for(lambda: not processes_in(data))
        wait_for(lambda: not sockets_of(owner.answer).exists())
    assert "database system is shut down" in (tmp_path / "postgres" / "server.log").read_text()


async def test_the_next_start_works_at_once_after_its_owner_was_killed(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    with owner_of(tmp_path) as owner:
        assert await rows_in(owner.answer) == 1
        owner.kill()
    assert await rows_in(await postgres.start(tmp_path)) == 2


async def test_an_orphan_whose_watch_was_killed_too_is_stopped_by_the_next_start(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    data = tmp_path / "postgres" / "data"
    with owner_of(tmp_path) as owner:
        assert await rows_in(owner.answer) == 1
        orphan = recorded_pid(data)
        assert orphan is not None
        kill_watch_of(orphan)
        owner.kill()
    assert await running_url(tmp_path) == owner.answer
    assert await rows_in(await postgres.start(tmp_path)) == 2
    assert recorded_pid(data) != orphan
    assert not sockets_of(owner.answer).exists()


def kill_watch_of(postmaster: int) -> None:
    """Kill the shell and its reader: everything in the server's session that is no PostgreSQL."""
    listed = subprocess.run(["ps", "-eo", "pid=,sid=,comm="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    session = next(sid for pid, sid, _ in rows if int(pid) == postmaster)
    for pid, sid, name in rows:
        if sid == session and name != "postgres":
            os.kill(int(pid), signal.SIGKILL)


async def test_the_next_start_works_after_the_postmaster_was_killed(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    assert await rows_in(await postgres.start(tmp_path)) == 1
    postmaster = recorded_pid(tmp_path / "postgres" / "data")
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    await postgres.stop()
    assert await rows_in(await postgres.start(tmp_path)) == 2


async def test_backends_that_outlive_their_postmaster_are_ended(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    data = tmp_path / "postgres" / "data"
    busy = await asyncpg.connect(driver_url(await postgres.start(tmp_path)))
    backend = await busy.fetchval("SELECT pg_backend_pid()")
    os.kill(backend, signal.SIGSTOP)  # it cannot notice that its postmaster is gone
    postmaster = recorded_pid(data)
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    wait_for(lambda: processes_in(data) == [backend])
    os.kill(backend, signal.SIGCONT)
    await postgres.stop()
    assert await rows_in(await postgres.start(tmp_path)) == 1
    busy.terminate()


def sleeper(uid: int) -> subprocess.Popen[bytes]:
    """A process that has nothing to do with us."""
    return subprocess.Popen(["sleep", "60"], user=uid if os.geteuid() == 0 else None)


async def test_a_pid_file_that_names_a_stranger_is_no_obstacle_and_the_stranger_lives(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    data = tmp_path / "postgres" / "data"
    assert await rows_in(await postgres.start(tmp_path)) == 1
    kept = (data / "postmaster.pid").read_text()
    await postgres.stop()
    owner = data.stat()
    with sleeper(owner.st_uid) as stranger:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *kept.splitlines()[1:]]) + "\n")
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
        try:
            assert await rows_in(await postgres.start(tmp_path)) == 2
            assert stranger.poll() is None
        finally:
            stranger.kill()


async def test_a_pid_file_of_nobody_is_no_obstacle(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    await postgres.start(tmp_path)
    kept = (data / "postmaster.pid").read_text()
    await postgres.stop()
    gone = sleeper(os.geteuid())
    gone.kill()
    gone.wait()
    (data / "postmaster.pid").write_text("\n".join([str(gone.pid), *kept.splitlines()[1:]]) + "\n")
    os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
    assert await rows_in(await postgres.start(tmp_path)) == 1


async def test_a_process_of_another_cluster_is_never_taken_for_ours(tmp_path: Path) -> None:
    first, second = EmbeddedPostgres(fast=True), EmbeddedPostgres()
    url = await first.start(tmp_path / "one")
    await second.start(tmp_path / "two")
    await end_orphans(tmp_path / "two" / "postgres" / "data")
    assert await rows_in(url) == 1
    await second.stop()
    await first.stop()


def opened(folder: str) -> Path:
    """`TemporaryDirectory` closes its directory to others."""
    path = Path(folder)
    path.chmod(0o755)
    return path


async def test_without_proc_the_command_line_tells(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS; the home must be reachable by path, so it lies in /tmp and not in pytest's closed one."""
    with TemporaryDirectory(dir="/tmp") as folder:
        home = opened(folder)
        await postgres.start(home)
        data = home / "postgres" / "data"
        monkeypatch.setattr(orphans_module, "PROC", Path("/nowhere"))
        assert processes_in(data) == [recorded_pid(data)]
        await end_orphans(data)
        assert processes_in(data) == []
        await postgres.stop()
