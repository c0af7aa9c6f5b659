"""Jobs of the stall for the tests of runs."""

import asyncio
from datetime import timedelta
from typing import Any

from pydantic import Field

from service.core.tasks import Job, JobContext
from service.schemas.envelope import Ask


class CountAsk(Ask):
    """How far to count."""

    to: int = Field(3, ge=1, le=1000)
    pause: float = Field(0.0, ge=0, le=1)


async def count(context: JobContext) -> dict[str, Any]:
    """Count, saying each number."""
    for number in range(1, context.params.to + 1):
        await context.event("counted", f"number {number}", number=number)
        await context.progress(number, context.params.to, "numbers")
        await asyncio.sleep(context.params.pause)
        context.counts["numbers"] += 1
    return {"reached": context.params.to}


JOBS = (
    Job(
        name="stall.count", title="Count", run=count, deadline=timedelta(minutes=1), needs="stall:write",
        params=CountAsk,
    ),
    Job(name="house.clean", title="Clean", run=count, deadline=timedelta(minutes=1), params=CountAsk),
)  # fmt: skip
