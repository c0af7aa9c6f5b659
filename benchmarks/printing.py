"""The one way benchmarks print: the machine, times of works side by side, and a figure beside its goal."""

import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.core.embedded.binaries import installation


@dataclass(frozen=True, slots=True)
class Verdict:
    """A measured figure and the goal it is held against; `at_least`: more is better."""

    title: str
    what: str
    value: float
    goal: float
    unit: str
    at_least: bool

    @property
    def met(self) -> bool:
        """Whether the figure reaches its goal."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def __str__(self) -> str:
        sign, word = ("≥" if self.at_least else "≤"), ("met" if self.met else "NOT met")
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.what}: {self.value:.2f}{unit}  (goal {sign} {self.goal:g}{unit}: {word})"


VERDICTS: list[Verdict] = []
"""Everything judged in this process, in order."""
_title = ""


def machine() -> str:
    """One line: cores, Python, PostgreSQL, load averages, date."""
    program = installation() / "bin" / "postgres"
    postgres = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    number = postgres.split()[-1]
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {number}, "
        f"{platform.system()} {platform.machine()}, load {load()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )


def processor() -> str:
    """What it says it is."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    found = [line for line in lines if line.startswith("model name")]
    return found[0].partition(":")[2].strip() if found else platform.processor() or "unknown processor"


def load() -> str:
    """Load averages over 1, 5 and 15 minutes."""
    return " ".join(f"{figure:.1f}" for figure in os.getloadavg())


def heading(title: str) -> None:
    """Begin a group of figures; what is judged from here on belongs to it."""
    global _title  # noqa: PLW0603  the place of the printer, and nothing else
    _title = title
    print(f"\n{title}  [load {load()}]", flush=True)


def note(text: str) -> None:
    """A line that is neither a time nor judged."""
    print(f"  {text}", flush=True)


def times(name: str, seconds: Sequence[float]) -> None:
    """Median, spread and number of a work's times."""
    low, middle, high = (value * 1000 for value in (min(seconds), statistics.median(seconds), max(seconds)))
    note(f"{name:<28} {middle:9.1f} ms  ({low:.1f} - {high:.1f}, n={len(seconds)})")


def judge(what: str, value: float, goal: float, *, at_least: bool = False, unit: str = "") -> None:
    """A figure beside its goal."""
    verdict = Verdict(_title, what, value, goal, unit, at_least)
    VERDICTS.append(verdict)
    note(str(verdict))


def tell(
    title: str,
    seconds: Mapping[str, Sequence[float]],
    ours: str,
    peer: str,
    goal: float,
    *,
    at_least: bool = False,
) -> float:
    """All times, then the median of the ratios round by round beside its goal; answers that ratio."""
    heading(title)
    for name, values in seconds.items():
        times(name, values)
    ratio = ratio_of(seconds, ours, peer)
    judge(f"{ours} / {peer}", ratio, goal, at_least=at_least)
    return ratio


def ratio_of(seconds: Mapping[str, Sequence[float]], ours: str, peer: str) -> float:
    """The median of the ratios round by round: a busy minute slows both."""
    return statistics.median(a / b for a, b in zip(seconds[ours], seconds[peer], strict=True))
