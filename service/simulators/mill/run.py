"""A run of the stand-in: the files of some days in a folder, and what changed from one to the next."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from service.simulators.mill.dirt import write_dirty_mill
from service.simulators.mill.files import FORMATS, write_mill
from service.simulators.mill.mill import Mill, generate
from service.simulators.mill.plan import Plan
from service.simulators.mill.tomorrow import Change, next_day

CHANGES = "changes.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What is written where; more than one day has a folder for each, named by its date."""

    folder: Path
    plan: Plan
    dirty: bool = False
    days: int = 1
    formats: tuple[str, ...] = FORMATS


def run_simulator(simulation: Simulation, say: Callable[[str], None]) -> None:
    """Write all files of each day.

    Raises `ValueError` for a size or a format that there is not, `OSError` where a folder cannot be written.
    """
    mill = generate(simulation.plan)
    changes: tuple[Change, ...] = ()
    for number in range(simulation.days):
        if number:
            mill, changes = next_day(mill)
        folder = simulation.folder
        if simulation.days > 1:
            folder /= mill.as_of.isoformat()
        _write(simulation, mill, folder, say)
        if number:
            text = json.dumps([asdict(one) for one in changes], indent=1)
            (folder / CHANGES).write_text(text + "\n", encoding="utf-8")


def _write(simulation: Simulation, mill: Mill, folder: Path, say: Callable[[str], None]) -> None:
    counted = f"{len(mill.stock):,} yarns, {len(mill.styles.recipes):,} recipes, {len(mill.orders):,} orders"
    if simulation.dirty:
        found = write_dirty_mill(mill, folder, simulation.formats)
        say(f"{folder}: {counted} on {mill.as_of}, {len(found):,} errors, all in manifest.json")
    else:
        written = write_mill(mill, folder, simulation.formats)
        say(f"{folder}: {counted} on {mill.as_of}, {len(written)} files")
