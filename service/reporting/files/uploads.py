"""Where files wait for their import, and where the findings are read afterwards: below the home folder.

Several replicas need the same home on a shared volume, or the import runs where the file was received.
"""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from service.core.settings import Settings
from service.reporting.files.tables import is_workbook

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of an upload at most: a million punches have about 60 MB."""
KEPT: Final = timedelta(days=30)
"""How long findings can be read, and a file waits that nobody imports."""


def folder(settings: Settings) -> Path:
    """The folder of uploads, made when it is not there."""
    path = settings.home / "imports"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def begun(settings: Settings) -> Path:
    """An unused path to write an upload to."""
    return folder(settings) / f"{uuid4().hex}.part"


def finished(part: Path) -> str:
    """Give a written upload the name that its import finds it by; its first bytes say what it is."""
    return part.rename(part.with_suffix(".xlsx" if is_workbook(part) else ".csv")).name


def copied(settings: Settings, file: Path) -> str:
    """Take a copy of somebody's file in; its name here. Raises OSError."""
    part = begun(settings)
    shutil.copyfile(file, part)
    return finished(part)


def upload_path(settings: Settings, name: str) -> Path:
    """Where an upload lies."""
    return folder(settings) / name


def findings_path(settings: Settings, run_id: object) -> Path:
    """Where the findings of a run are."""
    return folder(settings) / f"{run_id}.findings.csv"


def forget_old(settings: Settings, now: float | None = None) -> int:
    """Remove what nobody came for in time; how many files."""
    before = (time.time() if now is None else now) - KEPT.total_seconds()
    old = [path for path in folder(settings).iterdir() if path.is_file() and path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
