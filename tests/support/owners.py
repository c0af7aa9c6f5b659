"""Start and kill processes that own an embedded cluster."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Owner:
    """A started owner and the first line that it printed: the URL, or what went wrong."""

    process: subprocess.Popen[str]
    answer: str

    def kill(self) -> None:
        """As the kernel would when memory runs out."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """In order."""
        self.process.communicate("\n", timeout=60)


@contextmanager
def owner_of(home: Path, uid: int | None = None) -> Iterator[Owner]:
    """An owner in a process of its own; gone after the block, whatever the block did to it."""
    command = [sys.executable, "-m", "tests.support.owner", str(home), *([str(uid)] if uid else [])]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        owner = Owner(process, process.stdout.readline().strip())
        try:
            yield owner
        finally:
            if process.poll() is None:
                owner.stop()
