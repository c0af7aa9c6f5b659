"""Which kind of folder somebody points at."""

from __future__ import annotations

from pathlib import Path

from service.simulators.frappe.loading.directory import load_directory
from service.simulators.frappe.loading.failure import LoadError
from service.simulators.frappe.loading.oracle import load_oracle
from service.simulators.frappe.loading.wide import load_wide_checkins
from service.simulators.frappe.store import Store


def load_data(store: Store, path: Path, attendance: bool = True) -> dict[str, int]:
    """Load the recorded oracle, wide in/out lists, or files named by doctype, whichever `path` holds.

    `attendance` says whether the oracle's own Attendance rows are loaded. LoadError where it is none of them.
    """
    if not path.is_dir():
        raise LoadError(str(path), "no such folder")
    if (path / "checkins_derived.json").exists():
        return load_oracle(store, path, attendance)
    if (path / "in_time.csv").exists() and (path / "out_time.csv").exists():
        zone = store.clock.zone.key
        return load_wide_checkins(store, path / "in_time.csv", path / "out_time.csv", zone)
    return load_directory(store, path)
