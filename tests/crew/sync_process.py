"""A process that follows a station in children of its own, for tests that kill them.

Each line on stdin, ``DATABASE_URL SITE_URL``, forks a child that syncs once; its process id is printed at once and
its exit status when it ended. Forking keeps what was imported, so that fifty kills take seconds.
"""

import asyncio
import os
import sys

from service.access.authenticator import open_authenticator
from service.core.runtime import open_runtime
from service.core.settings import Settings
from service.crew.jobs import JOBS
from tests.crew.house import SECRET

DATES = [f"2026-03-{day:02}" for day in range(2, 7)]


async def once(database_url: str, site_url: str) -> None:
    gartan = {
        "url": site_url, "username": "demo", "password": "demo", "spacing": 0, "backoff": 0, "poll_seconds": 0,
        "stations": [{"code": "P22", "brigade_id": 101}],
    }  # fmt: skip
    settings = Settings.model_validate(
        {"database": {"url": database_url}, "secret_keys": [SECRET], "upstream": {"gartan": gartan}}
    )
    async with open_runtime(settings, JOBS, open_authenticator) as runtime:
        run = await runtime.tasks.run_now("crew.sync", {"station": "P22", "dates": DATES}, "test")
    assert run.state == "done", run.error


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
