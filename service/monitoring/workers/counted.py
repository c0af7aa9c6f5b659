"""What workers leave on file: of those that run, and the sum of those that have ended.

A name is in `gone.json` before its own file is removed, and readers look at `gone.json` last: so a worker
that ends meanwhile is neither missed nor counted twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from service.monitoring.parts import added_up, lasting

_GONE: Final = "gone.json"
_NAMES_KEPT: Final = 256
"""Names of those that ended last; a file of one that ended before them was removed long ago."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The workers that have ended, and what they counted together."""

    names: list[str]
    counted: dict[str, Any]


def worker_names(folder: Path) -> Iterator[str]:
    """The workers that have left something, and are not yet among those that are gone."""
    return (path.stem for path in folder.glob("worker-*.json"))


def leave(folder: Path, name: str, counted: dict[str, Any]) -> None:
    """Put on file what a worker has counted until now."""
    _write(folder / f"{name}.json", counted)


def left(folder: Path, name: str) -> dict[str, Any] | None:
    """What lasts of what a worker has left; None when there is nothing (any more)."""
    found = _read(folder / f"{name}.json")
    return None if found is None else lasting(found)


def gone(folder: Path) -> Gone:
    """Those that have ended until now."""
    found = _read(folder / _GONE)
    return Gone([], {}) if found is None else Gone(found["names"], found["counted"])


def absorb(folder: Path, name: str) -> None:
    """Add what an ended worker has left to the sum of those that are gone; by one process only."""
    before, last = gone(folder), left(folder, name)
    counted = before.counted if last is None else added_up([before.counted, last])
    _write(folder / _GONE, {"names": [*before.names, name][-_NAMES_KEPT:], "counted": counted})
    for suffix in (".json", ".sock"):
        (folder / f"{name}{suffix}").unlink(missing_ok=True)


def _read(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None


def _write(path: Path, content: Any) -> None:
    """Whole or not at all; a machine that dies takes the workers with it, so nothing is forced to disk."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(content))
    fresh.replace(path)
