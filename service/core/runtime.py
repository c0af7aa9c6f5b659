"""Opens everything a process needs, in order, and closes it in reverse: one object, one lifetime."""

import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from service.core.auth import Authenticator
from service.core.cache import Cache, open_cache
from service.core.compute import Compute
from service.core.database import Database
from service.core.embedded import EmbeddedPostgres
from service.core.errors import ServiceError
from service.core.migrations import is_current, migrate
from service.core.settings import Settings
from service.core.tasks import Job, Tasks
from service.core.versions import Versions


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
    tasks: Tasks = field(init=False)
    authenticator: Authenticator = field(init=False)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[tuple[Database, Settings]]:
    """The database of these settings, the embedded one if no URL is set, at the newest schema.

    Yields the settings too, completed with the secrets made for the embedded database.
    Raises `EmbeddedError`, or `NotMigrated` for a given database that needs `muster migrate`.
    """
    async with AsyncExitStack() as stack:
        embedded = settings.database.url is None
        if settings.database.url is not None:
            url = settings.database.url.get_secret_value()
        else:
            server = EmbeddedPostgres()
            url = await server.start(settings.home)
            stack.push_async_callback(server.stop)
            settings = with_secrets(settings)
        database = Database(url, settings.database)
        await database.open()
        stack.push_async_callback(database.close)
        if embedded:
            await migrate(database)
        elif not await is_current(database):
            raise NotMigrated("the database's schema is not the newest; run `muster migrate` first")
        yield database, settings


@asynccontextmanager
async def open_runtime(
    settings: Settings,
    jobs: Iterable[Job],
    open_authenticator: Callable[[Runtime], AbstractAsyncContextManager[Authenticator]],
) -> AsyncIterator[Runtime]:
    """Everything, opened in order; `open_authenticator` fills the port that `access` owns."""
    async with AsyncExitStack() as stack:
        database, settings = await stack.enter_async_context(open_database(settings))
        versions = Versions(database.direct_url, poll=settings.cache.poll)
        await versions.open()
        stack.push_async_callback(versions.close)
        cache = open_cache(settings.cache, versions=versions)
        stack.push_async_callback(cache.close)
        compute = Compute()
        stack.callback(compute.close)
        runtime = Runtime(settings, database, versions, cache, compute)
        runtime.authenticator = await stack.enter_async_context(open_authenticator(runtime))
        runtime.tasks = Tasks(runtime, jobs)
        stack.push_async_callback(runtime.tasks.close)
        yield runtime


def with_secrets(settings: Settings) -> Settings:
    """The settings with a signing key, read from or made under the home of the embedded database."""
    if settings.secret_keys:
        return settings
    path = settings.home / "secret_key"
    if not path.exists():
        _write_privately(path, secrets.token_urlsafe(32))
    return settings.model_copy(update={"secret_keys": (SecretStr(path.read_text().strip()),)})


def _write_privately(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
