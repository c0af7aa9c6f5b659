"""One owner per home: a lock that the kernel gives back when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from service.core.embedded.errors import HomeInUse


class Ownership:
    """Holds ``<home>/postgres/owner.lock`` for the life of the owner.

    ``flock`` belongs to the open file, so a file left behind by ``kill -9`` locks nobody out; the
    number in it is only there for the message.
    """

    def __init__(self, place: Path) -> None:
        """For the ``postgres`` directory of a home."""
        self.home = place.parent
        self.path = place / "owner.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Become the owner; :class:`HomeInUse` when somebody else is."""
        file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = file.read().strip()
            file.close()
            raise HomeInUse(_refusal(self.home, owner)) from None
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it back; without effect when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _refusal(home: Path, owner: str) -> str:
    process = f"process {owner}" if owner else "another process"
    stop = f"stop it first (kill {owner})" if owner else "stop it first"
    return f"{home} is in use by {process}: {stop}, or choose another MUSTER_HOME."
