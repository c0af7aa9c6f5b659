"""Runs the background jobs; the same jobs that `serve` runs in-process by default."""

import asyncio

from service.core.runtime import Runtime


async def work(runtime: Runtime, stop: asyncio.Event) -> None:
    """Carry out queued runs and the schedule until `stop` is set; runs under way go back to the queue."""
    jobs = asyncio.create_task(runtime.tasks.serve())
    await stop.wait()
    jobs.cancel()
    await asyncio.gather(jobs, return_exceptions=True)
