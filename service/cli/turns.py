"""Runs a job in this process, after the run that a service beside it is busy with."""

import asyncio
from itertools import count
from typing import Any

from sqlalchemy import Row

from service.cli.progress import shown_progress
from service.cli.words import say
from service.core.errors import Conflict
from service.core.runtime import Runtime

WAIT_FOR_ANOTHER = 60.0
"""Seconds to wait for a run of a service beside us; it follows the upstream every few seconds."""


async def in_turn(runtime: Runtime, job: str, params: dict[str, Any]) -> Row[Any]:
    """Run a job here, after the run that a service beside us is busy with."""
    ends = asyncio.get_running_loop().time() + WAIT_FOR_ANOTHER
    for attempt in count():
        try:
            with shown_progress(job) as tell:
                return await runtime.tasks.run_now(job, params, "command line", watch=tell)
        except Conflict as busy:
            if busy.code != "run_active" or asyncio.get_running_loop().time() > ends:
                raise
            if attempt == 0:
                say(f"waiting: {busy.detail}")
        await asyncio.sleep(0.5)
    raise AssertionError
