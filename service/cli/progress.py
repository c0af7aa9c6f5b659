"""Shows a run's progress: what, how much, rows a second, time left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.words import err


@contextmanager
def shown_progress(title: str) -> Iterator[Callable[[dict[str, Any]], None]]:
    """A progress bar on a terminal, a line a step elsewhere; yields what a run is to tell it."""
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
        last = ""

        def tell(progress: dict[str, Any]) -> None:
            nonlocal last
            text = f"{title}: {progress['message']}" if progress["message"] else title
            if text != last and not err.is_terminal:
                err.print(text, markup=False)
            last = text
            left = progress["seconds_left"]
            bar.update(
                task,
                description=text,
                completed=progress["done"],
                total=progress["total"],
                rate=f"{progress['rate_per_second']:,.0f} {progress['unit']}/s",
                left="" if left is None else f"{left} s left",
            )

        yield tell
