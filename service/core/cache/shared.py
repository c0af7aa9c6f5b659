"""Redis or Valkey behind a small memory: finished bytes that all processes of an installation share.

Nothing here can fail a request or hold it up: what is not found within `PATIENCE` is built, what cannot be
written is dropped, and a store that does not answer is left alone for a while. This file is the only one that
knows redis, and is imported only when `MUSTER_CACHE__URL` is set.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeVar
from urllib.parse import urlsplit

from service import __version__
from service.core.cache.clearing import scope_of
from service.core.cache.memory import SEPARATOR, BoundedMemory
from service.core.cache.standing import Standing
from service.core.cache.tally import CleanUps, Statistics, Tally
from service.core.errors import UpstreamSilent
from service.core.outbound.answers import Unusable
from service.core.outbound.breaker import Breaker
from service.core.settings import BadSettings
from service.core.telemetry import get_logger, happened
from service.core.versions import Versions

try:
    from redis.asyncio import BlockingConnectionPool, Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as Unreachable
    from redis.exceptions import RedisError
    from redis.exceptions import TimeoutError as TooSlow
except ImportError:
    raise BadSettings(
        ['MUSTER_CACHE__URL needs a library: install "muster-service[redis]", or unset it']
    ) from None

T = TypeVar("T")
log = get_logger(__name__)

PATIENCE: Final = 0.04
"""Seconds a request waits for the store at most; with the rest of a miss it stays below 50 ms."""
WRITE_SECONDS: Final = 1.0
CONNECTIONS: Final = 16
# What takes longer to carry than a request may wait (1 MiB: 8 ms at 1 Gbit/s) stays in this process.
LARGEST: Final = 1024 * 1024
MOST_WRITING: Final = 8 * LARGEST
"""Bytes on their way to the store at once; what comes on top is dropped."""
# A slow moment of this process looks like a slow store: three in a row are no moment.
FAILURES: Final = 3
LEFT_ALONE: Final = 1.0
LEFT_ALONE_AT_MOST: Final = 15.0
# The near memory has a quarter of what this level may take: it saves the way across for what is asked now.
NEAR_SHARE: Final = 4
_SEAL: Final = 16


class SharedStore:
    """A `Store` across the network.

    Names there consist of the installation (its secret and release), the versions of the operators'
    clearings, and the full key; values carry a seal made with the secret, so nobody else's bytes are ever
    answered. All end by themselves. They hold answers in clear: the store needs a password and a closed
    network.
    """

    def __init__(
        self, url: str, near: BoundedMemory, *, secret: str, versions: Versions | None = None,
        patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        self.near = near
        self.versions = versions
        self.patience = patience
        self.breaker = Breaker(threshold=FAILURES, cool_down=LEFT_ALONE, ceiling=LEFT_ALONE_AT_MOST)
        self.writing: set[asyncio.Task[None]] = set()
        self._address = _address(url)
        self._client = _client(url)
        self._seal_key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"muster cache").digest()
        release = hashlib.blake2b(__version__.encode(), key=self._seal_key, digest_size=8)
        self._prefix = f"muster:{release.hexdigest()}"
        self._found = self._missing = self._written = self._dropped = self._failures = self._refused = 0
        self._writing_bytes = 0

    def peek(self, key: str) -> bytes | None:
        """What the memory in front has; counts the hit."""
        return self.near.peek(key)

    async def get(self, key: str) -> bytes | None:
        """What the store has, within `PATIENCE`; None when it has nothing or is away."""
        name = self._name(key)
        answer = await self._ask(lambda: self._fetch(name), self.patience)
        if answer is None:
            return None
        value, milliseconds = answer
        opened = None if value is None else self._opened(name, value)
        if opened is None:
            self._missing += 1
            return None
        self._found += 1
        self.near.put(key, opened, milliseconds / 1000)
        return opened

    async def set(self, key: str, value: bytes, *, ttl: float) -> bool:
        """Keep a value here and, in a task of its own, in the store; False when it does not go there."""
        self.near.put(key, value, ttl)
        size = len(value)
        if ttl <= 0:
            return False
        if size > LARGEST or self._writing_bytes + size > MOST_WRITING or self.breaker.state == "open":
            self._dropped += 1
            return False
        self._writing_bytes += size
        task = asyncio.create_task(self._write(self._name(key), value, ttl), name="shared cache write")
        self.writing.add(task)
        task.add_done_callback(self.writing.discard)
        return True

    def tally(self, namespace: str) -> Tally:
        """The counters of a namespace."""
        return self.near.tally(namespace)

    def forget(self, namespace: str | None = None) -> int:
        """Drop what is held here; in the store it is unreachable once the clearing's scope was raised."""
        return self.near.forget(namespace)

    def prune(self) -> int:
        """Drop what has expired here; the store does that by itself."""
        return self.near.prune()

    @property
    def clean_ups(self) -> CleanUps:
        """The clean-ups of the memory in front."""
        return self.near.clean_ups

    def statistics(self) -> dict[str, Statistics]:
        """The figures by namespace, of this process; entries and bytes are those of the memory in front."""
        return self.near.statistics()

    def standing(self) -> Standing:
        """How it is doing, as far as it was asked."""
        closed = self.breaker.state == "closed"
        return Standing(
            kind="redis",
            well=closed,
            address=self._address,
            reason=None if closed else f"requests are served from the database: {self.breaker.reason}",
            found=self._found,
            missing=self._missing,
            written=self._written,
            dropped=self._dropped,
            failures=self._failures,
            refused=self._refused,
        )

    async def probe(self, seconds: float | None = None) -> Standing:
        """How it is doing, asked now, also while requests leave it alone; one that answers is used again.

        Within `seconds`, or as long as a request would wait.
        """
        patience = self.patience if seconds is None else seconds
        try:
            async with asyncio.timeout(patience):
                about = await self._client.info("memory")
        except (RedisError, OSError, TimeoutError) as error:
            return replace(self.standing(), well=False, reason=f"it {_why(error, patience)}")
        self.breaker.reset()
        used, bound = about.get("used_memory"), about.get("maxmemory")
        advice = _advice(bound, about.get("maxmemory_policy"))
        return replace(self.standing(), used_bytes=used, max_bytes=bound or None, advice=advice)

    async def close(self) -> None:
        """Give writes under way a moment, then let go of the connections."""
        if self.writing:
            await asyncio.wait(set(self.writing), timeout=self.patience)
        for task in self.writing:
            task.cancel()
        await asyncio.gather(*self.writing, return_exceptions=True)
        await self._client.aclose()

    def _name(self, key: str) -> str:
        namespace = key.partition(SEPARATOR)[0]
        scopes = (scope_of(None), scope_of(namespace))
        cleared = {} if self.versions is None else self.versions.known(scopes)
        return f"{self._prefix}:{'.'.join(map(str, cleared.values()))}:{key}"

    async def _fetch(self, name: str) -> tuple[bytes | None, int]:
        async with self._client.pipeline(transaction=False) as both:
            both.get(name)
            both.pttl(name)
            value, left = await both.execute()
        return value, left

    async def _write(self, name: str, value: bytes, ttl: float) -> None:
        sealed = self._seal(name, value) + value
        try:
            done = await self._ask(
                lambda: self._client.set(name, sealed, px=max(1, int(ttl * 1000))), WRITE_SECONDS
            )
        finally:
            self._writing_bytes -= len(value)
        if done:
            self._written += 1
        else:
            self._dropped += 1

    async def _ask(self, work: Callable[[], Awaitable[T]], seconds: float) -> T | None:
        """What the store answers; None when it is left alone, or did not answer in time."""
        before = self.breaker.state
        try:
            with self.breaker.attempt():
                return await _attempt(work, seconds)
        except Unusable as failure:
            if failure.kind != "breaker_open":
                self._failures += 1
                happened("shared_cache", failure.kind)
            return None
        finally:
            self._tell(before)

    def _tell(self, before: str) -> None:
        after = self.breaker.state
        if before == "closed" and after == "open":
            log.warning("shared_cache_away", store=self._address, reason=self.breaker.reason)
        elif before != "closed" and after == "closed":
            log.info("shared_cache_back", store=self._address)

    def _seal(self, name: str, value: bytes) -> bytes:
        digest = hashlib.blake2b(name.encode(), key=self._seal_key, digest_size=_SEAL)
        digest.update(value)
        return digest.digest()

    def _opened(self, name: str, sealed: bytes) -> bytes | None:
        seal, value = sealed[:_SEAL], sealed[_SEAL:]
        if hmac.compare_digest(seal, self._seal(name, value)):
            return value
        self._refused += 1
        happened("shared_cache", "refused")
        return None


