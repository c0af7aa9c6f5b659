"""Exports the stall's ledger in a process of its own: ``python export_process.py URL ROWS FORMAT``.

Prints, as JSON, how the run ended and by how many bytes the resident memory grew at its highest.
"""

import asyncio
import json
import sys
from pathlib import Path

from service.core.database import Database
from service.core.settings import LogSettings
from service.core.telemetry import configure_logs
from tests.reporting.conftest import built


def reset_peak() -> int:
    """From here on the peak counts anew, from what is resident now (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """The highest resident memory since it was last reset, bytes (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def main(url: str, rows: int, name: str) -> None:
    """A small export first, so that what is loaded once is not counted."""
    configure_logs(LogSettings(level="CRITICAL"))
    database = Database(url)
    await database.open()
    async with built(database) as house:
        for count in (2000, rows):
            before = await asyncio.to_thread(reset_peak)
            asked = {"report": "ledger", "format": name, "params": {"rows": count}}
            run = await house.runtime.tasks.run_now("stall.export", asked, "system")
        told = {
            "state": run.state,
            "rows": run.counts.get("rows"),
            "grown": await asyncio.to_thread(peak) - before,
        }
    await database.close()
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
