"""A process that owns an embedded cluster, for tests that kill it: ``python owner.py HOME [UID]``.

Prints the URL, then waits for a line on stdin and stops in order. With UID it first gives up root,
after everything is imported, so that it also works where that user cannot read the interpreter.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from service.core.embedded import EmbeddedError, EmbeddedPostgres


async def rehearse() -> None:
    """Do it all once as root: Python imports much only when it is first used."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(fast=True)
        await postgres.start(Path(folder))
        await asyncio.to_thread(os.getpid)
        await postgres.stop()


async def main() -> None:
    postgres = EmbeddedPostgres(fast=True)
    try:
        print(await postgres.start(Path(sys.argv[1])), flush=True)
    except EmbeddedError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return
    await asyncio.to_thread(sys.stdin.readline)
    await postgres.stop()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        asyncio.run(rehearse())
        os.setgroups([])
        os.setgid(int(sys.argv[2]))
        os.setuid(int(sys.argv[2]))
    asyncio.run(main())
