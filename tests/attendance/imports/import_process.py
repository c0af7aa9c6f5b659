"""Imports in a process of its own that a test may kill: `URL HOME UPLOAD RUN` on stdin, its pid and end on stdout."""

import asyncio
import os
import sys
from pathlib import Path

from service.access.authenticator import open_authenticator
from service.attendance import DESK
from service.core.runtime import open_runtime
from service.core.settings import Settings
from tests.attendance.imports.ground import ZONE


async def main() -> None:
    """Import one file, and say how it ended."""
    url, home, upload = sys.stdin.readline().split()
    settings = Settings.model_validate(
        {"home": Path(home), "database": {"url": url, "pool_size": 5}, "secret_keys": ["k" * 32]}
    )
    async with open_runtime(settings, DESK.jobs, open_authenticator) as runtime:
        print(os.getpid(), flush=True)
        row = await runtime.tasks.run_now("attendance.import", {"zone": ZONE, "upload": upload}, "test")
        print(row.state, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
