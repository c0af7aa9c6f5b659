"""The command line as a person uses it: in this process where that is enough, else as a process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.cli import main
from tests.support.owners import ROOT


@dataclass
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str = ""


@dataclass
class Command:
    """Commands with the environment of a test."""

    capsys: pytest.CaptureFixture[str]
    environment: dict[str, str] = field(default_factory=dict)
    started: list["Process"] = field(default_factory=list)

    def __call__(self, *words: str, **more: str) -> Said:
        """In this process: the same code without the seconds that starting Python takes."""
        with pytest.MonkeyPatch.context() as patch:
            # Lines for people go to what standard error is at that moment, and not to a test's that has ended.
            for name, value in {**self.environment, "MUSTER_LOG__FORMAT": "readable", **more}.items():
                patch.setenv(name, value)
            patch.setattr("sys.argv", ["muster", *words])
            with pytest.raises(SystemExit) as ended:
                main()
        said = self.capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    def process(self, *words: str) -> "Process":
        """As a process of its own."""
        begun = Process([sys.executable, "-m", "service", *words], {**os.environ, **self.environment})
        self.started.append(begun)
        return begun

    def over(self) -> None:
        """Whatever a failed test left running is gone."""
        for process in self.started:
            process.kill()


class Process:
    """A running command; its two outputs are one, as on a terminal."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.popen = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = ""

    def until(self, words: str) -> str:
        """Read until a line with these words; fails with everything said when it ends before."""
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"it ended without {words!r}:\n{self.said}")

    def stop(self, number: int = signal.SIGINT) -> tuple[int, float]:
        """Send a signal; the exit code, and the seconds it took to end."""
        started = time.monotonic()
        self.popen.send_signal(number)
        return self.end(), time.monotonic() - started

    def kill(self) -> None:
        """Whatever a test did to it: it is gone, and so are its pipes."""
        if self.popen.stdout is not None and not self.popen.stdout.closed:
            self.popen.kill()
            self.popen.communicate()

    def end(self) -> int:
        """Read to the end; the exit code."""
        rest, _ = self.popen.communicate(timeout=60)
        self.said += rest
        return self.popen.returncode


@pytest.fixture
def muster(database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Commands over a migrated database of this test's own."""
    command = Command(
        capsys,
        {
            "MUSTER_DATABASE__URL": database_url,
            "MUSTER_SECRET_KEYS": '["' + "k" * 32 + '"]',
            "MUSTER_HOME": str(tmp_path / "home"),
        },
    )
    yield command
    command.over()


@pytest.fixture
def alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Commands with an embedded home of this test's own."""
    command = Command(capsys, {"MUSTER_HOME": str(tmp_path / "home")})
    yield command
    command.over()
