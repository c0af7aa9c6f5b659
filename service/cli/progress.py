"""Shows a run's progress: what, how much, rows a second, time left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.words import err, say

Tell = Callable[[dict[str, Any]], None]
LINE_EVERY: Final = 10.0
"""Seconds between lines of one step where there is no terminal."""


@contextmanager
def shown_progress(title: str) -> Iterator[Tell]:
    """A progress bar on a terminal, plain lines elsewhere; yields what a run is to tell it."""
    if not err.is_terminal:
        yield _lines(title)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=False) as bar:
        task = bar.add_task(title, total=None, rate="", left="")

        def tell(progress: dict[str, Any]) -> None:
            bar.update(
                task,
                description=_step(title, progress),
                completed=progress["done"],
                total=progress["total"],
                rate=_rate(progress),
                left=_left(progress),
            )

        yield tell


def _lines(title: str) -> Tell:
    """A line when a step begins, then one every ten seconds."""
    last, said = "", float("-inf")

    def tell(progress: dict[str, Any]) -> None:
        nonlocal last, said
        step = _step(title, progress)
        if step != last:
            say(step)
        elif time.monotonic() - said >= LINE_EVERY:
            say(
                ", ".join(
                    part for part in (_reached(step, progress), _rate(progress), _left(progress)) if part
                )
            )
        else:
            return
        last, said = step, time.monotonic()

    return tell


def _step(title: str, progress: dict[str, Any]) -> str:
    return f"{title}: {progress['message']}" if progress["message"] else title


def _reached(step: str, progress: dict[str, Any]) -> str:
    total = "" if progress["total"] is None else f" of {progress['total']:,}"
    return f"{step}: {progress['done']:,}{total} {progress['unit']}"


def _rate(progress: dict[str, Any]) -> str:
    return f"{progress['rate_per_second']:,.0f} {progress['unit']}/s"


def _left(progress: dict[str, Any]) -> str:
    return "" if progress["seconds_left"] is None else f"{progress['seconds_left']} s left"