def _client(url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url.replace("valkey", "redis", 1) if url.startswith("valkey") else url,
        max_connections=CONNECTIONS,
        timeout=WRITE_SECONDS,
        socket_timeout=WRITE_SECONDS,
        socket_connect_timeout=WRITE_SECONDS,
        retry=Retry(NoBackoff(), 0),  # the next request is the retry
        protocol=2,
    )
    return Redis.from_pool(pool)


def _address(url: str) -> str:
    """Where it is, without who we are there."""
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"


async def _attempt(work: Callable[[], Awaitable[T]], seconds: float) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await work()
    except (RedisError, OSError, TimeoutError) as error:
        # An answer that says no (memory full, no such right) is an answer: the store is there.
        down = isinstance(error, (Unreachable, TooSlow, OSError, TimeoutError))
        why = UpstreamSilent(f"it {_why(error, seconds)}")
        raise Unusable(why, retry=False, down=down, kind="failed" if down else "refused") from error


def _why(error: BaseException, seconds: float) -> str:
    """Why it is not used, from the kind of failure: a library's text may quote what it was given."""
    if isinstance(error, (TooSlow, TimeoutError)):
        return f"did not answer within {seconds * 1000:.0f} ms"
    if isinstance(error, (Unreachable, OSError)):
        return f"cannot be reached or refuses the credential ({type(error).__name__})"
    return f"refuses ({type(error).__name__})"


def _advice(bound: int | None, policy: str | None) -> str | None:
    if bound == 0:
        return "set maxmemory and maxmemory-policy allkeys-lru there; only lifetimes bound it now"
    if policy == "noeviction":
        return "set maxmemory-policy allkeys-lru there; when it is full, it refuses new entries now"
    return None
