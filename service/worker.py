"""Runs the background jobs; the same jobs that `serve` runs in-process by default."""

import asyncio

from service.core.runtime import Runtime


async def work(runtime: Runtime, stop: asyncio.Event) -> None:
    """Carry out queued runs and the schedule until `stop` is set; runs under way go back to the queue."""
    jobs = asyncio.create_task(runtime.tasks.serve(), name="jobs")
    try:
        await stop.wait()
    finally:
        await runtime.tasks.close()
        jobs.cancel()
        await asyncio.wait({jobs})
