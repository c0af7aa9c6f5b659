"""Several pieces of work at once that stand or fall together."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from service.core.errors import UpstreamRefused


async def together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run them all; the first failure calls off the others and is raised, a refusal before all."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failures:
        refused = [failure for failure in failures.exceptions if isinstance(failure, UpstreamRefused)]
        raise (refused or failures.exceptions)[0] from None
