"""aiocache's memory backend, bounded: as shipped it grows for ever and keeps a timer for every entry."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from aiocache.backends.memory import SimpleMemoryBackend
from aiocache.serializers import NullSerializer

from service.core.cache.bounded import Bounded
from service.core.cache.standing import Standing
from service.core.cache.tally import CleanUps, Statistics, Tally

SEPARATOR = ":"


def full_key(key: str, namespace: str | None = None) -> str:
    """A key as it is stored: `namespace:key`; a namespace holds no colon."""
    return f"{namespace}{SEPARATOR}{key}" if namespace else key


class BoundedMemory(SimpleMemoryBackend):  # type: ignore[misc]  # aiocache 0.12.3 has no types
    """Finished bytes in this process: aiocache's interface over a `Bounded` mapping.

    No timeouts (`timeout=0`: 5.7 µs a hit instead of 32) and no timers; `peek` is the short way for a hit.
    """

    def __init__(
        self, max_entries: int, max_bytes: int, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(serializer=NullSerializer(), timeout=0, key_builder=full_key)
        self.kept: Bounded[str, bytes] = Bounded(max_entries, max_bytes, clock=clock)

    def peek(self, key: str) -> bytes | None:
        """What is here under a full key, without a coroutine; counts the hit."""
        bounded = self.kept
        now = bounded.clock()
        kept = bounded.find(key, now)
        if kept is None:
            return None
        tally = kept.tally
        if now >= tally.next_sample:
            tally.sample(now)
        tally.hits += 1
        return kept.value

    def put(self, key: str, value: bytes, seconds: float) -> bool:
        """Keep a value under a full key; False when it is larger than the bound allows."""
        namespace = key.partition(SEPARATOR)[0]
        return self.kept.keep(key, value, weight=len(value) + len(key), seconds=seconds, namespace=namespace)

    def tally(self, namespace: str) -> Tally:
        """The counters of a namespace."""
        return self.kept.tally(namespace)

    def forget(self, namespace: str | None = None) -> int:
        """Drop a namespace, or everything; returns how many entries that were."""
        return self.kept.drop(namespace)

    def prune(self) -> int:
        """Drop what has expired; returns how many entries that were."""
        return self.kept.prune()

    def statistics(self) -> dict[str, Statistics]:
        """The figures by namespace."""
        return self.kept.statistics()

    @property
    def clean_ups(self) -> CleanUps:
        """The periodic clean-ups there were."""
        return self.kept.clean_ups

    def standing(self) -> Standing:
        """Memory of this process is always there."""
        return Standing(kind="memory")

    async def probe(self, seconds: float | None = None) -> Standing:  # noqa: ARG002  nobody is asked
        """The same."""
        return self.standing()

    async def _get(self, key: str, **_: Any) -> bytes | None:
        return self.peek(key)

    async def _multi_get(self, keys: Iterable[str], **_: Any) -> list[bytes | None]:
        return [self.peek(key) for key in keys]

    async def _set(
        self, key: str, value: bytes, ttl: float | None = None, _cas_token: Any = None, _conn: Any = None
    ) -> bool:
        if _cas_token is not None and _cas_token != self.peek(key):
            return False
        return self.put(key, value, float("inf") if ttl is None else ttl)

    async def _add(self, key: str, value: bytes, ttl: float | None = None, _conn: Any = None) -> bool:
        if key in self.kept:
            raise ValueError(f"{key} is there already")
        return await self._set(key, value, ttl)

    async def _exists(self, key: str, _conn: Any = None) -> bool:
        return self.kept.find(key, self.kept.clock()) is not None

    async def _increment(self, key: str, delta: int, _conn: Any = None) -> int:
        value = int(self.peek(key) or 0) + delta
        await self._set(key, str(value).encode())
        return value

    async def _expire(self, key: str, ttl: float | None, _conn: Any = None) -> bool:
        now = self.kept.clock()
        kept = self.kept.find(key, now)
        if kept is None:
            return False
        kept.expires_at = now + ttl if ttl else float("inf")
        return True

    async def _delete(self, key: str, _conn: Any = None) -> int:
        return 0 if self.kept.pop(key, None) is None else 1

    async def _clear(self, namespace: str | None = None, _conn: Any = None) -> bool:
        self.kept.drop(namespace)
        return True

    async def _raw(self, command: str, *args: Any, **kwargs: Any) -> Any:
        # The class above would ask a dict of its own, which nothing is ever put into here.
        raise NotImplementedError(f"there is no {command} beneath a bounded memory")

    async def _redlock_release(self, key: str, value: bytes) -> int:
        return await self._delete(key) if self.peek(key) == value else 0
