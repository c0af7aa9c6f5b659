"""An import in a process of its own that a test may kill: `URL HOME UPLOAD` on stdin, its pid and end on stdout."""

import asyncio
import os
import sys
from pathlib import Path

from service.access.authenticator import open_authenticator
from service.core.runtime import open_runtime
from service.core.settings import Settings
from service.mill import DESK
from tests.mill.imports.ground import ON


async def main() -> None:
    """Import one file, and say how it ended."""
    url, home, upload = sys.stdin.readline().split()
    settings = Settings.model_validate(
        {"home": Path(home), "database": {"url": url, "pool_size": 5}, "secret_keys": ["k" * 32]}
    )
    asked = {"kind": "yarn_inventory", "mode": "lenient", "snapshot_date": ON, "upload": upload}
    async with open_runtime(settings, DESK.jobs, open_authenticator) as runtime:
        print(os.getpid(), flush=True)
        row = await runtime.tasks.run_now("mill.import", asked, "test")
        print(row.state, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
