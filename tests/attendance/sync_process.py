"""A process that syncs in children of its own, for tests that kill them: ``python -m tests.attendance.sync_process``.

Each line on stdin, ``DATABASE_URL SITE_URL``, forks a child that syncs once; its process id is printed at once and
its exit status when it ended. Forking keeps what was imported, so that fifty kills take seconds.
"""

import asyncio
import os
import sys

from service.attendance.sync import SyncParams, synchronise
from service.attendance.upstream.client import FrappeClient
from service.core.database import Database
from service.core.settings import FrappeSettings
from tests.attendance.mirroring import ZONE, Recorder


async def once(database_url: str, site_url: str) -> None:
    settings = FrappeSettings.model_validate(
        {"url": site_url, "key": "demo", "secret": "demo", "time_zone": ZONE, "page": 20, "max_page": 20}
    )
    database = Database(database_url)
    await database.open()
    try:
        async with FrappeClient(settings) as client:
            await synchronise(database, client, SyncParams(), Recorder())
    finally:
        await database.close()


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(2, 1)  # its log lines are not answers
            try:
                asyncio.run(once(*line.split()))
            except BaseException as error:
                print(repr(error), file=sys.stderr)
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
