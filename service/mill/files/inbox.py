"""The watched folder: files that stopped growing, what they are, and where they go when they were read."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from service.core.errors import ServiceError
from service.mill.files.recognising import ORDER, recognised

SETTLED: Final = 10.0
"""Seconds for which a file has to lie unchanged: who writes it may be slow."""
ABANDONED: Final = 600.0
"""Seconds after which nobody will write into a file that is empty still: it is refused then."""
ENDINGS: Final = frozenset({".csv", ".txt", ".tsv", ".xlsx"})
LONGEST_NAME: Final = 140
"""Of a file as an import keeps it; longer ones are cut."""
LARGEST: Final = 50 * 1024 * 1024
_DONE, _REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file in the folder; `kind` None: `problem` says why nobody can read it."""

    path: Path
    kind: str | None
    problem: str | None = None


def arrived(folder: Path, now: float | None = None) -> list[Arrived]:
    """Files that lie there unchanged, in the order in which they are to be read.

    Raises OSError where there is no such folder.
    """
    found = [_looked_at(path) for path in sorted(_settled(folder, time.time() if now is None else now))]
    return sorted(found, key=lambda one: (-1 if one.kind is None else ORDER.index(one.kind), one.path.name))


def is_readable(path: Path) -> bool:
    """Whether it is a file of an ending that is read, and not what a program keeps beside one it has open."""
    return path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~")) and path.is_file()


def _settled(folder: Path, now: float) -> Iterator[Path]:
    for path in folder.iterdir():
        if is_readable(path):
            stands = path.stat()
            if now - stands.st_mtime >= (SETTLED if stands.st_size else ABANDONED):
                yield path


def _looked_at(path: Path) -> Arrived:
    if path.stat().st_size > LARGEST:
        return Arrived(path, None, f"the file has more than {LARGEST >> 20} MiB")
    try:
        kind = recognised(path)
    except ServiceError as error:
        return Arrived(path, None, error.detail)
    unknown = "neither its name nor its columns say what it is; import it with its kind"
    return Arrived(path, kind, None if kind else unknown)


def put_away(path: Path, report: dict[str, Any], *, well: bool) -> Path:
    """Move a file to `done` or `refused`, with what is to be said of it beside it; where it lies then."""
    folder = path.parent / (_DONE if well else _REFUSED)
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 2
    while target.exists():
        target, number = folder / f"{path.stem}-{number}{path.suffix}", number + 1
    # The report first: a file that lies there without one would look as if nobody had read it.
    target.with_name(f"{target.name}.report.json").write_bytes(
        orjson.dumps(report, option=orjson.OPT_INDENT_2)
    )
    return path.rename(target)
