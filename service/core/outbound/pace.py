"""How fast one system is asked: so many calls at once, and so long between the starts of two."""

import asyncio


class Pace:
    """Shared by all callers of one system. `spacing`: seconds between two starts at least.

    `pause_until`: the loop's time up to which the system asked to be left alone, by any of them.
    """

    def __init__(self, at_once: int, spacing: float = 0.0) -> None:
        self.slots = asyncio.Semaphore(at_once)
        self.pause_until = 0.0
        self._spacing = spacing
        self._free_at = 0.0

    async def turn(self) -> None:
        """Wait for the next start; starts are given out in the order in which they were asked for."""
        if not self._spacing:
            return
        now = asyncio.get_running_loop().time()
        start = max(now, self._free_at)
        self._free_at = start + self._spacing
        await asyncio.sleep(start - now)
