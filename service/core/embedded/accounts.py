"""Which system account the server runs as: PostgreSQL refuses root, so root starts it as somebody else."""

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.core.embedded.errors import EmbeddedError

# "postgres" exists wherever a PostgreSQL package is installed, "nobody" on every Unix.
PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account; only root ever needs one."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Hand a file or directory that we made to this account."""
        os.chown(path, self.uid, self.gid)


def server_account(data: Path) -> Account | None:
    """The account for the server: None means ourselves, which is everybody but root.

    Existing data decide: their owner keeps them, so a cluster made by an ordinary user can be
    started by root without a change of owner or mode.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() == 0:
        return _by_uid(owner) if owner else _existing()
    if owner is not None and owner != os.geteuid():
        raise EmbeddedError(
            f"The data in {data} belong to user {_name_of(owner)}: "
            "run as that user, or choose another MUSTER_HOME."
        )
    return None


def popen_options(account: Account | None) -> dict[str, Any]:
    """What ``subprocess`` needs to run a command as that account and with none of our groups."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def run_as(
    account: Account | None,
    command: Sequence[str],
    directory: Path = Path("/"),
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run one of our own fixed commands to its end as that account, standing in the directory."""
    return subprocess.run(  # noqa: S603 - no shell, and no word of it comes from a request
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        **popen_options(account),
    )


def can_enter(directory: Path, account: Account | None) -> bool:
    """Whether that account reaches the directory: tried, not computed from modes (ACLs, mounts)."""
    return run_as(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]).returncode == 0


def _existing() -> Account:
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root and this system has neither a user 'postgres' nor 'nobody': "
        "start Muster as an ordinary user, or set MUSTER_DATABASE__URL."
    )


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedError(
            f"The embedded data belong to user id {uid}, which does not exist on this system: "
            "give them to an existing user, or choose another MUSTER_HOME."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
