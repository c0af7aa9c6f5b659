"""A cluster on disk: where it lives, how its programs are run, and how it is made."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from service.core.embedded.accounts import Account, can_enter, run_as
from service.core.embedded.errors import EmbeddedError
from service.core.embedded.orphans import end_orphans

# sun_path holds 108 bytes with its closing zero on Linux (104 on macOS); the name in it takes the rest.
SOCKET_NAME = "/.s.PGSQL.5432"
SOCKET_PATH_BYTES = 103
# An own environment: a stray PGDATA, TZ or LD_LIBRARY_PATH must not change the server.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Cluster:
    """Where one cluster lives and how its programs are run."""

    prefix: Path
    data: Path
    log: Path
    account: Account | None
    fast: bool = False

    def directory(self, data: Path | None = None) -> Path:
        """The data directory as the server's account can name it.

        A home below somebody's closed directory (root's own, as a rule) cannot be reached by path.
        We enter it before we give up our rights and let the server name it as where it stands, which
        asks nothing of the directories above; so nobody's modes are touched.
        """
        data = data or self.data
        if can_enter(data, self.account):
            return data
        standing = Path("/proc/self/cwd")
        if not standing.exists():
            raise EmbeddedError(
                f"The server's account cannot reach {data}: choose a MUSTER_HOME outside closed directories."
            )
        return standing

    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(self.prefix / "bin" / name)


def make_socket_directory(account: Account | None) -> Path:
    """A new private directory short enough for a socket and reachable by the server's account."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp makes it private
        longest = f"{parent}/muster-12345678{SOCKET_NAME}"
        plain = all(sign.isalnum() or sign in "/._-" for sign in parent)
        if not plain or len(os.fsencode(longest)) > SOCKET_PATH_BYTES or not can_enter(Path(parent), account):
            continue
        with contextlib.suppress(OSError):
            made = Path(tempfile.mkdtemp(prefix="muster-", dir=parent))
            if account is not None:
                account.own(made)
            return made
    raise EmbeddedError(
        "No temporary directory takes the server's socket: set TMPDIR to a short, writable one."
    )


async def initialise(cluster: Cluster, password: str, sockets: Path) -> None:
    """Run ``initdb`` beside the final place, then rename: a killed one leaves nothing half made."""
    fresh = cluster.data.with_name("data.new")
    await end_orphans(fresh)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    secret = sockets / "password"
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    if cluster.account is not None:
        cluster.account.own(fresh)
        cluster.account.own(secret)
    try:
        await asyncio.to_thread(_initdb, cluster, fresh, secret)
    finally:
        secret.unlink(missing_ok=True)
    fresh.rename(cluster.data)


def _initdb(cluster: Cluster, fresh: Path, secret: Path) -> None:
    # Code point order and full upper/lower case whatever the host has installed (PostgreSQL >= 17).
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}"]
    command = [
        cluster.program("initdb"),
        "-D",
        str(cluster.directory(fresh)),
        *access,
        *locale,
        "--data-checksums",
    ]
    if cluster.fast:
        command.append("--no-sync")
    done = run_as(cluster.account, command, fresh, ENVIRONMENT)
    if done.returncode != 0:
        raise EmbeddedError(f"The embedded PostgreSQL could not be set up: {last_line(done.stderr)}.")


def last_line(text: str) -> str:
    """The last line that says something, without its full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it says nothing"
