"""One throwaway PostgreSQL cluster per run, and databases cloned from a migrated template."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import asyncpg

from service.core.database import Database
from service.core.embedded import EmbeddedPostgres
from service.core.migrations import migrate

# Set by a run's controller when it spreads tests over processes: they share its cluster and template.
SHARED = "TEST_GROUND_URL"
TEMPLATE = "template_muster"
MEMORY = Path("/dev/shm")
ROOM = 3 << 30
"""Bytes that must be free in memory; a run at full size, which takes more, stays on the disk."""


class Ground:
    """The cluster of this run; every test that commits gets a database of its own from it."""

    def __init__(self, url: str) -> None:
        """`url` leads to any database of the cluster, as a role that may create databases."""
        self.url = url
        self._numbers = count(1)

    async def make_template(self) -> None:
        """A database at Alembic's head, which nobody connects to again (cloning needs that)."""
        await self._run(f"CREATE DATABASE {TEMPLATE}")
        database = Database(self._url_of(TEMPLATE))
        await database.open()
        try:
            await migrate(database)
        finally:
            await database.close()

    async def clone(self, template: str = TEMPLATE) -> str:
        """The URL of a fresh copy of the template (or of `template0`, which is empty)."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        # Copying files takes half the time of writing a whole database into the log first.
        await self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._url_of(name)

    async def drop(self, url: str) -> None:
        """Away with a copy, even when a test left connections open.

        Autovacuum's worker in it is the superuser's and may not be ended by us: it is waited for.
        """
        name = url.rpartition("@/")[2].partition("?")[0]
        for patience in (0.2, 0.5, 1, 2, 5):
            try:
                await self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                return
            except (asyncpg.InsufficientPrivilegeError, asyncpg.ObjectInUseError):
                await asyncio.sleep(patience)

    def _url_of(self, database: str) -> str:
        before, _, after = self.url.rpartition("@/")
        return f"{before}@/{database}?{after.partition('?')[2]}"

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(driver_url(self.url))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@asynccontextmanager
async def throwaway_ground() -> AsyncIterator[Ground]:
    """Start the cluster, make the template, and take everything away in the end."""
    home = Path(tempfile.mkdtemp(prefix="muster-tests-", dir=_place()))
    postgres = EmbeddedPostgres(fast=True)
    try:
        ground = Ground(await postgres.start(home))
        await ground.make_template()
        yield ground
    finally:
        await postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


def _place() -> Path | None:
    """The file system in memory where there is room: hundreds of databases are written and thrown away."""
    full_size = os.environ.get("MUSTER_PROVE") == "1"
    if full_size or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


def driver_url(url: str) -> str:
    """The same address in the form of asyncpg itself and of psql."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def sockets_of(url: str) -> Path:
    """The directory of the server's socket."""
    return Path(url.split("host=")[1].partition("&")[0])
