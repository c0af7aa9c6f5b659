"""One consistent view of the database that is never older than what the caller has already seen."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from service.core.auth import Caller
from service.core.cache import Cache
from service.core.compute import Compute
from service.core.database import Database, ReadConnection
from service.core.errors import Unavailable
from service.core.flags import Flags
from service.core.settings import Settings
from service.core.versions import Versions, read_versions

PATIENCE: Final = 1.0
"""Seconds to wait until the database shows the versions a caller has already seen (details 1)."""


class Platform(Protocol):
    """The parts of the runtime that reports need."""

    @property
    def settings(self) -> Settings:
        """The settings."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def versions(self) -> Versions:
        """The data versions."""

    @property
    def cache(self) -> Cache:
        """The shared cache."""

    @property
    def compute(self) -> Compute:
        """The threads."""

    @property
    def flags(self) -> Flags:
        """Which optimisations there are for whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A view of the database, the versions of the scopes in it, and when the newest of them was raised."""

    conn: ReadConnection
    versions: Mapping[str, int]
    raised_at: datetime | None


async def reach(platform: Platform, minimum: Mapping[str, int] | None) -> None:
    """Wait until this process knows of the versions a caller has seen (`Min-Data-Version`).

    Raises `Unavailable` when that takes longer than a second.
    """
    if minimum and not await platform.versions.wait_for(minimum, PATIENCE):
        raise _not_here_yet()


@asynccontextmanager
async def snapshot_of(
    platform: Platform,
    scopes: Sequence[str],
    least: Mapping[str, int],
    reader: Caller,
    *,
    replica: bool = True,
    timeout: float | None = None,
) -> AsyncIterator[Snapshot]:
    """A snapshot with the versions of `scopes` read inside it, each at least as new as in `least`.

    A replica (where it may be one, and `reader` has the flag `read_replica`) that is behind is given a second
    to catch up; then `Unavailable`. `timeout` as for `Database.snapshot`.
    """
    elsewhere = replica and platform.database.has_replica and platform.flags.acts("read_replica", reader.id)
    names = list(dict.fromkeys([*scopes, *least]))
    give_up = time.monotonic() + PATIENCE
    while True:
        async with _timed_snapshot(platform, elsewhere, timeout) as conn:
            versions, raised_at = await read_versions(conn, names)
            if all(versions[scope] >= version for scope, version in least.items()):
                platform.versions.apply(versions)
                own = {scope: versions[scope] for scope in scopes}
                yield Snapshot(conn=conn, versions=own, raised_at=raised_at)
                return
        if time.monotonic() > give_up:
            raise _not_here_yet()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def _timed_snapshot(
    platform: Platform, replica: bool, timeout: float | None
) -> AsyncIterator[ReadConnection]:
    async with platform.database.snapshot(replica=replica, timeout=timeout) as conn:
        started = time.perf_counter()
        try:
            yield conn
        finally:
            if replica:
                platform.flags.replica.count(time.perf_counter() - started)


def _not_here_yet() -> Unavailable:
    return Unavailable(
        "the data version you have seen has not arrived here yet; try again",
        retry_after=1,
        code="not_yet_here",
    )
