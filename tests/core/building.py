"""A clock that moves when told to, and builds that count their calls: for the tests of the cache."""

import asyncio


class Clock:
    """A monotonic clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Builder:
    """A build that counts its calls and waits until it is let go."""

    def __init__(self, result: bytes | Exception = b"sheet", *, waits: bool = False) -> None:
        self.calls = 0
        self.stopped = 0
        self.result = result
        self.gate = asyncio.Event()
        if not waits:
            self.gate.set()

    async def __call__(self) -> bytes:
        self.calls += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if isinstance(self.result, Exception):
            raise self.result
        return self.result
