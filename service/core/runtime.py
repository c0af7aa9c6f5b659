"""Opens everything a process needs, in order, and closes it in reverse: one object, one lifetime."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from service.core.auth import Authenticator
from service.core.cache import Cache, open_cache
from service.core.compute import Compute
from service.core.database import Database
from service.core.embedded import EmbeddedPostgres, HomeInUse, running_url
from service.core.errors import ServiceError
from service.core.flags import Flags, builds_avoided, following
from service.core.idempotency import forget_old_keys
from service.core.migrations import is_current, migrate
from service.core.settings import Settings
from service.core.tasks import Chore, Job, Tasks, every, housekeeping
from service.core.telemetry import LEVELS_CHANNEL, hear_level
from service.core.versions import Versions

CHORES: Final[dict[str, Chore]] = {"idempotency_keys": forget_old_keys}
"""What the hourly `platform.housekeeping` clears beside the runs."""
_OWNER_STARTS_WITHIN: Final = 15.0


class NotMigrated(ServiceError):
    """The database is not at the schema this version needs."""

    code = "not_migrated"


@dataclass(slots=True)
class Runtime:
    """What routes, jobs and commands stand on."""

    settings: Settings
    database: Database
    versions: Versions
    cache: Cache
    compute: Compute
    flags: Flags = field(init=False)
    tasks: Tasks = field(init=False)
    authenticator: Authenticator = field(init=False)

    def __post_init__(self) -> None:
        self.flags = Flags(self.settings.flags)
        self.flags.sources["shared_cache"] = lambda: builds_avoided(self.cache.stats(), self.cache.spent)
        self.flags.listeners.append(self._switch)
        self._switch()

    def _switch(self) -> None:
        self.cache.enabled = self.flags.share("shared_cache") > 0


@asynccontextmanager
async def open_database(
    settings: Settings, *, beside_owner: bool = False
) -> AsyncIterator[tuple[Database, Settings]]:
    """The database of these settings, the embedded one if no URL is set, at the newest schema.

    With `beside_owner` the embedded server of another process on the same home is used too, as long as that
    process runs; without, a home in use is refused. Yields the settings as well, completed with the secrets
    made for the embedded database. Raises `EmbeddedError`, or `NotMigrated` for a given database that needs
    `muster migrate`.
    """
    async with AsyncExitStack() as stack:
        owner = settings.database.url is None
        if settings.database.url is not None:
            url = settings.database.url.get_secret_value()
        else:
            url, owner = await _embedded_url(stack, settings, beside_owner)
            settings = with_secrets(settings)
        database = Database(url, settings.database)
        await database.open()
        stack.push_async_callback(database.close)
        if owner:
            await migrate(database)
        elif not await is_current(database):
            raise NotMigrated(_not_migrated(settings))
        yield database, settings


async def _embedded_url(stack: AsyncExitStack, settings: Settings, beside_owner: bool) -> tuple[str, bool]:
    """The embedded server's URL, and whether this process has started it and stops it again."""
    server = EmbeddedPostgres()
    try:
        url = await server.start(settings.home)
    except HomeInUse:
        running = await _started_by_another(settings) if beside_owner else None
        if running is None:
            raise
        return running, False
    stack.push_async_callback(server.stop)
    return url, True


async def _started_by_another(settings: Settings) -> str | None:
    """The URL once the owner's server answers at the newest schema; None when that takes too long."""
    try:
        async with asyncio.timeout(_OWNER_STARTS_WITHIN):
            while True:
                url = await running_url(settings.home)
                if url is not None and await _is_current(url, settings):
                    return url
                await asyncio.sleep(0.25)
    except TimeoutError:
        return None


async def _is_current(url: str, settings: Settings) -> bool:
    database = Database(url, settings.database)
    await database.open()
    try:
        return await is_current(database)
    finally:
        await database.close()


def _not_migrated(settings: Settings) -> str:
    if settings.database.url is None:
        return f"the service that runs on {settings.home} is of another version; restart it with this one"
    return "the database's schema is not the newest; run `muster migrate` first"


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    jobs: Iterable[Job],
    open_authenticator: Callable[[Runtime], AbstractAsyncContextManager[Authenticator]],
    *,
    beside_owner: bool = False,
) -> AsyncIterator[Runtime]:
    """Everything, opened in order; `open_authenticator` fills the port that `access` owns.

    To the given jobs come the platform's own; `beside_owner` as for `open_database`.
    """
    async with AsyncExitStack() as stack:
        database, settings = await stack.enter_async_context(
            open_database(settings, beside_owner=beside_owner)
        )
        pool_cleanup = timedelta(seconds=settings.tasks.pool_cleanup)
        await stack.enter_async_context(every(pool_cleanup, "pool_cleanup", database.clean_pool))
        versions = Versions(database.direct_url, poll=settings.cache.poll)
        versions.listen(LEVELS_CHANNEL, hear_level)
        await versions.open()
        stack.push_async_callback(versions.close)
        secret = settings.secret_keys[0].get_secret_value() if settings.secret_keys else ""
        cache = open_cache(settings.cache, versions=versions, secret=secret)
        stack.push_async_callback(cache.close)
        # Expired entries are never answered from; this only gives their memory back.
        clean_up = timedelta(seconds=settings.tasks.cache_cleanup)
        await stack.enter_async_context(every(clean_up, "cache_prune", cache.prune))
        compute = Compute()
        stack.callback(compute.close)
        runtime = Runtime(settings, database, versions, cache, compute)
        await stack.enter_async_context(following(runtime.flags, database, versions))
        runtime.authenticator = await stack.enter_async_context(open_authenticator(runtime))
        runtime.tasks = Tasks(runtime, [*jobs, housekeeping(CHORES)])
        stack.push_async_callback(runtime.tasks.close)
        yield runtime


def with_secrets(settings: Settings) -> Settings:
    """The settings with a signing key, read from or made under the home of the embedded database."""
    if settings.secret_keys:
        return settings
    path = settings.home / "secret_key"
    if not path.exists():
        with suppress(FileExistsError):  # another process was a moment faster: then its key is the key
            write_privately(path, secrets.token_urlsafe(32))
    return settings.model_copy(update={"secret_keys": (SecretStr(path.read_text().strip()),)})


def write_privately(path: Path, content: str) -> None:
    """Whole or not at all, readable by the owner only, never over another's file."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        path.hardlink_to(fresh)
    finally:
        fresh.unlink()
